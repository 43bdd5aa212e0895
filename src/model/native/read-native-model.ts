/**
 * A `.model` file of FFmpeg's native backend to a Graph
 * (libavfilter/dnn/dnn_backend_native.c of 5.1 and older).
 */
import { freshName } from '../../graph/graph-edits.ts';
import type { Graph, GraphNode } from '../../graph/graph.ts';
import { placeholderNode } from '../../graph/node-builder.ts';
import { checkGraph } from '../check-graph.ts';
import type { NodeNames } from './layer-nodes.ts';
import { layerNodes } from './layer-nodes.ts';
import type { NativeModel } from './native-model.ts';
import { NativeReader } from './native-reader.ts';
import { parseNativeModel } from './parse-native-model.ts';
import { resolveChannels } from './resolve-channels.ts';

/** Turns layers, which run in file order on one table of operands, into nodes that are written once. */
class GraphBuilder {
  readonly #model: NativeModel;
  readonly #nodes: GraphNode[] = [];
  readonly #taken: Set<string>;
  /** The node that holds an operand's current value, by operand index. */
  readonly #current = new Map<number, string>();

  constructor(model: NativeModel) {
    this.#model = model;
    this.#taken = new Set(model.operands.map(({ name }) => name));
  }

  #fresh(base: string): string {
    const name = freshName(this.#taken, base);
    this.#taken.add(name);
    return name;
  }

  addInputs(channels: ReadonlyMap<number, number>): void {
    for (const [index, { name, role, dims }] of this.#model.operands.entries()) {
      if (role !== 'input') continue;
      const shape = [1, dims[1], dims[2], channels.get(index) ?? dims[3]];
      this.#nodes.push(placeholderNode(name, shape));
      this.#current.set(index, name);
    }
  }

  addLayers(): void {
    const { layers, operands } = this.#model;
    const lastWrite = new Map(layers.map((layer, number) => [layer.output, number]));
    for (const [number, layer] of layers.entries()) {
      const operand = operands[layer.output]!.name;
      // What is overwritten later can be read by the layers between only; the
      // operand's name is for its last value.
      const result =
        lastWrite.get(layer.output) === number ? operand : this.#fresh(`${operand}/layer${number}`);
      const names: NodeNames = { result, inner: (label) => this.#fresh(`${result}/${label}`) };
      const inputs = layer.inputs.map((input) => this.#current.get(input)!);
      this.#nodes.push(...layerNodes(layer, names, inputs));
      this.#current.set(layer.output, result);
    }
  }

  finish(): Graph {
    const byRole = (role: 'input' | 'output'): Record<string, string> =>
      Object.fromEntries(
        this.#model.operands.filter((operand) => operand.role === role).map(({ name }) => [name, name]),
      );
    return { nodes: this.#nodes, signature: { inputs: byRole('input'), outputs: byRole('output') } };
  }
}

/**
 * Reads a `.model` file of any version. Every operand becomes a node of its name: the input a Placeholder
 * `[1, h, w, c]`, the others the value that they have after the last layer. The Graph
 * shares no memory with `bytes`.
 *
 * Besides TensorFlow's ops the Graph may hold EdgePad (repeats edge pixels; attribute `paddings` of 8 ints,
 * before and after for N, H, W, C), FFmpegFloorMod (C's remainder of both values cut to integers),
 * FFmpegRound (half away from zero), FFmpegMaximum and FFmpegMinimum (of C: the second value, or the first,
 * where one is NaN).
 *
 * @param bytes the whole file.
 * @param file its name, for messages.
 * @throws DnnError `EINVAL` with the byte offset of what is wrong.
 */
export function readNativeModel(bytes: Uint8Array, file: string): Graph {
  const model = parseNativeModel(bytes, file);
  const channels = resolveChannels(model, new NativeReader(bytes, file, 0));
  const builder = new GraphBuilder(model);
  builder.addInputs(channels);
  builder.addLayers();
  const graph = builder.finish();
  checkGraph(graph, file);
  return graph;
}

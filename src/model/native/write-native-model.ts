/**
 * A Graph as a `.model` file of FFmpeg's native backend; the role of tools/python/convert_from_tensorflow.py.
 */
import { DnnError } from '../../base/errors.ts';
import type { Graph, GraphNode, Tensor } from '../../graph/graph.ts';
import { consumersByName } from '../../graph/graph-edits.ts';
import {
  constTensor,
  dataInputs,
  floatAttr,
  intAttr,
  intsAttr,
  shapeAttr,
  stringAttr,
  stringsAttr,
} from '../../graph/node-attrs.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { nodesByName, topologicalOrder } from '../../graph/topological-order.ts';
import { convPadding } from './layer-nodes.ts';
import type { LayerField, OperandEntry } from './native-file.ts';
import { nativeFileBytes } from './native-file.ts';
import type { ActivationName } from './native-model.ts';
import { activations, binaryOps, leakyAlpha, maximumNameBytes, padModes, unaryOps } from './native-model.ts';

/** TensorFlow's ops that a layer of FFmpeg does, but for NaN where it compares. */
const sameLayer: Readonly<Record<string, (typeof binaryOps)[number]>> = {
  AddV2: 'Add',
  Minimum: 'FFmpegMinimum',
};

/** Which nodes are fed and read; found where left out. */
export interface NativeEnds {
  readonly input?: string;
  readonly outputs?: readonly string[];
}

function refuse(what: string): DnnError {
  return new DnnError('ENOSYS', `this model cannot be written as .model: ${what}`);
}

/** The one Placeholder, and the nodes that nothing consumes. */
function findEnds(graph: Graph, ends: NativeEnds): { input: string; outputs: readonly string[] } {
  const placeholders = graph.nodes.filter(({ op }) => op === 'Placeholder').map(({ name }) => name);
  const input = ends.input ?? (placeholders.length === 1 ? placeholders[0] : undefined);
  if (input === undefined) throw refuse(`it has ${placeholders.length} inputs where FFmpeg feeds one`);
  const consumers = consumersByName(graph);
  const last = graph.nodes.filter(({ name, op }) => !consumers.has(name) && op !== 'Const' && op !== 'NoOp');
  const named = Object.values(graph.signature.outputs);
  const outputs = ends.outputs ?? (named.length > 0 ? named : last.map(({ name }) => name));
  return { input, outputs: outputs.filter((name) => name !== input) };
}

/** Writes one optimised graph. */
class NativeWriter {
  readonly layers: LayerField[][] = [];
  readonly problems: string[] = [];
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #consumers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly #outputs: ReadonlySet<string>;
  /** Nodes that another layer has taken in. */
  readonly #done = new Set<string>();
  readonly used = new Set<string>();
  readonly written: string[] = [];

  constructor(graph: Graph, outputs: readonly string[]) {
    this.#byName = nodesByName(graph);
    this.#consumers = consumersByName(graph);
    this.#outputs = new Set(outputs);
  }

  #const(name: string | undefined): Tensor | undefined {
    return name === undefined ? undefined : constTensor(this.#byName.get(name));
  }

  #scalar(name: string): number | undefined {
    const tensor = this.#const(name);
    return tensor?.data.length === 1 && tensor.dtype === 'float32' ? Number(tensor.data[0]) : undefined;
  }

  #operand(name: string): LayerField {
    this.used.add(name);
    return { operand: name };
  }

  /** @returns undefined: nothing is in the way. */
  #emit(name: string, ...fields: LayerField[]): string | undefined {
    this.written.push(name);
    this.layers.push([...fields, { operand: name }]);
    return undefined;
  }

  #onlyConsumer(name: string): GraphNode | undefined {
    const list = this.#consumers.get(name);
    return list?.length === 1 && !this.#outputs.has(name) ? list[0] : undefined;
  }

  add(node: GraphNode): void {
    if (this.#done.has(node.name) || node.op === 'Const' || node.op === 'Placeholder') return;
    const problem = this.#write(node);
    if (problem !== undefined) this.problems.push(`'${node.name}' (${node.op}) ${problem}`);
  }

  /** @returns what is in the way, undefined where the node is written. */
  #write(node: GraphNode): string | undefined {
    const inputs = dataInputs(node);
    if (inputs.some((input) => /:\d+$/.test(input))) return 'takes another output than the first of a node';
    const [first = '', second = ''] = inputs;
    const unary = unaryOps.findIndex((op) => op === node.op);
    const binary = binaryOps.findIndex((op) => op === node.op || op === sameLayer[node.op]);
    if (unary >= 0) return this.#emit(node.name, 6, unary, this.#operand(first));
    if (binary >= 0) return this.#binary(node, binary, first, second);
    switch (node.op) {
      case 'Conv2D':
      case '_FusedConv2D':
        return this.#conv(node, inputs);
      case 'Relu':
        return this.#emit(node.name, 4, Float32Array.of(0), this.#operand(first));
      case 'Identity':
        // A product with 1 changes no value.
        return this.#emit(node.name, 5, 2, 1, Float32Array.of(1), 0, this.#operand(first));
      case 'Maximum':
      case 'FFmpegMaximum': {
        const y = this.#scalar(second) ?? this.#scalar(first);
        const value = this.#scalar(second) === undefined ? second : first;
        if (y === undefined) return 'compares two tensors, and the format knows one number only';
        return this.#emit(node.name, 4, Float32Array.of(y), this.#operand(value));
      }
      case 'DepthToSpace':
        return this.#emit(node.name, 2, intAttr(node, 'block_size', 0), this.#operand(first));
      case 'MirrorPad':
        return this.#mirrorPad(node, first, second);
      case 'EdgePad':
        return this.#edgePad(node);
      case 'AvgPool':
        return this.#pool(node, first);
      default:
        return 'has no layer in the format';
    }
  }

  #binary(node: GraphNode, op: number, first: string, second: string): string | undefined {
    const fields: LayerField[] = [5, op];
    for (const side of [first, second]) {
      const value = this.#scalar(side);
      if (value !== undefined) fields.push(1, Float32Array.of(value));
      else if (this.#const(side) === undefined) fields.push(0, this.#operand(side));
      else return 'has a constant of more than one number';
    }
    return this.#emit(node.name, ...fields);
  }

  #mirrorPad(node: GraphNode, input: string, amounts: string): string | undefined {
    const tensor = this.#const(amounts);
    const mode = padModes.findIndex((name) => name === stringAttr(node, 'mode', ''));
    if (tensor?.data.length !== 8 || mode < 1) return 'has no constant 4x2 paddings or no known mode';
    return this.#emit(node.name, 3, mode, ...Array.from(tensor.data as Int32Array), this.#operand(input));
  }

  #edgePad(node: GraphNode): string | undefined {
    const next = this.#onlyConsumer(node.name);
    const isConv = next?.op === 'Conv2D' || next?.op === '_FusedConv2D';
    return isConv ? undefined : 'is not followed by one convolution alone';
  }

  #pool(node: GraphNode, input: string): string | undefined {
    const [n, h = 0, w, c] = intsAttr(node, 'ksize');
    const [sn, sh = 0, sw, sc] = intsAttr(node, 'strides');
    if (n !== 1 || c !== 1 || h !== w || sn !== 1 || sc !== 1 || sh !== sw) return 'is not square';
    const padding = ['VALID', 'SAME'].indexOf(stringAttr(node, 'padding', ''));
    return padding < 0
      ? 'has an unknown padding'
      : this.#emit(node.name, 7, sh, padding, h, this.#operand(input));
  }

  #conv(node: GraphNode, inputs: readonly string[]): string | undefined {
    const kernel = this.#const(inputs[1]);
    const bias = this.#const(inputs[2]);
    if (kernel?.shape.length !== 4 || (inputs.length > 2 && bias === undefined))
      return 'has computed weights';
    const [rows, columns, inChannels, outChannels] = kernel.shape as [number, number, number, number];
    const dilations = intsAttr(node, 'dilations');
    const dilation = dilations[1] ?? 1;
    if (rows !== columns) return `has a kernel of ${rows}x${columns}, and the format knows square ones only`;
    if (intsAttr(node, 'strides').some((stride) => stride !== 1)) return 'has a stride other than 1';
    if (dilation !== (dilations[2] ?? 1)) return 'has different dilations for rows and columns';
    const before = this.#byName.get(inputs[0]!)!;
    const clamps = before.op === 'EdgePad';
    const padding = this.#convPadding(node, rows, dilation, clamps ? before : undefined);
    if (padding === undefined) return `pads a kernel of ${rows} in a way that the format does not know`;
    const activation = this.#activation(node);
    if (activation === undefined)
      return 'has an activation that the format does not know, or another slope than 0.2';
    this.#emit(
      activation.last,
      ...[1, dilation, padding, activations.indexOf(activation.kind), inChannels, outChannels, rows],
      bias === undefined ? 0 : 1,
      nativeKernel(kernel),
      ...(bias === undefined ? [] : [bias.data as Float32Array]),
      this.#operand(clamps ? before.inputs[0]! : inputs[0]!),
    );
    return undefined;
  }

  /** The value of the enum, where one of its paddings reads what the node reads. */
  #convPadding(
    node: GraphNode,
    size: number,
    dilation: number,
    edge: GraphNode | undefined,
  ): number | undefined {
    const own = stringAttr(node, 'padding', '');
    const layer = { kernelSize: size, dilation };
    if (edge !== undefined) {
      const { before, after } = convPadding({ ...layer, padding: 'SAME_CLAMP_TO_EDGE' });
      const wanted = [0, 0, before, after, before, after, 0, 0];
      const fits = own === 'VALID' && intsAttr(edge, 'paddings').every((amount, at) => amount === wanted[at]);
      return fits ? 2 : undefined;
    }
    const given = intsAttr(node, 'explicit_paddings').slice(2, 6);
    for (const [value, padding] of (['VALID', 'SAME'] as const).entries()) {
      const known = convPadding({ ...layer, padding });
      const wanted = [known.before, known.after, known.before, known.after];
      if (own === known.padding && own !== 'EXPLICIT') return value;
      if (own === 'EXPLICIT' && wanted.every((amount, at) => amount === given[at])) return value;
    }
    // A kernel of one pixel reads nothing around it.
    return size === 1 && own === 'SAME' ? 1 : undefined;
  }

  #activation(node: GraphNode): { readonly kind: ActivationName; readonly last: string } | undefined {
    const isLeaky = (alpha: number): boolean => Math.fround(alpha) === leakyAlpha;
    const fused = stringsAttr(node, 'fused_ops').find((op) => op !== 'BiasAdd');
    if (fused !== undefined) {
      const kind = activations.find((name) => name === fused);
      const fits = kind !== 'LeakyRelu' || isLeaky(floatAttr(node, 'leakyrelu_alpha', 0.2));
      return kind === undefined || !fits ? undefined : { kind, last: node.name };
    }
    const next = this.#onlyConsumer(node.name);
    const kind = activations.find((name) => name === next?.op);
    if (next === undefined || kind === undefined) return { kind: 'NONE', last: node.name };
    if (kind === 'LeakyRelu' && !isLeaky(floatAttr(next, 'alpha', 0.2))) return undefined;
    this.#done.add(next.name);
    return { kind, last: next.name };
  }
}

/** `[ky, kx, in, out]` to `[out][ky][kx][in]`. */
function nativeKernel({ data, shape }: Tensor): Float32Array {
  const outputs = shape[3]!;
  const perOutput = data.length / outputs;
  const moved = new Float32Array(data.length);
  for (let out = 0; out < outputs; out++) {
    for (let tap = 0; tap < perOutput; tap++) {
      moved[out * perOutput + tap] = Number(data[tap * outputs + out]);
    }
  }
  return moved;
}

/**
 * Writes a graph as a `.model` file of version 1.23, which FFmpeg 4.3 to 6.0 run. Operands have the names of
 * the nodes, so that the filter's options input and output stay the same.
 *
 * @throws DnnError `ENOSYS` naming everything that the format cannot hold.
 */
export function writeNativeModel(original: Graph, ends: NativeEnds = {}): Uint8Array {
  const { input, outputs } = findEnds(original, ends);
  const { graph } = optimizeGraph(original, { input, outputs });
  const writer = new NativeWriter(graph, outputs);
  for (const node of topologicalOrder(graph)) writer.add(node);
  const names = [input, ...writer.written];
  const long = names.filter((name) => new TextEncoder().encode(name).length > maximumNameBytes);
  const problems = [...writer.problems, ...long.map((name) => `'${name}' is too long a name`)];
  const shape = shapeAttr(
    graph.nodes.find(({ name }) => name === input)!,
    'shape',
  );
  if (shape !== null && shape.length !== 4)
    problems.push(`input '${input}' has rank ${shape.length} instead of 4`);
  if (writer.layers.length === 0) problems.push('it has no layers');
  if (problems.length > 0) throw refuse(problems.join('; '));
  const roleOf = (name: string): number => (name === input ? 1 : writer.used.has(name) ? 3 : 2);
  const operands = names.map((name): OperandEntry => ({
    name,
    role: roleOf(name),
    dims: name === input ? [1, ...(shape ?? [1, -1, -1, -1]).slice(1)] : [-1, -1, -1, -1],
  }));
  return nativeFileBytes(writer.layers, operands);
}

/** An OpenVINO model (IR of version 10 or 11: .xml, and .bin beside it) to a Graph. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Graph, GraphNode, Shape, Tensor } from '../../graph/graph.ts';
import { constNode, placeholderNode } from '../../graph/node-builder.ts';
import { NodeInference } from '../../graph/node-inference.ts';
import { formatReference } from '../../graph/node-reference.ts';
import { isFloatType } from '../../graph/tensor-storage.ts';
import { checkGraph } from '../check-graph.ts';
import { narrowedDataType } from '../data-type.ts';
import { elementType, precisionType } from './element-type.ts';
import { arrangementLayers } from './ir-arrangement.ts';
import { convolutionLayers } from './ir-convolutions.ts';
import { elementwiseLayers } from './ir-elementwise.ts';
import { interpolateLayers } from './ir-interpolate.ts';
import { parseShape, readIrNetwork, type IrLayer } from './ir-network.ts';
import { normalisationLayers } from './ir-normalisation.ts';
import { IrNames } from './ir-names.ts';
import { poolingLayers } from './ir-pooling.ts';
import { IrTranslation, UnsupportedLayer, type IrInput, type IrRule } from './ir-translation.ts';
import { labelsOfModelInfo } from '../labels.ts';
import type { ModelFile, ReadFile, ReadModelOptions } from '../model-format.ts';
import { IrWeights } from './ir-weights.ts';
import { childOf, parseIrXml, type IrElement } from './ir-xml.ts';

const rules: ReadonlyMap<string, IrRule> = new Map(
  Object.entries({
    ...convolutionLayers,
    ...poolingLayers,
    ...interpolateLayers,
    ...elementwiseLayers,
    ...arrangementLayers,
    ...normalisationLayers,
  }),
);

/** The file of the weights: beside the .xml, with another ending. */
export function weightsPath(path: string): string {
  return `${path.replace(/\.xml$/i, '')}.bin`;
}

class LayerReader {
  readonly nodes: GraphNode[] = [];
  /** What cannot be read, each once, with the first layer that has it. */
  readonly unsupported = new Map<string, string>();
  readonly #constants = new Map<string, Tensor>();
  readonly #inference = new NodeInference();
  readonly #names: IrNames;
  readonly #weights: IrWeights;
  readonly #file: string;
  readonly #resizable: boolean;

  constructor(names: IrNames, weights: IrWeights, file: string, resizable: boolean) {
    this.#names = names;
    this.#weights = weights;
    this.#file = file;
    this.#resizable = resizable;
  }

  read(layer: IrLayer): void {
    const name = this.#names.nodeOf(layer);
    try {
      for (const { layer: source, output } of layer.sources) {
        // Indices of MaxPool-8 and the like.
        if (output > 0 && !/Split$/.test(source.type)) {
          throw new UnsupportedLayer(`output ${output} of ${source.type}`);
        }
      }
      if (layer.type === 'Parameter') this.#parameter(layer, name);
      else if (layer.type === 'Const' || layer.type === 'Constant') this.#constant(layer, name);
      else if (layer.type !== 'Result') this.#translate(layer, name);
    } catch (error) {
      if (!(error instanceof UnsupportedLayer)) throw error;
      if (!this.unsupported.has(error.message)) this.unsupported.set(error.message, layer.name);
    }
  }

  #parameter(layer: IrLayer, name: string): void {
    const translation = new IrTranslation(layer, name, [], this.#file);
    const type = elementType(translation.text('element_type', 'f32'));
    const shape = parseShape(translation.text('shape'));
    if (type === undefined) throw new UnsupportedLayer(`Parameter of ${translation.text('element_type')}`);
    if (shape === undefined) throw translation.error(`has the shape '${translation.text('shape')}'`);
    const sizes = this.#resizable ? this.#open(shape) : shape;
    this.#add([placeholderNode(name, sizes, narrowedDataType(type))]);
  }

  #constant(layer: IrLayer, name: string): void {
    const tensor = this.#weights.read(layer);
    this.#constants.set(layer.id, tensor);
    this.#add([constNode(name, tensor)]);
  }

  #add(nodes: readonly GraphNode[]): void {
    for (const node of nodes) {
      this.nodes.push(node);
      this.#inference.add(node);
    }
  }

  #translate(layer: IrLayer, name: string): void {
    const rule = rules.get(layer.type);
    if (rule === undefined) throw new UnsupportedLayer(layer.type);
    const translation = new IrTranslation(layer, name, this.#inputsOf(layer), this.#file);
    this.#add(translation.finish(rule(translation)));
    const [input] = translation.inputs;
    // Weights of an FP16 model stand behind a Convert.
    if (layer.type === 'Convert' && input?.tensor !== undefined && isFloatType(input.type)) {
      this.#constants.set(layer.id, input.tensor);
    }
  }

  #inputsOf(layer: IrLayer): IrInput[] {
    return layer.sources.map(({ layer: source, output }, index) => {
      const port = layer.inputs[index]!;
      const from = source.outputs[output]!;
      const tensor = output === 0 ? this.#constants.get(source.id) : undefined;
      const shape = tensor?.shape ?? (port.shape?.length === 0 ? from.shape : port.shape);
      const reference = formatReference(this.#names.nodeOf(source), output);
      return {
        reference,
        tensor,
        value: this.#inference.valueOf(reference),
        shape: tensor === undefined && this.#resizable ? this.#open(shape) : shape,
        type:
          tensor?.dtype ??
          narrowedDataType(precisionType(port.precision === '' ? from.precision : port.precision)),
      };
    });
  }

  /**
   * Sizes that follow from those of the frame are open: of images all but batch and channels, of others all.
   */
  #open(shape: Shape): Shape {
    if (shape?.length !== 4) return shape?.map(() => -1) ?? null;
    const [n, second, third, last] = shape as [number, number, number, number];
    return second > 3 && last <= 3 && last > 0 ? [n, -1, -1, last] : [n, second, third < 0 ? third : -1, -1];
  }
}

async function readWeights(layers: readonly IrLayer[], path: string, readFile: ReadFile): Promise<IrWeights> {
  const file = weightsPath(path);
  const first = layers.find(({ type }) => type === 'Const' || type === 'Constant');
  if (first === undefined) return new IrWeights(file, new Uint8Array());
  try {
    return new IrWeights(file, await readFile(file));
  } catch (error) {
    throw new DnnError(
      'ENOENT',
      `model '${path}': cannot read its weights, looked for in '${file}': ${errorMessage(error)}; an OpenVINO model is ` +
        'two files, keep the .bin beside the .xml under the same name',
      { option: 'model', file },
      { cause: error },
    );
  }
}

/**
 * Reads an OpenVINO model. Nodes have the names of its layers; the signature has the names of its
 * parameters and results, those of their tensors included. Layouts stay as they are (NCHW, as a
 * rule). FP16 weights are widened.
 *
 * @param bytes the .xml.
 * @param path of the .xml; the .bin is read beside it.
 * @throws DnnError `EINVAL` with the place in the .xml or the byte offset in the .bin; `ENOENT` for a missing
 *   .bin, with its path; `ENOSYS` naming every layer that is not known, all of them at once.
 */
export async function readOpenvinoModel(
  bytes: Uint8Array,
  path: string,
  readFile: ReadFile,
  options: ReadModelOptions = {},
): Promise<ModelFile> {
  const root = parseIrXml(new TextDecoder().decode(bytes), path);
  const layers = readIrNetwork(root, path);
  const names = new IrNames(layers);
  const weights = await readWeights(layers, path, readFile);
  const reader = new LayerReader(names, weights, path, options.inputResizable ?? false);
  for (const layer of producersFirst(layers)) reader.read(layer);
  if (reader.unsupported.size > 0) {
    const list = [...reader.unsupported].map(([what, layer]) => `${what} ('${layer}')`);
    throw new DnnError(
      'ENOSYS',
      `model '${path}': layers that are not supported: ${list.join(', ')}; give the model that it was converted from as a ` +
        'frozen TensorFlow graph (.pb) or a tfjs graph model, or one without these layers',
      { option: 'model', file: path, layers: [...reader.unsupported.keys()] },
    );
  }
  const { nodes, signature } = names.sign(reader.nodes);
  const graph: Graph = { nodes, signature };
  checkGraph(graph, path);
  const labels = labelsOfModelInfo(modelInfo(root, 'labels'));
  return { graph, ...(labels === undefined ? {} : { labels }) };
}

/** What the network's `rt_info` says of the model; empty where it says nothing. */
function modelInfo(root: IrElement, key: string): string {
  const info = childOf(root, 'rt_info');
  const entry = info === undefined ? undefined : childOf(childOf(info, 'model_info') ?? info, key);
  return entry?.attributes.get('value') ?? '';
}

/** Layers behind their sources, as constants must be known; a cycle is left for checkGraph to name. */
function producersFirst(layers: readonly IrLayer[]): IrLayer[] {
  const order: IrLayer[] = [];
  const seen = new Set<string>();
  for (const start of layers) {
    const stack = [{ layer: start, next: 0 }];
    if (seen.has(start.id)) continue;
    seen.add(start.id);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const source = top.layer.sources[top.next++];
      if (source === undefined) {
        order.push(top.layer);
        stack.pop();
      } else if (!seen.has(source.layer.id)) {
        seen.add(source.layer.id);
        stack.push({ layer: source.layer, next: 0 });
      }
    }
  }
  return order;
}

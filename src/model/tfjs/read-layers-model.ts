/** A tfjs layers model (Keras topology in JSON) to a Graph, without tfjs-layers. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, GraphNode, Tensor } from '../../graph/graph.ts';
import { placeholderNode } from '../../graph/node-builder.ts';
import { checkGraph } from '../check-graph.ts';
import type { JsonValue } from './json-value.ts';
import { activationLayers } from './keras-activations.ts';
import { arrangementLayers } from './keras-arrangement.ts';
import { weightedLayers } from './keras-convolutions.ts';
import { KerasLayer } from './keras-layer.ts';

const rules: ReadonlyMap<string, (layer: KerasLayer) => string> = new Map(
  Object.entries({ ...weightedLayers, ...activationLayers, ...arrangementLayers }),
);

/** Name of a layer's n-th call; a layer that is used once has its own name. */
function callName(layer: string, call: number): string {
  return call === 0 ? layer : `${layer}_${call}`;
}

/** `[name, call, tensor, …]` of inbound_nodes, input_layers and output_layers. */
function reference(json: JsonValue): string {
  const [name, call] = json.items();
  if (name === undefined || call === undefined) throw json.error('should be a name and two numbers');
  return callName(name.name(), call.number());
}

/** One reference, or a list of them. */
function references(json: JsonValue): string[] {
  const items = json.items();
  if (items.length === 0) return [];
  return Array.isArray(items[0]!.value) ? items.map(reference) : [reference(json)];
}

function rankAfter(layer: KerasLayer): number {
  if (layer.className === 'Flatten') return 2;
  if (layer.className === 'Reshape') return layer.config.at('target_shape').items().length + 1;
  const isGlobal = layer.className.startsWith('Global') && !layer.flag('keepdims', false);
  return isGlobal ? 2 : layer.rank;
}

/** Reads the layers in file order, in which producers precede their consumers. */
class TopologyReader {
  readonly nodes: GraphNode[] = [];
  readonly unknown = new Map<string, string>();
  readonly #ranks = new Map<string, number>();
  readonly #weights: ReadonlyMap<string, Tensor>;

  constructor(weights: ReadonlyMap<string, Tensor>) {
    this.#weights = weights;
  }

  addInput(name: string, shape: JsonValue): void {
    const sizes = shape.items().map((size) => (size.missing ? -1 : size.number()));
    if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < -1)) {
      throw shape.error('is no shape of an input');
    }
    this.nodes.push(placeholderNode(name, sizes));
    this.#ranks.set(name, sizes.length);
  }

  addCall(json: JsonValue, name: string, inputs: readonly string[]): void {
    const className = json.at('class_name').name();
    const rule = rules.get(className);
    if (rule === undefined) {
      this.unknown.set(className, name);
      return;
    }
    const rank = this.#ranks.get(inputs[0] ?? '') ?? 4;
    const layer = new KerasLayer(className, json.at('config'), { name, inputs, rank }, this.#weights);
    this.nodes.push(...layer.finish(rule(layer)));
    this.#ranks.set(name, rankAfter(layer));
  }
}

function inputShape(config: JsonValue): JsonValue {
  return config.either('batch_input_shape', 'batch_shape');
}

function readSequential(reader: TopologyReader, layers: readonly JsonValue[]): Graph['signature'] {
  let last: string | undefined;
  let input = '';
  for (const json of layers) {
    const config = json.at('config');
    const name = config.at('name').name();
    if (last === undefined) {
      const isInput = json.at('class_name').value === 'InputLayer';
      input = isInput ? name : `${name}_input`;
      reader.addInput(input, inputShape(config));
      last = input;
      if (isInput) continue;
    }
    reader.addCall(json, name, [last]);
    last = name;
  }
  return { inputs: { [input]: input }, outputs: { [last ?? input]: last ?? input } };
}

function readFunctional(reader: TopologyReader, config: JsonValue): Graph['signature'] {
  for (const json of config.at('layers').items()) {
    const name = json.either('name', 'class_name').name();
    if (json.at('class_name').value === 'InputLayer') {
      reader.addInput(name, inputShape(json.at('config')));
      continue;
    }
    for (const [call, inbound] of json.at('inbound_nodes').items().entries()) {
      reader.addCall(json, callName(name, call), references(inbound));
    }
  }
  const side = (key: string): Record<string, string> =>
    Object.fromEntries(references(config.at(key)).map((name) => [name, name]));
  return { inputs: side('input_layers'), outputs: side('output_layers') };
}

/**
 * Reads the topology of a layers model. Nodes have the names of the layers; the
 * signature names inputs and outputs.
 *
 * @param root the whole JSON file.
 * @param weights the tensors of its manifest, by name.
 * @throws DnnError `ENOSYS` naming every layer class that is not known,
 * `EINVAL` naming the place in the file.
 */
export function readLayersModel(root: JsonValue, weights: ReadonlyMap<string, Tensor>): Graph {
  const topology = root.at('modelTopology');
  const model = topology.at('model_config').missing ? topology : topology.at('model_config');
  const kind = model.at('class_name').name();
  const config = model.at('config');
  const reader = new TopologyReader(weights);
  let signature: Graph['signature'];
  if (kind === 'Sequential') {
    const layers = Array.isArray(config.value) ? config.items() : config.at('layers').items();
    signature = readSequential(reader, layers);
  } else if (kind === 'Functional' || kind === 'Model') {
    signature = readFunctional(reader, config);
  } else {
    throw model.at('class_name').error(`is '${kind}' where Sequential or Functional belongs`);
  }
  if (reader.unknown.size > 0) {
    const list = [...reader.unknown].map(([className, name]) => `${className} ('${name}')`);
    throw new DnnError(
      'ENOSYS',
      `model '${root.file}': layers that are not supported: ${list.join(', ')}; convert it with ` +
        '`tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model`',
      { option: 'model', file: root.file, layers: [...reader.unknown.keys()] },
    );
  }
  const graph: Graph = { nodes: reader.nodes, signature };
  checkGraph(graph, root.file);
  return graph;
}

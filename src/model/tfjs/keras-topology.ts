/** Layers of a Keras model, also of models that are layers of others, to nodes. */
import type { GraphNode, Tensor } from '../../graph/graph.ts';
import { floatNode, placeholderNode } from '../../graph/node-builder.ts';
import type { JsonValue } from './json-value.ts';
import { activationLayers } from './keras-activations.ts';
import { arrangementLayers } from './keras-arrangement.ts';
import { weightedLayers } from './keras-convolutions.ts';
import { KerasLayer } from './keras-layer.ts';
import { callName, inboundTensors, references, type KerasReference } from './keras-references.ts';

const rules: ReadonlyMap<string, (layer: KerasLayer) => string> = new Map(
  Object.entries({ ...weightedLayers, ...activationLayers, ...arrangementLayers }),
);

const modelKinds = ['Sequential', 'Functional', 'Model'];

/** Models in models in models: more than anybody makes. */
const deepest = 32;

/** What a model takes and gives. */
export interface ModelEnds {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** One model: how its layers are called in the graph. */
interface Scope {
  /** Before the names of its layers. */
  readonly prefix: string;
  readonly depth: number;
  /** Names of nodes, by the names that references use. */
  readonly names: Map<string, string>;
}

/** Name of a tensor in its model. */
function localName({ layer, call, tensor }: KerasReference): string {
  const name = callName(layer, call);
  return tensor === 0 ? name : `${name}/output_${tensor}`;
}

function rankAfter(layer: KerasLayer): number {
  if (layer.className === 'Flatten') return 2;
  if (layer.className === 'Reshape') return layer.config.at('target_shape').items().length + 1;
  const isGlobal = layer.className.startsWith('Global') && !layer.flag('keepdims', false);
  return isGlobal ? 2 : layer.rank;
}

const layersOf = (config: JsonValue): JsonValue[] =>
  Array.isArray(config.value) ? config.items() : config.at('layers').items();

/** Reads the layers in file order, in which producers precede their consumers. */
export class KerasTopology {
  readonly nodes: GraphNode[] = [];
  /** Classes of layers that are not known, each with a layer of it. */
  readonly unknown = new Map<string, string>();
  readonly #ranks = new Map<string, number>();
  readonly #weights: ReadonlyMap<string, Tensor>;

  constructor(weights: ReadonlyMap<string, Tensor>) {
    this.#weights = weights;
  }

  /**
   * Adds a whole model.
   *
   * @param model its class name and config.
   * @throws DnnError `EINVAL` naming the place in the file.
   */
  read(model: JsonValue): ModelEnds {
    return this.#model(model, { prefix: '', depth: 0, names: new Map() }, undefined);
  }

  /** @param given nodes that the model is called with; undefined where it has inputs of its own. */
  #model(model: JsonValue, scope: Scope, given: readonly string[] | undefined): ModelEnds {
    const kind = model.at('class_name').name();
    if (!modelKinds.includes(kind))
      throw model.at('class_name').error(`is '${kind}' where Sequential or Functional belongs`);
    if (scope.depth > deepest) throw model.error('is a model too deep inside others');
    const config = model.at('config');
    return kind === 'Sequential'
      ? this.#sequential(config, scope, given?.[0])
      : this.#functional(config, scope, given);
  }

  #sequential(config: JsonValue, scope: Scope, given: string | undefined): ModelEnds {
    let last = given ?? this.#firstInput(config, scope);
    const inputs = [last];
    for (const json of layersOf(config)) {
      if (json.at('class_name').value === 'InputLayer') continue;
      const name = json.at('config').at('name').name();
      this.#call(json, name, [last], scope);
      last = this.#nodeOf(scope, { layer: name, call: 0, tensor: 0 });
    }
    return { inputs, outputs: [last] };
  }

  /** The input of a sequential model, which its first layer tells, or the first layer in that one. */
  #firstInput(model: JsonValue, scope: Scope): string {
    let [first] = layersOf(model);
    for (let depth = 0; depth <= deepest && first !== undefined; depth++) {
      const config = first.at('config');
      const kind = first.at('class_name').value;
      if (typeof kind !== 'string' || !modelKinds.includes(kind)) {
        const name = config.at('name').name();
        return this.#input(kind === 'InputLayer' ? name : `${name}_input`, config, scope);
      }
      [first] = layersOf(config);
    }
    throw model.error('has no layer that tells the size of its input');
  }

  #functional(config: JsonValue, scope: Scope, given: readonly string[] | undefined): ModelEnds {
    const inputs = references(config.at('input_layers')).map(localName);
    for (const json of config.at('layers').items()) {
      const name = json.either('name', 'class_name').name();
      if (json.at('class_name').value === 'InputLayer') {
        const bound = given?.[inputs.indexOf(name)];
        if (bound === undefined) this.#input(name, json.at('config'), scope);
        else scope.names.set(name, bound);
        continue;
      }
      for (const [call, taken] of inboundTensors(json.at('inbound_nodes')).entries()) {
        const nodes = taken.map((tensor) => this.#nodeOf(scope, tensor));
        this.#call(json, callName(name, call), nodes, scope);
      }
    }
    const outputs = references(config.at('output_layers')).map((tensor) => this.#nodeOf(scope, tensor));
    return { inputs: inputs.map((name) => scope.names.get(name) ?? name), outputs };
  }

  /** The node behind a reference; one that nothing has is found when the graph is checked. */
  #nodeOf(scope: Scope, reference: KerasReference): string {
    const name = localName(reference);
    return scope.names.get(name) ?? `${scope.prefix}${name}`;
  }

  #input(name: string, config: JsonValue, scope: Scope): string {
    const shape = config.either('batch_input_shape', 'batch_shape');
    const sizes = shape.items().map((size) => (size.missing ? -1 : size.number()));
    if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < -1)) {
      throw shape.error('is no shape of an input');
    }
    const node = `${scope.prefix}${name}`;
    this.nodes.push(placeholderNode(node, sizes));
    this.#ranks.set(node, sizes.length);
    scope.names.set(name, node);
    return node;
  }

  /** One call of a layer, or of a model that is one. */
  #call(json: JsonValue, name: string, inputs: readonly string[], scope: Scope): void {
    const className = json.at('class_name').name();
    const node = `${scope.prefix}${name}`;
    scope.names.set(name, node);
    if (modelKinds.includes(className)) {
      const inside = { prefix: `${node}/`, depth: scope.depth + 1, names: new Map<string, string>() };
      const { outputs } = this.#model(json, inside, inputs);
      for (const [tensor, output] of outputs.entries()) {
        const local = tensor === 0 ? name : `${name}/output_${tensor}`;
        this.nodes.push(floatNode(`${scope.prefix}${local}`, 'Identity', [output]));
        this.#ranks.set(`${scope.prefix}${local}`, this.#ranks.get(output) ?? 4);
        scope.names.set(local, `${scope.prefix}${local}`);
      }
      return;
    }
    const rule = rules.get(className);
    if (rule === undefined) {
      this.unknown.set(className, name);
      return;
    }
    const rank = this.#ranks.get(inputs[0] ?? '') ?? 4;
    const layer = new KerasLayer(className, json.at('config'), { name: node, inputs, rank }, this.#weights);
    this.nodes.push(...layer.finish(rule(layer)));
    this.#ranks.set(node, rankAfter(layer));
  }
}

/** One call of a Keras layer while it is turned into nodes of a Graph. */
import type { GraphNode, Tensor } from '../../graph/graph.ts';
import { constNode, floatNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import type { JsonValue } from './json-value.ts';

/** Collects the nodes of one call; the last node added is given the call's own name by `finish`. */
export class KerasLayer {
  readonly className: string;
  readonly name: string;
  /** Names of the nodes that the layer takes. */
  readonly inputs: readonly string[];
  /** Rank of the first input. */
  readonly rank: number;
  readonly config: JsonValue;
  readonly #weightName: string;
  readonly #weights: ReadonlyMap<string, Tensor>;
  readonly #nodes: GraphNode[] = [];

  constructor(
    className: string,
    config: JsonValue,
    call: { readonly name: string; readonly inputs: readonly string[]; readonly rank: number },
    weights: ReadonlyMap<string, Tensor>,
  ) {
    this.className = className;
    this.config = config;
    this.name = call.name;
    this.inputs = call.inputs;
    this.rank = call.rank;
    this.#weightName = config.at('name').name();
    this.#weights = weights;
    if (this.text('data_format', 'channels_last') === 'channels_first') {
      throw config.error(`(layer '${this.name}') is channels_first; export the model with channels_last`);
    }
  }

  get input(): string {
    const [first] = this.inputs;
    if (first === undefined) throw this.config.error(`(layer '${this.name}') has no input`);
    return first;
  }

  /** Adds a node below the layer's name and gives its name. */
  add(label: string, op: string, inputs: readonly string[], attrs: ShortAttrs = {}): string {
    const name = `${this.name}/${label}${this.#nodes.length}`;
    this.#nodes.push(floatNode(name, op, inputs, attrs));
    return name;
  }

  tensor(label: string, tensor: Tensor): string {
    const name = `${this.name}/${label}${this.#nodes.length}`;
    this.#nodes.push(constNode(name, tensor));
    return name;
  }

  /** An int32 constant: a scalar of a number, a vector or matrix of a list. */
  ints(values: number | readonly number[], shape?: readonly number[]): string {
    return this.tensor('ints', tensorOf('int32', values, shape));
  }

  floats(value: number): string {
    return this.tensor('number', tensorOf('float32', value));
  }

  /** @throws DnnError where the manifest lacks it. */
  weight(suffix: string): Tensor {
    const tensor = this.optionalWeight(suffix);
    if (tensor === undefined) {
      throw this.config.error(
        `(layer '${this.name}') has no weight '${this.#weightName}/${suffix}' in the manifest`,
      );
    }
    return tensor;
  }

  optionalWeight(suffix: string): Tensor | undefined {
    const direct = this.#weights.get(`${this.#weightName}/${suffix}`);
    if (direct !== undefined) return direct;
    const scoped = [...this.#weights].filter(
      ([name]) => `/${name}`.includes(`/${this.#weightName}/`) && name.endsWith(`/${suffix}`),
    );
    return scoped.length === 1 ? scoped[0]![1] : undefined;
  }

  text(key: string, otherwise: string): string {
    const value = this.config.at(key);
    return value.missing ? otherwise : value.string();
  }

  number(key: string, otherwise: number): number {
    const value = this.config.at(key);
    return value.missing ? otherwise : value.number();
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.config.at(key);
    return value.missing ? otherwise : value.boolean();
  }

  /** Two whole numbers, also written as one. */
  pair(key: string, otherwise: readonly [number, number]): readonly [number, number] {
    const value = this.config.at(key);
    if (value.missing) return otherwise;
    const list = Array.isArray(value.value)
      ? value.items().map((item) => item.number())
      : [value.number(), value.number()];
    if (list.length !== 2 || list.some((item) => !Number.isInteger(item) || item < 0 || item > 65536)) {
      throw value.error('should be two whole numbers');
    }
    return [list[0]!, list[1]!];
  }

  unsupported(what: string): Error {
    return this.config.error(`(layer '${this.name}', ${this.className}) has ${what}, which is not supported`);
  }

  /** The layer's nodes; the one named `last` takes the layer's name. */
  finish(last: string): GraphNode[] {
    const result = this.#nodes.find((node) => node.name === last);
    if (result === undefined) {
      return [...this.#nodes, floatNode(this.name, 'Identity', [last])];
    }
    return [...this.#nodes.filter((node) => node !== result), { ...result, name: this.name }];
  }
}

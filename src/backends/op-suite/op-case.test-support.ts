/** Cases of the op suite: small graphs with the values that they are fed. */
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DataType, Graph, GraphNode, Shape } from '../../graph/graph.ts';
import { placeholder } from '../../graph/graph-builder.test-support.ts';
import { opNode, type ShortAttrs } from '../../graph/node-builder.ts';

/** A graph from the placeholder `x` to the node `y`. */
export interface OpCase {
  /** `Op: variant`; no two cases have the same one. */
  readonly title: string;
  readonly graph: Graph;
  readonly input: DNNData;
  /** Largest difference, as a share of the value or, below 1, as it is. */
  readonly tolerance: number;
}

/** Numbers that depend on a seed alone. */
export class Chance {
  #state: number;

  /** @param seed any text: a case keeps its numbers whatever other cases there are. */
  constructor(seed: string) {
    let state = 2166136261;
    for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
    this.#state = state >>> 0;
  }

  /** From 0 to 1, without 1 (Mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number of a range, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }
}

/** Makes one value. */
export type Values = (chance: Chance, index: number) => number;

/** Numbers of both signs, all different in a picture of a case. */
export const numbers: Values = (chance) => Math.fround(4 * chance.next() - 2);

/** Numbers that are not negative. */
export const positive: Values = (chance) => Math.fround(2 * chance.next() + 0.01);

/** Numbers from -1 to 1. */
export const unit: Values = (chance) => Math.fround(2 * chance.next() - 1);

/** Whole numbers that every type with a sign holds. */
export const small: Values = (chance) => chance.whole(-100, 100);

/** What is no usual number, and what lies at the edge of being one, amid numbers. */
const odd = [NaN, Infinity, -Infinity, 0, -0, 1e-30, -1e-30, 1e30, -1e30, 0.5, 1.5, -0.5, -1.5, 2.5, 6, 7];

/** Each odd value once, then numbers. */
export const special: Values = (chance, index) => odd[index] ?? numbers(chance, index);

/** NaN at every seventh place, numbers between. */
export const withNaN: Values = (chance, index) => (index % 7 === 3 ? NaN : numbers(chance, index));

/** A list of values first, then the last ones again. */
export function listed(...values: readonly number[]): Values {
  return (_chance, index) => values[index % values.length]!;
}

/** How a case is made; without sizes the picture has odd ones. */
export interface CaseParts {
  /** `[n, height, width, channels]`. */
  readonly dims?: DNNData['dims'];
  /** Shape of the placeholder: open in n, height and width without it. */
  readonly shape?: Shape;
  readonly values?: Values;
  readonly tolerance?: number;
}

/** A picture of a size that is known in advance, for ops whose sizes must be. */
export function fixed(dims: DNNData['dims']): Pick<CaseParts, 'dims' | 'shape'> {
  return { dims, shape: dims };
}

const defaultTolerance = 2e-6;

/**
 * Makes a case.
 *
 * @param nodes all but the placeholder; the last one is `y`.
 */
export function opCase(
  title: string,
  parts: CaseParts,
  nodes: (chance: Chance, dims: DNNData['dims']) => readonly GraphNode[],
): OpCase {
  const chance = new Chance(title);
  const dims = parts.dims ?? [1, chance.whole(3, 7), chance.whole(3, 7), chance.pick([1, 2, 3, 5])];
  const count = dims.reduce((product, size) => product * size, 1);
  const values = parts.values ?? numbers;
  const data = Float32Array.from({ length: count }, (_, index) => values(chance, index));
  const shape = parts.shape ?? [-1, -1, -1, dims[3]];
  const graph: Graph = {
    nodes: [placeholder('x', shape), ...nodes(chance, dims)],
    signature: { inputs: {}, outputs: {} },
  };
  return { title, graph, input: { dims, data }, tolerance: parts.tolerance ?? defaultTolerance };
}

/** A node with the type of its tensors. */
export function typed(
  name: string,
  op: string,
  inputs: readonly string[],
  type: DataType = 'float32',
  attrs: ShortAttrs = {},
): GraphNode {
  return opNode(name, op, inputs, { T: { type }, ...attrs });
}

/** Cast of a float tensor, or of one of another type. */
export function castNode(name: string, input: string, to: DataType, from: DataType = 'float32'): GraphNode {
  return opNode(name, 'Cast', [input], { SrcT: { type: from }, DstT: { type: to } });
}

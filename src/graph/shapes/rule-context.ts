/** What a shape rule and an evaluator see of one node. */
import type { GraphNode, Shape } from '../graph.ts';
import { nodeError } from '../node-attrs.ts';
import type { KnownValue } from '../values/known-value.ts';
import { elements } from '../values/known-value.ts';

/** Shapes of all outputs of a node. @throws DnnError where inputs and attributes contradict each other. */
export type ShapeRule = (context: RuleContext) => readonly Shape[];

/** A node with what is known of its inputs. */
export class RuleContext {
  readonly node: GraphNode;
  readonly shapes: readonly Shape[];
  readonly values: readonly (KnownValue | undefined)[];

  constructor(node: GraphNode, shapes: readonly Shape[], values: readonly (KnownValue | undefined)[]) {
    this.node = node;
    this.shapes = shapes;
    this.values = values;
  }

  /** Shape of an input; null also where the node has fewer inputs. */
  shape(index: number): Shape {
    return this.shapes[index] ?? null;
  }

  /** Elements of an input, NaN for unknown ones; undefined where nothing is known. */
  ints(index: number): number[] | undefined {
    const value = this.values[index];
    return value === undefined ? undefined : elements(value);
  }

  /** A scalar input; undefined where it is not known. */
  int(index: number): number | undefined {
    const value = this.values[index]?.data[0];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  /** Shape of an input that must have this rank; null where the rank is unknown. */
  ranked(index: number, rank: number): Shape {
    const shape = this.shape(index);
    if (shape !== null && shape.length !== rank) {
      throw this.error(
        `takes a tensor of rank ${rank}, but '${this.node.inputs[index]!}' has rank ${shape.length}`,
      );
    }
    return shape;
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) throw this.error(`has axis ${axis} for a tensor of rank ${rank}`);
    return positive;
  }

  error(what: string): Error {
    return nodeError(this.node, what);
  }
}

/** Applies `compute` to sizes; -1 (unknown) where one of them is unknown. */
export function dimension(compute: (...sizes: number[]) => number, ...sizes: number[]): number {
  return sizes.some((size) => !(size >= 0)) ? -1 : compute(...sizes);
}

/** A list of sizes from values: unknown elements become -1. */
export function sizesOf(values: readonly number[]): number[] {
  return values.map((value) => (Number.isNaN(value) ? -1 : value));
}

/** True where the sizes can be the same. */
export function compatible(one: number, other: number): boolean {
  return one < 0 || other < 0 || one === other;
}

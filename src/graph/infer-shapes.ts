/** Shape inference: what every tensor's size is, without running the network. */
import type { Graph, GraphNode, Shape } from './graph.ts';
import { dataInputs } from './node-attrs.ts';
import { NodeInference } from './node-inference.ts';
import { parseReference } from './node-reference.ts';
import { topologicalOrder } from './topological-order.ts';
import type { KnownValue } from './values/known-value.ts';

export interface InferOptions {
  /** Largest number of elements of a value that is followed through the graph. */
  readonly valueLimit?: number;
}

/** What inference found. */
export class InferredShapes {
  readonly #known: NodeInference;
  readonly #order: readonly GraphNode[];

  constructor(order: readonly GraphNode[], known: NodeInference) {
    this.#order = order;
    this.#known = known;
  }

  /** Shape of a tensor (`name` or `name:1`); null where not even the rank is known. */
  shapeOf(reference: string): Shape {
    return this.#known.shapeOf(reference);
  }

  /** Value of a tensor where it does not depend on the network's data; single elements may be unknown. */
  valueOf(reference: string): KnownValue | undefined {
    return this.#known.valueOf(reference);
  }

  /**
   * The first node above a tensor, producers first, whose own sizes are not fully
   * known although its inputs' are.
   */
  whereItStopped(reference: string): GraphNode | undefined {
    const wanted = new Set([parseReference(reference).name]);
    for (const node of this.#order.toReversed()) {
      if (!wanted.has(node.name)) continue;
      for (const input of dataInputs(node)) wanted.add(parseReference(input).name);
    }
    const complete = (input: string): boolean => this.shapeOf(input)?.every((size) => size >= 0) ?? false;
    return this.#order.find(
      (node) =>
        wanted.has(node.name) &&
        dataInputs(node).every(complete) &&
        !(this.#known.shapesOf(node.name)?.some((shape) => shape?.every((size) => size >= 0)) ?? false),
    );
  }
}

/**
 * Infers the shape of every tensor. Values that follow from shapes alone (Shape, StridedSlice,
 * Pack, int arithmetic) are computed on the way, so that a Reshape or resize whose size the
 * graph calculates is understood.
 *
 * An op without a rule makes its outputs unknown (null); it never fails.
 *
 * @param inputs sizes that placeholders are fed with, by node name; -1 where unknown.
 * @throws DnnError `EINVAL` naming the node where the graph contradicts itself or the sizes: weights for
 *   another number of channels, an input too small for a VALID convolution. `ENOMEM` naming the node that
 *   makes a tensor too large for any machine.
 */
export function inferShapes(
  graph: Graph,
  inputs: Readonly<Record<string, readonly number[]>> = {},
  options: InferOptions = {},
): InferredShapes {
  const known = new NodeInference(options.valueLimit);
  const fed = new Map(Object.entries(inputs));
  const order = topologicalOrder(graph);
  for (const node of order) known.add(node, fed.get(node.name));
  return new InferredShapes(order, known);
}

/** Shape inference: what every tensor's size is, without running the network. */
import { DnnError } from '../base/errors.ts';
import type { Graph, GraphNode, Shape } from './graph.ts';
import { dataInputs } from './node-attrs.ts';
import { parseReference } from './node-reference.ts';
import { arrangementRules } from './shapes/arrangement-rules.ts';
import { convolutionRules } from './shapes/convolution-rules.ts';
import { elementwiseRules } from './shapes/elementwise-rules.ts';
import { reductionRules } from './shapes/reduction-rules.ts';
import { checkInputCount } from './shapes/input-counts.ts';
import type { ShapeRule } from './shapes/rule-context.ts';
import { RuleContext, compatible } from './shapes/rule-context.ts';
import { checkSize } from './shapes/size-limits.ts';
import { spatialRules } from './shapes/spatial-rules.ts';
import { formatShape } from './tensor-storage.ts';
import { topologicalOrder } from './topological-order.ts';
import { evaluate } from './values/evaluate.ts';
import type { KnownValue } from './values/known-value.ts';

const rules: ReadonlyMap<string, ShapeRule> = new Map(
  Object.entries({
    ...convolutionRules,
    ...spatialRules,
    ...elementwiseRules,
    ...arrangementRules,
    ...reductionRules,
  }),
);

/** Values up to this many elements take part by default: enough for everything computed from shapes. */
const defaultValueLimit = 1024;

export interface InferOptions {
  /** Largest number of elements of a value that is followed through the graph. */
  readonly valueLimit?: number;
}

/** What inference found. */
export class InferredShapes {
  readonly #shapes: ReadonlyMap<string, readonly Shape[]>;
  readonly #values: ReadonlyMap<string, readonly (KnownValue | undefined)[]>;
  readonly #order: readonly GraphNode[];

  constructor(
    order: readonly GraphNode[],
    shapes: ReadonlyMap<string, readonly Shape[]>,
    values: ReadonlyMap<string, readonly (KnownValue | undefined)[]>,
  ) {
    this.#order = order;
    this.#shapes = shapes;
    this.#values = values;
  }

  /** Shape of a tensor (`name` or `name:1`); null where not even the rank is known. */
  shapeOf(reference: string): Shape {
    const { name, output } = parseReference(reference);
    return this.#shapes.get(name)?.[output] ?? null;
  }

  /** Value of a tensor where it does not depend on the network's data; single elements may be unknown. */
  valueOf(reference: string): KnownValue | undefined {
    const { name, output } = parseReference(reference);
    return this.#values.get(name)?.[output];
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
        !(this.#shapes.get(node.name)?.some((shape) => shape?.every((size) => size >= 0)) ?? false),
    );
  }
}

/** Joins a placeholder's own shape with the sizes it is fed with. */
function feed(node: GraphNode, own: Shape, fed: readonly number[] | undefined): Shape {
  if (fed === undefined) return own;
  if (own === null) return fed;
  if (own.length !== fed.length || own.some((size, axis) => !compatible(size, fed[axis]!))) {
    throw new DnnError(
      'EINVAL',
      `model input '${node.name}' takes ${formatShape(own)}, but it would be fed with ${formatShape(fed)}`,
      { layer: node.name },
    );
  }
  return own.map((size, axis) => (size < 0 ? fed[axis]! : size));
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
  const limit = options.valueLimit ?? defaultValueLimit;
  const fed = new Map(Object.entries(inputs));
  const shapes = new Map<string, readonly Shape[]>();
  const values = new Map<string, readonly (KnownValue | undefined)[]>();
  const order = topologicalOrder(graph);
  for (const node of order) {
    checkInputCount(node);
    const references = dataInputs(node).map(parseReference);
    const context = new RuleContext(
      node,
      references.map(({ name, output }) => shapes.get(name)?.[output] ?? null),
      references.map(({ name, output }) => values.get(name)?.[output]),
    );
    const rule = rules.get(node.op);
    if (rule === undefined) continue;
    const outputs = rule(context);
    for (const shape of outputs) checkSize(node, shape);
    if (node.op.startsWith('Placeholder')) {
      shapes.set(node.name, [feed(node, outputs[0] ?? null, fed.get(node.name))]);
      continue;
    }
    shapes.set(node.name, outputs);
    const known = evaluate(context, outputs, limit);
    if (known !== undefined) values.set(node.name, known);
  }
  return new InferredShapes(order, shapes, values);
}

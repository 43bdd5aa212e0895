/** Shape inference node by node: what is known of a graph while it grows. */
import { DnnError } from '../base/errors.ts';
import type { GraphNode, Shape } from './graph.ts';
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

/** Shapes and values of the nodes that were added so far. */
export class NodeInference {
  readonly #limit: number;
  readonly #shapes = new Map<string, readonly Shape[]>();
  readonly #values = new Map<string, readonly (KnownValue | undefined)[]>();

  /** @param valueLimit largest number of elements of a value that is followed through the graph. */
  constructor(valueLimit = defaultValueLimit) {
    this.#limit = valueLimit;
  }

  /**
   * Adds a node, whose producers must have been added. An op without a rule makes its outputs unknown.
   *
   * @param fed sizes that a placeholder is fed with.
   * @throws DnnError as `inferShapes` does.
   */
  add(node: GraphNode, fed?: readonly number[]): void {
    checkInputCount(node);
    const references = dataInputs(node).map(parseReference);
    const context = new RuleContext(
      node,
      references.map(({ name, output }) => this.#shapes.get(name)?.[output] ?? null),
      references.map(({ name, output }) => this.#values.get(name)?.[output]),
    );
    const rule = rules.get(node.op);
    if (rule === undefined) return;
    const outputs = rule(context);
    for (const shape of outputs) checkSize(node, shape);
    if (node.op.startsWith('Placeholder')) {
      this.#shapes.set(node.name, [feed(node, outputs[0] ?? null, fed)]);
      return;
    }
    this.#shapes.set(node.name, outputs);
    const known = evaluate(context, outputs, this.#limit);
    if (known !== undefined) this.#values.set(node.name, known);
  }

  /** What was added under one name is known by another one from now on. */
  rename(from: string, to: string): void {
    for (const known of [this.#shapes, this.#values] as Map<string, readonly unknown[]>[]) {
      const entry = known.get(from);
      if (entry === undefined) continue;
      known.delete(from);
      known.set(to, entry);
    }
  }

  /** Shapes of all outputs of a node; undefined where its op has no rule. */
  shapesOf(name: string): readonly Shape[] | undefined {
    return this.#shapes.get(name);
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
}

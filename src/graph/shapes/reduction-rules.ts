/** Shape rules of reductions and matrix products. */
import { broadcast } from './elementwise-rules.ts';
import type { Shape } from '../graph.ts';
import { boolAttr } from '../node-attrs.ts';
import type { RuleContext, ShapeRule } from './rule-context.ts';
import { compatible } from './rule-context.ts';

/** Reductions over the axes that the second input lists. */
export const reductionOps: ReadonlySet<string> = new Set([
  'Mean',
  'Sum',
  'Max',
  'Min',
  'Prod',
  'All',
  'Any',
  'EuclideanNorm',
]);

const reduce: ShapeRule = (context) => {
  const shape = context.shape(0);
  if (shape === null) return [null];
  const keep = boolAttr(context.node, 'keep_dims', boolAttr(context.node, 'keepdims', false));
  const given = context.ints(1);
  if (given === undefined || given.some(Number.isNaN)) return [keep ? shape.map(() => -1) : null];
  const axes = new Set(given.map((axis) => context.axis(axis, shape.length)));
  return [
    keep
      ? shape.map((size, axis) => (axes.has(axis) ? 1 : size))
      : shape.filter((_, axis) => !axes.has(axis)),
  ];
};

const argReduce: ShapeRule = (context) => {
  const shape = context.shape(0);
  const given = context.int(1);
  if (shape === null || given === undefined) return [null];
  return [shape.toSpliced(context.axis(given, shape.length), 1)];
};

function product(context: RuleContext, one: string, other: string): Shape[] {
  const [a, b] = [context.shape(0), context.shape(1)];
  if (a === null || b === null) return [null];
  if (a.length < 2 || b.length < 2)
    throw context.error(`multiplies tensors of rank ${a.length} and ${b.length}`);
  const [rows, inner] = boolAttr(context.node, one, false) ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [length, columns] = boolAttr(context.node, other, false)
    ? [b.at(-1)!, b.at(-2)!]
    : [b.at(-2)!, b.at(-1)!];
  if (!compatible(inner, length)) throw context.error(`multiplies ${inner} columns with ${length} rows`);
  const batch = broadcast(context, a.slice(0, -2), b.slice(0, -2));
  return [batch === null ? null : [...batch, rows, columns]];
}

const matMul: ShapeRule = (context) => {
  context.ranked(0, 2);
  context.ranked(1, 2);
  return product(context, 'transpose_a', 'transpose_b');
};

export const reductionRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries([...reductionOps].map((op) => [op, reduce])),
  ArgMax: argReduce,
  ArgMin: argReduce,
  MatMul: matMul,
  _FusedMatMul: matMul,
  BatchMatMul: (context) => product(context, 'adj_x', 'adj_y'),
  BatchMatMulV2: (context) => product(context, 'adj_x', 'adj_y'),
};

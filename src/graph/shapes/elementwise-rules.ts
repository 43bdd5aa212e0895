/** Shape rules of elementwise ops, with TensorFlow's broadcasting. */
import type { Shape } from '../graph.ts';
import type { RuleContext, ShapeRule } from './rule-context.ts';

/** Ops with one tensor in and one of the same shape out. */
export const unaryOps: ReadonlySet<string> = new Set(
  (
    'Gelu HardSwish Mish Silu ' +
    'Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil CheckNumerics Cos Cosh Elu Erf Exp Expm1 FFmpegRound Floor Identity Inv ' +
    'IsFinite IsInf IsNan LeakyRelu Log Log1p LogSoftmax LogicalNot LRN Neg OnesLike PreventGradient Reciprocal Relu ' +
    'Relu6 Rint Round Rsqrt Selu Sigmoid Sign Sin Sinh Snapshot Softmax Softplus Softsign Sqrt Square StopGradient ' +
    'Tan Tanh ZerosLike'
  ).split(' '),
);

/** Ops of two tensors that broadcast. */
export const binaryOps: ReadonlySet<string> = new Set(
  (
    'Add AddV2 Atan2 Div DivNoNan Equal FFmpegFloorMod FFmpegMaximum FFmpegMinimum FloorDiv FloorMod Greater ' +
    'GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum Mod Mul NotEqual Pow RealDiv SquaredDifference Sub TruncateDiv TruncateMod Xdivy Xlogy'
  ).split(' '),
);

/** The common shape of two operands. @throws DnnError where they do not fit. */
export function broadcast(context: RuleContext, one: Shape, other: Shape): Shape {
  if (one === null || other === null) return null;
  const rank = Math.max(one.length, other.length);
  return Array.from({ length: rank }, (_, axis) => {
    const a = one[axis - rank + one.length] ?? 1;
    const b = other[axis - rank + other.length] ?? 1;
    if (a === b) return a;
    if (a === 1) return b;
    if (b === 1) return a;
    if (a < 0) return b;
    if (b < 0) return a;
    throw context.error(`cannot combine the shapes [${one.join(', ')}] and [${other.join(', ')}]`);
  });
}

const sameShape: ShapeRule = (context) => [context.shape(0)];

const binary: ShapeRule = (context) => [broadcast(context, context.shape(0), context.shape(1))];

const broadcastAll: ShapeRule = (context) => [
  context.shapes.reduce<Shape>((all, shape) => broadcast(context, all, shape), []),
];

/** Select (V1) does not broadcast its condition like the others: a vector may choose rows. */
const select: ShapeRule = (context) => [broadcast(context, context.shape(1), context.shape(2))];

export const elementwiseRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries([...unaryOps].map((op) => [op, sameShape])),
  ...Object.fromEntries([...binaryOps].map((op) => [op, binary])),
  AddN: broadcastAll,
  SelectV2: broadcastAll,
  Select: select,
  ClipByValue: sameShape,
  Prelu: sameShape,
};

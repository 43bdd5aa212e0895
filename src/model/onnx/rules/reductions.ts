/** Reductions along axes, which are an attribute or, in later versions, an input. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { intsOf } from './arrangement.ts';

/** The version in which the axes of a reduction became an input. */
function axesInputSince(op: string): number {
  return op === 'ReduceSum' ? 13 : 18;
}

interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** Undefined where nothing is reduced. */
function reductionOf(node: OnnxTranslation): Reduction | undefined {
  const given = intsOf(node, 'axes', 1, axesInputSince(node.node.op)) ?? [];
  if (given.length === 0 && node.flag('noop_with_empty_axes', false)) return undefined;
  const rank = node.rank(0);
  const axes =
    given.length === 0
      ? Array.from({ length: rank }, (_, at) => at)
      : given.map((axis) => node.axis(axis, rank));
  return { axes: [...new Set(axes)].sort((a, b) => a - b), keep: node.flag('keepdims', true) };
}

type Step = (node: OnnxTranslation, value: string) => string;

const same: Step = (_, value) => value;
const step =
  (op: string): Step =>
  (node, value) =>
    node.add(op, [value]);

/** @param before what happens to each value. @param after what happens to the result. */
function reduce(op: string, before: Step = same, after: Step = same): OnnxRule {
  return (node) => {
    const reduction = reductionOf(node);
    if (reduction === undefined) {
      const plain = after(node, before(node, node.input(0)));
      return plain === node.input(0) ? node.add('Identity', [plain]) : plain;
    }
    const axes = node.addInts(reduction.axes);
    return after(node, node.add(op, [before(node, node.input(0)), axes], { keep_dims: reduction.keep }));
  };
}

/** log Σe^x, with the largest value taken out first so that no power overflows. */
const logSumExp: OnnxRule = (node) => {
  const reduction = reductionOf(node);
  if (reduction === undefined) return node.add('Identity', [node.input(0)]);
  const axes = node.addInts(reduction.axes);
  const largest = node.add('Max', [node.input(0), axes], { keep_dims: true });
  const powers = node.add('Exp', [node.add('Sub', [node.input(0), largest])]);
  const sum = node.add('Log', [node.add('Sum', [powers, axes], { keep_dims: true })]);
  const result = node.add('AddV2', [sum, largest]);
  if (reduction.keep) return result;
  return node.add('Squeeze', [result], { squeeze_dims: reduction.axes });
};

export const reductionRules: Readonly<Record<string, OnnxRule>> = {
  ReduceMean: reduce('Mean'),
  ReduceSum: reduce('Sum'),
  ReduceMax: reduce('Max'),
  ReduceMin: reduce('Min'),
  ReduceProd: reduce('Prod'),
  ReduceL1: reduce('Sum', step('Abs')),
  ReduceL2: reduce('Sum', step('Square'), step('Sqrt')),
  ReduceSumSquare: reduce('Sum', step('Square')),
  ReduceLogSum: reduce('Sum', same, step('Log')),
  ReduceLogSumExp: logSumExp,
};

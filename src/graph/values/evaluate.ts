/** Computes what a node gives where its inputs are known before the graph runs. */
import type { Shape } from '../graph.ts';
import { constTensor } from '../node-attrs.ts';
import { binaryOps, unaryOps } from '../shapes/elementwise-rules.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
import { elementCount, isFullyKnown } from '../tensor-storage.ts';
import { evaluateBinary, evaluateSelect, evaluateUnary } from './arithmetic.ts';
import type { Evaluated } from './arrangement.ts';
import {
  evaluateConcat,
  evaluateCut,
  evaluateFill,
  evaluatePack,
  evaluateRange,
  evaluateReduction,
  evaluateReshaped,
  evaluateShape,
  evaluateTranspose,
} from './arrangement.ts';
import { evaluateCumsum, evaluateGatherElements, evaluateGatherNd, evaluateMapped } from './picked.ts';
import type { KnownValue } from './known-value.ts';
import { valueOfTensor } from './known-value.ts';

type Single = (context: RuleContext, output: readonly number[]) => KnownValue | undefined;

const singles: Readonly<Record<string, Single>> = {
  Identity: evaluateReshaped,
  StopGradient: evaluateReshaped,
  Reshape: evaluateReshaped,
  Squeeze: evaluateReshaped,
  ExpandDims: evaluateReshaped,
  StridedSlice: evaluateMapped,
  Slice: evaluateMapped,
  Transpose: evaluateTranspose,
  ConcatV2: evaluateConcat,
  Concat: evaluateConcat,
  Pack: evaluatePack,
  Fill: evaluateFill,
  Range: evaluateRange,
  Gather: evaluateMapped,
  GatherV2: evaluateMapped,
  Tile: evaluateMapped,
  BroadcastTo: evaluateMapped,
  ReverseV2: evaluateMapped,
  Pad: evaluateMapped,
  PadV2: evaluateMapped,
  MirrorPad: evaluateMapped,
  EdgePad: evaluateMapped,
  WrapPad: evaluateMapped,
  GatherElements: evaluateGatherElements,
  GatherNd: evaluateGatherNd,
  Cumsum: evaluateCumsum,
  Select: evaluateSelect,
  SelectV2: evaluateSelect,
  Sum: evaluateReduction,
  Prod: evaluateReduction,
  Max: evaluateReduction,
  Min: evaluateReduction,
  Mean: evaluateReduction,
};

/**
 * The values of a node's outputs, where they can be known.
 *
 * @param outputs the node's output shapes, by its shape rule.
 * @param limit largest number of elements of a value that is worth computing.
 */
export function evaluate(context: RuleContext, outputs: readonly Shape[], limit: number): Evaluated {
  const { node } = context;
  if (node.op === 'Const') {
    const tensor = constTensor(node);
    return tensor === undefined || tensor.data.length > limit ? undefined : [valueOfTensor(tensor)];
  }
  if (node.op === 'Shape' || node.op === 'ShapeN' || node.op === 'Size' || node.op === 'Rank') {
    return evaluateShape(context);
  }
  if (outputs.some((shape) => isFullyKnown(shape) && elementCount(shape) > limit)) return undefined;
  if (node.op === 'Split' || node.op === 'SplitV' || node.op === 'Unpack')
    return evaluateCut(context, outputs);
  const output = outputs[0] ?? null;
  if (!isFullyKnown(output)) return undefined;
  const single = singles[node.op];
  if (single !== undefined) return [single(context, output)];
  if (binaryOps.has(node.op)) return [evaluateBinary(context, output)];
  if (unaryOps.has(node.op)) return [evaluateUnary(context)];
  return undefined;
}

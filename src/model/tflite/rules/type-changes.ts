/** Changes of type. Quantised values are held as the real values that they stand for. */
import { codeRanges, roundToSteps } from '../../quantised/rounding.ts';
import { narrowedDataType } from '../../data-type.ts';
import { tensorTypeName, tensorTypeOf } from '../schema/tensor-types.ts';
import type { TfliteTensor } from '../schema/tflite-model.ts';
import { isQuantised } from '../tensor-values.ts';
import type { TfliteRule, TfliteTranslation } from '../tflite-translation.ts';

/** What is left of a value when it is stored in a tensor: all of it where that is not quantised. */
export function stored(node: TfliteTranslation, value: string, tensor: TfliteTensor): string {
  const { quantisation, type } = tensor;
  if (quantisation === undefined || !isQuantised(tensor)) return value;
  const { scales, zeros } = quantisation;
  if (scales.length !== 1) throw node.unsupported('to values with a scale a channel');
  return roundToSteps(
    node,
    node.cast(value, 'float32'),
    scales[0]!,
    zeros[0]!,
    codeRanges[tensorTypeOf(type)!]!,
  );
}

/** The real values are there already. */
const asItIs: TfliteRule = (node) => node.input(0);

const cast: TfliteRule = (node) => {
  const type = tensorTypeOf(node.output().type);
  if (type === undefined) throw node.unsupported(`to ${tensorTypeName(node.output().type)}`);
  if (isQuantised(node.tensor(0))) throw node.unsupported('of quantised values');
  return node.cast(node.input(0), narrowedDataType(type));
};

export const typeRules: Readonly<Record<string, TfliteRule>> = {
  QUANTIZE: asItIs,
  DEQUANTIZE: asItIs,
  CAST: cast,
};

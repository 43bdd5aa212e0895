/** Convolutions with SAME padding whose kernel is smaller than their stride. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel, tensorOf, type KernelCall } from './replace-kernel.ts';

/** Kernels that hand SAME on to XNNPACK, which computes the padding itself. */
const convolutions = ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'];

type Tuple = number | readonly [number, number];

interface ConvolutionAttributes {
  readonly strides: Tuple;
  readonly dilations: Tuple | null;
  readonly pad: unknown;
}

/**
 * XNNPACK takes the padding of SAME (XNN_FLAG_TENSORFLOW_SAME_PADDING) as an unsigned number. Where the
 * windows leave gaps it can be below 0, wraps around, and the output is all zeros. TensorFlow then pads by 0
 * (GetWindowedOutputSize in framework/common_shape_fns.cc). Given as explicit padding it is right.
 */
export function mendSamePadding(): void {
  for (const name of convolutions) replaceKernel(name, padExplicitly);
}

/** Undefined where the stock kernel pads as TensorFlow does: where the windows touch or overlap. */
function padExplicitly(call: KernelCall, stock: KernelFunc): ReturnType<KernelFunc> | undefined {
  const { strides, dilations, pad } = call.attrs as unknown as ConvolutionAttributes;
  if (pad !== 'same') return undefined;
  const [x, filter] = [tensorOf(call, 'x'), tensorOf(call, 'filter')];
  const vertical = along(0, x, filter, strides, dilations);
  const horizontal = along(1, x, filter, strides, dilations);
  if (!vertical.gaps && !horizontal.gaps) return undefined;
  const explicit = [[0, 0], vertical.padding, horizontal.padding, [0, 0]];
  return stock({ ...call, attrs: { ...call.attrs, pad: explicit } });
}

/** Whether the windows leave gaps in one direction of NHWC, and the padding before and after the pixels. */
function along(
  axis: 0 | 1,
  x: TensorInfo,
  filter: TensorInfo,
  strides: Tuple,
  dilations: Tuple | null,
): { readonly gaps: boolean; readonly padding: [number, number] } {
  const entry = (tuple: Tuple): number => (typeof tuple === 'number' ? tuple : tuple[axis]);
  const [size, stride] = [x.shape[1 + axis]!, entry(strides)];
  const reach = (filter.shape[axis]! - 1) * entry(dilations ?? 1) + 1;
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  const before = Math.floor(total / 2);
  return { gaps: reach < stride, padding: [before, total - before] };
}

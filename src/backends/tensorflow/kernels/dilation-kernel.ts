/** A Dilation2D for tfjs-backend-wasm whose results may be negative. */
import { backend_util, type TensorInfo, type TypedArray } from '@tensorflow/tfjs-core';
import { replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

interface DilationAttributes {
  readonly strides: number | [number, number];
  readonly pad: number | 'same' | 'valid';
  readonly dilations: number | [number, number];
}

type DilationInfo = ReturnType<typeof backend_util.computeDilation2DInfo>;

/**
 * The stock one begins with the least positive float where the lowest one belongs, so that no sum below 0
 * comes out.
 */
export function replaceDilation(): void {
  replaceKernel('Dilation2D', dilation);
}

/** Undefined for integers, which the stock one treats rightly. */
function dilation(call: KernelCall): TensorInfo | undefined {
  const [x, filter] = [tensorOf(call, 'x'), tensorOf(call, 'filter')];
  if (x.dtype !== 'float32' || filter.dtype !== 'float32') return undefined;
  const { strides, pad, dilations } = call.attrs as unknown as DilationAttributes;
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [rows = 0, columns = 0] = filter.shape;
  const info = backend_util.computeDilation2DInfo(
    [n, height, width, channels],
    [rows, columns, channels],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(info.outShape, 'float32');
  const to = wasm.typedArrayFromHeap(output);
  const [pixels, weights] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(filter)];
  let at = 0;
  for (let image = 0; image < n; image++)
    for (let row = 0; row < info.outHeight; row++)
      for (let column = 0; column < info.outWidth; column++)
        for (let c = 0; c < channels; c++)
          to[at++] = greatest(info, pixels, weights, [image, row, column, c]);
  return output;
}

/** The greatest sum of a pixel and the filter's value for it; padding is no pixel (dilation_ops.cc). */
function greatest(
  info: DilationInfo,
  pixels: TypedArray,
  weights: TypedArray,
  [image, row, column, c]: readonly [number, number, number, number],
): number {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth, padInfo } = info;
  const top = row * info.strideHeight - padInfo.top;
  const left = column * info.strideWidth - padInfo.left;
  let most = -Infinity;
  for (let fy = 0; fy < filterHeight; fy++) {
    const y = top + fy * info.dilationHeight;
    if (y < 0 || y >= inHeight) continue;
    for (let fx = 0; fx < filterWidth; fx++) {
      const x = left + fx * info.dilationWidth;
      if (x < 0 || x >= inWidth) continue;
      const pixel = pixels[((image * inHeight + y) * inWidth + x) * inChannels + c]!;
      most = Math.max(most, pixel + weights[(fy * filterWidth + fx) * inChannels + c]!);
    }
  }
  return most;
}

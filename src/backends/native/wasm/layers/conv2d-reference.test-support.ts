/** Convolutions as their definition says, in double precision, to hold the kernels against. */
import type { Activation, Epilogue, ImageSize } from '../../lowering/layer-spec.ts';
import type { Axis } from './conv2d-geometry.ts';

/** The error function by its series, for values near zero. */
function plainErf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-17; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** One activation of one value. */
export function plainActivation(activation: Activation, v: number, channel: number): number {
  switch (activation.kind) {
    case 'none':
      return v;
    case 'relu':
      return Math.max(v, 0);
    case 'relu6':
      return Math.min(Math.max(v, 0), 6);
    case 'tanh':
      return Math.tanh(v);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-v));
    case 'elu':
      return v > 0 ? v : Math.exp(v) - 1;
    case 'softplus':
      return Math.log1p(Math.exp(v));
    case 'silu':
      return v / (1 + Math.exp(-v));
    case 'gelu':
      return (v / 2) * (1 + plainErf(v * Math.SQRT1_2));
    case 'mish':
      return v * Math.tanh(Math.log1p(Math.exp(v)));
    case 'hardswish':
      return (v * Math.min(Math.max(v + 3, 0), 6)) / 6;
    case 'leaky':
      return Math.max(v, 0) + activation.alpha * Math.min(v, 0);
    case 'prelu':
      return Math.max(v, 0) + activation.slopes[channel]! * Math.min(v, 0);
    case 'both-signs':
      throw new Error('is no function of one value');
    case 'clip':
      return Math.min(Math.max(v, activation.min), activation.max);
  }
}

/** What a reference convolution is made of. */
export interface PlainConvolution {
  readonly image: ImageSize;
  readonly output: ImageSize;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly epilogue: Epilogue;
  readonly residual?: Float32Array;
  /** The input channels that feed an output channel. */
  channelsOf(output: number): readonly [from: number, to: number];
  weight(row: number, column: number, input: number, output: number): number;
}

/** The whole output. */
export function plainConvolution(plan: PlainConvolution, values: Float32Array): Float32Array {
  const { image, output, rows, columns, epilogue } = plan;
  const sum = (y: number, x: number, channel: number): number => {
    const [from, to] = plan.channelsOf(channel);
    let total = epilogue.bias?.[channel] ?? 0;
    for (let ky = 0; ky < rows.taps; ky++) {
      const row = y * rows.stride + rows.first + ky * rows.dilation;
      if (row < 0 || row >= image.height) continue;
      for (let kx = 0; kx < columns.taps; kx++) {
        const column = x * columns.stride + columns.first + kx * columns.dilation;
        if (column < 0 || column >= image.width) continue;
        for (let input = from; input < to; input++) {
          const value = values[(row * image.width + column) * image.channels + input]!;
          total += value * plan.weight(ky, kx, input - from, channel);
        }
      }
    }
    return total;
  };
  return Float32Array.from({ length: output.height * output.width * output.channels }, (_, index) => {
    const channel = index % output.channels;
    const pixel = Math.floor(index / output.channels);
    const total = sum(Math.floor(pixel / output.width), pixel % output.width, channel);
    const residual = plan.residual?.[index] ?? 0;
    if (epilogue.residualFirst === true)
      return plainActivation(epilogue.activation, total + residual, channel);
    return plainActivation(epilogue.activation, total, channel) + residual;
  });
}

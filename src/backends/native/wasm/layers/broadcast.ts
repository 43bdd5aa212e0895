/** Operands of element-wise layers with TensorFlow's broadcasting within one image. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerContext, RowRange } from '../layer.ts';
import { layerInputs } from './layer-input.ts';
import { noRows } from './row-layer.ts';

/** One operand, ready to be read row by row. */
export interface Operand {
  readonly size: ImageSize;
  /** Floats from one pixel to the next: 0 for one pixel for all. */
  readonly pixelStep: number;
  /** Floats from one channel to the next: 0 for one value for all. */
  readonly channelStep: number;
  /** Byte address of what belongs to output row `y`. */
  rowOf(y: number, address: (input: number, row: number) => number): number;
}

/**
 * How a row is walked: `outer` runs of `inner` values; the steps of each operand
 * from run to run and within one.
 */
export interface Walk {
  readonly outer: number;
  readonly inner: number;
  readonly steps: readonly { readonly outer: number; readonly inner: number }[];
}

/** All inputs of a node as operands. @throws DnnError `EINVAL` where one does not fit the output. */
export function operandsOf(spec: LayerSpec, context: LayerContext): Operand[] {
  const { output } = spec;
  const fits = (one: number, size: number): boolean => one === size || one === 1;
  return layerInputs(spec).map((input, index): Operand => {
    const { size } = input;
    const same =
      fits(size.height, output.height) &&
      fits(size.width, output.width) &&
      fits(size.channels, output.channels);
    if (!same) {
      throw nodeError(
        spec.node,
        `has an input ${index} of ${size.height}x${size.width}x${size.channels} values`,
      );
    }
    const rowFloats = size.width * size.channels;
    const steps = {
      size,
      pixelStep: size.width === 1 ? 0 : size.channels,
      channelStep: size.channels === 1 ? 0 : 1,
    };
    const rowAt = (y: number): number => (size.height === 1 ? 0 : y);
    if ('stream' in input) return { ...steps, rowOf: (y, address) => address(input.stream, rowAt(y)) };
    const pointer = context.upload(Float32Array.from(input.constant.data, Number));
    return { ...steps, rowOf: (y) => pointer + 4 * rowAt(y) * rowFloats };
  });
}

/** One run where every operand has either all values of a row or a single one, else a run a pixel. */
export function walkOf(output: ImageSize, operands: readonly Operand[]): Walk {
  const { width, channels } = output;
  const row = width * channels;
  const flat = operands.every(({ size }) => [1, row].includes(size.width * size.channels));
  if (flat) {
    const steps = operands.map(({ size }) => ({ outer: 0, inner: size.width * size.channels === 1 ? 0 : 1 }));
    return { outer: 1, inner: row, steps };
  }
  const steps = operands.map(({ pixelStep, channelStep }) => ({ outer: pixelStep, inner: channelStep }));
  return { outer: width, inner: channels, steps };
}

/** Rows of the changing inputs: the output's own, or the single one. */
export function broadcastRows(spec: LayerSpec): (input: number, from: number, to: number) => RowRange {
  return (input, from, to) => {
    if (to <= from) return noRows;
    return spec.inputs[input]!.height === 1 ? { from: 0, to: 1 } : { from, to };
  };
}

/** Operands of element-wise layers with TensorFlow's broadcasting. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerContext, RowRange } from '../layer.ts';
import { allShapes, layerInputs, outputShape } from './layer-input.ts';
import { noRows, rowsOf } from './row-layer.ts';
import { broadcastIndices, withRank } from '../tensors/tensor-strides.ts';

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
  const maps = rowMaps(spec);
  return layerInputs(spec).map((input, index): Operand => {
    const { size } = input;
    const map = maps[index];
    if (map === undefined || !fits(size.width, output.width) || !fits(size.channels, output.channels)) {
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
    const rowAt = map;
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

/** The row of an operand for a row of the output. */
type RowMap = (y: number) => number;

/** By input of the node, constants too: undefined where it does not broadcast to the output. */
function rowMaps(spec: LayerSpec): (RowMap | undefined)[] {
  const { output } = spec;
  const whole = outputShape(spec);
  const shapes = allShapes(spec);
  return layerInputs(spec).map(({ size }, index) => {
    if (size.height === 1) return () => 0;
    const own = withRank(shapes[index]!, whole.length);
    const same = own.slice(0, -2).every((length, axis) => length === whole[axis]);
    if (size.height === output.height && same) return (y) => y;
    const rows = broadcastIndices(own.slice(0, -2), whole.slice(0, -2));
    return rows === undefined ? undefined : (y) => rows[y]!;
  });
}

/** Rows of the changing inputs: the output's own, a single one, or what broadcasting makes of them. */
export function broadcastRows(spec: LayerSpec): (input: number, from: number, to: number) => RowRange {
  const inputs = layerInputs(spec);
  const maps = rowMaps(spec).filter((_, index) => 'stream' in inputs[index]!);
  return (input, from, to) => {
    if (to <= from) return noRows;
    const { height } = spec.inputs[input]!;
    const map = maps[input];
    if (height === 1) return { from: 0, to: 1 };
    if (map === undefined || height === spec.output.height) return { from, to };
    return rowsOf(Array.from({ length: to - from }, (_, at) => map(from + at)));
  };
}

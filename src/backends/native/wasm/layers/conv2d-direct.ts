/** Packs a convolution for wasm/assembly/conv2d.ts: weights, bias and parameter block. */
import type { LayerContext } from '../layer.ts';
import { paddedToEight, type ActivationSetting } from './activation.ts';
import type { Axis } from './conv2d-geometry.ts';

/** A convolution of some channels of an image into some channels of another. */
export interface DirectConvolution {
  readonly columns: Axis;
  /** Rows of the window and the distance between them. */
  readonly rows: number;
  readonly rowDilation: number;
  /** All channels of an input pixel, and those that are summed: `firstInput` on, `inputs` of them. */
  readonly inputChannels: number;
  readonly firstInput: number;
  readonly inputs: number;
  readonly outputs: number;
  /** From one pixel of the output to the next, in floats. */
  readonly pixelStep: number;
  readonly bias: Float32Array;
  readonly activation: ActivationSetting;
  readonly residualFirst: boolean;
  /** A weight by row and column of the window, input and output channel. */
  readonly weight: (row: number, column: number, input: number, output: number) => number;
}

/** A convolution in the kernels' memory. */
export interface PackedConvolution {
  readonly parameters: number;
  /** What stands there. */
  readonly words: Int32Array;
  /** Address of the bytes from the first row of the window in the image to each. */
  readonly rowOffsets: number;
  /** Bytes of scratch that a row needs. */
  readonly scratchBytes: number;
}

/** Pixels of a row that are computed together: a multiple of both kernels' blocks. */
export const pixelUnit = 12;
/** int32 words of the parameter block, the room for one block of sums included. */
export const blockWords = 76;
/** Bytes of the block, a multiple of 16. */
export const blockBytes = 4 * blockWords;

/** Without the columns of the window that meet the image for no pixel. */
function trimmed({ columns, ...rest }: DirectConvolution): DirectConvolution {
  const { taps, stride, dilation, first, input, output } = columns;
  const from = Math.max(0, Math.ceil((-first - (output - 1) * stride) / dilation));
  const to = Math.min(taps, Math.ceil((input - first) / dilation));
  const kept = Math.max(0, to - from);
  return {
    ...rest,
    columns: { ...columns, taps: kept, first: kept === 0 ? 0 : first + from * dilation },
    weight: (row, column, i, o) => rest.weight(row, column + from, i, o),
  };
}

/**
 * `[output / 8][row][column][input][8]`; what is left of the outputs in eights, in four where
 * that is enough, or one by one where fewer are left and the inputs come in whole vectors:
 * `fewest` is 1 then, and 4 otherwise.
 */
function packWeights(
  { columns, rows, inputs, outputs, weight }: DirectConvolution,
  fewest: number,
): Float32Array {
  const last = outputs % 8;
  const padded =
    outputs - last + (last === 0 || last >= 4 ? 4 * Math.ceil(last / 4) : fewest === 1 ? last : 4);
  const values = new Float32Array(rows * columns.taps * inputs * padded);
  let at = 0;
  for (let output = 0; output < outputs;) {
    const remaining = outputs - output;
    const lanes = remaining > 4 ? 8 : remaining < 4 ? fewest : 4;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns.taps; column++) {
        for (let input = 0; input < inputs; input++) {
          for (let lane = output; lane < output + lanes; lane++) {
            values[at++] = lane < outputs ? weight(row, column, input, lane) : 0;
          }
        }
      }
    }
    output += lanes;
  }
  return values;
}

/** Pixels whose windows lie within the row; `left` = `right` = all of them where there are none. */
function interior({ taps, stride, first, input, output }: Axis, span: number): [number, number] {
  const all = Math.ceil(output / pixelUnit) * pixelUnit;
  if (taps === 0) return [0, Math.floor(output / pixelUnit) * pixelUnit];
  const left = Math.ceil(Math.max(0, Math.ceil(-first / stride)) / pixelUnit) * pixelUnit;
  const fitting = Math.floor((input - span - first) / stride) + 1;
  const right = Math.floor(Math.min(fitting, output) / pixelUnit) * pixelUnit;
  return right > left ? [left, right] : [all, all];
}

/** Uploads a convolution. */
export function packConvolution(given: DirectConvolution, context: LayerContext): PackedConvolution {
  const convolution = trimmed(given);
  const { columns, rows, inputs, inputChannels, outputs, activation } = convolution;
  const { taps, stride, dilation, first } = columns;
  const span = Math.max(0, taps - 1) * dilation + 1;
  const [left, right] = interior(columns, span);
  const pixel = 4 * inputChannels;
  // Neighbouring columns of all channels are one piece of memory.
  const whole = dilation === 1 && inputs === inputChannels && taps > 0;
  const runLength = 4 * inputs * (whole ? taps : 1);
  const words = new Int32Array(blockWords);
  const fewest = runLength % 16 === 0 ? 1 : 4;
  words.set([
    fewest,
    whole ? 1 : taps,
    dilation * pixel,
    runLength,
    stride * pixel,
    4 * taps * inputs,
    4 * taps * inputs * rows,
    context.upload(() => packWeights(convolution, fewest)),
    context.upload(paddedToEight(convolution.bias)),
    outputs,
    4 * convolution.pixelStep,
    columns.output,
    left,
    right,
    activation.mode,
    0,
    0,
    activation.slopes,
    pixel,
    columns.input * pixel,
    first,
    span,
    stride,
    4 * convolution.firstInput,
    convolution.residualFirst ? 1 : 0,
  ]);
  new Float32Array(words.buffer).set([activation.low, activation.high], 15);
  const all = Math.ceil(columns.output / pixelUnit) * pixelUnit;
  const widest = Math.max(left, all - right);
  const table = 16 * Math.ceil(rows / 4);
  const border = widest === 0 ? 0 : ((widest - 1) * stride + span) * pixel * rows + table;
  const rowStep = given.rowDilation * columns.input * pixel;
  const offsets = Int32Array.from({ length: rows }, (_, row) => row * rowStep);
  return {
    parameters: context.upload(words),
    words,
    rowOffsets: context.upload(offsets),
    scratchBytes: border,
  };
}

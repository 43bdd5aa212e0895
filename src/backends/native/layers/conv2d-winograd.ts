/**
 * Convolutions of 3x3 by Winograd's F(4x4, 3x3): 36 products for 16 values of 9 each (Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2015). A dilated one is as many plain ones as it has phases.
 */
import type { KernelChoice, Layer, LayerContext, LayerSpec, RowBand } from '../layer.ts';
import { activationSetting, paddedToEight } from './activation.ts';
import { rowsInside, type Axis, type Weights } from './conv2d-geometry.ts';
import { epilogueInput } from './conv2d-rows.ts';
import { rowAddress } from './layer-input.ts';

/** int32 words of the parameter block. */
const blockWords = 15;
/** Values of one direction of a tile: of the output, and of the input that they are computed from. */
const tile = 4;
const points = 6;

/** G: a window's three weights at the points 0, 1, -1, 2, -2 and infinity. */
const weightTransform = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
] as const;

/** A 3x3 convolution of all channels, not grouped. */
export interface WinogradConvolution {
  readonly weights: Weights;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** Tiles that one direction of the output is cut into, phases counted. */
function tilesOf({ output, dilation }: Axis): number {
  const whole = Math.floor(output / (tile * dilation));
  return whole * dilation + Math.min(dilation, output - whole * tile * dilation);
}

/**
 * Whether there is a Winograd kernel for a convolution and, unless it is asked for, whether it is worth its transforms,
 * which cost about as much as 54 and 38 multiply-adds a channel of the input and of the output.
 */
export function suitsWinograd(
  { weights, rows, columns }: WinogradConvolution,
  choice: KernelChoice,
): boolean {
  const [kernelRows, kernelColumns, inputs, outputs] = weights.shape;
  const possible =
    kernelRows === 3 &&
    kernelColumns === 3 &&
    rows.stride === 1 &&
    columns.stride === 1 &&
    rows.dilation === columns.dilation &&
    inputs % 4 === 0 &&
    outputs % 4 === 0;
  if (!possible || choice === 'direct') return false;
  if (choice === 'winograd') return true;
  const tiles = tilesOf(rows) * tilesOf(columns);
  const padded = Math.ceil(outputs / 8) * 8;
  const products = points * points * inputs * padded;
  return (
    tiles * (products + 216 * inputs + 152 * outputs) < 9 * rows.output * columns.output * inputs * padded
  );
}

/** `[36][output / 8][input][8]`: G g G^T of each window, computed in double precision. */
function transformWeights({ shape, data }: Weights): Float32Array {
  const [, , inputs, outputs] = shape;
  const blocks = Math.ceil(outputs / 8);
  const packed = new Float32Array(points * points * blocks * inputs * 8);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      const weight = (row: number, column: number): number =>
        data[((row * 3 + column) * inputs + input) * outputs + output]!;
      for (const [row, left] of weightTransform.entries()) {
        const sums = [0, 1, 2].map(
          (column) => left[0] * weight(0, column) + left[1] * weight(1, column) + left[2] * weight(2, column),
        );
        for (const [column, right] of weightTransform.entries()) {
          const block = (row * points + column) * blocks + (output >> 3);
          packed[(block * inputs + input) * 8 + (output & 7)] =
            right[0] * sums[0]! + right[1] * sums[1]! + right[2] * sums[2]!;
        }
      }
    }
  }
  return packed;
}

/** Makes the layer of a convolution that suits. */
export function winogradLayer(
  spec: LayerSpec,
  { weights, rows, columns }: WinogradConvolution,
  context: LayerContext,
): Layer {
  const { output, epilogue } = spec;
  const image = spec.inputs[0]!;
  const { kernels } = context;
  const activation = activationSetting(epilogue.activation, output.channels, context);
  const words = new Int32Array(blockWords);
  words.set([
    image.channels,
    output.channels,
    image.height,
    image.width,
    output.height,
    output.width,
    rows.dilation,
    rows.first,
    columns.first,
    context.upload(transformWeights(weights)),
    context.upload(paddedToEight(epilogue.bias ?? new Float32Array(output.channels))),
    activation.mode,
    0,
    0,
    activation.slopes,
  ]);
  new Float32Array(words.buffer).set([activation.low, activation.high], 12);
  const parameters = context.upload(words);
  const scratchBytes = kernels.winogradScratch(image.channels, output.channels);
  const group = tile * rows.dilation;
  return {
    output,
    rowGroup: group,
    multiplyAdds: output.height * output.width * output.channels * 9 * image.channels,
    inputRows: (input, from, to) =>
      epilogueInput(epilogue, input, from, to, () => rowsInside(rows, from, to)),
    scratchBytes: () => scratchBytes,
    run(bands: readonly RowBand[], out, from, to, scratch) {
      const { pointer, firstRow } = bands[0]!;
      const { residual } = epilogue;
      for (let y = from; y < to; y += group) {
        const rest = residual === undefined ? 0 : rowAddress(bands[residual]!, output, y);
        kernels.winogradRows(parameters, pointer, firstRow, y, rowAddress(out, output, y), rest, scratch);
      }
    },
  };
}

/**
 * Convolutions by Winograd's algorithms (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks,
 * 2015): of 3x3 by F(4x4, 3x3), 36 products for 16 values of 9 each; of 5x5 by F(2x2, 5x5), 36 products for 4
 * values of 25 each. A dilated one is as many plain ones as it has phases.
 */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { KernelChoice, Layer, LayerContext, RowBand } from '../layer.ts';
import { activationSetting, paddedToEight } from './activation.ts';
import { rowsInside, type Axis, type Weights } from './conv2d-geometry.ts';
import { epilogueInput } from './conv2d-rows.ts';
import { rowAddress } from './layer-input.ts';

/** int32 words of the parameter block. */
const blockWords = 19;
/** Values of the input in one direction of a tile, and points that polynomials are evaluated at. */
const points = 6;

/**
 * G: each finite point with the factor of its row, which holds the powers of the
 * point; the last point is infinity.
 */
const finitePoints = [
  [0, 1 / 4],
  [1, -1 / 6],
  [-1, -1 / 6],
  [2, 1 / 24],
  [-2, 1 / 24],
] as const;

/** Values of the output in one direction of a tile, by taps of the window. */
const tileSizes: Readonly<Record<number, number>> = { 3: 4, 5: 2 };

/** A convolution of all channels, not grouped. */
export interface WinogradConvolution {
  readonly weights: Weights;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** What the last four channels cost, in channels of a block of eight: their loop loads twice as often. */
const fourChannels = 6;

/** Tiles that one direction of the output is cut into, phases counted. */
function tilesOf({ output, dilation }: Axis, tile: number): number {
  const whole = Math.floor(output / (tile * dilation));
  return whole * dilation + Math.min(dilation, output - whole * tile * dilation);
}

/**
 * Whether there is a Winograd kernel for a convolution and, unless it is asked for, whether it is worth its
 * transforms, which cost about as much as 54 and 38 multiply-adds a channel of the input and of the output.
 */
export function suitsWinograd(
  { weights, rows, columns }: WinogradConvolution,
  choice: KernelChoice,
): boolean {
  const [kernelRows, kernelColumns, inputs, outputs] = weights.shape;
  const tile = tileSizes[kernelRows];
  const possible =
    tile !== undefined &&
    kernelRows === kernelColumns &&
    rows.stride === 1 &&
    columns.stride === 1 &&
    rows.dilation === columns.dilation &&
    inputs % 4 === 0 &&
    outputs % 4 === 0;
  if (!possible || choice === 'direct') return false;
  if (choice === 'winograd') return true;
  const tiles = tilesOf(rows, tile) * tilesOf(columns, tile);
  const padded = Math.ceil(outputs / 8) * 8;
  const rest = outputs % 8;
  const costly = padded - (rest === 4 ? 8 - fourChannels : 0);
  const products = points * points * inputs * costly;
  const pixels = rows.output * columns.output;
  const direct = kernelRows ** 2 * pixels * inputs * costly;
  return tiles * (products + 216 * inputs + 152 * outputs) < direct;
}

/** One direction of a window at each of the points. */
function atPoints(taps: readonly number[]): number[] {
  const values = finitePoints.map(
    ([point, factor]) => factor * taps.reduce((sum, tap, power) => sum + tap * point ** power, 0),
  );
  return [...values, taps.at(-1)!];
}

/**
 * `[36][output / 8][input][8]`, of the last four outputs `[input][4]`: G g G^T of each
 * window, computed in double precision.
 */
function transformWeights({ shape, data }: Weights): Float32Array {
  const [taps, , inputs, outputs] = shape;
  const packed = new Float32Array(points * points * inputs * outputs);
  const range = Array.from({ length: taps }, (_, index) => index);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      const weight = (row: number, column: number): number =>
        data[((row * taps + column) * inputs + input) * outputs + output]!;
      const columns = range.map((column) => atPoints(range.map((row) => weight(row, column))));
      for (let row = 0; row < points; row++) {
        for (const [column, value] of atPoints(columns.map((values) => values[row]!)).entries()) {
          const block = output & ~7;
          const width = Math.min(8, outputs - block);
          const at = ((row * points + column) * outputs + block) * inputs;
          packed[at + input * width + (output & 7)] = value;
        }
      }
    }
  }
  return packed;
}

/**
 * The parameter block of conv2d-params.ts for the products: one run of all
 * inputs, tiles one behind the other.
 */
function productBlock(inputs: number): Int32Array {
  return Int32Array.of(0, 1, 0, 4 * inputs, 4 * inputs);
}

/** Makes the layer of a convolution that suits. */
export function winogradLayer(
  spec: LayerSpec,
  { weights, rows, columns }: WinogradConvolution,
  context: LayerContext,
): Layer {
  const { output, epilogue } = spec;
  const image = spec.inputs[0]!;
  const [taps, , , outputs] = weights.shape;
  const tile = tileSizes[taps]!;
  const { kernels } = context;
  const activation = activationSetting(epilogue.activation, outputs, context);
  const words = new Int32Array(blockWords);
  words.set([
    image.channels,
    outputs,
    image.height,
    image.width,
    output.height,
    output.width,
    rows.dilation,
    rows.first,
    columns.first,
    context.upload(() => transformWeights(weights)),
    context.upload(paddedToEight(epilogue.bias ?? new Float32Array(outputs))),
    activation.mode,
    0,
    0,
    activation.slopes,
    tile,
    context.upload(productBlock(image.channels)),
    context.upload(new Float32Array(8)),
    epilogue.residualFirst === true ? 1 : 0,
  ]);
  new Float32Array(words.buffer).set([activation.low, activation.high], 12);
  const parameters = context.upload(words);
  const scratchBytes = kernels.winogradScratch(image.channels, outputs);
  const group = tile * rows.dilation;
  return {
    output,
    rowGroup: group,
    multiplyAdds: output.height * output.width * outputs * taps ** 2 * image.channels,
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

/**
 * Direct convolution, one row of the output at a time; any window, stride, dilation and number of channels.
 */
import { sumEight } from './conv2d-eight';
import { sumEightAdjacent } from './conv2d-adjacent';
import { sumOne } from './conv2d-few';
import { sumFour } from './conv2d-four';
import {
  BIAS,
  CHANNEL_WEIGHTS,
  CHANNELS,
  FEWEST,
  FIRST_COLUMN,
  INPUT_OFFSET,
  INPUT_PIXEL,
  INPUT_ROW,
  LEFT,
  PIXEL_STEP,
  RESIDUAL_FIRST,
  RIGHT,
  ROW_WEIGHTS,
  SPAN,
  SPILL,
  STRIDE,
  WEIGHTS,
  WIDTH,
  WINDOW_STEP,
} from './conv2d-params';
import {
  activateBlock,
  activateOne,
  addBlock,
  addToSums,
  copyBlock,
  hasBothSigns,
  storeBothSigns,
} from './conv2d-store';

/** Sums, activation and residual for 12 pixels of one channel. */
function blockOfOne(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  weights: usize,
  channel: i32,
  out: usize,
  residual: usize,
  pixels: i32,
): void {
  const sums = p + SPILL;
  const step = load<u32>(p, PIXEL_STEP);
  const wanted = min(pixels, 12);
  sumOne(p, input, offsets, rows, weights, load<f32>(load<usize>(p, BIAS) + (channel << 2)), sums);
  if (hasBothSigns(p)) {
    storeBothSigns(p, sums, 4, out, step, wanted, 1);
    return;
  }
  if (residual != 0 && load<i32>(p, RESIDUAL_FIRST) != 0) {
    addToSums(sums, 4, residual, step, wanted, 1);
    residual = 0;
  }
  activateOne(p, channel, sums);
  copyBlock(sums, 1, out, residual, step, wanted, 1);
}

/** How many of the remaining channels are computed together; the weights are packed likewise. */
function lanesOf(p: usize, remaining: i32): i32 {
  if (remaining > 4) return 8;
  return remaining < 4 ? load<i32>(p, FEWEST) : 4;
}

/** Sums, activation and residual of one block: `pixels` of them are wanted. */
function block(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  weights: usize,
  channel: i32,
  out: usize,
  residual: usize,
  pixels: i32,
): void {
  const channels = min(load<i32>(p, CHANNELS) - channel, 8);
  const width = channels <= 4 ? 4 : 8;
  const most = width == 4 ? 12 : 6;
  const whole = pixels >= most && channels == width;
  const step = load<u32>(p, PIXEL_STEP);
  const sums = whole ? out : p + SPILL;
  const sumStep = whole ? step : width << 2;
  const bias = load<usize>(p, BIAS) + (channel << 2);
  if (width == 4) sumFour(p, input, offsets, rows, weights, bias, sums, sumStep);
  else if (load<u32>(p, WINDOW_STEP) == 4)
    sumEightAdjacent(p, input, offsets, rows, weights, bias, sums, sumStep);
  else sumEight(p, input, offsets, rows, weights, bias, sums, sumStep);
  if (hasBothSigns(p)) {
    storeBothSigns(p, sums, sumStep, out, step, min(pixels, most), channels);
    return;
  }
  if (residual != 0 && load<i32>(p, RESIDUAL_FIRST) != 0) {
    if (whole) addBlock(out, residual, step, most, width);
    else addToSums(sums, sumStep, residual, step, min(pixels, most), channels);
    residual = 0;
  }
  activateBlock(p, channel, width, sums, sumStep, most);
  if (!whole) copyBlock(sums, width, out, residual, step, min(pixels, most), channels);
  else if (residual != 0) addBlock(out, residual, step, most, width);
}

/** Pixels `from` … `to - 1` of a row; `input` is the first tap of pixel `from`. */
function segment(
  p: usize,
  from: i32,
  to: i32,
  input: usize,
  offsets: usize,
  rows: i32,
  row: i32,
  out: usize,
  residual: usize,
): void {
  const width = load<i32>(p, WIDTH);
  const channels = load<i32>(p, CHANNELS);
  const window = load<usize>(p, WINDOW_STEP);
  const step = load<usize>(p, PIXEL_STEP);
  let lanes = 0;
  for (let channel = 0; channel < channels; channel += lanes) {
    lanes = lanesOf(p, channels - channel);
    const weights =
      load<usize>(p, WEIGHTS) +
      channel * load<i32>(p, CHANNEL_WEIGHTS) +
      row * lanes * load<i32>(p, ROW_WEIGHTS);
    const most = lanes == 8 ? 6 : 12;
    for (let x = from; x < min(to, width); x += most) {
      const offset = <usize>x * step + (channel << 2);
      const at = input + <usize>(x - from) * window;
      const rest: usize = residual == 0 ? 0 : residual + offset;
      if (lanes == 1) blockOfOne(p, at, offsets, rows, weights, channel, out + offset, rest, width - x);
      else block(p, at, offsets, rows, weights, channel, out + offset, rest, width - x);
    }
  }
}

/**
 * Copies `pixels` columns of the window's rows from `column` on to `to`, with
 * zeros for those outside the image.
 */
function copyColumns(
  p: usize,
  to: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  column: i32,
  pixels: i32,
): void {
  const pixel = load<i32>(p, INPUT_PIXEL);
  const width = load<i32>(p, INPUT_ROW) / pixel;
  const first = max(min(-column, pixels), 0);
  const last = max(min(width - column, pixels), first);
  for (let row = 0; row < rows; row++) {
    const from = input + load<usize>(offsets + ((<usize>row) << 2));
    memory.fill(to, 0, first * pixel);
    if (last > first)
      memory.copy(to + first * pixel, from + (column + first) * pixel, (last - first) * pixel);
    memory.fill(to + last * pixel, 0, (pixels - last) * pixel);
    to += pixels * pixel;
  }
}

/** Pixels whose windows reach over the ends of the row: from a copy with zeros around. */
function border(
  p: usize,
  from: i32,
  to: i32,
  input: usize,
  offsets: usize,
  rows: i32,
  row: i32,
  out: usize,
  residual: usize,
  scratch: usize,
): void {
  const stride = load<i32>(p, STRIDE);
  const pixels = (to - from - 1) * stride + load<i32>(p, SPAN);
  const copy = scratch + ((((<usize>rows) << 2) + 15) & ~15);
  copyColumns(p, copy, input, offsets, rows, from * stride + load<i32>(p, FIRST_COLUMN), pixels);
  for (let at = 0; at < rows; at++)
    store<i32>(scratch + ((<usize>at) << 2), at * pixels * load<i32>(p, INPUT_PIXEL));
  segment(p, from, to, copy + load<usize>(p, INPUT_OFFSET), scratch, rows, row, out, residual);
}

/**
 * One row of the output.
 *
 * The error of a sum of n products is at most (n + 1) * 6e-8 times the sum of their sizes and that of the
 * bias; that of the activation is added.
 *
 * @param p parameter block
 * @param input first row of the window that lies in the image, its column 0
 * @param offsets address of the bytes from `input` to column 0 of each of these rows
 * @param rows rows of the window that lie in the image
 * @param row which of the window's rows is the first of these
 * @param residual its row for this output row, or 0
 * @param scratch room for an int32 a row, up to a multiple of 16 bytes, and `rows` rows of the larger border
 */
export function conv2dRow(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  row: i32,
  out: usize,
  residual: usize,
  scratch: usize,
): void {
  const left = load<i32>(p, LEFT);
  const right = load<i32>(p, RIGHT);
  const width = load<i32>(p, WIDTH);
  if (left > 0) border(p, 0, left, input, offsets, rows, row, out, residual, scratch);
  if (right > left) {
    const column = left * load<i32>(p, STRIDE) + load<i32>(p, FIRST_COLUMN);
    const first = input + column * load<i32>(p, INPUT_PIXEL) + load<i32>(p, INPUT_OFFSET);
    segment(p, left, right, first, offsets, rows, row, out, residual);
  }
  if (width > right)
    border(p, right, ((width + 11) / 12) * 12, input, offsets, rows, row, out, residual, scratch);
}

/** Depthwise convolution, one row of the output at a time. */
import { depthwiseEight, depthwiseEightOfThree } from './depthwise-eight';
import { madd } from './madd';

/**
 * Four lanes of the input for output channels `channel` … `channel + 3`; each input
 * channel feeds `multiplier` of them.
 */
function inputLanes(pixel: usize, channel: i32, multiplier: i32): v128 {
  if (multiplier == 1) return v128.load(pixel + (channel << 2));
  let v = f32x4.splat(load<f32>(pixel + ((channel / multiplier) << 2)));
  v = f32x4.replace_lane(v, 1, load<f32>(pixel + (((channel + 1) / multiplier) << 2)));
  v = f32x4.replace_lane(v, 2, load<f32>(pixel + (((channel + 2) / multiplier) << 2)));
  return f32x4.replace_lane(v, 3, load<f32>(pixel + (((channel + 3) / multiplier) << 2)));
}

/** Sums of one pixel from output channel `first` on; `column` is that of its first tap. */
function sumPixel(
  input: usize,
  rows: i32,
  rowStep: usize,
  weights: usize,
  bias: usize,
  out: usize,
  first: i32,
  channels: i32,
  multiplier: i32,
  inputWidth: i32,
  column: i32,
  taps: i32,
  dilation: i32,
): void {
  const inputPixel = (<usize>(channels / multiplier)) << 2;
  const pixel = (<usize>channels) << 2;
  const vectors = channels & ~3;
  const from = column < 0 ? (dilation - 1 - column) / dilation : 0;
  const to = min(taps, (inputWidth - column + dilation - 1) / dilation);
  for (let channel = first; channel < channels; channel += channel < vectors ? 4 : 1) {
    const offset = (<usize>channel) << 2;
    let sum = channel < vectors ? v128.load(bias + offset) : v128.load32_zero(bias + offset);
    for (let row = 0; row < rows; row++) {
      let at = input + <usize>row * rowStep + (column + from * dilation) * <i32>inputPixel;
      let w = weights + <usize>(row * taps + from) * pixel + offset;
      for (let tap = from; tap < to; tap++) {
        if (channel < vectors) sum = madd(inputLanes(at, channel, multiplier), v128.load(w), sum);
        else sum = madd(v128.load32_zero(at + ((channel / multiplier) << 2)), v128.load32_zero(w), sum);
        at += <usize>dilation * inputPixel;
        w += pixel;
      }
    }
    if (channel < vectors) v128.store(out + offset, sum);
    else v128.store32_lane(out + offset, sum, 0);
  }
}

/**
 * Sums of one row, without activation.
 *
 * Error at most 5e-6 for windows of up to 25 taps.
 *
 * @param input first row of the window that lies in the image, its column 0
 * @param rows rows of the window that lie in the image, `rowStep` bytes apart
 * @param weights of the first of these rows: `[rows][taps][channels]`
 * @param bias one float an output channel
 * @param channels of the output
 * @param multiplier output channels of each input channel
 * @param width pixels of the output
 * @param inputWidth pixels of the input
 * @param firstColumn column of the first window's first tap
 * @param taps of a row of the window, `dilation` columns apart
 */
export function depthwiseRow(
  input: usize,
  rows: i32,
  rowStep: usize,
  weights: usize,
  bias: usize,
  out: usize,
  channels: i32,
  multiplier: i32,
  width: i32,
  inputWidth: i32,
  firstColumn: i32,
  stride: i32,
  taps: i32,
  dilation: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const vectors = channels & ~3;
  const reach = (taps - 1) * dilation;
  // Pixels up to `right - 1` have windows that do not reach over the right end.
  const free = inputWidth - 1 - reach - firstColumn;
  const right = multiplier == 1 && free >= 0 ? min(width, free / stride + 1) : 0;
  for (let x = 0; x < width;) {
    const column = x * stride + firstColumn;
    let pixels = 1;
    let first = 0;
    if (column >= 0 && x + 8 <= right) {
      pixels = 8;
      first = vectors;
      for (let channel = 0; channel < vectors; channel += 4) {
        const offset = (<usize>channel) << 2;
        const at = input + <usize>column * pixel + offset;
        const w = weights + offset;
        if (taps == 3 && stride == 1 && dilation == 1) {
          depthwiseEightOfThree(at, rows, rowStep, w, bias + offset, out + offset, pixel);
        } else {
          const tapStep = <usize>dilation * pixel;
          const windowStep = <usize>stride * pixel;
          depthwiseEight(at, rows, rowStep, w, bias + offset, out + offset, pixel, taps, tapStep, windowStep);
        }
      }
    }
    if (first < channels) {
      for (let one = 0; one < pixels; one++) {
        sumPixel(
          input,
          rows,
          rowStep,
          weights,
          bias,
          out + <usize>one * pixel,
          first,
          channels,
          multiplier,
          inputWidth,
          column + one * stride,
          taps,
          dilation,
        );
      }
    }
    x += pixels;
    out += <usize>pixels * pixel;
  }
}

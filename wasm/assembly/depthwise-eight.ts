/**
 * The inner loops of depthwise convolutions with a multiplier of 1: 8 pixels x 4
 * channels of sums in registers.
 */
import { madd } from './madd';

/**
 * Sums of windows of any size.
 *
 * @param input first tap of the first pixel's window, at the first of the four channels
 * @param rows rows of the window, `rowStep` bytes apart
 * @param weights `[rows][taps]`, `pixel` bytes apart; `pixel` is what an output pixel takes, too
 * @param tapStep bytes from one tap to the next in a row
 * @param windowStep bytes from the window of one pixel to that of the next
 */
export function depthwiseEight(
  input: usize,
  rows: i32,
  rowStep: usize,
  weights: usize,
  bias: usize,
  out: usize,
  pixel: usize,
  taps: i32,
  tapStep: usize,
  windowStep: usize,
): void {
  let a0 = v128.load(bias);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let w = weights;
  for (let row = 0; row < rows; row++) {
    let i = input + <usize>row * rowStep;
    for (let tap = 0; tap < taps; tap++) {
      const u = v128.load(w);
      let x = i;
      a0 = madd(v128.load(x), u, a0);
      x += windowStep;
      a1 = madd(v128.load(x), u, a1);
      x += windowStep;
      a2 = madd(v128.load(x), u, a2);
      x += windowStep;
      a3 = madd(v128.load(x), u, a3);
      x += windowStep;
      a4 = madd(v128.load(x), u, a4);
      x += windowStep;
      a5 = madd(v128.load(x), u, a5);
      x += windowStep;
      a6 = madd(v128.load(x), u, a6);
      x += windowStep;
      a7 = madd(v128.load(x), u, a7);
      w += pixel;
      i += tapStep;
    }
  }
  let o = out;
  v128.store(o, a0);
  o += pixel;
  v128.store(o, a1);
  o += pixel;
  v128.store(o, a2);
  o += pixel;
  v128.store(o, a3);
  o += pixel;
  v128.store(o, a4);
  o += pixel;
  v128.store(o, a5);
  o += pixel;
  v128.store(o, a6);
  o += pixel;
  v128.store(o, a7);
}

/** The same for three adjacent taps and stride 1: neighbouring windows share what they load. */
export function depthwiseEightOfThree(
  input: usize,
  rows: i32,
  rowStep: usize,
  weights: usize,
  bias: usize,
  out: usize,
  pixel: usize,
): void {
  let a0 = v128.load(bias);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let w = weights;
  for (let row = 0; row < rows; row++) {
    let i = input + <usize>row * rowStep;
    const u = v128.load(w);
    w += pixel;
    const v = v128.load(w);
    w += pixel;
    const t = v128.load(w);
    w += pixel;
    let x = v128.load(i);
    i += pixel;
    let y = v128.load(i);
    i += pixel;
    let z = v128.load(i);
    a0 = madd(z, t, madd(y, v, madd(x, u, a0)));
    i += pixel;
    x = v128.load(i);
    a1 = madd(x, t, madd(z, v, madd(y, u, a1)));
    i += pixel;
    y = v128.load(i);
    a2 = madd(y, t, madd(x, v, madd(z, u, a2)));
    i += pixel;
    z = v128.load(i);
    a3 = madd(z, t, madd(y, v, madd(x, u, a3)));
    i += pixel;
    x = v128.load(i);
    a4 = madd(x, t, madd(z, v, madd(y, u, a4)));
    i += pixel;
    y = v128.load(i);
    a5 = madd(y, t, madd(x, v, madd(z, u, a5)));
    i += pixel;
    z = v128.load(i);
    a6 = madd(z, t, madd(y, v, madd(x, u, a6)));
    i += pixel;
    x = v128.load(i);
    a7 = madd(x, t, madd(z, v, madd(y, u, a7)));
  }
  let o = out;
  v128.store(o, a0);
  o += pixel;
  v128.store(o, a1);
  o += pixel;
  v128.store(o, a2);
  o += pixel;
  v128.store(o, a3);
  o += pixel;
  v128.store(o, a4);
  o += pixel;
  v128.store(o, a5);
  o += pixel;
  v128.store(o, a6);
  o += pixel;
  v128.store(o, a7);
}

/**
 * The inner loops of convolutions to one, two or three output channels, one at a time: vectors of
 * four inputs, summed at the end.
 */
import { RUN_LENGTH, RUN_STEP, RUNS, WINDOW_STEP } from './conv2d-params';
import { madd } from './madd';

/** The sum of the four lanes. */
function across(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * Sums for 12 pixels and one output channel, stored at `out`, pixels 4 bytes apart.
 *
 * @param p parameter block; runs are whole vectors
 * @param input first tap of the first pixel's window
 * @param offsets address of the bytes from `input` to each row of the window
 * @param rows rows of the window
 * @param weights `[rows][runs][run length]`
 */
export function sumOne(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  weights: usize,
  bias: f32,
  out: usize,
): void {
  const step = load<u32>(p, WINDOW_STEP);
  const runs = load<i32>(p, RUNS);
  const runStep = load<u32>(p, RUN_STEP);
  const length = load<u32>(p, RUN_LENGTH);
  let w = weights;
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let a8 = a0;
  let a9 = a0;
  let a10 = a0;
  let a11 = a0;
  for (let row = 0; row < rows; row++) {
    for (let run = 0; run < runs; run++) {
      let i = input + load<usize>(offsets + ((<usize>row) << 2)) + <usize>run * runStep;
      const end = i + length;
      while (i < end) {
        const u = v128.load(w);
        let x = i;
        a0 = madd(v128.load(x), u, a0);
        x += step;
        a1 = madd(v128.load(x), u, a1);
        x += step;
        a2 = madd(v128.load(x), u, a2);
        x += step;
        a3 = madd(v128.load(x), u, a3);
        x += step;
        a4 = madd(v128.load(x), u, a4);
        x += step;
        a5 = madd(v128.load(x), u, a5);
        x += step;
        a6 = madd(v128.load(x), u, a6);
        x += step;
        a7 = madd(v128.load(x), u, a7);
        x += step;
        a8 = madd(v128.load(x), u, a8);
        x += step;
        a9 = madd(v128.load(x), u, a9);
        x += step;
        a10 = madd(v128.load(x), u, a10);
        x += step;
        a11 = madd(v128.load(x), u, a11);
        w += 16;
        i += 16;
      }
    }
  }
  store<f32>(out, across(a0) + bias);
  store<f32>(out, across(a1) + bias, 4);
  store<f32>(out, across(a2) + bias, 8);
  store<f32>(out, across(a3) + bias, 12);
  store<f32>(out, across(a4) + bias, 16);
  store<f32>(out, across(a5) + bias, 20);
  store<f32>(out, across(a6) + bias, 24);
  store<f32>(out, across(a7) + bias, 28);
  store<f32>(out, across(a8) + bias, 32);
  store<f32>(out, across(a9) + bias, 36);
  store<f32>(out, across(a10) + bias, 40);
  store<f32>(out, across(a11) + bias, 44);
}

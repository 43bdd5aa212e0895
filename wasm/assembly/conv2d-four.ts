/**
 * The inner loop of convolutions with few output channels: 12 pixels x 4 output
 * channels of sums in 12 registers.
 */
import { RUN_LENGTH, RUN_STEP, RUNS, WINDOW_STEP } from './conv2d-params';
import { madd } from './madd';

/**
 * Sums for 12 pixels and 4 output channels, stored at `out`, pixels `outStep` bytes apart.
 *
 * @param p parameter block
 * @param input first tap of the first pixel's window
 * @param offsets address of the bytes from `input` to each row of the window
 * @param rows rows of the window
 * @param weights `[rows][runs][run length][4]`
 * @param bias of the 4 channels, that the sums start from
 */
export function sumFour(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  weights: usize,
  bias: usize,
  out: usize,
  outStep: usize,
): void {
  const step = load<u32>(p, WINDOW_STEP);
  const runs = load<i32>(p, RUNS);
  const runStep = load<u32>(p, RUN_STEP);
  const length = load<u32>(p, RUN_LENGTH);
  let w = weights;
  let a0 = v128.load(bias);
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
        a0 = madd(v128.load32_splat(x), u, a0);
        x += step;
        a1 = madd(v128.load32_splat(x), u, a1);
        x += step;
        a2 = madd(v128.load32_splat(x), u, a2);
        x += step;
        a3 = madd(v128.load32_splat(x), u, a3);
        x += step;
        a4 = madd(v128.load32_splat(x), u, a4);
        x += step;
        a5 = madd(v128.load32_splat(x), u, a5);
        x += step;
        a6 = madd(v128.load32_splat(x), u, a6);
        x += step;
        a7 = madd(v128.load32_splat(x), u, a7);
        x += step;
        a8 = madd(v128.load32_splat(x), u, a8);
        x += step;
        a9 = madd(v128.load32_splat(x), u, a9);
        x += step;
        a10 = madd(v128.load32_splat(x), u, a10);
        x += step;
        a11 = madd(v128.load32_splat(x), u, a11);
        w += 16;
        i += 4;
      }
    }
  }
  let o = out;
  v128.store(o, a0);
  o += outStep;
  v128.store(o, a1);
  o += outStep;
  v128.store(o, a2);
  o += outStep;
  v128.store(o, a3);
  o += outStep;
  v128.store(o, a4);
  o += outStep;
  v128.store(o, a5);
  o += outStep;
  v128.store(o, a6);
  o += outStep;
  v128.store(o, a7);
  o += outStep;
  v128.store(o, a8);
  o += outStep;
  v128.store(o, a9);
  o += outStep;
  v128.store(o, a10);
  o += outStep;
  v128.store(o, a11);
}

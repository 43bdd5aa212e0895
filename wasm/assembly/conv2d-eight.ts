/** The inner loop of convolutions: 6 pixels x 8 output channels of sums in 12 registers. */
import { RUN_LENGTH, RUN_STEP, RUNS, WINDOW_STEP } from './conv2d-params';
import { madd } from './madd';

/**
 * Sums for 6 pixels and 8 output channels, stored at `out`, pixels `outStep` bytes apart.
 *
 * @param p parameter block
 * @param input first tap of the first pixel's window
 * @param offsets address of the bytes from `input` to each row of the window
 * @param rows rows of the window
 * @param weights `[rows][runs][run length][8]`
 * @param bias of the 8 channels, that the sums start from
 */
export function sumEight(
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
  let a0 = v128.load(bias),
    b0 = v128.load(bias, 16);
  let a1 = a0,
    b1 = b0,
    a2 = a0,
    b2 = b0,
    a3 = a0,
    b3 = b0,
    a4 = a0,
    b4 = b0,
    a5 = a0,
    b5 = b0;
  for (let row = 0; row < rows; row++) {
    for (let run = 0; run < runs; run++) {
      let i0 = input + load<usize>(offsets + ((<usize>row) << 2)) + <usize>run * runStep;
      const end = i0 + length;
      let i1 = i0 + step,
        i2 = i1 + step,
        i3 = i2 + step,
        i4 = i3 + step,
        i5 = i4 + step;
      while (i0 < end) {
        const u = v128.load(w),
          v = v128.load(w, 16);
        let x = v128.load32_splat(i0);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(i1);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(i2);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(i3);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(i4);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(i5);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
        w += 32;
        i0 += 4;
        i1 += 4;
        i2 += 4;
        i3 += 4;
        i4 += 4;
        i5 += 4;
      }
    }
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  v128.store(out + outStep, a1);
  v128.store(out + outStep, b1, 16);
  v128.store(out + outStep * 2, a2);
  v128.store(out + outStep * 2, b2, 16);
  v128.store(out + outStep * 3, a3);
  v128.store(out + outStep * 3, b3, 16);
  v128.store(out + outStep * 4, a4);
  v128.store(out + outStep * 4, b4, 16);
  v128.store(out + outStep * 5, a5);
  v128.store(out + outStep * 5, b5, 16);
}

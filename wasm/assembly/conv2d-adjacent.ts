/**
 * The inner loop of convolutions of one channel: the windows of neighbouring
 * pixels begin at neighbouring values.
 */
import { RUN_LENGTH, RUN_STEP, RUNS } from './conv2d-params';
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
export function sumEightAdjacent(
  p: usize,
  input: usize,
  offsets: usize,
  rows: i32,
  weights: usize,
  bias: usize,
  out: usize,
  outStep: usize,
): void {
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
      let i = input + load<usize>(offsets + ((<usize>row) << 2)) + <usize>run * runStep;
      const end = i + length;
      while (i < end) {
        const u = v128.load(w),
          v = v128.load(w, 16);
        let x = v128.load32_splat(i);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(i, 4);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(i, 8);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(i, 12);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(i, 16);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(i, 20);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
        w += 32;
        i += 4;
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

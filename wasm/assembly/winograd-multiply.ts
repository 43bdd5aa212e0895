/** The products of Winograd's convolution: at each of 36 points a matrix product over the input channels. */
import { madd } from './madd';

/**
 * Sums of 6 tiles x 8 output channels at one point.
 *
 * @param tiles `[6][channels]`, tiles `step` bytes apart
 * @param weights `[channels][8]`
 * @param out `[6][8]`
 */
export function multiplyTiles(tiles: usize, step: usize, weights: usize, out: usize): void {
  const zero = f32x4.splat(0);
  let a0 = zero,
    b0 = zero,
    a1 = zero,
    b1 = zero,
    a2 = zero,
    b2 = zero,
    a3 = zero,
    b3 = zero,
    a4 = zero,
    b4 = zero,
    a5 = zero,
    b5 = zero;
  let i0 = tiles;
  const end = i0 + step;
  let i1 = i0 + step,
    i2 = i1 + step,
    i3 = i2 + step,
    i4 = i3 + step,
    i5 = i4 + step;
  while (i0 < end) {
    const u = v128.load(weights),
      v = v128.load(weights, 16);
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
    weights += 32;
    i0 += 4;
    i1 += 4;
    i2 += 4;
    i3 += 4;
    i4 += 4;
    i5 += 4;
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 32);
  v128.store(out, b1, 48);
  v128.store(out, a2, 64);
  v128.store(out, b2, 80);
  v128.store(out, a3, 96);
  v128.store(out, b3, 112);
  v128.store(out, a4, 128);
  v128.store(out, b4, 144);
  v128.store(out, a5, 160);
  v128.store(out, b5, 176);
}

/**
 * tanh and sigmoid of whole columns of vectors, two at a time: the same bits as
 * fast-math.ts, at half the cost.
 */
import { LEAST, LN2_HIGH, LN2_LOW, LOG2E, MOST, ONE, ROUND, table } from './fast-math';
import { madd } from './madd';

/**
 * `factor / (1 + exp(scale * v)) + offset` in place: tanh is 2, -2, -1, sigmoid 1, -1, 0.
 *
 * @param pixels vectors, `step` bytes apart; at least 1
 * @param gates true to multiply with v
 */
export function logisticColumn(
  at: usize,
  step: usize,
  pixels: i32,
  factor: f32,
  scale: f32,
  offset: f32,
  gates: bool,
): void {
  const end = at + <usize>pixels * step;
  const factors = f32x4.splat(factor);
  const scales = f32x4.splat(scale);
  const offsets = f32x4.splat(offset);
  while (at < end) {
    const next = at + step;
    // Of an odd number the last one is done twice.
    const second = next < end ? next : at;
    const most = v128.load32_splat(table, MOST);
    const least = v128.load32_splat(table, LEAST);
    const x = f32x4.pmax(f32x4.pmin(f32x4.mul(v128.load(at), scales), most), least);
    const y = f32x4.pmax(f32x4.pmin(f32x4.mul(v128.load(second), scales), most), least);
    const log2e = v128.load32_splat(table, LOG2E);
    const round = v128.load32_splat(table, ROUND);
    const xRounded = madd(x, log2e, round);
    const yRounded = madd(y, log2e, round);
    const xWhole = f32x4.sub(xRounded, round);
    const yWhole = f32x4.sub(yRounded, round);
    const high = v128.load32_splat(table, LN2_HIGH);
    const low = v128.load32_splat(table, LN2_LOW);
    const xRest = madd(xWhole, low, madd(xWhole, high, x));
    const yRest = madd(yWhole, low, madd(yWhole, high, y));
    let c = v128.load32_splat(table);
    let d = v128.load32_splat(table, 4);
    let p = madd(xRest, c, d);
    let q = madd(yRest, c, d);
    c = v128.load32_splat(table, 8);
    p = madd(xRest, p, c);
    q = madd(yRest, q, c);
    c = v128.load32_splat(table, 12);
    p = madd(xRest, p, c);
    q = madd(yRest, q, c);
    d = v128.load32_splat(table, 16);
    p = madd(xRest, p, d);
    q = madd(yRest, q, d);
    const one = v128.load32_splat(table, ONE);
    p = madd(xRest, madd(xRest, p, one), one);
    q = madd(yRest, madd(yRest, q, one), one);
    // The rounded sum has the whole number in its low bits, one has the exponent's bias in its place.
    const xPower = i32x4.add(i32x4.shl(xRounded, 23), one);
    const yPower = i32x4.add(i32x4.shl(yRounded, 23), one);
    let a = madd(f32x4.div(one, madd(p, xPower, one)), factors, offsets);
    let b = madd(f32x4.div(one, madd(q, yPower, one)), factors, offsets);
    if (gates) {
      a = f32x4.mul(a, v128.load(at));
      b = f32x4.mul(b, v128.load(second));
    }
    v128.store(second, b);
    v128.store(at, a);
    at += step << 1;
  }
}

/** exp, tanh and sigmoid in each of four lanes, without branches; NaN stays NaN. */
import { madd } from './madd';

/**
 * Constants by position. They are read from memory wherever they are used: engines build a vector constant
 * anew each time, which takes several instructions and more registers than there are.
 */
export const table = memory.data<f32>([
  // 0 … 4: exp(r) for |r| <= ln(2) / 2 with an error of 4e-9 before rounding is 1 +
  // r + r^2 times this polynomial.
  1.3813142646e-3, 8.3694190383e-3, 4.1668456828e-2, 1.6666514789e-1, 4.9999993051e-1,
  // 5: adding it to a float of less than 2^22 leaves the nearest whole number in the low bits.
  12582912,
  // 6, 7: ln(2) in two parts, negated: the first times a whole number is exact (Cephes, expf).
  2.1219444e-4, -0.693359375,
  // 8: 1 / ln(2)
  1.44269504,
  // 9 …: plain numbers
  1, 2, -1, -2, 87, -87, 89, -105,
]);

export const ROUND: usize = 5 * 4;
export const LN2_LOW: usize = 6 * 4;
export const LN2_HIGH: usize = 7 * 4;
export const LOG2E: usize = 8 * 4;
export const ONE: usize = 9 * 4;
const TWO: usize = 10 * 4;
const MINUS_ONE: usize = 11 * 4;
const MINUS_TWO: usize = 12 * 4;
export const MOST: usize = 13 * 4;
export const LEAST: usize = 14 * 4;
const EXP_MOST: usize = 15 * 4;
const EXP_LEAST: usize = 16 * 4;
/** 127 in each lane: the bias of a float's exponent. */
const BIAS = memory.data<i32>([127, 127, 127, 127]);

/** exp(r) for |r| <= ln(2) / 2. */
function expOfFraction(r: v128): v128 {
  let p = madd(r, v128.load32_splat(table), v128.load32_splat(table, 4));
  p = madd(r, p, v128.load32_splat(table, 8));
  p = madd(r, p, v128.load32_splat(table, 12));
  p = madd(r, p, v128.load32_splat(table, 16));
  const one = v128.load32_splat(table, ONE);
  return madd(r, madd(r, p, one), one);
}

/** v - n * ln(2) */
function fraction(v: v128, n: v128): v128 {
  return madd(n, v128.load32_splat(table, LN2_LOW), madd(n, v128.load32_splat(table, LN2_HIGH), v));
}

/** 1 / (1 + exp(v)); v is brought to -87 … 87 first, so that a power of two is a normal number. */
function logistic(v: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(v, v128.load32_splat(table, MOST)), v128.load32_splat(table, LEAST));
  const round = v128.load32_splat(table, ROUND);
  const rounded = madd(x, v128.load32_splat(table, LOG2E), round);
  const n = f32x4.sub(rounded, round);
  const power = i32x4.shl(i32x4.add(rounded, v128.load(BIAS)), 23);
  const one = v128.load32_splat(table, ONE);
  return f32x4.div(one, madd(expOfFraction(fraction(x, n)), power, one));
}

/** 1 / (1 + exp(-v)): absolute error at most 1e-7. */
export function sigmoid4(v: v128): v128 {
  return logistic(f32x4.neg(v));
}

/**
 * 2 / (1 + exp(-2v)) - 1, FFmpeg's form of tanh (dnn_backend_native_layer_conv2d.c):
 * absolute error at most 1.8e-7.
 */
export function tanh4(v: v128): v128 {
  const s = logistic(f32x4.mul(v, v128.load32_splat(table, MINUS_TWO)));
  return madd(s, v128.load32_splat(table, TWO), v128.load32_splat(table, MINUS_ONE));
}

/**
 * exp: relative error at most 1.2e-7 where the result is a normal number, 0 below -104, infinite from 89 up.
 */
export function exp4(v: v128): v128 {
  const x = f32x4.pmax(
    f32x4.pmin(v, v128.load32_splat(table, EXP_MOST)),
    v128.load32_splat(table, EXP_LEAST),
  );
  const n = f32x4.nearest(f32x4.mul(x, v128.load32_splat(table, LOG2E)));
  const p = expOfFraction(fraction(x, n));
  // In two steps: 2^n itself may be too small or too large for a float.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, v128.load(BIAS)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), v128.load(BIAS)), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

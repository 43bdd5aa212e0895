/** exp, tanh and sigmoid in each of four lanes, without branches; NaN stays NaN. */
import { madd } from './madd';

/** Adding it to a float of less than 2^22 leaves the nearest whole number in the low bits. */
const ROUND: f32 = 12582912;

/** exp(r) for |r| <= ln(2) / 2 with an error of 4e-9 before rounding: 1 + r + r^2 times a polynomial fitted to the rest. */
function expOfFraction(r: v128): v128 {
  let p = madd(r, f32x4.splat(1.3813142646e-3), f32x4.splat(8.3694190383e-3));
  p = madd(r, p, f32x4.splat(4.1668456828e-2));
  p = madd(r, p, f32x4.splat(1.6666514789e-1));
  p = madd(r, p, f32x4.splat(4.9999993051e-1));
  p = madd(r, p, f32x4.splat(1));
  return madd(r, p, f32x4.splat(1));
}

/** v - n * ln(2), with ln(2) in two parts: the first times n is exact (Cephes, expf). */
function fraction(v: v128, n: v128): v128 {
  return madd(n, f32x4.splat(2.1219444e-4), madd(n, f32x4.splat(-0.693359375), v));
}

/** 1 / (1 + exp(v)); v is brought to -87 … 87 first, so that a power of two is a normal number. */
function logistic(v: v128): v128 {
  const x = f32x4.max(f32x4.min(v, f32x4.splat(87)), f32x4.splat(-87));
  const rounded = madd(x, f32x4.splat(1.44269504), f32x4.splat(ROUND));
  const n = f32x4.sub(rounded, f32x4.splat(ROUND));
  const power = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.div(f32x4.splat(1), madd(expOfFraction(fraction(x, n)), power, f32x4.splat(1)));
}

/** 1 / (1 + exp(-v)): absolute error at most 1e-7. */
export function sigmoid4(v: v128): v128 {
  return logistic(f32x4.neg(v));
}

/** 2 / (1 + exp(-2v)) - 1, FFmpeg's form of tanh (dnn_backend_native_layer_conv2d.c): absolute error at most 1.8e-7. */
export function tanh4(v: v128): v128 {
  return madd(logistic(f32x4.mul(v, f32x4.splat(-2))), f32x4.splat(2), f32x4.splat(-1));
}

/** exp: relative error at most 1.2e-7 where the result is a normal number, 0 below -104, infinite from 89 up. */
export function exp4(v: v128): v128 {
  const x = f32x4.max(f32x4.min(v, f32x4.splat(89)), f32x4.splat(-105));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  const p = expOfFraction(fraction(x, n));
  // In two steps: 2^n itself may be too small or too large for a float.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/**
 * Functions of one value, by the number that src/backends/native/wasm/layers/unary.ts
 * gives them; most on four lanes.
 */
import { exp4, sigmoid4, tanh4 } from './fast-math';
import { gelu4, mish4, silu4 } from './gates';

/** Coefficients of SELU (Klambauer et al., Self-Normalizing Neural Networks). */
const SELU_SCALE: f32 = 1.0507009873554805;
const SELU_SCALE_ALPHA: f32 = 1.7580993408473766;

/** Error function, absolute error 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function erf(x: f64): f64 {
  const t = 1.0 / (1.0 + 0.3275911 * Math.abs(x));
  let p = 1.061405429 * t - 1.453152027;
  p = p * t + 1.421413741;
  p = p * t - 0.284496736;
  p = p * t + 0.254829592;
  const y = 1.0 - p * t * Math.exp(-x * x);
  return x < 0 ? -y : y;
}

/** The functions that are evaluated one by one in double, as C's are, and rounded once. */
function scalarOp(op: i32, x: f64): f64 {
  switch (op) {
    case 30:
      return Math.log(x);
    case 31:
      return Math.sin(x);
    case 32:
      return Math.cos(x);
    case 33:
      return Math.tan(x);
    case 34:
      return Math.asin(x);
    case 35:
      return Math.acos(x);
    case 36:
      return Math.atan(x);
    case 37:
      return Math.sinh(x);
    case 38:
      return Math.cosh(x);
    case 39:
      return Math.asinh(x);
    case 40:
      return Math.acosh(x);
    case 41:
      return Math.atanh(x);
    case 42:
      return erf(x);
    case 43:
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    case 44:
      return Math.log1p(x);
    case 45:
      return Math.expm1(x);
    default:
      return NaN;
  }
}

function oneByOne(op: i32, v: v128): v128 {
  let r = f32x4.splat(f32(scalarOp(op, f32x4.extract_lane(v, 0))));
  r = f32x4.replace_lane(r, 1, f32(scalarOp(op, f32x4.extract_lane(v, 1))));
  r = f32x4.replace_lane(r, 2, f32(scalarOp(op, f32x4.extract_lane(v, 2))));
  return f32x4.replace_lane(r, 3, f32(scalarOp(op, f32x4.extract_lane(v, 3))));
}

/** Half away from zero, as C's round; the difference to the whole part is exact. */
function roundAway(v: v128): v128 {
  const whole = f32x4.trunc(v);
  const half = f32x4.ge(f32x4.abs(f32x4.sub(v, whole)), f32x4.splat(0.5));
  const one = v128.or(v128.and(v, f32x4.splat(-0.0)), f32x4.splat(1));
  return f32x4.add(whole, v128.and(half, one));
}

/** NaN of NaN. */
function sign(v: v128): v128 {
  const one = v128.and(f32x4.gt(v, f32x4.splat(0)), f32x4.splat(1));
  const result = f32x4.sub(one, v128.and(f32x4.lt(v, f32x4.splat(0)), f32x4.splat(1)));
  return v128.bitselect(result, v, f32x4.eq(v, v));
}

/** The whole part; -limit for NaN and for what is not from -limit to below limit, as x86 converts. */
function whole(v: v128, limit: v128): v128 {
  const cut = f32x4.trunc(v);
  const least = f32x4.neg(limit);
  return v128.bitselect(cut, least, v128.and(f32x4.ge(cut, least), f32x4.lt(cut, limit)));
}

/** The low 32 - `spare` bits of the whole part. */
function narrow(v: v128, spare: i32, withSign: bool): v128 {
  const bits = i32x4.shl(i32x4.trunc_sat_f32x4_s(whole(v, f32x4.splat(2147483648))), spare);
  return f32x4.convert_i32x4_s(withSign ? i32x4.shr_s(bits, spare) : i32x4.shr_u(bits, spare));
}

/** v where it is positive, else `other`. */
function positiveOr(v: v128, other: v128): v128 {
  return v128.bitselect(v, other, f32x4.ge(v, f32x4.splat(0)));
}

/** @param a and `b`: LeakyRelu's slope; the bounds of a clip; the limit or the spare bits of a whole type. */
export function unaryOp(op: i32, v: v128, a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (op) {
    case 0:
      return v;
    // The value stands first: so NaN stays NaN, at the cost of one instruction.
    case 1:
      return f32x4.pmax(v, zero);
    case 2:
      return f32x4.pmin(f32x4.pmax(v, zero), f32x4.splat(6));
    case 3:
      return f32x4.add(f32x4.pmax(v, zero), f32x4.mul(a, f32x4.pmin(v, zero)));
    case 4:
      return positiveOr(v, f32x4.sub(exp4(v), one));
    case 5:
      return positiveOr(
        f32x4.mul(v, f32x4.splat(SELU_SCALE)),
        f32x4.mul(f32x4.sub(exp4(v), one), f32x4.splat(SELU_SCALE_ALPHA)),
      );
    case 6:
      return tanh4(v);
    case 7:
      return sigmoid4(v);
    case 8:
      return exp4(v);
    case 9:
      return f32x4.sqrt(v);
    case 10:
      return f32x4.div(one, f32x4.sqrt(v));
    case 11:
      return f32x4.mul(v, v);
    case 12:
      return f32x4.abs(v);
    case 13:
      return f32x4.neg(v);
    case 14:
      return f32x4.div(one, v);
    case 15:
      return f32x4.div(v, f32x4.add(one, f32x4.abs(v)));
    case 16:
      return sign(v);
    case 17:
      return f32x4.floor(v);
    case 18:
      return f32x4.ceil(v);
    case 19:
      return f32x4.nearest(v);
    case 20:
      return roundAway(v);
    case 21:
      return f32x4.trunc(v);
    case 22:
      return v128.and(f32x4.eq(v, zero), one);
    case 23:
      return v128.and(f32x4.ne(v, zero), one);
    case 24:
      return f32x4.min(f32x4.max(v, a), b);
    case 25:
      return f32x4.div(
        f32x4.mul(v, f32x4.min(f32x4.max(f32x4.add(v, f32x4.splat(3)), zero), f32x4.splat(6))),
        f32x4.splat(6),
      );
    case 49:
      return silu4(v);
    case 50:
      return gelu4(v);
    case 51:
      return mish4(v);
    case 46:
      return v128.and(f32x4.ne(v, v), one);
    case 47:
      return v128.and(f32x4.eq(f32x4.abs(v), f32x4.splat(Infinity)), one);
    case 48:
      return v128.and(f32x4.lt(f32x4.abs(v), f32x4.splat(Infinity)), one);
    case 26:
      return whole(v, a);
    case 27:
      return narrow(v, i32(f32x4.extract_lane(a, 0)), true);
    case 28:
      return narrow(v, i32(f32x4.extract_lane(a, 0)), false);
    default:
      return oneByOne(op, v);
  }
}

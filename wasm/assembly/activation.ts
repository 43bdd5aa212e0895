/**
 * Activations of convolutions and dense layers, four lanes at a time;
 * src/backends/native/wasm/layers/activation.ts sets them.
 */
import { exp4, sigmoid4, tanh4 } from './fast-math';
import { gelu4, hardSwish4, mish4, silu4 } from './gates';
import { madd } from './madd';

/** As it is. */
export const NONE = 0;
/** min(max(v, low), high) */
export const CLIP = 1;
/** max(v, 0) + slope * min(v, 0) */
export const SLOPE = 2;
export const TANH = 3;
export const SIGMOID = 4;
/** v for v > 0, exp(v) - 1 otherwise */
export const ELU = 5;
/** log(1 + exp(v)) */
export const SOFTPLUS = 6;
/** v * min(max(v + 3, 0), 6) / 6 */
export const HARDSWISH = 7;
/** v times the sigmoid of v */
export const SILU = 9;
/** v times the share of normal numbers below v */
export const GELU = 10;
/** v * tanh(log(1 + exp(v))) */
export const MISH = 11;
/** max(v, 0), and max(-v, 0) behind all channels; convolutions alone have it, in their stores. */
export const BOTH_SIGNS = 8;

/**
 * max(v, 0) + log(1 + exp(-|v|)), the logarithm as 2 atanh(t / (2 + t)) by its
 * series: absolute error at most 3e-7.
 */
function softplus4(v: v128): v128 {
  const t = exp4(f32x4.neg(f32x4.abs(v)));
  const z = f32x4.div(t, f32x4.add(t, f32x4.splat(2)));
  const z2 = f32x4.mul(z, z);
  let p = madd(z2, f32x4.splat(<f32>(2.0 / 13)), f32x4.splat(<f32>(2.0 / 11)));
  p = madd(z2, p, f32x4.splat(<f32>(2.0 / 9)));
  p = madd(z2, p, f32x4.splat(<f32>(2.0 / 7)));
  p = madd(z2, p, f32x4.splat(<f32>(2.0 / 5)));
  p = madd(z2, p, f32x4.splat(<f32>(2.0 / 3)));
  p = madd(z2, p, f32x4.splat(2));
  return madd(z, p, f32x4.max(v, f32x4.splat(0)));
}

/** One activation, `mode`; `slope` for the mode SLOPE, `low` and `high` for CLIP. */
export function activate(mode: i32, v: v128, low: v128, high: v128, slope: v128): v128 {
  const zero = f32x4.splat(0);
  switch (mode) {
    case CLIP:
      return f32x4.min(f32x4.max(v, low), high);
    case SLOPE:
      return madd(slope, f32x4.min(v, zero), f32x4.max(v, zero));
    case TANH:
      return tanh4(v);
    case SIGMOID:
      return sigmoid4(v);
    case ELU:
      return v128.bitselect(v, f32x4.sub(exp4(v), f32x4.splat(1)), f32x4.gt(v, zero));
    case SOFTPLUS:
      return softplus4(v);
    case HARDSWISH:
      return hardSwish4(v);
    case SILU:
      return silu4(v);
    case GELU:
      return gelu4(v);
    case MISH:
      return mish4(v);
    default:
      return v;
  }
}

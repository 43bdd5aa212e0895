/** Activations that are a value times a function of it from 0 to 1. */
import { exp4, sigmoid4 } from './fast-math';
import { madd } from './madd';

/** v / (1 + exp(-v)): the product of v and sigmoid4, bit by bit. */
export function silu4(v: v128): v128 {
  return f32x4.mul(v, sigmoid4(v));
}

/** v * min(max(v + 3, 0), 6) / 6 */
export function hardSwish4(v: v128): v128 {
  const gate = f32x4.min(f32x4.max(f32x4.add(v, f32x4.splat(3)), f32x4.splat(0)), f32x4.splat(6));
  return f32x4.mul(f32x4.mul(v, gate), f32x4.splat(<f32>(1.0 / 6)));
}

/** v / 2 * (1 + erf(v / sqrt(2))), erf by Abramowitz and Stegun, 7.1.26: error at most 2e-7 of v. */
export function gelu4(v: v128): v128 {
  const one = f32x4.splat(1);
  const x = f32x4.abs(f32x4.mul(v, f32x4.splat(<f32>0.7071067811865476)));
  const t = f32x4.div(one, madd(x, f32x4.splat(<f32>0.3275911), one));
  let p = madd(t, f32x4.splat(<f32>1.061405429), f32x4.splat(<f32>-1.453152027));
  p = madd(t, p, f32x4.splat(<f32>1.421413741));
  p = madd(t, p, f32x4.splat(<f32>-0.284496736));
  p = madd(t, p, f32x4.splat(<f32>0.254829592));
  // What erfc is for -|x|; half of it is the gate below zero, and what is left of 1 above.
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(x, x)))), f32x4.splat(0.5));
  const gate = v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(v, f32x4.splat(0)));
  return f32x4.mul(v, gate);
}

/** v * tanh(log(1 + exp(v))) = v * n / (n + 2) with n = e * (e + 2) of e = exp(v). */
export function mish4(v: v128): v128 {
  const two = f32x4.splat(2);
  // From 20 on the gate is 1.
  const e = exp4(f32x4.pmin(v, f32x4.splat(20)));
  const n = f32x4.mul(e, f32x4.add(e, two));
  return f32x4.mul(v, f32x4.div(n, f32x4.add(n, two)));
}

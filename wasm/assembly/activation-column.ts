/** Activation of a column of vectors, for the ends of convolutions. */
import { activate, CLIP, HARDSWISH, SIGMOID, SILU, SLOPE, TANH } from './activation';
import { hardSwish4 } from './gates';
import { logisticColumn } from './logistic-column';
import { madd } from './madd';

/** One column of vectors, `step` bytes apart: four channels of `pixels` pixels. */
export function activateColumn(
  mode: i32,
  at: usize,
  step: usize,
  pixels: i32,
  low: v128,
  high: v128,
  slope: v128,
): void {
  const end = at + <usize>pixels * step;
  const zero = f32x4.splat(0);
  // The frequent ones apart: choosing anew for every vector costs more than they do.
  if (mode == CLIP) {
    for (; at < end; at += step) v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at), low), high));
  } else if (mode == SLOPE) {
    for (; at < end; at += step) {
      const v = v128.load(at);
      v128.store(at, madd(slope, f32x4.pmin(v, zero), f32x4.pmax(v, zero)));
    }
  } else if (mode == TANH) {
    logisticColumn(at, step, pixels, 2, -2, -1, false);
  } else if (mode == SIGMOID) {
    logisticColumn(at, step, pixels, 1, -1, 0, false);
  } else if (mode == SILU) {
    logisticColumn(at, step, pixels, 1, -1, 0, true);
  } else if (mode == HARDSWISH) {
    for (; at < end; at += step) v128.store(at, hardSwish4(v128.load(at)));
  } else {
    for (; at < end; at += step) v128.store(at, activate(mode, v128.load(at), low, high, slope));
  }
}

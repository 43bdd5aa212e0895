/** Activation and residual of whole rows, for layers that cannot do it while they store. */
import { activate, SLOPE } from './activation';

/**
 * `activation(value) + residual`, or `activation(value + residual)`, in place.
 *
 * @param residual as many values, or 0
 * @param residualFirst true for the latter
 * @param slopes one float a channel, for the mode SLOPE
 */
export function activateRow(
  mode: i32,
  at: usize,
  residual: usize,
  residualFirst: bool,
  pixels: i32,
  channels: i32,
  low: f32,
  high: f32,
  slopes: usize,
): void {
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const vectors = channels & ~3;
  const first = residual != 0 && residualFirst;
  const behind = residual != 0 && !residualFirst;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels;) {
      const offset = (<usize>channel) << 2;
      if (channel < vectors) {
        const slope = mode == SLOPE ? v128.load(slopes + offset) : least;
        let v = v128.load(at + offset);
        if (first) v = f32x4.add(v, v128.load(residual + offset));
        v = activate(mode, v, least, most, slope);
        if (behind) v = f32x4.add(v, v128.load(residual + offset));
        v128.store(at + offset, v);
        channel += 4;
      } else {
        const slope = mode == SLOPE ? v128.load32_zero(slopes + offset) : least;
        let v = v128.load32_zero(at + offset);
        if (first) v = f32x4.add(v, v128.load32_zero(residual + offset));
        v = activate(mode, v, least, most, slope);
        if (behind) v = f32x4.add(v, v128.load32_zero(residual + offset));
        v128.store32_lane(at + offset, v, 0);
        channel += 1;
      }
    }
    at += (<usize>channels) << 2;
    if (residual != 0) residual += (<usize>channels) << 2;
  }
}

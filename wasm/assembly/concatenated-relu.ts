/**
 * Relu of the channels and of their negatives behind them (Shang et al.,
 * Concatenated Rectified Linear Units).
 */
import { loadLanes, storeLanes } from './lanes';

/** Exact; NaN stays NaN. @param channels of the input; the output has twice as many. */
export function concatenatedRelu(source: usize, dest: usize, pixels: i32, channels: i32): void {
  const zero = f32x4.splat(0);
  const bytes = (<usize>channels) << 2;
  for (; pixels > 0; pixels--) {
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const v = loadLanes(source + ((<usize>c) << 2), count);
      storeLanes(dest + ((<usize>c) << 2), f32x4.pmax(v, zero), count);
      storeLanes(dest + bytes + ((<usize>c) << 2), f32x4.pmax(f32x4.neg(v), zero), count);
    }
    source += bytes;
    dest += 2 * bytes;
  }
}

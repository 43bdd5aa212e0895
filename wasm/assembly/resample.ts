/** Weighted sums of rows, and of pixels of a row: the two directions of a resize. */
import { loadLanes, storeLanes } from './lanes';
import { madd } from './madd';

/** `dest = weight * source`, or that added to `dest`; `count` floats. */
export function addScaled(source: usize, dest: usize, count: i32, weight: f32, first: bool): void {
  const w = f32x4.splat(weight);
  for (; count >= 4; count -= 4, source += 16, dest += 16) {
    const v = v128.load(source);
    v128.store(dest, first ? f32x4.mul(v, w) : madd(v, w, v128.load(dest)));
  }
  if (count == 0) return;
  const v = loadLanes(source, count);
  storeLanes(dest, first ? f32x4.mul(v, w) : madd(v, w, loadLanes(dest, count)), count);
}

/**
 * One row of `width` pixels.
 *
 * @param taps for each pixel `count` pairs of words: bytes to a pixel of the source, and its weight (float)
 */
export function resampleRow(
  source: usize,
  taps: usize,
  count: i32,
  width: i32,
  channels: i32,
  dest: usize,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const tapBytes = (<usize>count) << 3;
  for (let x = 0; x < width; x++, taps += tapBytes, dest += pixelBytes) {
    for (let c = 0; c < channels; c += 4) {
      const lanes = min(4, channels - c);
      const from = source + ((<usize>c) << 2);
      let sum = f32x4.splat(0);
      for (let tap: usize = 0; tap < tapBytes; tap += 8) {
        const at = from + load<usize>(taps + tap);
        sum = madd(lanes == 4 ? v128.load(at) : loadLanes(at, lanes), v128.load32_splat(taps + tap, 4), sum);
      }
      storeLanes(dest + ((<usize>c) << 2), sum, lanes);
    }
  }
}

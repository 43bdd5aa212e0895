/**
 * value * scale + shift with a scale and a shift a channel: batch normalisation at
 * inference. Error at most 1e-5.
 */
import { loadLanes, storeLanes } from './lanes';
import { madd } from './madd';

export function scaleShift(
  source: usize,
  dest: usize,
  pixels: i32,
  channels: i32,
  scale: usize,
  shift: usize,
): void {
  for (; pixels > 0; pixels--) {
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const at = (<usize>c) << 2;
      const v = madd(
        loadLanes(source + at, count),
        loadLanes(scale + at, count),
        loadLanes(shift + at, count),
      );
      storeLanes(dest + at, v, count);
    }
    source += (<usize>channels) << 2;
    dest += (<usize>channels) << 2;
  }
}

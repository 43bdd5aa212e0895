/** Pools of any window: maximum, average and sum of the taps inside the image, with dilations. */
import { loadLanes, storeLanes } from './lanes';

/**
 * One output row of `outWidth` pixels.
 *
 * @param maximum else the sum times a factor
 * @param source address of the first input row of the window that lies inside the image; `rows` of them do
 * @param rowBytes from one row of the window to the next
 * @param columns four words a pixel: bytes to its first column inside the image, columns that are, factor
 * (float), and one that is free
 * @param columnBytes from one column of the window to the next
 */
export function windowPool(
  maximum: bool,
  source: usize,
  rows: i32,
  rowBytes: usize,
  columns: usize,
  columnBytes: usize,
  channels: i32,
  factor: f32,
  dest: usize,
  outWidth: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let x = 0; x < outWidth; x++, columns += 16, dest += pixelBytes) {
    const first = source + load<usize>(columns);
    const count = load<i32>(columns, 4);
    const share = f32x4.splat(factor * load<f32>(columns, 8));
    for (let c = 0; c < channels; c += 4) {
      const lanes = min(4, channels - c);
      let result = f32x4.splat(maximum ? -Infinity : 0);
      let row = first + ((<usize>c) << 2);
      for (let y = 0; y < rows; y++, row += rowBytes) {
        let at = row;
        if (lanes == 4) {
          for (let k = 0; k < count; k++, at += columnBytes) {
            const v = v128.load(at);
            result = maximum ? f32x4.max(result, v) : f32x4.add(result, v);
          }
        } else {
          for (let k = 0; k < count; k++, at += columnBytes) {
            const v = loadLanes(at, lanes);
            result = maximum ? f32x4.max(result, v) : f32x4.add(result, v);
          }
        }
      }
      if (!maximum) result = f32x4.mul(result, share);
      storeLanes(dest + ((<usize>c) << 2), result, lanes);
    }
  }
}

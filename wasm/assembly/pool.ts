/**
 * Max and average pooling; the average is of the taps inside the image (dnn_backend_native_layer_avgpool.c).
 */
import { loadLanes, storeLanes } from './lanes';

/** Reduces one window for up to four channels. */
function window(
  maximum: bool,
  source: usize,
  rows: i32,
  columns: i32,
  rowBytes: usize,
  pixelBytes: usize,
  count: i32,
): v128 {
  let result = f32x4.splat(maximum ? -Infinity : 0);
  for (let y = 0; y < rows; y++) {
    let address = source;
    for (let x = 0; x < columns; x++) {
      const v = loadLanes(address, count);
      result = maximum ? f32x4.max(result, v) : f32x4.add(result, v);
      address += pixelBytes;
    }
    source += rowBytes;
  }
  return maximum ? result : f32x4.div(result, f32x4.splat(f32(rows * columns)));
}

/**
 * One output row of `outWidth` pixels. The maximum is exact, the error of the average at most 1e-6.
 *
 * @param source address of the first input row of the window that lies inside the image; `rows` of them do.
 * @param left columns of the first window that lie left of the image.
 */
export function pool(
  maximum: bool,
  source: usize,
  rows: i32,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  left: i32,
  dest: usize,
  outWidth: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let x = 0; x < outWidth; x++) {
    const from = max(x * stride - left, 0);
    const to = min(x * stride - left + kernel, width);
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const first = source + <usize>from * pixelBytes + ((<usize>c) << 2);
      const result = window(maximum, first, rows, to - from, <usize>width * pixelBytes, pixelBytes, count);
      storeLanes(dest + ((<usize>c) << 2), result, count);
    }
    dest += pixelBytes;
  }
}

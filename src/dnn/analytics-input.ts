/** Frames as tensors for detection and classification: nearest pixels, BT.601. */
import type { Frame } from '../frame/frame.ts';
import { pixelFormatDescriptor } from '../frame/pixel-format.ts';
import type { AnalyticsInput } from './analytics-spec.ts';
export function fillAnalyticsInput(
  frame: Frame,
  input: AnalyticsInput,
  target: Float32Array,
  offset: number,
): void {
  const { width, height, channels, order, mean, scale } = input;
  const { isRgb, log2ChromaWidth: cw, log2ChromaHeight: ch } = pixelFormatDescriptor(frame.format);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sx = Math.floor(((x + 0.5) * frame.width) / width),
        sy = Math.floor(((y + 0.5) * frame.height) / height);
      let r: number, g: number, b: number;
      if (isRgb) {
        const at = sy * frame.linesize[0]! + 3 * sx;
        [r, g, b] = [frame.data[0]![at]!, frame.data[0]![at + 1]!, frame.data[0]![at + 2]!];
        if (frame.format === 'bgr24') [r, b] = [b, r];
      } else if (frame.data.length === 1) {
        r = g = b = frame.data[0]![sy * frame.linesize[0]! + sx]!;
      } else {
        const Y = 1.164 * (frame.data[0]![sy * frame.linesize[0]! + sx]! - 16);
        const at = (sy >> ch) * frame.linesize[1]!;
        const nv = frame.format === 'nv12';
        const U = (nv ? frame.data[1]![at + 2 * (sx >> cw)]! : frame.data[1]![at + (sx >> cw)]!) - 128;
        const V = (nv ? frame.data[1]![at + 2 * (sx >> cw) + 1]! : frame.data[2]![at + (sx >> cw)]!) - 128;
        const c = (v: number) => Math.min(255, Math.max(0, Math.round(v)));
        r = c(Y + 1.596 * V);
        g = c(Y - 0.392 * U - 0.813 * V);
        b = c(Y + 2.017 * U);
      }
      const at = offset + (y * width + x) * channels;
      if (channels === 1) target[at] = (Math.round(0.299 * r + 0.587 * g + 0.114 * b) - mean) / scale;
      else {
        const v = order === 'rgb' ? [r, g, b] : [b, g, r];
        for (let k = 0; k < 3; k++) target[at + k] = (v[k]! - mean) / scale;
      }
    }
}

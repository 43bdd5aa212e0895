/** Makes frames larger by their edge. */
import type { Frame } from './frame.ts';
import { pixelFormatDescriptor } from './pixel-format.ts';
import { allocateFrame } from './plane-layout.ts';

/**
 * A frame of a larger size with `frame` in its top left corner; the last column and row of each plane are
 * repeated to the right and downwards. `frame` stays the caller's.
 *
 * @throws DnnError `ENOMEM`
 */
export function padFrame(frame: Frame, width: number, height: number): Frame {
  const padded = allocateFrame(frame.format, width, height, frame.pts);
  const { pixelStep } = pixelFormatDescriptor(frame.format);
  for (const [index, plane] of padded.data.entries()) {
    const linesize = padded.linesize[index]!;
    const own = frame.linesize[index]!;
    const rows = frame.data[index]!.length / own;
    const step = pixelStep[index]!;
    for (let start = 0; start < plane.length; start += linesize) {
      if (start >= rows * linesize) {
        plane.copyWithin(start, (rows - 1) * linesize, rows * linesize);
        continue;
      }
      const from = (start / linesize) * own;
      plane.set(frame.data[index]!.subarray(from, from + own), start);
      for (let at = own; at < linesize; at++) plane[start + at] = plane[start + at - step]!;
    }
  }
  return padded;
}

/** Copies frames. */
import type { Frame } from './frame.ts';
import { frameFromBuffer, frameLayout } from './plane-layout.ts';

/**
 * A tightly packed copy of a frame without its detections.
 *
 * @param take gives a buffer of so many bytes, which becomes the copy's.
 * @param format of the copy: the frame's own, or that of its first plane alone (`firstPlaneFormat`).
 */
export function copyFrame(
  { format: own, width, height, pts, data }: Frame,
  take: (bytes: number) => ArrayBuffer,
  format = own,
): Frame {
  const copy = frameFromBuffer(format, width, height, pts, take(frameLayout(format, width, height).size));
  for (const [index, plane] of copy.data.entries()) plane.set(data[index]!);
  return copy;
}

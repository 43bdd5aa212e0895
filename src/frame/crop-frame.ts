/** Cuts a box out of a frame, as FFmpeg hands one to a classifying model (libavfilter/dnn/dnn_io_proc.c). */
import { DnnError } from '../base/errors.ts';
import type { DetectionBBox } from './detection-bboxes.ts';
import type { Frame } from './frame.ts';
import { pixelFormatDescriptor } from './pixel-format.ts';
import { frameFromBuffer, frameLayout } from './plane-layout.ts';

/**
 * A frame of its own with the pixels of a box (dnn_io_proc.c · ff_frame_to_dnn_classify): chroma starts at
 * ceil(x / 2^cw), ceil(y / 2^ch), with its bytes per pixel counted, which FFmpeg does since
 * 7.1 only. The last chroma column or row is repeated where a box of odd position and size
 * would need one more than the frame has.
 *
 * @param take gives a buffer of so many bytes, which becomes the result's.
 * @throws DnnError `EINVAL` for a box without area or not wholly inside the frame.
 */
export function cropFrame(
  frame: Frame,
  { x, y, w, h }: Pick<DetectionBBox, 'x' | 'y' | 'w' | 'h'>,
  take: (bytes: number) => ArrayBuffer = (bytes) => new ArrayBuffer(bytes),
): Frame {
  const { format, width, height, pts } = frame;
  const isInside = x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= width && y + h <= height;
  if (!isInside || ![x, y, w, h].every(Number.isInteger)) {
    throw new DnnError(
      'EINVAL',
      `The box ${w}x${h} at (${x}, ${y}) cannot be cut out of the frame of ${width}x${height} with pts ${pts}: it has to lie inside.`,
      { x, y, w, h, width, height, pts },
    );
  }
  const { pixelStep, log2ChromaWidth, log2ChromaHeight } = pixelFormatDescriptor(format);
  const from = frameLayout(format, width, height).planes;
  const layout = frameLayout(format, w, h);
  const crop = frameFromBuffer(format, w, h, pts, take(layout.size));
  for (const [index, { linesize, height: rows }] of layout.planes.entries()) {
    const step = pixelStep[index]!;
    const left = (index === 0 ? x : Math.ceil(x / 2 ** log2ChromaWidth)) * step;
    const top = index === 0 ? y : Math.ceil(y / 2 ** log2ChromaHeight);
    const source = from[index]!;
    const kept = Math.min(linesize, source.linesize - left);
    for (let row = 0; row < rows; row++) {
      const start = Math.min(top + row, source.height - 1) * source.linesize + left;
      const target = crop.data[index]!.subarray(row * linesize, (row + 1) * linesize);
      target.set(frame.data[index]!.subarray(start, start + kept));
      for (let at = kept; at < linesize; at++) target[at] = frame.data[index]![start + at - step]!;
    }
  }
  return crop;
}

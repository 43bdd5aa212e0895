/**
 * Strips of a frame's result, computed by several workers and joined. The first strip's worker makes
 * the whole frame, all planes of it, and fills of plane 0 what its rows are; the others give their
 * rows of plane 0 and nothing else.
 */
import { copyFrame } from '../../frame/copy-frame.ts';
import type { Frame } from '../../frame/frame.ts';
import { firstPlaneFormat } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import type { FrameToInfer } from './frame-to-infer.ts';
import type { RowRange } from '../contract/interface.ts';

/** Format and size in pixels of a frame. */
export type FrameShape = Pick<Frame, 'format' | 'width' | 'height'>;

/** True for rows that come without the rest of the frame: all strips but the first. */
export function isBareStrip({ rows }: Pick<FrameToInfer, 'rows'>): boolean {
  return rows !== undefined && rows.from > 0;
}

/** What the runner gives for an item: the frame, or a frame of the rows of plane 0 alone. */
export function resultShape(item: FrameToInfer): FrameShape {
  const { frame, outWidth, outHeight, rows } = item;
  return rows === undefined || !isBareStrip(item)
    ? { format: frame.format, width: outWidth, height: outHeight }
    : { format: firstPlaneFormat(frame.format), width: outWidth, height: rows.to - rows.from };
}

/** Bytes of `resultShape`. */
export function resultBytes(item: FrameToInfer): number {
  const { format, width, height } = resultShape(item);
  return frameLayout(format, width, height).size;
}

/**
 * A copy of what a worker needs of an item's frame: all of it, or plane 0 as a frame of its own.
 *
 * @param take gives a buffer of so many bytes, which becomes the copy's.
 */
export function copyForWorker(item: FrameToInfer, take: (bytes: number) => ArrayBuffer): FrameToInfer {
  const { format: all } = item.frame;
  return { ...item, frame: copyFrame(item.frame, take, isBareStrip(item) ? firstPlaneFormat(all) : all) };
}

/**
 * Puts the rows of the other strips into the frame of the first.
 *
 * @param strips results of the strips `rows`, in their order; all stay the caller's.
 * @returns the first of `strips`, which is complete now.
 */
export function joinStrips(strips: readonly Frame[], rows: readonly RowRange[]): Frame {
  const [whole, ...others] = strips as [Frame, ...Frame[]];
  for (const [index, { data }] of others.entries()) {
    whole.data[0]!.set(data[0]!, rows[index + 1]!.from * whole.linesize[0]!);
  }
  return whole;
}

/** What is drawn for the history of a job: rectangles, as few as the pixels allow. */
import type { Coverage } from './coverage.ts';

/** Fractions of a lane's width and height. */
export interface TimelineRectangle {
  readonly x: number;
  readonly width: number;
  /** The share of that time in which the lane worked. */
  readonly height: number;
}

/** Heights that are told apart. */
const levels = 8;

/**
 * Pieces of time beside each other that were worked alike become one rectangle;
 * what was worked at all is drawn.
 *
 * @param from left edge, in milliseconds
 * @param to right edge; what reaches beyond it is cut
 */
export function timelineRectangles(
  coverage: Coverage,
  from: number,
  to: number,
): readonly TimelineRectangle[] {
  const rectangles: { start: number; end: number; level: number }[] = [];
  for (const [piece, share] of coverage.shares.entries()) {
    const start = Math.max(from, coverage.from + piece * coverage.pieceMs);
    const end = Math.min(to, coverage.from + (piece + 1) * coverage.pieceMs);
    if (share === 0 || end <= start) continue;
    const level = Math.max(1, Math.round(share * levels));
    const last = rectangles.at(-1);
    if (last?.level === level && start - last.end < coverage.pieceMs / 2) last.end = end;
    else rectangles.push({ start, end, level });
  }
  const scale = to - from;
  return rectangles.map(({ start, end, level }) => ({
    x: (start - from) / scale,
    width: (end - start) / scale,
    height: level / levels,
  }));
}

/** Seconds to write below a picture of some time: about four, at 1, 2 or 5 times a power of ten. */
export function timelineTicks(from: number, to: number): readonly number[] {
  const wanted = (to - from) / 1000 / 4;
  const decade = 10 ** Math.floor(Math.log10(wanted));
  const step = decade * ([1, 2, 5].find((digit) => digit * decade >= wanted) ?? 10);
  const first = Math.ceil(from / 1000 / step);
  const last = Math.floor(to / 1000 / step);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

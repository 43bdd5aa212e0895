/** Cuts the rows of a picture into strips, one for each worker. */
import type { RowRange } from './interface.ts';

/**
 * Strips begin at multiples of this many rows, so that layers that compute rows in groups (a tile of
 * Winograd's, the block of DepthToSpace) rarely compute a group twice; and fewer rows are not worth a worker.
 */
const group = 16;

/**
 * At most `count` strips from top to bottom, as equal as groups of 16 rows allow; fewer where
 * there are not as many groups, one where `count` is less than 2. Together they are the rows 0 …
 * height - 1, without gap or overlap.
 *
 * @param height at least 1.
 */
export function splitRows(height: number, count: number): readonly RowRange[] {
  const strips = Math.max(1, Math.min(Math.floor(count), Math.ceil(height / group)));
  // The row that is nearest to an equal share, with a group at least for each strip above it.
  const nearest = (strip: number): number => Math.max(strip, Math.round((strip * height) / strips / group));
  const start = (strip: number): number => (strip === strips ? height : group * nearest(strip));
  return Array.from({ length: strips }, (_, strip) => ({ from: start(strip), to: start(strip + 1) }));
}

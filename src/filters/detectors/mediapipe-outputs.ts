/** Which outputs of a detector of MediaPipe are boxes and which are scores. */
import type { PictureSize } from '../detect/bounding-box.ts';
import { anchorCount, blazeLayouts, mobileLayout, type AnchorLayout } from './mediapipe-anchors.ts';
import type { TableSize } from './output-table.ts';

/** Values of a box; points of a face or a hand stand behind them. */
export const boxValues = 4;

/** Boxes and scores of the same rows, in as many parts as the model gives them. */
export interface OutputPair<Output> {
  readonly boxes: readonly Output[];
  readonly scores: readonly Output[];
  /** Of a row of boxes, and of scores. */
  readonly columns: { readonly boxes: number; readonly scores: number };
  readonly layout: AnchorLayout;
}

/**
 * Which outputs have the boxes, and off which anchors they are; undefined where none fit. Outputs of one kind
 * are parts of the same table, the largest of which stands first, as the anchors of the first layer do.
 */
export function pairOf<Output extends { readonly size: TableSize }>(
  tables: readonly Output[],
  picture: PictureSize,
): OutputPair<Output> | undefined {
  for (const [boxes, scores] of splitsOf(tables)) {
    const rows = boxes.map(({ size }) => size[0]);
    if (rows.join() !== scores.map(({ size }) => size[0]).join()) continue;
    const columns = { boxes: boxes[0]?.size[1] ?? 0, scores: scores[0]?.size[1] ?? 0 };
    if (columns.boxes < boxValues || columns.boxes % 2 !== 0) continue;
    const layouts = columns.scores === 1 ? blazeLayouts : columns.boxes === boxValues ? [mobileLayout] : [];
    const count = rows.reduce((sum, one) => sum + one, 0);
    const layout = layouts.find((one) => anchorCount(one, picture) === count);
    if (layout !== undefined) return { boxes, scores, columns, layout };
  }
  return undefined;
}

/** Two outputs in both orders; more by their columns. */
function splitsOf<Output extends { readonly size: TableSize }>(
  tables: readonly Output[],
): (readonly [Output[], Output[]])[] {
  const [one, other] = tables;
  if (one === undefined || other === undefined) return [];
  if (tables.length === 2) {
    return [
      [[one], [other]],
      [[other], [one]],
    ];
  }
  const fromLargest = tables.toSorted((a, b) => b.size[0] - a.size[0]);
  const scores = fromLargest.filter(({ size }) => size[1] === 1);
  const boxes = fromLargest.filter(({ size }) => size[1] !== 1);
  const isOne = boxes.every(({ size }) => size[1] === boxes[0]!.size[1]);
  return isOne && boxes.length === scores.length ? [[boxes, scores]] : [];
}

/** Parts behind each other. */
export function joinedParts(parts: readonly { readonly data: Float32Array }[]): Float32Array {
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return first.data;
  const all = new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of parts) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

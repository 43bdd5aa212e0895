/** The grids that an anchor-free detector looks at: one for each stride, row by row. */
import type { PictureSize } from '../detect/bounding-box.ts';

/** The cells of one stride. */
export interface GridLevel {
  /** Pixels of the model's picture from one cell to the next. */
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
}

/** Strides of most detectors, and of those with one level more (YOLO P6, NanoDet-Plus). */
export const [threeStrides, fourStrides] = [
  [8, 16, 32],
  [8, 16, 32, 64],
] as const;

/** The grids for a picture of any size; a last cell that the picture does not fill counts. */
export function gridLevels({ width, height }: PictureSize, strides: readonly number[]): GridLevel[] {
  return strides.map((stride) => ({
    stride,
    columns: Math.ceil(width / stride),
    rows: Math.ceil(height / stride),
  }));
}

/** All cells of some levels. */
export function cellCount(levels: readonly GridLevel[]): number {
  return levels.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
}

/** Cells of the grids for a picture. */
export function cellsOf(picture: PictureSize, strides: readonly number[]): number {
  return cellCount(gridLevels(picture, strides));
}

/** One cell: its number among all, its column and row in its level. */
export interface GridCell {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly stride: number;
}

/** The cell of a number. @param index below `cellCount(levels)`. */
export function cellAt(levels: readonly GridLevel[], index: number): GridCell {
  let first = 0;
  for (const { stride, columns, rows } of levels) {
    const inLevel = index - first;
    if (inLevel < columns * rows) {
      return { index, x: inLevel % columns, y: Math.floor(inLevel / columns), stride };
    }
    first += columns * rows;
  }
  throw new RangeError(`There is no cell ${index} in ${first}`);
}

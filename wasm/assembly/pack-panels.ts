/**
 * A matrix in panels of its columns, as `matMul` reads its weights; one panel of
 * all columns is a transposition.
 */

/**
 * Writes `[columns / panel][rows][panel]` values, with zeros behind the last column. Every bit is kept.
 *
 * @param rowStep floats from one row of the source to the next; `columnStep` likewise for columns.
 */
export function packPanels(
  source: usize,
  dest: usize,
  rows: i32,
  columns: i32,
  rowStep: i32,
  columnStep: i32,
  panel: i32,
): void {
  const down = (<usize>rowStep) << 2;
  const across = (<usize>columnStep) << 2;
  for (let first = 0; first < columns; first += panel) {
    const count = min(panel, columns - first);
    let start = source;
    for (let row = 0; row < rows; row++, start += down) {
      let from = start;
      for (let column = 0; column < count; column++, from += across, dest += 4) {
        f32.store(dest, f32.load(from));
      }
      for (let column = count; column < panel; column++, dest += 4) f32.store(dest, 0);
    }
    source += across * <usize>panel;
  }
}

/** The stores of Winograd convolutions: four channels of what of a tile lies in the image. */

/** Adds the residual's values to those of a tile, rows `rowBytes` apart. */
export function addTile(
  values: usize,
  rowBytes: usize,
  residual: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
): void {
  for (; rows > 0; rows--, values += rowBytes, residual += rowStep) {
    let from = residual;
    const end = values + ((<usize>columns) << 4);
    for (let at = values; at < end; at += 16, from += columnStep) {
      v128.store(at, f32x4.add(v128.load(at), v128.load(from)));
    }
  }
}

/** Writes them into the output. */
export function storeTile(
  values: usize,
  rowBytes: usize,
  out: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
): void {
  for (; rows > 0; rows--, values += rowBytes, out += rowStep) {
    let to = out;
    const end = values + ((<usize>columns) << 4);
    for (let at = values; at < end; at += 16, to += columnStep) v128.store(to, v128.load(at));
  }
}

/** Writes max(v, 0), and max(-v, 0) `behind` bytes behind it. */
export function storeBothSigns(
  values: usize,
  rowBytes: usize,
  out: usize,
  behind: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
): void {
  const zero = f32x4.splat(0);
  for (; rows > 0; rows--, values += rowBytes, out += rowStep) {
    let to = out;
    const end = values + ((<usize>columns) << 4);
    for (let at = values; at < end; at += 16, to += columnStep) {
      const v = v128.load(at);
      v128.store(to, f32x4.pmax(v, zero));
      v128.store(to + behind, f32x4.pmax(f32x4.sub(zero, v), zero));
    }
  }
}

/**
 * The output transforms of Winograd's F(4x4, 3x3) and F(2x2, 5x5), A^T m A, and the end of the
 * convolution: bias, activation, residual.
 */
import { BOTH_SIGNS, NONE, SLOPE } from './activation';
import { activateColumn } from './activation-column';
import { madd } from './madd';
import { BIAS, HIGH, LOW, MODE, OUTPUTS, RESIDUAL_FIRST, SLOPES, TILE } from './winograd-params';
import { addTile, storeBothSigns, storeTile } from './winograd-store';

/** The first direction: 6 columns of six vectors to 6 columns of `tile`, `[tile][6]`. */
function transformColumns(from: usize, pointStep: usize, room: usize, tile: i32): void {
  const rowStep = pointStep * 6;
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const eight = f32x4.splat(8);
  const end = from + rowStep;
  while (from != end) {
    let at = from;
    const m0 = v128.load(at);
    at += rowStep;
    const m1 = v128.load(at);
    at += rowStep;
    const m2 = v128.load(at);
    at += rowStep;
    const m3 = v128.load(at);
    at += rowStep;
    const m4 = v128.load(at);
    at += rowStep;
    const m5 = v128.load(at);
    const near = f32x4.add(m1, m2);
    const nearDifference = f32x4.sub(m1, m2);
    const far = f32x4.add(m3, m4);
    const farDifference = f32x4.sub(m3, m4);
    v128.store(room, f32x4.add(f32x4.add(m0, near), far));
    const second = madd(farDifference, two, nearDifference);
    if (tile == 2) {
      v128.store(room, f32x4.add(second, m5), 96);
    } else {
      v128.store(room, second, 96);
      v128.store(room, madd(far, four, near), 192);
      v128.store(room, f32x4.add(madd(farDifference, eight, nearDifference), m5), 288);
    }
    from += pointStep;
    room += 16;
  }
}

/** The second direction of one row: six vectors to `tile`, with the bias. */
function transformRow(from: usize, bias: v128, to: usize, tile: i32): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from, 16);
  const m2 = v128.load(from, 32);
  const m3 = v128.load(from, 48);
  const m4 = v128.load(from, 64);
  const near = f32x4.add(m1, m2);
  const nearDifference = f32x4.sub(m1, m2);
  const far = f32x4.add(m3, m4);
  const farDifference = f32x4.sub(m3, m4);
  const m5 = v128.load(from, 80);
  v128.store(to, f32x4.add(f32x4.add(f32x4.add(m0, near), far), bias));
  const second = madd(farDifference, f32x4.splat(2), nearDifference);
  if (tile == 2) {
    v128.store(to, f32x4.add(f32x4.add(second, m5), bias), 16);
    return;
  }
  v128.store(to, f32x4.add(second, bias), 16);
  v128.store(to, f32x4.add(madd(far, f32x4.splat(4), near), bias), 32);
  const last = f32x4.add(madd(farDifference, f32x4.splat(8), nearDifference), m5);
  v128.store(to, f32x4.add(last, bias), 48);
}

/**
 * Writes what of one tile lies in the image.
 *
 * @param p parameter block
 * @param from `[36][outputs / 8][tiles of the panel][8]`, this tile's first vector
 * @param pointStep from one of the 36 points to the next
 * @param blockStep from 8 channels to the next 8
 * @param out the tile's first pixel
 * @param residual its pixel in the residual, or 0
 * @param rowStep from one row of the tile to the next in the output, `columnStep` likewise
 * @param rows of the tile that lie in the image, `columns` likewise
 * @param room for 40 vectors
 */
export function transformOutput(
  p: usize,
  from: usize,
  pointStep: usize,
  blockStep: usize,
  channels: i32,
  out: usize,
  residual: usize,
  rowStep: usize,
  columnStep: usize,
  rows: i32,
  columns: i32,
  room: usize,
): void {
  const mode = load<i32>(p, MODE);
  const tile = load<i32>(p, TILE);
  const rowBytes = (<usize>tile) << 4;
  const low = v128.load32_splat(p, LOW);
  const high = v128.load32_splat(p, HIGH);
  const values = room + 384;
  const bothSigns = mode == BOTH_SIGNS;
  const behind = (<usize>load<i32>(p, OUTPUTS)) << 2;
  const addFirst = residual != 0 && load<i32>(p, RESIDUAL_FIRST) != 0;
  let slope = low;
  for (let channel = 0; channel < channels; channel += 4) {
    const offset = (<usize>channel) << 2;
    transformColumns(
      from + <usize>(channel >> 3) * blockStep + (((<usize>channel) & 4) << 2),
      pointStep,
      room,
      tile,
    );
    const bias = v128.load(load<usize>(p, BIAS) + offset);
    if (mode == SLOPE) slope = v128.load(load<usize>(p, SLOPES) + offset);
    for (let row = 0; row < rows; row++)
      transformRow(room + row * 96, bias, values + <usize>row * rowBytes, tile);
    if (addFirst) addTile(values, rowBytes, residual + offset, rowStep, columnStep, rows, columns);
    if (bothSigns) {
      storeBothSigns(values, rowBytes, out + offset, behind, rowStep, columnStep, rows, columns);
      continue;
    }
    if (mode != NONE) activateColumn(mode, values, 16, rows * tile, low, high, slope);
    if (residual != 0 && !addFirst)
      addTile(values, rowBytes, residual + offset, rowStep, columnStep, rows, columns);
    storeTile(values, rowBytes, out + offset, rowStep, columnStep, rows, columns);
  }
}

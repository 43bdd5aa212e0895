/**
 * Convolutions with stride 1 by Winograd's F(4x4, 3x3) and F(2x2, 5x5), a group of rows at a time; dilated
 * ones by phases. Both have tiles of 6x6 of the input and 36 points.
 */
import { BOTH_SIGNS } from './activation';
import { sumEight } from './conv2d-eight';
import { sumFour } from './conv2d-four';
import { transformInput } from './winograd-input';
import { transformOutput } from './winograd-output';
import {
  DILATION,
  FIRST_COLUMN,
  FIRST_ROW,
  INPUT_HEIGHT,
  INPUT_WIDTH,
  INPUTS,
  MODE,
  OUTPUT_HEIGHT,
  OUTPUT_WIDTH,
  OUTPUTS,
  PANEL,
  PANELS,
  PRODUCTS,
  TILE,
  WEIGHTS,
  ZEROS,
} from './winograd-params';

/**
 * Scratch: room for one transform, row and column of each waiting tile, a tile with
 * zeros around, tiles, products.
 */
const ROOM_BYTES: usize = 640;
const LIST_BYTES: usize = 96;

/**
 * True where the last block has four channels: these are multiplied for the tiles of both panels at once, so
 * the panels stand side by side at each point. Otherwise each panel is one piece, which caches take better.
 */
function hasFour(p: usize): bool {
  return (load<i32>(p, OUTPUTS) & 4) != 0;
}

/** Bytes from one point's tiles to the next point's. */
function tilePointStep(p: usize): usize {
  const bytes = (<usize>load<i32>(p, INPUTS) * PANEL) << 2;
  return hasFour(p) ? bytes * PANELS : bytes;
}

/** Bytes from the tiles of the first panel to those of the second. */
function tilePanelStep(p: usize): usize {
  const bytes = (<usize>load<i32>(p, INPUTS) * PANEL) << 2;
  return hasFour(p) ? bytes : 36 * bytes;
}

/** Bytes from the products of one block of eight channels to those of the next. */
function productBlockStep(p: usize): usize {
  return hasFour(p) ? PANELS * PANEL * 32 : PANEL * 32;
}

/** Bytes from the products of the first panel to those of the second. */
function productPanelStep(p: usize): usize {
  const blocks = (load<i32>(p, OUTPUTS) + 7) >> 3;
  return hasFour(p) ? PANEL * 32 : 36 * blocks * PANEL * 32;
}

/**
 * One tile's values with zeros for those outside rows `firstRow` … `endRow - 1` and the columns of the image.
 * Pixels are moved by vectors: they are too short for the engine's own copy, which is a call.
 */
function copyTile(
  p: usize,
  input: usize,
  firstRow: i32,
  endRow: i32,
  row: i32,
  column: i32,
  to: usize,
): void {
  const pixel = load<i32>(p, INPUTS) << 2;
  const width = load<i32>(p, INPUT_WIDTH);
  const dilation = load<i32>(p, DILATION);
  for (let y = 0; y < 6; y++) {
    const isInside = row >= max(firstRow, 0) && row < endRow;
    const line = input + (row - firstRow) * width * pixel;
    let at = column;
    for (let x = 0; x < 6; x++) {
      const end = to + pixel;
      if (isInside && at >= 0 && at < width) {
        let from = line + at * pixel;
        while (to != end) {
          v128.store(to, v128.load(from));
          from += 16;
          to += 16;
        }
      } else {
        while (to != end) {
          v128.store(to, f32x4.splat(0));
          to += 16;
        }
      }
      at += dilation;
    }
    row += dilation;
  }
}

/** Transforms the input of the tile whose first pixel is at `row`, `column` of the output. */
function gatherTile(
  p: usize,
  input: usize,
  firstRow: i32,
  endRow: i32,
  row: i32,
  column: i32,
  to: usize,
  room: usize,
  copy: usize,
): void {
  const inputs = load<i32>(p, INPUTS);
  const pixel = inputs << 2;
  const width = load<i32>(p, INPUT_WIDTH);
  const dilation = load<i32>(p, DILATION);
  const top = row + load<i32>(p, FIRST_ROW);
  const left = column + load<i32>(p, FIRST_COLUMN);
  const reach = 5 * dilation;
  const step = tilePointStep(p);
  if (top >= firstRow && top + reach < endRow && left >= 0 && left + reach < width) {
    const from = input + ((top - firstRow) * width + left) * pixel;
    transformInput(from, dilation * width * pixel, dilation * pixel, inputs, to, step, room);
  } else {
    copyTile(p, input, firstRow, endRow, top, left, copy);
    transformInput(copy, 6 * pixel, pixel, inputs, to, step, room);
  }
}

/** The products of all waiting panels: each block of weights is read once for them. */
function multiplyPanels(p: usize, panels: i32, tiles: usize, products: usize): void {
  const inputs = load<i32>(p, INPUTS);
  const blocks = (load<i32>(p, OUTPUTS) + 7) >> 3;
  const panelTiles = tilePanelStep(p);
  const panelProducts = productPanelStep(p);
  const pointStep = tilePointStep(p);
  const blockStep = productBlockStep(p);
  const eights = hasFour(p) ? blocks - 1 : blocks;
  const block1x1 = load<usize>(p, PRODUCTS);
  const zeros = load<usize>(p, ZEROS);
  let weights = load<usize>(p, WEIGHTS);
  for (let point = 0; point < 36; point++) {
    for (let block = 0; block < eights; block++) {
      for (let panel = 0; panel < panels; panel++) {
        const out = products + panel * panelProducts;
        sumEight(block1x1, tiles + panel * panelTiles, zeros, 1, weights, zeros, out, 32);
      }
      weights += inputs << 5;
      products += blockStep;
    }
    if (eights < blocks) {
      sumFour(block1x1, tiles, zeros, 1, weights, zeros, products, 32);
      weights += inputs << 4;
      products += blockStep;
    }
    tiles += pointStep;
  }
}

/** Writes the output of the waiting tiles. */
function finishTiles(
  p: usize,
  count: i32,
  list: usize,
  products: usize,
  from: i32,
  out: usize,
  residual: usize,
  room: usize,
): void {
  const outputs = load<i32>(p, OUTPUTS);
  const dilation = load<i32>(p, DILATION);
  const width = load<i32>(p, OUTPUT_WIDTH);
  const height = load<i32>(p, OUTPUT_HEIGHT);
  const blocks = (outputs + 7) >> 3;
  const blockStep = productBlockStep(p);
  const panelStep = productPanelStep(p);
  const pointStep = blocks * blockStep;
  const mode = load<i32>(p, MODE);
  const pixel = mode == BOTH_SIGNS ? outputs << 3 : outputs << 2;
  const most = load<i32>(p, TILE);
  for (let tile = 0; tile < count; tile++) {
    const row = load<i32>(list + (tile << 3));
    const column = load<i32>(list + (tile << 3), 4);
    const offset = <usize>(((row - from) * width + column) * pixel);
    transformOutput(
      p,
      products + (tile / PANEL) * panelStep + (tile % PANEL) * 32,
      pointStep,
      blockStep,
      outputs,
      out + offset,
      residual == 0 ? 0 : residual + offset,
      dilation * width * pixel,
      dilation * pixel,
      min(most, (height - row + dilation - 1) / dilation),
      min(most, (width - column + dilation - 1) / dilation),
      room,
    );
  }
}

/**
 * One group of `tile * dilation` rows of the output, or what the image has of it.
 *
 * The error is at most 2e-5 where inputs are at most 1 and weights at most 1 / sqrt(n) for sums of n
 * products; that of the activation is added. A value that is not finite spreads over its tile.
 *
 * @param p parameter block
 * @param input row `firstRow` of the input; the rows up to the last one that the group needs follow
 * @param from first row of the output, a multiple of `tile * dilation`
 * @param out row `from` of the output
 * @param residual row `from` of the residual, or 0
 * @param scratch `winogradScratch` bytes
 */
export function winogradRows(
  p: usize,
  input: usize,
  firstRow: i32,
  from: i32,
  out: usize,
  residual: usize,
  scratch: usize,
): void {
  const dilation = load<i32>(p, DILATION);
  const inputs = load<i32>(p, INPUTS);
  const width = load<i32>(p, OUTPUT_WIDTH);
  const group = load<i32>(p, TILE) * dilation;
  const to = min(load<i32>(p, OUTPUT_HEIGHT), from + group);
  // A tile reaches over 6 taps: its window over 6 - tile of them beyond the output's row.
  const reach = (6 - load<i32>(p, TILE)) * dilation;
  const endRow = min(load<i32>(p, INPUT_HEIGHT), to + load<i32>(p, FIRST_ROW) + reach);
  const list = scratch + ROOM_BYTES;
  const copy = list + LIST_BYTES;
  const tiles = copy + 36 * (inputs << 2);
  const panelTiles = tilePanelStep(p);
  const products = tiles + PANELS * 36 * inputs * PANEL * 4;
  let count = 0;
  for (let row = from; row < min(to, from + dilation); row++) {
    for (let phase = 0; phase < min(dilation, width); phase++) {
      for (let column = phase; column < width; column += group) {
        const at = tiles + (count / PANEL) * panelTiles + (count % PANEL) * (inputs << 2);
        gatherTile(p, input, firstRow, endRow, row, column, at, scratch, copy);
        store<i32>(list + (count << 3), row);
        store<i32>(list + (count << 3), column, 4);
        if (++count == PANEL * PANELS) {
          multiplyPanels(p, PANELS, tiles, products);
          finishTiles(p, count, list, products, from, out, residual, scratch);
          count = 0;
        }
      }
    }
  }
  if (count == 0) return;
  multiplyPanels(p, (count + PANEL - 1) / PANEL, tiles, products);
  finishTiles(p, count, list, products, from, out, residual, scratch);
}

/** Bytes of scratch that `winogradRows` needs. */
export function winogradScratch(inputs: i32, outputs: i32): i32 {
  const tile = 36 * (inputs << 2);
  const products = 36 * ((outputs + 7) >> 3) * PANEL * 32;
  return <i32>(ROOM_BYTES + LIST_BYTES) + tile + PANELS * (tile * PANEL + products);
}

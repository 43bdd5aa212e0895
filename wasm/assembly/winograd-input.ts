/**
 * The input transform of Winograd's F(4x4, 3x3): B^T d B (Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks).
 */
import { madd } from './madd';

/** One direction: 6 lines of six vectors `step` bytes apart to six `outStep` bytes apart. */
function transformLines(
  from: usize,
  step: usize,
  line: usize,
  to: usize,
  outStep: usize,
  outLine: usize,
): void {
  const four = f32x4.splat(4);
  const minusFour = f32x4.splat(-4);
  const minusFive = f32x4.splat(-5);
  const end = from + line * 6;
  while (from != end) {
    let at = from;
    const d0 = v128.load(at);
    at += step;
    const d1 = v128.load(at);
    at += step;
    const d2 = v128.load(at);
    at += step;
    const d3 = v128.load(at);
    at += step;
    const d4 = v128.load(at);
    at += step;
    const d5 = v128.load(at);
    let out = to;
    v128.store(out, madd(d0, four, madd(d2, minusFive, d4)));
    out += outStep;
    const even = madd(d2, minusFour, d4);
    const odd = madd(d1, minusFour, d3);
    v128.store(out, f32x4.add(even, odd));
    out += outStep;
    v128.store(out, f32x4.sub(even, odd));
    out += outStep;
    const near = f32x4.sub(d4, d2);
    const far = f32x4.sub(d3, d1);
    const twice = f32x4.add(far, far);
    v128.store(out, f32x4.add(near, twice));
    out += outStep;
    v128.store(out, f32x4.sub(near, twice));
    out += outStep;
    v128.store(out, madd(d1, four, madd(d3, minusFive, d5)));
    from += line;
    to += outLine;
  }
}

/**
 * Transforms the 6x6 values of one tile in each of its channels.
 *
 * @param channels a multiple of 4
 * @param rowStep from one row of the tile to the next, `columnStep` likewise
 * @param to `[36][tiles of the panel][channels]`, this tile's first value
 * @param pointStep from one of the 36 points to the next in `to`
 * @param room for 36 vectors
 */
export function transformInput(
  from: usize,
  rowStep: usize,
  columnStep: usize,
  channels: i32,
  to: usize,
  pointStep: usize,
  room: usize,
): void {
  for (let channel = 0; channel < channels; channel += 4) {
    transformLines(from, rowStep, columnStep, room, 96, 16);
    transformLines(room, 16, 96, to, pointStep, pointStep * 6);
    from += 16;
    to += 16;
  }
}

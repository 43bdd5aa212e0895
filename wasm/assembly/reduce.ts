/** Sum, maximum, minimum and product of a row, over its pixels, its channels or both. */
import { wholeOp } from './binary-op';
import { loadLanes, storeLanes } from './lanes';

function combine(op: i32, a: v128, b: v128): v128 {
  switch (op) {
    case 0:
      return f32x4.add(a, b);
    case 1:
      return f32x4.max(a, b);
    case 2:
      return f32x4.min(a, b);
    case 3:
      return f32x4.mul(a, b);
    case 4:
      return wholeOp(30, a, b);
    default:
      return wholeOp(32, a, b);
  }
}

/** Values without effect on the result. */
function neutral(op: i32): v128 {
  return f32x4.splat(op == 0 || op == 4 ? 0 : op == 1 ? -Infinity : op == 2 ? Infinity : 1);
}

/** Reduces `count` runs, `step` bytes apart, of `length` values (1 to 4) side by side. */
function column(op: i32, source: usize, count: i32, step: usize, length: i32): v128 {
  let result = neutral(op);
  for (; count > 0; count--, source += step) result = combine(op, result, loadLanes(source, length));
  return result;
}

/**
 * Reduces one row of `width` pixels into `dest`, which has one pixel less or one channel where they
 * are reduced. Maximum and minimum are exact; the error of the sum of a few thousand values is at
 * most 1e-5, of their product 1e-4.
 *
 * @param op 0 sum, 1 maximum, 2 minimum, 3 product; of whole numbers, which wrap at 32 bits, 4 sum
 * and 5 product.
 * @param first false to combine with what `dest` holds: rows before this one.
 */
export function reduce(
  op: i32,
  source: usize,
  dest: usize,
  width: i32,
  channels: i32,
  overWidth: bool,
  overChannels: bool,
  first: bool,
): void {
  const outer = overWidth ? 1 : width;
  const inner = overChannels ? 1 : channels;
  const pixelBytes = (<usize>channels) << 2;
  for (let x = 0; x < outer; x++) {
    for (let c = 0; c < inner; c += 4) {
      const length = min(4, inner - c);
      const from = source + <usize>x * pixelBytes + ((<usize>c) << 2);
      let result: v128;
      if (overChannels) result = column(op, from, overWidth ? width * channels : channels, 4, 1);
      else result = column(op, from, overWidth ? width : 1, pixelBytes, length);
      const to = dest + ((<usize>(x * inner + c)) << 2);
      storeLanes(to, first ? result : combine(op, loadLanes(to, length), result), length);
    }
  }
}

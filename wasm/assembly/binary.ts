/** One function of two values applied to each pair, with broadcasting. */
import { binaryOp } from './binary-op';
import { loadLanes, storeLanes } from './lanes';

/** Up to four values of an operand; its one value in all lanes where `step` is 0. */
export function operand(address: usize, index: i32, step: i32, count: i32): v128 {
  if (step == 0) return v128.load32_splat(address);
  return loadLanes(address + ((<usize>index) << 2), count);
}

/**
 * Writes `outer` runs of `inner` values. From run to run an operand moves on by `aOuter` or
 * `bOuter` floats, within a run by `aInner` or `bInner`: 1, or 0 for one value for all. `dest`
 * may be an operand of the same layout.
 *
 * Sums, differences, products, quotients and comparisons are those of float32, with one rounding; of the
 * others the error is at most 1e-6.
 */
export function binary(
  op: i32,
  a: usize,
  b: usize,
  dest: usize,
  outer: i32,
  inner: i32,
  aOuter: i32,
  aInner: i32,
  bOuter: i32,
  bInner: i32,
): void {
  for (; outer > 0; outer--) {
    let i = 0;
    for (; i <= inner - 4; i += 4) {
      v128.store(dest + ((<usize>i) << 2), binaryOp(op, operand(a, i, aInner, 4), operand(b, i, bInner, 4)));
    }
    const left = inner - i;
    if (left > 0) {
      const result = binaryOp(op, operand(a, i, aInner, left), operand(b, i, bInner, left));
      storeLanes(dest + ((<usize>i) << 2), result, left);
    }
    a += (<usize>aOuter) << 2;
    b += (<usize>bOuter) << 2;
    dest += (<usize>inner) << 2;
  }
}

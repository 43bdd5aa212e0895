/** Chooses values of two operands by a condition, with broadcasting. */
import { operand } from './binary';
import { storeLanes } from './lanes';

/**
 * Writes `outer` runs of `inner` values: `a` where the condition is not 0, else `b`. Steps as in binary: bit
 * 0, 1 and 2 of `inners` are those of condition, a and b within a run. Every bit is kept.
 */
export function select(
  condition: usize,
  a: usize,
  b: usize,
  dest: usize,
  outer: i32,
  inner: i32,
  conditionOuter: i32,
  aOuter: i32,
  bOuter: i32,
  inners: i32,
): void {
  for (; outer > 0; outer--) {
    for (let i = 0; i < inner; i += 4) {
      const count = min(4, inner - i);
      const mask = f32x4.ne(operand(condition, i, inners & 1, count), f32x4.splat(0));
      const chosen = v128.bitselect(operand(a, i, inners & 2, count), operand(b, i, inners & 4, count), mask);
      storeLanes(dest + ((<usize>i) << 2), chosen, count);
    }
    condition += (<usize>conditionOuter) << 2;
    a += (<usize>aOuter) << 2;
    b += (<usize>bOuter) << 2;
    dest += (<usize>inner) << 2;
  }
}

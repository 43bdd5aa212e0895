/** One function applied to each value. */
import { loadLanes, storeLanes } from './lanes';
import { unaryOp } from './unary-op';

/**
 * `source` and `dest` may be the same. Error at most 1e-6; none for what only
 * compares, rounds or changes signs.
 *
 * @param op and `a`, `b`: see unaryOp.
 * @param count number of floats.
 */
export function unary(op: i32, source: usize, dest: usize, count: i32, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  for (; count >= 4; count -= 4, source += 16, dest += 16) {
    v128.store(dest, unaryOp(op, v128.load(source), a4, b4));
  }
  if (count > 0) storeLanes(dest, unaryOp(op, loadLanes(source, count), a4, b4), count);
}

/**
 * The measure of the other kernels: what the machine's multiply-add units do when nothing else is in the way.
 */
import { madd } from './madd';

/**
 * `rounds` times 12 independent multiply-adds of four lanes each.
 *
 * @returns the multiply-adds of single floats that were done: 48 a round.
 */
export function peak(rounds: i32): f64 {
  const x = f32x4.splat(0.5);
  const y = f32x4.splat(1);
  let a = y,
    b = y,
    c = y,
    d = y,
    e = y,
    f = y,
    g = y,
    h = y,
    i = y,
    j = y,
    k = y,
    l = y;
  for (let round = 0; round < rounds; round++) {
    a = madd(a, x, y);
    b = madd(b, x, y);
    c = madd(c, x, y);
    d = madd(d, x, y);
    e = madd(e, x, y);
    f = madd(f, x, y);
    g = madd(g, x, y);
    h = madd(h, x, y);
    i = madd(i, x, y);
    j = madd(j, x, y);
    k = madd(k, x, y);
    l = madd(l, x, y);
  }
  const sum = f32x4.add(
    f32x4.add(f32x4.add(a, b), f32x4.add(c, d)),
    f32x4.add(f32x4.add(e, f), f32x4.add(g, h)),
  );
  const all = f32x4.add(sum, f32x4.add(f32x4.add(i, j), f32x4.add(k, l)));
  // Every sum tends to 2: the comparison only keeps the work from being left out.
  return f32x4.extract_lane(all, 0) > 0 ? 48 * <f64>rounds : 0;
}

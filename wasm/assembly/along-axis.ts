/** Running sums, and the places of extremes, along the middle axis of `[outer, size, inner]`. */

/**
 * Sums of all values up to each; without the value itself where `exclusive`, from the end where `reverse`.
 */
export function cumulate(
  source: usize,
  dest: usize,
  outer: i32,
  size: i32,
  inner: i32,
  exclusive: bool,
  reverse: bool,
): void {
  const step = ((<usize>inner) << 2) * (reverse ? -1 : 1);
  const block = (<usize>(size * inner)) << 2;
  for (let o = 0; o < outer; o++, source += block, dest += block) {
    for (let c = 0; c < inner; c++) {
      let at = ((<usize>c) << 2) + (reverse ? block - ((<usize>inner) << 2) : 0);
      let sum: f32 = 0;
      for (let i = 0; i < size; i++, at += step) {
        const next = sum + load<f32>(source + at);
        store<f32>(dest + at, exclusive ? sum : next);
        sum = next;
      }
    }
  }
}

/**
 * The index of the largest value, of the smallest with `minimum`: the first one of equals. NaN is taken in
 * the first place only.
 */
export function extremeIndex(
  source: usize,
  dest: usize,
  outer: i32,
  size: i32,
  inner: i32,
  minimum: bool,
): void {
  const step = (<usize>inner) << 2;
  const sign = f32x4.splat(minimum ? -1 : 1);
  for (let o = 0; o < outer; o++, source += <usize>size * step) {
    let c = 0;
    for (; c <= inner - 4; c += 4, dest += 16) {
      let at = source + ((<usize>c) << 2);
      let best = f32x4.mul(v128.load(at), sign);
      let index = f32x4.splat(0);
      for (let i = 1; i < size; i++) {
        at += step;
        const v = f32x4.mul(v128.load(at), sign);
        const more = f32x4.gt(v, best);
        best = v128.bitselect(v, best, more);
        index = v128.bitselect(f32x4.splat(f32(i)), index, more);
      }
      v128.store(dest, index);
    }
    for (; c < inner; c++, dest += 4) {
      let at = source + ((<usize>c) << 2);
      let best = load<f32>(at);
      let index = 0;
      for (let i = 1; i < size; i++) {
        at += step;
        const v = load<f32>(at);
        if (minimum ? v < best : v > best) {
          best = v;
          index = i;
        }
      }
      store<f32>(dest, f32(index));
    }
  }
}

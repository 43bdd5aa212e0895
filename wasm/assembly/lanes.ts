/** Loads and stores of the last one to four values of a row: nothing beyond them is read or written. */

/** `count` values (1 to 4) from an address on, zeros in the lanes behind them. */
export function loadLanes(address: usize, count: i32): v128 {
  if (count >= 4) return v128.load(address);
  if (count == 1) return v128.load32_zero(address);
  const two = v128.load64_zero(address);
  if (count == 2) return two;
  return v128.load_lane<f32>(address, two, 2, 8);
}

/** Stores the first `count` lanes (1 to 4). */
export function storeLanes(address: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, v);
    return;
  }
  if (count == 1) {
    v128.store_lane<f32>(address, v, 0);
    return;
  }
  v128.store_lane<f64>(address, v, 0);
  if (count == 3) v128.store_lane<f32>(address, v, 2, 8);
}

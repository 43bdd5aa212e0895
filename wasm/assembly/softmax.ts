/** Softmax and its logarithm over the channels of each pixel. Error at most 1e-6. */
import { exp4 } from './fast-math';
import { loadLanes, storeLanes } from './lanes';

/** The first `count` lanes, zeros behind them. */
function first(v: v128, count: i32): v128 {
  return v128.and(v, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}

function maximum(source: usize, channels: i32): f32 {
  let result = load<f32>(source);
  for (let c = 1; c < channels; c++) result = max(result, load<f32>(source + ((<usize>c) << 2)));
  return result;
}

export function softmax(logarithm: bool, source: usize, dest: usize, pixels: i32, channels: i32): void {
  for (; pixels > 0; pixels--) {
    const highest = f32x4.splat(maximum(source, channels));
    let sums = f32x4.splat(0);
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const shifted = f32x4.sub(loadLanes(source + ((<usize>c) << 2), count), highest);
      const power = first(exp4(shifted), count);
      sums = f32x4.add(sums, power);
      storeLanes(dest + ((<usize>c) << 2), logarithm ? shifted : power, count);
    }
    const sum =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    const last = f32x4.splat(logarithm ? f32(Math.log(sum)) : sum);
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const v = loadLanes(dest + ((<usize>c) << 2), count);
      storeLanes(dest + ((<usize>c) << 2), logarithm ? f32x4.sub(v, last) : f32x4.div(v, last), count);
    }
    source += (<usize>channels) << 2;
    dest += (<usize>channels) << 2;
  }
}

/** Matrix product over the channels of each pixel (dnn_backend_native_layer_dense.c). */
import { madd } from './madd';
import { storeLanes } from './lanes';

function storeEight(dest: usize, low: v128, high: v128, count: i32): void {
  storeLanes(dest, low, count);
  if (count > 4) storeLanes(dest + 16, high, count - 4);
}

/** Eight outputs of one pixel. */
function one(source: usize, weights: usize, bias: usize, dest: usize, depth: i32, count: i32): void {
  let low = v128.load(bias);
  let high = v128.load(bias, 16);
  for (; depth > 0; depth--, source += 4, weights += 32) {
    const v = v128.load32_splat(source);
    low = madd(v, v128.load(weights), low);
    high = madd(v, v128.load(weights, 16), high);
  }
  storeEight(dest, low, high, count);
}

/** Eight outputs of four pixels, in the same order of operations. */
function four(
  source: usize,
  weights: usize,
  bias: usize,
  dest: usize,
  depth: i32,
  outputs: i32,
  count: i32,
): void {
  const step = (<usize>depth) << 2;
  let low0 = v128.load(bias),
    low1 = low0,
    low2 = low0,
    low3 = low0;
  let high0 = v128.load(bias, 16),
    high1 = high0,
    high2 = high0,
    high3 = high0;
  let second = source + step;
  let third = second + step;
  let fourth = third + step;
  for (; depth > 0; depth--, weights += 32) {
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    let v = v128.load32_splat(source);
    low0 = madd(v, w0, low0);
    high0 = madd(v, w1, high0);
    v = v128.load32_splat(second);
    low1 = madd(v, w0, low1);
    high1 = madd(v, w1, high1);
    v = v128.load32_splat(third);
    low2 = madd(v, w0, low2);
    high2 = madd(v, w1, high2);
    v = v128.load32_splat(fourth);
    low3 = madd(v, w0, low3);
    high3 = madd(v, w1, high3);
    source += 4;
    second += 4;
    third += 4;
    fourth += 4;
  }
  const out = (<usize>outputs) << 2;
  storeEight(dest, low0, high0, count);
  storeEight(dest + out, low1, high1, count);
  storeEight(dest + 2 * out, low2, high2, count);
  storeEight(dest + 3 * out, low3, high3, count);
}

/**
 * `pixels` pixels of `depth` channels to `outputs` channels. Sums in the order of
 * the channels, error at most 1e-5.
 *
 * @param weights `[outputs / 8][depth][8]`, with zeros behind the last output.
 * @param bias as many values as the blocks of eight have.
 */
export function matMul(
  source: usize,
  weights: usize,
  bias: usize,
  dest: usize,
  pixels: i32,
  depth: i32,
  outputs: i32,
): void {
  for (let first = 0; first < outputs; first += 8) {
    const count = min(8, outputs - first);
    let from = source;
    let to = dest + ((<usize>first) << 2);
    let left = pixels;
    for (; left >= 4; left -= 4) {
      four(from, weights, bias, to, depth, outputs, count);
      from += (<usize>depth) << 4;
      to += (<usize>outputs) << 4;
    }
    for (; left > 0; left--) {
      one(from, weights, bias, to, depth, count);
      from += (<usize>depth) << 2;
      to += (<usize>outputs) << 2;
    }
    weights += (<usize>depth) << 5;
    bias += 32;
  }
}

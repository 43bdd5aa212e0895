/** The end of a convolution: sums to values of the output by activation and residual. */
import { CLIP, NONE, SLOPE } from './activation';
import { activateColumn } from './activation-column';
import { HIGH, LOW, MODE, SLOPES } from './conv2d-params';

/**
 * Finishes a block of sums in place.
 *
 * @param p parameter block
 * @param channel first channel of the block
 * @param width channels of the block: 4 or 8
 */
export function activateBlock(p: usize, channel: i32, width: i32, at: usize, step: usize, pixels: i32): void {
  const mode = load<i32>(p, MODE);
  if (mode == NONE) return;
  const low = v128.load32_splat(p, LOW);
  const high = v128.load32_splat(p, HIGH);
  if (mode == CLIP && width == 8) {
    // The most frequent case at once.
    const end = at + <usize>pixels * step;
    for (; at < end; at += step) {
      v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at), low), high));
      v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at, 16), low), high), 16);
    }
    return;
  }
  for (let lane = 0; lane < width; lane += 4) {
    const slope = mode == SLOPE ? v128.load(load<usize>(p, SLOPES) + ((channel + lane) << 2)) : low;
    activateColumn(mode, at + (lane << 2), step, pixels, low, high, slope);
  }
}

/** Finishes 12 sums of one channel, which follow each other. */
export function activateOne(p: usize, channel: i32, at: usize): void {
  const mode = load<i32>(p, MODE);
  if (mode == NONE) return;
  const low = v128.load32_splat(p, LOW);
  const slope = mode == SLOPE ? v128.load32_splat(load<usize>(p, SLOPES) + (channel << 2)) : low;
  activateColumn(mode, at, 16, 3, low, v128.load32_splat(p, HIGH), slope);
}

/** Adds the residual, which has the steps of the output, to whole vectors of a finished block. */
export function addBlock(at: usize, residual: usize, step: usize, pixels: i32, width: i32): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let lane = 0; lane < width; lane += 4) {
      const offset = <usize>pixel * step + (lane << 2);
      v128.store(at + offset, f32x4.add(v128.load(at + offset), v128.load(residual + offset)));
    }
  }
}

/** Copies the `pixels` x `channels` values of a finished block that are wanted, with the residual unless it is 0. */
export function copyBlock(
  block: usize,
  width: i32,
  out: usize,
  residual: usize,
  step: usize,
  pixels: i32,
  channels: i32,
): void {
  const bytes = (<usize>channels) << 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let at: usize = 0; at < bytes; at += 4) {
      const value = load<f32>(block + at);
      store<f32>(out + at, residual == 0 ? value : value + load<f32>(residual + at));
    }
    block += (<usize>width) << 2;
    out += step;
    if (residual != 0) residual += step;
  }
}

/** The end of a convolution: sums to values of the output by activation and residual. */
import { BOTH_SIGNS, CLIP, NONE, SLOPE } from './activation';
import { activateColumn } from './activation-column';
import { CHANNELS, HIGH, LOW, MODE, SLOPES } from './conv2d-params';

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

/** True where the activation makes two channels of each sum. */
export function hasBothSigns(p: usize): bool {
  return load<i32>(p, MODE) == BOTH_SIGNS;
}

/**
 * Writes max(v, 0) of a block of sums and max(-v, 0) behind all channels of the pixel.
 * The sums may stand in the output.
 *
 * @param sumStep bytes from pixel to pixel of the sums
 * @param channels those that are wanted
 */
export function storeBothSigns(
  p: usize,
  sums: usize,
  sumStep: usize,
  out: usize,
  step: usize,
  pixels: i32,
  channels: i32,
): void {
  const zero = f32x4.splat(0);
  const behind = (<usize>load<i32>(p, CHANNELS)) << 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let channel = 0;
    for (; channel <= channels - 4; channel += 4) {
      const at = (<usize>channel) << 2;
      const v = v128.load(sums + at);
      v128.store(out + at, f32x4.pmax(v, zero));
      v128.store(out + at + behind, f32x4.pmax(f32x4.sub(zero, v), zero));
    }
    for (; channel < channels; channel++) {
      const at = (<usize>channel) << 2;
      const v = v128.load32_zero(sums + at);
      v128.store_lane<f32>(out + at, f32x4.pmax(v, zero), 0);
      v128.store_lane<f32>(out + at + behind, f32x4.pmax(f32x4.sub(zero, v), zero), 0);
    }
    sums += sumStep;
    out += step;
  }
}

/** Adds the residual to the `pixels` x `channels` sums of a block that are wanted. */
export function addToSums(
  sums: usize,
  sumStep: usize,
  residual: usize,
  step: usize,
  pixels: i32,
  channels: i32,
): void {
  const bytes = (<usize>channels) << 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(sums + at, load<f32>(sums + at) + load<f32>(residual + at));
    }
    sums += sumStep;
    residual += step;
  }
}

/** Adds the residual, which has the steps of the output, to whole vectors of a block. */
export function addBlock(at: usize, residual: usize, step: usize, pixels: i32, width: i32): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let lane = 0; lane < width; lane += 4) {
      const offset = <usize>pixel * step + (lane << 2);
      v128.store(at + offset, f32x4.add(v128.load(at + offset), v128.load(residual + offset)));
    }
  }
}

/**
 * Copies the `pixels` x `channels` values of a finished block that are wanted,
 * with the residual unless it is 0.
 */
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

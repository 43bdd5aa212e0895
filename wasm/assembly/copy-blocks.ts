/**
 * Moves pieces of a row: the kernel of all layers that only rearrange values. A block is six int32: index
 * of the first value in the destination and in the source, values in a row, number of such rows, and from
 * one to the next the steps in the destination and in the source. Indexes and steps count floats and may
 * be negative. Every bit is kept.
 */

/** Copies `length` floats; the areas do not overlap. */
export function copyFloats(source: usize, dest: usize, length: i32): void {
  if (length >= 64) {
    memory.copy(dest, source, (<usize>length) << 2);
    return;
  }
  let left = length;
  for (; left >= 4; left -= 4, source += 16, dest += 16) v128.store(dest, v128.load(source));
  for (; left > 0; left--, source += 4, dest += 4) store<i32>(dest, load<i32>(source));
}

/** @param blocks address of `count` blocks; `source` and `dest` are what their indexes count from. */
export function copyBlocks(blocks: usize, count: i32, source: usize, dest: usize): void {
  for (; count > 0; count--, blocks += 24) {
    let to = dest + ((<usize>load<i32>(blocks)) << 2);
    let from = source + ((<usize>load<i32>(blocks, 4)) << 2);
    const length = load<i32>(blocks, 8);
    const toStep = (<usize>load<i32>(blocks, 16)) << 2;
    const fromStep = (<usize>load<i32>(blocks, 20)) << 2;
    let rows = load<i32>(blocks, 12);
    if (length == 1) {
      for (; rows > 0; rows--, to += toStep, from += fromStep) store<i32>(to, load<i32>(from));
    } else if (length == 2) {
      for (; rows > 0; rows--, to += toStep, from += fromStep) store<i64>(to, load<i64>(from));
    } else if (length == 4) {
      for (; rows > 0; rows--, to += toStep, from += fromStep) v128.store(to, v128.load(from));
    } else {
      for (; rows > 0; rows--, to += toStep, from += fromStep) copyFloats(from, to, length);
    }
  }
}

/** Writes one value to the destination of all blocks. */
export function fillBlocks(blocks: usize, count: i32, value: f32, dest: usize): void {
  for (; count > 0; count--, blocks += 24) {
    let to = dest + ((<usize>load<i32>(blocks)) << 2);
    const length = load<i32>(blocks, 8);
    const step = (<usize>load<i32>(blocks, 16)) << 2;
    for (let rows = load<i32>(blocks, 12); rows > 0; rows--, to += step) {
      for (let i = 0; i < length; i++) store<f32>(to + ((<usize>i) << 2), value);
    }
  }
}

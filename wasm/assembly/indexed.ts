/**
 * Values taken from, or put into, places that indices in the memory say. A place is a base, which is known
 * before, and for each index of a tuple as many values as a step along its axis has. Indices are floats
 * that hold whole numbers; negative ones count from the end, and those outside the axis become the nearest
 * inside.
 */

/** Where a tuple of `depth` indices points: `axes` are pairs of int32, step and size of each. */
function placeOf(base: i32, tuple: usize, depth: i32, axes: usize): i32 {
  let place = base;
  for (let d = 0; d < depth; d++, tuple += 4, axes += 8) {
    const size = load<i32>(axes, 4);
    let index = i32(load<f32>(tuple));
    if (index < 0) index += size;
    place += max(0, min(index, size - 1)) * load<i32>(axes);
  }
  return place;
}

/**
 * Copies `count` runs of `run` values to `dest`, one behind the other.
 *
 * @param bases address of `count` int32
 * @param period tuples of indices, which repeat
 */
export function gatherIndexed(
  source: usize,
  dest: usize,
  bases: usize,
  indices: usize,
  count: i32,
  period: i32,
  depth: i32,
  axes: usize,
  run: i32,
): void {
  const bytes = (<usize>run) << 2;
  for (let i = 0; i < count; i++, dest += bytes) {
    const tuple = indices + ((<usize>((i % period) * depth)) << 2);
    const place = placeOf(load<i32>(bases + ((<usize>i) << 2)), tuple, depth, axes);
    const from = source + ((<usize>place) << 2);
    if (run == 1) store<f32>(dest, load<f32>(from));
    else memory.copy(dest, from, bytes);
  }
}

/** `reduction`: 0 puts, 1 adds, 2 multiplies, 3 keeps the larger and 4 the smaller value. */
function combined(reduction: i32, old: f32, value: f32): f32 {
  switch (reduction) {
    case 1:
      return old + value;
    case 2:
      return old * value;
    case 3:
      return max(old, value);
    case 4:
      return min(old, value);
    default:
      return value;
  }
}

/** Puts `count` runs of `run` values of `updates` into `dest`, in order. */
export function scatterIndexed(
  updates: usize,
  dest: usize,
  bases: usize,
  indices: usize,
  count: i32,
  depth: i32,
  axes: usize,
  run: i32,
  reduction: i32,
): void {
  for (let i = 0; i < count; i++) {
    const tuple = indices + ((<usize>(i * depth)) << 2);
    const place = placeOf(load<i32>(bases + ((<usize>i) << 2)), tuple, depth, axes);
    let to = dest + ((<usize>place) << 2);
    for (let r = 0; r < run; r++, to += 4, updates += 4) {
      store<f32>(to, combined(reduction, load<f32>(to), load<f32>(updates)));
    }
  }
}

/**
 * One row of a bilinear resize, in the order of
 * tensorflow/core/kernels/image/resize_bilinear_op.cc · compute_lerp.
 */
import { loadLanes, storeLanes } from './lanes';

function lerp(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/**
 * Error at most 2e-5: the fractions are those of float32 places.
 *
 * @param top and `bottom`: addresses of the two input rows; `fraction` is how
 * far the output lies between them.
 * @param columns address of three words a pixel: byte offsets of the left and the
 * right pixel, and the fraction.
 */
export function resizeBilinear(
  top: usize,
  bottom: usize,
  fraction: f32,
  columns: usize,
  width: i32,
  channels: i32,
  dest: usize,
): void {
  const down = f32x4.splat(fraction);
  for (let x = 0; x < width; x++, columns += 12) {
    const left = <usize>load<i32>(columns);
    const right = <usize>load<i32>(columns, 4);
    const across = v128.load32_splat(columns, 8);
    for (let c = 0; c < channels; c += 4) {
      const count = min(4, channels - c);
      const at = (<usize>c) << 2;
      const above = lerp(loadLanes(top + left + at, count), loadLanes(top + right + at, count), across);
      const below = lerp(loadLanes(bottom + left + at, count), loadLanes(bottom + right + at, count), across);
      storeLanes(dest + at, lerp(above, below, down), count);
    }
    dest += (<usize>channels) << 2;
  }
}

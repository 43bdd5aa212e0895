/** Tensors of 4 dimensions between the two layouts. */

type Dims = readonly [n: number, height: number, width: number, channels: number];

/** @returns the values as `[n, channels, height, width]`; the caller's. */
export function toChannelsFirst(values: Float32Array, [n, height, width, channels]: Dims): Float32Array {
  const area = height * width;
  const turned = new Float32Array(values.length);
  for (let item = 0; item < n; item++) {
    const base = item * area * channels;
    for (let channel = 0; channel < channels; channel++) {
      const plane = base + channel * area;
      for (let pixel = 0; pixel < area; pixel++)
        turned[plane + pixel] = values[base + pixel * channels + channel]!;
    }
  }
  return turned;
}

/**
 * @param values `[n, channels, height, width]`.
 * @param dims of the result.
 * @param into has room for all of it; made anew where left out.
 */
export function toChannelsLast(
  values: Float32Array,
  [n, height, width, channels]: Dims,
  into: Float32Array = new Float32Array(values.length),
): Float32Array {
  const area = height * width;
  for (let item = 0; item < n; item++) {
    const base = item * area * channels;
    for (let channel = 0; channel < channels; channel++) {
      const plane = base + channel * area;
      for (let pixel = 0; pixel < area; pixel++)
        into[base + pixel * channels + channel] = values[plane + pixel]!;
    }
  }
  return into;
}

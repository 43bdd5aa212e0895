/** OpenVINO's layers by their definitions, slowly, on tensors with channels first. */

/** A tensor [1, channels, height, width]. */
export interface Nchw {
  readonly shape: readonly [n: number, channels: number, height: number, width: number];
  readonly data: Float32Array;
}

/** Fills a tensor of one image. */
export function fill(
  channels: number,
  height: number,
  width: number,
  value: (c: number, y: number, x: number) => number,
): Nchw {
  const data = new Float32Array(channels * height * width);
  let index = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[index++] = value(c, y, x);
  }
  return { shape: [1, channels, height, width], data };
}

/** The value at a position; `outside` beyond the edges. */
export function at({ shape, data }: Nchw, c: number, y: number, x: number, outside = 0): number {
  const [, channels, height, width] = shape;
  if (c < 0 || y < 0 || x < 0 || c >= channels || y >= height || x >= width) return outside;
  return data[(c * height + y) * width + x]!;
}

/** An image of a fixed pattern with values of both signs. */
export function image(channels: number, height: number, width: number): Nchw {
  return fill(channels, height, width, (c, y, x) => (((c * 31 + y * 17 + x * 71) % 97) - 48) / 24);
}

/** What the windows of a layer are. */
export interface Window {
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly before?: readonly [number, number];
  readonly after?: readonly [number, number];
}

/** Convolution with weights [groups · out, in, kh, kw]. */
export function convolve(
  input: Nchw,
  weights: Nchw['data'],
  shape: readonly number[],
  groups: number,
  window: Window,
): Nchw {
  const [outputs, inputs, kh, kw] = shape as [number, number, number, number];
  const { strides = [1, 1], dilations = [1, 1], before = [0, 0], after = [0, 0] } = window;
  const length = (axis: 0 | 1, kernel: number): number =>
    Math.floor(
      (input.shape[axis + 2]! + before[axis] + after[axis] - (kernel - 1) * dilations[axis] - 1) /
        strides[axis],
    ) + 1;
  return fill(outputs, length(0, kh), length(1, kw), (o, y, x) => {
    const first = Math.floor(o / (outputs / groups)) * inputs;
    let sum = 0;
    for (let i = 0; i < inputs; i++) {
      for (let ky = 0; ky < kh; ky++) {
        for (let kx = 0; kx < kw; kx++) {
          const value = at(
            input,
            first + i,
            y * strides[0] + ky * dilations[0] - before[0],
            x * strides[1] + kx * dilations[1] - before[1],
          );
          sum += value * weights[((o * inputs + i) * kh + ky) * kw + kx]!;
        }
      }
    }
    return sum;
  });
}

/** Transposed convolution: every value is spread over its window. Weights [in, out, kh, kw]. */
export function spread(
  input: Nchw,
  weights: Nchw['data'],
  shape: readonly number[],
  size: readonly [number, number],
  window: Window,
): Nchw {
  const [inputs, outputs, kh, kw] = shape as [number, number, number, number];
  const { strides = [1, 1], before = [0, 0] } = window;
  const sums = new Float64Array(outputs * size[0] * size[1]);
  const [, , height, width] = input.shape;
  for (let i = 0; i < inputs; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let o = 0; o < outputs; o++) {
          for (let ky = 0; ky < kh; ky++) {
            for (let kx = 0; kx < kw; kx++) {
              const [row, column] = [y * strides[0] + ky - before[0], x * strides[1] + kx - before[1]];
              if (row < 0 || column < 0 || row >= size[0] || column >= size[1]) continue;
              sums[(o * size[0] + row) * size[1] + column]! +=
                at(input, i, y, x) * weights[((i * outputs + o) * kh + ky) * kw + kx]!;
            }
          }
        }
      }
    }
  }
  return { shape: [1, outputs, ...size], data: Float32Array.from(sums) };
}

/**
 * Pooling of windows that may reach over the edge.
 * @param counted values outside count as 0 in an average.
 */
export function pool(
  input: Nchw,
  size: readonly [height: number, width: number],
  kernel: number,
  stride: number,
  before: number,
  kind: 'max' | 'mean' | 'mean counted',
): Nchw {
  return fill(input.shape[1], size[0], size[1], (c, y, x) => {
    const values: number[] = [];
    for (let ky = 0; ky < kernel; ky++) {
      for (let kx = 0; kx < kernel; kx++) {
        const value = at(input, c, y * stride + ky - before, x * stride + kx - before, NaN);
        if (!Number.isNaN(value)) values.push(value);
        else if (kind === 'mean counted') values.push(0);
      }
    }
    const sum = values.reduce((a, b) => a + b, 0);
    return kind === 'max' ? Math.max(...values) : sum / values.length;
  });
}

/** Bilinear interpolation at coordinates that are held within the image (linear_onnx). */
export function bilinear(
  input: Nchw,
  size: readonly [number, number],
  coordinate: (position: number, from: number, to: number) => number,
): Nchw {
  const [, channels, height, width] = input.shape;
  const tap = (position: number, from: number, to: number): [number, number, number] => {
    const clamped = Math.max(0, Math.min(coordinate(position, from, to), from - 1));
    const low = Math.floor(clamped);
    return [low, Math.min(low + 1, from - 1), clamped - low];
  };
  return fill(channels, size[0], size[1], (c, y, x) => {
    const [top, bottom, down] = tap(y, height, size[0]);
    const [left, right, across] = tap(x, width, size[1]);
    const upper = at(input, c, top, left) * (1 - across) + at(input, c, top, right) * across;
    const lower = at(input, c, bottom, left) * (1 - across) + at(input, c, bottom, right) * across;
    return upper * (1 - down) + lower * down;
  });
}

/** The nearest pixels by a rule from output to input position. */
export function nearest(
  input: Nchw,
  size: readonly [number, number],
  sourceOf: (at: number, from: number, to: number) => number,
): Nchw {
  const [, channels, height, width] = input.shape;
  const hold = (value: number, from: number): number => Math.max(0, Math.min(value, from - 1));
  return fill(channels, size[0], size[1], (c, y, x) =>
    at(input, c, hold(sourceOf(y, height, size[0]), height), hold(sourceOf(x, width, size[1]), width)),
  );
}

/** Every value on its own. */
export function each(input: Nchw, value: (x: number, channel: number) => number): Nchw {
  const [, channels, height, width] = input.shape;
  return fill(channels, height, width, (c, y, x) => value(at(input, c, y, x), c));
}

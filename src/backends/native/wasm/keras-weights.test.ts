/** The numbers of Keras layers with weights, against what Keras' documentation defines. */
import { describe, test } from 'vitest';
import {
  type Geometry,
  type Image,
  at,
  expectImage,
  input,
  make,
  map,
  run,
  runLayer,
  slide,
  weight,
} from './keras-layer.test-support.ts';

const once: readonly [number, number] = [1, 1];

function conv(x: Image, kernel: Float32Array, outputs: number, geometry: Geometry): Image {
  return slide(x, outputs, geometry, (taps, c) => {
    let sum = 0;
    for (const tap of taps) {
      for (let k = 0; k < x.channels; k++) {
        const weight = ((tap.ky * geometry.kernel[1] + tap.kx) * x.channels + k) * outputs + c;
        sum += at(x, tap.y, tap.x, k) * kernel[weight]!;
      }
    }
    return sum;
  });
}

/** Output channel c is channel `c div times` with kernel `c mod times`. */
function depthwise(x: Image, kernel: Float32Array, times: number, geometry: Geometry): Image {
  return slide(x, x.channels * times, geometry, (taps, c) =>
    taps.reduce((sum, tap) => {
      const weight = (tap.ky * geometry.kernel[1] + tap.kx) * x.channels * times + c;
      return sum + at(x, tap.y, tap.x, Math.floor(c / times)) * kernel[weight]!;
    }, 0),
  );
}

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

describe('layers with weights', () => {
  test.each([
    { kernel: [3, 3], strides: [1, 1], dilation: [1, 1], padding: 'same' },
    { kernel: [3, 2], strides: [2, 2], dilation: [1, 1], padding: 'same' },
    { kernel: [2, 3], strides: [1, 1], dilation: [2, 2], padding: 'valid' },
    { kernel: [1, 1], strides: [1, 1], dilation: [1, 1], padding: 'valid' },
  ] as Geometry[])('Conv2D, DepthwiseConv2D and SeparableConv2D of %o', async (geometry) => {
    const { kernel: size, strides, dilation, padding } = geometry;
    const config = { kernel_size: size, strides, dilation_rate: dilation, padding };
    const [kernel, bias] = [weight(1, ...size, 3, 5), weight(2, 5)];
    expectImage(
      await runLayer({
        className: 'Conv2D',
        config: { ...config, filters: 5, use_bias: true, activation: 'relu' },
        weights: { kernel, bias },
      }),
      map(conv(input, kernel.data, 5, geometry), (v, c) => Math.max(v + bias.data[c]!, 0)),
    );
    expectImage(
      await runLayer({
        className: 'Conv2D',
        config: { ...config, filters: 5, use_bias: false, activation: 'linear' },
        weights: { kernel },
      }),
      conv(input, kernel.data, 5, geometry),
    );
    const each = weight(3, ...size, 3, 2);
    const six = weight(4, 6);
    expectImage(
      await runLayer({
        className: 'DepthwiseConv2D',
        config: { ...config, depth_multiplier: 2, activation: 'tanh' },
        weights: { depthwise_kernel: each, bias: six },
      }),
      map(depthwise(input, each.data, 2, geometry), (v, c) => Math.tanh(v + six.data[c]!)),
    );
    const point = weight(6, 1, 1, 6, 4);
    const four = weight(7, 4);
    const pointwise = { kernel: once, strides: once, dilation: once, padding: 'valid' };
    expectImage(
      await runLayer({
        className: 'SeparableConv2D',
        config: { ...config, filters: 4, depth_multiplier: 2 },
        weights: { depthwise_kernel: each, pointwise_kernel: point, bias: four },
      }),
      map(
        conv(depthwise(input, each.data, 2, geometry), point.data, 4, pointwise),
        (v, c) => v + four.data[c]!,
      ),
    );
  });

  test.each([
    [3, 2, 'same'],
    [2, 2, 'valid'],
    [4, 2, 'same'],
    [3, 1, 'valid'],
    [2, 3, 'valid'],
  ] as const)('Conv2DTranspose: kernel %i, stride %i, %s', async (size, stride, padding) => {
    const outputs = 4;
    const [kernel, bias] = [weight(8, size, size, outputs, 3), weight(9, outputs)];
    const actual = await runLayer({
      className: 'Conv2DTranspose',
      config: { filters: outputs, kernel_size: [size, size], strides: [stride, stride], padding },
      weights: { kernel, bias },
    });
    const beyond = padding === 'valid' ? Math.max(size - stride, 0) : 0;
    const [height, width] = [input.height * stride + beyond, input.width * stride + beyond];
    const before = padding === 'same' ? Math.floor(Math.max(size - stride, 0) / 2) : 0;
    const sums = new Float64Array(height * width * outputs);
    for (let y = 0; y < input.height; y++) {
      for (let x = 0; x < input.width; x++) {
        for (let ky = 0; ky < size; ky++) {
          for (let kx = 0; kx < size; kx++) {
            const [oy, ox] = [y * stride + ky - before, x * stride + kx - before];
            if (oy < 0 || ox < 0 || oy >= height || ox >= width) continue;
            for (let c = 0; c < outputs; c++) {
              for (let k = 0; k < 3; k++) {
                const factor = kernel.data[((ky * size + kx) * outputs + c) * 3 + k]!;
                sums[(oy * width + ox) * outputs + c]! += at(input, y, x, k) * factor;
              }
            }
          }
        }
      }
    }
    expectImage(
      actual,
      make(height, width, outputs, (y, x, c) => sums[(y * width + x) * outputs + c]! + bias.data[c]!),
    );
  });

  test('Dense on the channels of an image, and on a vector', async () => {
    const [kernel, bias] = [weight(10, 3, 5), weight(11, 5)];
    const pointwise = { kernel: once, strides: once, dilation: once, padding: 'valid' };
    expectImage(
      await runLayer({
        className: 'Dense',
        config: { units: 5, activation: 'sigmoid' },
        weights: { kernel, bias },
      }),
      map(conv(input, kernel.data, 5, pointwise), (v, c) => sigmoid(v + bias.data[c]!)),
    );
    const layers = [
      { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 7, 6, 3] } },
      { class_name: 'GlobalAveragePooling2D', config: { name: 'mean' } },
      { class_name: 'Dense', config: { name: 'y', units: 5, activation: 'softmax' } },
    ];
    const weights = [
      { name: 'y/kernel', ...kernel },
      { name: 'y/bias', ...bias },
    ];
    const topology = { class_name: 'Sequential', config: { name: 'm', layers } };
    const means = [0, 1, 2].map(
      (k) => input.data.reduce((sum, v, index) => sum + (index % 3 === k ? v : 0), 0) / 42,
    );
    const sums = [0, 1, 2, 3, 4].map((c) =>
      means.reduce((sum, mean, k) => sum + mean * kernel.data[k * 5 + c]!, bias.data[c]!),
    );
    const all = sums.reduce((sum, value) => sum + Math.exp(value), 0);
    expectImage(
      await run(topology, weights, input, { input: 'x', output: 'y' }),
      make(1, 1, 5, (_y, _x, c) => Math.exp(sums[c]!) / all),
    );
  });

  test.each([
    [true, true],
    [false, true],
    [true, false],
    [false, false],
  ])('BatchNormalization: scale %s, center %s', async (scale, center) => {
    const [gamma, beta, mean] = [weight(12, 3), weight(13, 3), weight(14, 3)];
    const variance = { shape: [3], data: Float32Array.of(0.5, 2, 0.01) };
    const weights = {
      ...(scale ? { gamma } : {}),
      ...(center ? { beta } : {}),
      moving_mean: mean,
      moving_variance: variance,
    };
    expectImage(
      await runLayer({
        className: 'BatchNormalization',
        config: { axis: [3], epsilon: 0.01, scale, center },
        weights,
      }),
      map(input, (v, c) => {
        const normal = (v - mean.data[c]!) / Math.sqrt(variance.data[c]! + 0.01);
        return normal * (scale ? gamma.data[c]! : 1) + (center ? beta.data[c]! : 0);
      }),
    );
  });
});

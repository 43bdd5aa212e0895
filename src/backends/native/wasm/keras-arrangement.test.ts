/** The numbers of Keras layers without weights, against what Keras' documentation defines. */
import { describe, test } from 'vitest';
import {
  type Geometry,
  at,
  expectImage,
  input,
  make,
  map,
  picture,
  runLayer,
  runMerge,
  slide,
} from './keras-layer.test-support.ts';

describe('merges', () => {
  const [relu, tanh] = [(v: number) => Math.max(v, 0), Math.tanh];
  const ways: readonly (readonly [string, (a: number, b: number, c: number) => number])[] = [
    ['Add', (a, b, c) => a + b + c],
    ['Multiply', (a, b, c) => a * b * c],
    ['Maximum', (a, b, c) => Math.max(a, b, c)],
    ['Minimum', (a, b, c) => Math.min(a, b, c)],
    ['Average', (a, b, c) => (a + b + c) / 3],
  ];
  test.each(ways)('%s of three', async (className, of) => {
    expectImage(
      await runMerge(className, ['linear', 'relu', 'tanh']),
      map(input, (v) => of(v, relu(v), tanh(v))),
    );
  });

  test('Subtract of two', async () => {
    expectImage(
      await runMerge('Subtract', ['tanh', 'relu']),
      map(input, (v) => tanh(v) - relu(v)),
    );
  });

  test('Concatenate along channels and along rows', async () => {
    expectImage(
      await runMerge('Concatenate', ['linear', 'relu'], { axis: -1 }),
      make(7, 6, 6, (y, x, c) => (c < 3 ? at(input, y, x, c) : relu(at(input, y, x, c - 3)))),
    );
    expectImage(
      await runMerge('Concatenate', ['tanh', 'linear'], { axis: 1 }),
      make(14, 6, 3, (y, x, c) => (y < 7 ? tanh(at(input, y, x, c)) : at(input, y - 7, x, c))),
    );
  });
});

describe('arrangement', () => {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

  test('UpSampling2D', async () => {
    expectImage(
      await runLayer({ className: 'UpSampling2D', config: { size: [2, 3] } }),
      make(14, 18, 3, (y, x, c) => at(input, Math.floor(y / 2), Math.floor(x / 3), c)),
    );
    expectImage(
      await runLayer({ className: 'UpSampling2D', config: { size: 2, interpolation: 'bilinear' } }),
      make(14, 12, 3, (y, x, c) => {
        const [top, left] = [Math.floor(y / 2), Math.floor(x / 2)];
        const [bottom, right] = [Math.min(top + 1, 6), Math.min(left + 1, 5)];
        const [fy, fx] = [y / 2 - top, x / 2 - left];
        const above = at(input, top, left, c) * (1 - fx) + at(input, top, right, c) * fx;
        const below = at(input, bottom, left, c) * (1 - fx) + at(input, bottom, right, c) * fx;
        return above * (1 - fy) + below * fy;
      }),
    );
  });

  test('ZeroPadding2D and Cropping2D', async () => {
    const padding = [
      [1, 2],
      [3, 0],
    ];
    expectImage(
      await runLayer({ className: 'ZeroPadding2D', config: { padding } }),
      make(10, 9, 3, (y, x, c) => at(input, y - 1, x - 3, c)),
    );
    expectImage(
      await runLayer({ className: 'ZeroPadding2D', config: { padding: 1 } }),
      make(9, 8, 3, (y, x, c) => at(input, y - 1, x - 1, c)),
    );
    expectImage(
      await runLayer({ className: 'Cropping2D', config: { cropping: padding } }),
      make(4, 3, 3, (y, x, c) => at(input, y + 1, x + 3, c)),
    );
  });

  test.each([
    { kernel: [2, 2], strides: [2, 2], dilation: [1, 1], padding: 'valid' },
    { kernel: [3, 3], strides: [2, 2], dilation: [1, 1], padding: 'same' },
    { kernel: [3, 3], strides: [1, 1], dilation: [1, 1], padding: 'same' },
  ] as Geometry[])('MaxPooling2D and AveragePooling2D of %o', async (geometry) => {
    const { kernel, strides, padding } = geometry;
    const config = { pool_size: kernel, strides, padding };
    const inside = (taps: readonly { y: number; x: number }[], c: number): number[] =>
      taps.filter(({ y, x }) => y >= 0 && x >= 0 && y < 7 && x < 6).map(({ y, x }) => at(input, y, x, c));
    expectImage(
      await runLayer({ className: 'MaxPooling2D', config }),
      slide(input, 3, geometry, (taps, c) => Math.max(...inside(taps, c))),
    );
    expectImage(
      await runLayer({ className: 'AveragePooling2D', config }),
      slide(input, 3, geometry, (taps, c) => mean(inside(taps, c))),
    );
  });

  test.each([true, false])('global pooling, keepdims %s', async (keepdims) => {
    const channel = (c: number): number[] => [...input.data].filter((_, index) => index % 3 === c);
    const config = { keepdims };
    expectImage(
      await runLayer({ className: 'GlobalAveragePooling2D', config }),
      make(1, 1, 3, (_y, _x, c) => mean(channel(c))),
    );
    expectImage(
      await runLayer({ className: 'GlobalMaxPooling2D', config }),
      make(1, 1, 3, (_y, _x, c) => Math.max(...channel(c))),
    );
  });

  test('Flatten, Reshape and Permute', async () => {
    expectImage(await runLayer({ className: 'Flatten' }), {
      height: 1,
      width: 1,
      channels: 126,
      data: input.data,
    });
    expectImage(await runLayer({ className: 'Reshape', config: { target_shape: [3, 7, 6] } }), {
      height: 3,
      width: 7,
      channels: 6,
      data: input.data,
    });
    expectImage(
      await runLayer({ className: 'Permute', config: { dims: [2, 1, 3] } }),
      make(6, 7, 3, (y, x, c) => at(input, x, y, c)),
    );
  });

  test.each(['Dropout', 'SpatialDropout2D', 'GaussianNoise', 'GaussianDropout'])(
    '%s does nothing',
    async (className) => {
      expectImage(await runLayer({ className, config: { rate: 0.5, stddev: 1 } }), input);
    },
  );

  test('Rescaling and MultiplyBeta', async () => {
    expectImage(
      await runLayer({ className: 'Rescaling', config: { scale: 0.5, offset: -0.25 } }),
      map(input, (v) => v * 0.5 - 0.25),
    );
    expectImage(
      await runLayer({ className: 'MultiplyBeta' }),
      map(input, (v) => v * 0.2),
    );
  });

  test.each([2, 3, 4, 8])('PixelShuffle%ix', async (block) => {
    const x = picture(2, 3, 2 * block * block, 30);
    expectImage(
      await runLayer({ className: `PixelShuffle${block}x` }, x),
      make(2 * block, 3 * block, 2, (oy, ox, c) => {
        const phase = (oy % block) * block + (ox % block);
        return at(x, Math.floor(oy / block), Math.floor(ox / block), phase * 2 + c);
      }),
    );
  });
});

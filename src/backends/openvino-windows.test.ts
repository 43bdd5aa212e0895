/** Convolutions, pooling, padding and resizing of OpenVINO models compute what their definitions say. */
import { describe, expect, test } from 'vitest';
import {
  constantFloats,
  constantInts,
  layer,
  type TestLayer,
} from '../model/openvino/openvino-writer.test-support.ts';
import { at, bilinear, convolve, fill, image, nearest, pool, spread } from './nchw-reference.test-support.ts';
import { close, fed, pattern, run } from './openvino-layer.test-support.ts';

describe('convolutions', () => {
  const x = image(4, 9, 8);
  const conv = (data: TestLayer['data']): TestLayer['data'] => ({
    strides: '1,1',
    dilations: '1,1',
    pads_begin: '0,0',
    pads_end: '0,0',
    ...data,
  });

  test.each([
    [
      'explicit pads of four sizes',
      conv({ pads_begin: '1,2', pads_end: '2,0' }),
      { before: [1, 2], after: [2, 0] },
    ],
    [
      'stride and dilation',
      conv({ strides: '2,1', dilations: '1,2' }),
      { strides: [2, 1], dilations: [1, 2] },
    ],
    ['auto_pad over pads', conv({ auto_pad: 'valid', pads_begin: '5,5' }), {}],
  ] as const)('%s', async (name, data, window) => {
    // tfjs refuses a convolution with both.
    const backends = name === 'stride and dilation' ? ['native'] : undefined;
    const [shape, w] = [[5, 4, 3, 2], pattern(120)];
    const expected = convolve(x, w, shape, 1, window);
    const layers = [
      constantFloats('w', shape, w),
      layer('y', 'Convolution', ['x', 'w'], expected.shape, data),
    ];
    close(await run([fed(x), ...layers], x, backends), expected);
    close(await run([fed(x, true), ...layers], x, backends), expected);
  });

  test('same_lower has the odd pixel in front', async () => {
    const [shape, w] = [[3, 4, 2, 2], pattern(48)];
    const add = (data: TestLayer['data'], size: readonly number[]): TestLayer[] => [
      constantFloats('w', shape, w),
      layer('y', 'Convolution', ['x', 'w'], size, conv({ auto_pad: 'same_lower', ...data })),
    ];
    const one = convolve(x, w, shape, 1, { before: [1, 1] });
    close(await run([fed(x, true), ...add({}, one.shape)], x), one);
    const two = convolve(x, w, shape, 1, { before: [1, 0], strides: [2, 2] });
    close(await run([fed(x), ...add({ strides: '2,2' }, two.shape)], x), two);
    await expect(run([fed(x, true), ...add({ strides: '2,2' }, two.shape)], x)).rejects.toMatchObject({
      code: 'ENOSYS',
      message: expect.stringContaining(
        'Convolution with auto_pad=same_lower for frames of any size',
      ) as string,
    });
  });

  test.each([
    ['depthwise, two outputs a channel', 4, 2, 1],
    ['two groups of two', 2, 3, 2],
  ])('%s', async (_name, groups, outputs, inputs) => {
    const w = pattern(groups * outputs * inputs * 9);
    const expected = convolve(x, w, [groups * outputs, inputs, 3, 3], groups, {
      before: [1, 1],
      after: [1, 1],
      strides: [2, 2],
    });
    const data = conv({ pads_begin: '1,1', pads_end: '1,1', strides: '2,2' });
    const layers = [
      constantFloats('w', [groups, outputs, inputs, 3, 3], w),
      layer('y', 'GroupConvolution', ['x', 'w'], expected.shape, data),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });

  test.each([
    ['stride 2', [18, 16], conv({ strides: '2,2', pads_begin: '1,1', pads_end: '1,1' }), [1, 1]],
    [
      'output_padding',
      [18, 16],
      conv({ strides: '2,2', pads_begin: '1,1', pads_end: '2,2', output_padding: '1,1' }),
      [1, 1],
    ],
    ['no pads', [20, 18], conv({ strides: '2,2' }), [0, 0]],
  ] as const)('transposed: %s', async (_name, size, data, before) => {
    const w = pattern(4 * 3 * 16);
    const expected = spread(x, w, [4, 3, 4, 4], size, { strides: [2, 2], before });
    const layers = [
      constantFloats('w', [4, 3, 4, 4], w),
      layer('y', 'ConvolutionBackpropData', ['x', 'w'], expected.shape, data),
    ];
    close(await run([fed(x), ...layers], x), expected);
    close(await run([fed(x, true), ...layers], x), expected);
  });

  test.each([
    ['same_upper', [0, 0]],
    ['same_lower', [1, 1]],
  ] as const)('transposed to a given size with auto_pad=%s', async (auto_pad, before) => {
    const w = pattern(4 * 2 * 9);
    const expected = spread(x, w, [4, 2, 3, 3], [18, 16], { strides: [2, 2], before });
    const layers = [
      constantFloats('w', [4, 2, 3, 3], w),
      constantInts('size', [18, 16]),
      layer(
        'y',
        'ConvolutionBackpropData',
        ['x', 'w', 'size'],
        expected.shape,
        conv({ auto_pad, strides: '2,2' }),
      ),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });
});

describe('pooling', () => {
  const x = image(3, 8, 7);
  const data = (more: TestLayer['data']): TestLayer['data'] => ({
    kernel: '3,3',
    strides: '2,2',
    pads_begin: '0,0',
    pads_end: '0,0',
    ...more,
  });

  test.each([
    ['MaxPool', 'within the image', [3, 3], 0, data({})],
    ['MaxPool', 'ceil', [4, 3], 0, data({ rounding_type: 'ceil' })],
    ['MaxPool', 'pads', [4, 4], 1, data({ pads_begin: '1,1', pads_end: '1,1' })],
    ['MaxPool', 'auto_pad', [4, 4], 0, data({ auto_pad: 'same_upper', strides: '2,2', kernel: '2,2' })],
    ['AvgPool', 'within the image', [3, 3], 0, data({ 'exclude-pad': 'true' })],
    [
      'AvgPool',
      'what is outside counts',
      [4, 4],
      1,
      data({ 'exclude-pad': 'false', pads_begin: '1,1', pads_end: '1,1' }),
    ],
    [
      'AvgPool',
      'what is outside does not',
      [8, 7],
      1,
      data({ 'exclude-pad': 'true', strides: '1,1', pads_begin: '1,1', pads_end: '1,1' }),
    ],
  ] as const)('%s, %s', async (type, _name, size, before, attributes) => {
    const [kernel, stride] = [
      Number(attributes['kernel']!.toString()[0]),
      Number(attributes['strides']!.toString()[0]),
    ];
    const kind = type === 'MaxPool' ? 'max' : attributes['exclude-pad'] === 'false' ? 'mean counted' : 'mean';
    const expected = pool(x, size, kernel, stride, before, kind);
    close(await run([fed(x), layer('y', type, ['x'], expected.shape, attributes)], x), expected);
  });

  test('averages of uneven windows are refused by name', async () => {
    const attributes = data({ 'exclude-pad': 'true', pads_begin: '1,1', pads_end: '0,0' });
    const layers = [fed(x), layer('y', 'AvgPool', ['x'], [1, 3, 4, 3], attributes)];
    await expect(run(layers, x)).rejects.toMatchObject({
      code: 'ENOSYS',
      details: { layers: ['AvgPool of windows that reach over the edge unevenly'] },
    });
  });
});

test.each([
  ['constant', (): number => 0.5],
  ['edge', (position: number, size: number) => Math.max(0, Math.min(position, size - 1))],
  [
    'reflect',
    (position: number, size: number) =>
      position < 0 ? -position : position >= size ? 2 * size - 2 - position : position,
  ],
  [
    'symmetric',
    (position: number, size: number) =>
      position < 0 ? -position - 1 : position >= size ? 2 * size - 1 - position : position,
  ],
] as const)('Pad, %s', async (pad_mode, source) => {
  const x = image(2, 5, 6);
  const expected = fill(2, 8, 12, (c, row, column) => {
    const [y, left] = [row - 1, column - 3];
    if (pad_mode === 'constant') return at(x, c, y, left, 0.5);
    return at(x, c, source(y, 5), source(left, 6));
  });
  const layers = [
    constantInts('begin', [0, 0, 1, 3]),
    constantInts('end', [0, 0, 2, 3]),
    constantFloats('value', [], [0.5]),
    layer('y', 'Pad', ['x', 'begin', 'end', 'value'], expected.shape, { pad_mode }),
  ];
  // EdgePad is an op of the native backend.
  const backends = pad_mode === 'edge' ? ['native'] : undefined;
  close(await run([fed(x), ...layers], x, backends), expected, 0);
});

describe.each(['blocks_first', 'depth_first'])('%s', (mode) => {
  const blockChannel = (block: number, depth: number, c: number, by: number, bx: number): number =>
    mode === 'blocks_first' ? (by * block + bx) * depth + c : (c * block + by) * block + bx;

  test('DepthToSpace', async () => {
    const x = image(12, 4, 5);
    const expected = fill(3, 8, 10, (c, y, column) =>
      at(x, blockChannel(2, 3, c, y % 2, column % 2), Math.floor(y / 2), Math.floor(column / 2)),
    );
    close(
      await run([fed(x), layer('y', 'DepthToSpace', ['x'], expected.shape, { mode, block_size: 2 })], x),
      expected,
      0,
    );
  });

  test('SpaceToDepth', async () => {
    const x = image(2, 6, 9);
    const expected = fill(18, 2, 3, (c, y, column) => {
      for (let from = 0; from < 18; from++) {
        const [depth, by, bx] = [from % 2, Math.floor(from / 2) % 3, Math.floor(from / 6)];
        if (blockChannel(3, 2, depth, by, bx) === c) return at(x, depth, 3 * y + by, 3 * column + bx);
      }
      return NaN;
    });
    // tfjs has no kernel for it.
    close(
      await run([fed(x), layer('y', 'SpaceToDepth', ['x'], expected.shape, { mode, block_size: 3 })], x, [
        'native',
      ]),
      expected,
      0,
    );
  });
});

describe('Interpolate', () => {
  const x = image(2, 4, 5);
  const half = (position: number, from: number, to: number): number => ((position + 0.5) * from) / to - 0.5;
  const asymmetric = (position: number, from: number, to: number): number => (position * from) / to;
  const corners = (position: number, from: number, to: number): number => (position * (from - 1)) / (to - 1);

  function interpolate(data: TestLayer['data'], size: readonly [number, number], open = false): TestLayer[] {
    const all = {
      antialias: 'false',
      pads_begin: '0',
      pads_end: '0',
      shape_calculation_mode: 'sizes',
      ...data,
    };
    return [
      fed(x, open),
      constantInts('size', size),
      constantFloats('scales', [2], [size[0] / 4, size[1] / 5]),
      constantInts('axes', [2, 3]),
      layer('y', 'Interpolate', ['x', 'size', 'scales', 'axes'], [1, 2, ...size], all, 'opset4'),
    ];
  }

  test.each([
    ['half_pixel', 'linear', half],
    ['half_pixel', 'linear_onnx', half],
    ['asymmetric', 'linear_onnx', asymmetric],
    ['align_corners', 'linear', corners],
  ] as const)('%s, %s', async (coordinate_transformation_mode, mode, coordinate) => {
    for (const size of [
      [8, 10],
      [12, 15],
      [3, 7],
    ] as const) {
      const layers = interpolate({ mode, coordinate_transformation_mode }, size);
      close(await run(layers, x), bilinear(x, size, coordinate));
    }
    const scaled = interpolate(
      { mode, coordinate_transformation_mode, shape_calculation_mode: 'scales' },
      [8, 15],
      true,
    );
    close(await run(scaled, x), bilinear(x, [8, 15], coordinate));
  });

  test.each([
    ['asymmetric', 'floor', (p: number, f: number, t: number) => Math.floor(asymmetric(p, f, t))],
    ['asymmetric', 'simple', (p: number, f: number, t: number) => Math.floor(asymmetric(p, f, t))],
    [
      'half_pixel',
      'round_prefer_floor',
      (p: number, f: number, t: number) => Math.round(half(p, f, t) - 1e-9),
    ],
    ['tf_half_pixel_for_nn', 'floor', (p: number, f: number, t: number) => Math.floor(half(p, f, t) + 0.5)],
  ] as const)('nearest: %s, %s', async (coordinate_transformation_mode, nearest_mode, sourceOf) => {
    for (const open of [false, true]) {
      const data = {
        mode: 'nearest',
        coordinate_transformation_mode,
        nearest_mode,
        shape_calculation_mode: 'scales',
      };
      close(await run(interpolate(data, [8, 15], open), x), nearest(x, [8, 15], sourceOf), 0);
    }
  });

  test('what TensorFlow has no pixels for is refused by name', async () => {
    const layers = interpolate(
      { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'ceil' },
      [8, 10],
    );
    await expect(run(layers, x)).rejects.toMatchObject({
      code: 'ENOSYS',
      details: {
        layers: ['Interpolate with coordinate_transformation_mode=asymmetric and nearest_mode=ceil'],
      },
    });
    await expect(run(interpolate({ mode: 'cubic' }, [8, 10]), x)).rejects.toThrow(
      'Interpolate with mode=cubic',
    );
  });

  test('opset 1', async () => {
    const layers = (data: TestLayer['data']): TestLayer[] => [
      fed(x),
      constantInts('size', [8, 10]),
      layer('y', 'Interpolate', ['x', 'size'], [1, 2, 8, 10], { axes: '2,3', ...data }),
    ];
    const linear = await run(layers({ mode: 'linear', align_corners: 'true' }), x);
    close(linear, bilinear(x, [8, 10], corners));
    const near = await run(layers({ mode: 'nearest', align_corners: 'false' }), x);
    close(
      near,
      nearest(x, [8, 10], (p, f, t) => Math.floor(asymmetric(p, f, t))),
      0,
    );
  });
});

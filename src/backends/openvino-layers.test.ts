/** Layers of OpenVINO models compute what their definitions say. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { DNNData, DNNModule } from '../dnn/interface.ts';
import { feedChannelsLast } from '../graph/feed-channels-last.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { loadModel } from '../model/load-model.ts';
import {
  constantFloats,
  constantInts,
  layer,
  parameter,
  readingIr,
  result,
  writeIr,
  type TestLayer,
} from '../model/openvino/openvino-writer.test-support.ts';
import { createTensorflowModule } from './tensorflow/tensorflow-module.ts';
import { nativeModel } from './native/native-model.test-support.ts';
import {
  at,
  bilinear,
  convolve,
  each,
  fill,
  image,
  nearest,
  pool,
  spread,
  type Nchw,
} from './nchw-reference.test-support.ts';

const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule({ simdWasmURL: `${wasm}-simd.wasm`, wasmURL: `${wasm}.wasm` });
});

/** A result of 4 dimensions as it comes from a backend, with channels first. */
function channelsFirst({ data, dims: [, height, width, channels] }: DNNData): Nchw {
  return fill(channels, height, width, (c, y, x) => data[(y * width + x) * channels + c]!);
}

/** Runs layers from x to y on both backends, which must agree; a result of 4 dimensions comes back with channels first. */
async function run(
  layers: readonly TestLayer[],
  input: Nchw,
  on: readonly string[] = ['native', 'tensorflow'],
): Promise<Nchw> {
  const names = { input: 'x', outputs: ['y'] };
  const read = await loadModel('m.xml', readingIr(writeIr([...layers, result('y')])));
  const { graph, batchFree } = optimizeGraph(feedChannelsLast(read, { ...names, pictures: true }), names);
  const [, channels, height, width] = input.shape;
  const data = new Float32Array(input.data.length);
  for (let index = 0; index < data.length; index++) {
    const [c, pixel] = [index % channels, Math.floor(index / channels)];
    data[index] = at(input, c, Math.floor(pixel / width), pixel % width);
  }
  const results: Nchw[] = [];
  for (const backend of on) {
    const spec = { graph, batchFree, ...names };
    const model = backend === 'native' ? nativeModel(spec) : await tensorflow.loadModel(spec);
    const [output] = await model.execute({ data, dims: [1, height, width, channels] });
    results.push(channelsFirst(output!));
    model.close();
  }
  for (const other of results.slice(1)) close(results[0]!, other);
  return results[0]!;
}

function close(one: Nchw, other: Nchw, tolerance = 2e-5): void {
  expect(one.shape).toEqual(other.shape);
  const worst = one.data.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - other.data[index]!)),
    0,
  );
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** The shape of the file's input: that of the image, or open in height and width. */
function fed({ shape }: Nchw, open = false): TestLayer {
  return parameter('x', open ? [1, shape[1], -1, -1] : shape);
}

function pattern(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * 37 + 11) % 19) / 16 - 0.5);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

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
  ['edge', (place: number, size: number) => Math.max(0, Math.min(place, size - 1))],
  [
    'reflect',
    (place: number, size: number) => (place < 0 ? -place : place >= size ? 2 * size - 2 - place : place),
  ],
  [
    'symmetric',
    (place: number, size: number) => (place < 0 ? -place - 1 : place >= size ? 2 * size - 1 - place : place),
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
  const places = (block: number, depth: number, c: number, by: number, bx: number): number =>
    mode === 'blocks_first' ? (by * block + bx) * depth + c : (c * block + by) * block + bx;

  test('DepthToSpace', async () => {
    const x = image(12, 4, 5);
    const expected = fill(3, 8, 10, (c, y, column) =>
      at(x, places(2, 3, c, y % 2, column % 2), Math.floor(y / 2), Math.floor(column / 2)),
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
      for (let place = 0; place < 18; place++) {
        const [depth, by, bx] = [place % 2, Math.floor(place / 2) % 3, Math.floor(place / 6)];
        if (places(3, 2, depth, by, bx) === c) return at(x, depth, 3 * y + by, 3 * column + bx);
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
  const half = (place: number, from: number, to: number): number => ((place + 0.5) * from) / to - 0.5;
  const asymmetric = (place: number, from: number, to: number): number => (place * from) / to;
  const corners = (place: number, from: number, to: number): number => (place * (from - 1)) / (to - 1);

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
  ] as const)('nearest: %s, %s', async (coordinate_transformation_mode, nearest_mode, place) => {
    for (const open of [false, true]) {
      const data = {
        mode: 'nearest',
        coordinate_transformation_mode,
        nearest_mode,
        shape_calculation_mode: 'scales',
      };
      close(await run(interpolate(data, [8, 15], open), x), nearest(x, [8, 15], place), 0);
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

describe('activations', () => {
  const x = image(3, 4, 5);
  const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
  const six = (value: number): number => Math.min(Math.max(value + 3, 0), 6) / 6;
  const slopes = [0.5, -1, 2];
  test.each<[string, TestLayer['data'], readonly TestLayer[], (value: number, c: number) => number]>([
    ['ReLU', {}, [], (v) => Math.max(v, 0)],
    ['Sigmoid', {}, [], sigmoid],
    ['Tanh', {}, [], Math.tanh],
    ['Exp', {}, [], Math.exp],
    ['Abs', {}, [], Math.abs],
    ['Elu', { alpha: 1 }, [], (v) => (v < 0 ? Math.expm1(v) : v)],
    ['Elu', { alpha: 0.3 }, [], (v) => (v < 0 ? 0.3 * Math.expm1(v) : v)],
    ['HSwish', {}, [], (v) => v * six(v)],
    ['HSigmoid', {}, [], six],
    ['Clamp', { min: -0.25, max: 1 }, [], (v) => Math.min(Math.max(v, -0.25), 1)],
    ['Clamp', { min: 0, max: 6 }, [], (v) => Math.min(Math.max(v, 0), 6)],
    ['Mish', {}, [], (v) => v * Math.tanh(Math.log1p(Math.exp(v)))],
    ['Swish', {}, [], (v) => v * sigmoid(v)],
    ['PReLU', {}, [constantFloats('p', [3], slopes)], (v, c) => (v < 0 ? slopes[c]! * v : v)],
    ['PReLU', {}, [constantFloats('p', [1], [0.2])], (v) => (v < 0 ? 0.2 * v : v)],
    ['Power', {}, [constantFloats('p', [], [2])], (v) => v * v],
    ['Divide', {}, [constantFloats('p', [1, 3, 1, 1], slopes)], (v, c) => v / slopes[c]!],
    ['Minimum', {}, [constantFloats('p', [3, 1, 1], slopes)], (v, c) => Math.min(v, slopes[c]!)],
    ['SquaredDifference', {}, [constantFloats('p', [], [1])], (v) => (v - 1) ** 2],
    [
      'HardSigmoid',
      {},
      [constantFloats('p', [], [0.3]), constantFloats('q', [], [0.4])],
      (v) => Math.min(Math.max(0.3 * v + 0.4, 0), 1),
    ],
  ])('%s %j', async (type, data, constants, value) => {
    const inputs = ['x', ...constants.map(({ name }) => name)];
    const layers = [fed(x), ...constants, layer('y', type, inputs, x.shape, data)];
    close(await run(layers, x), each(x, value));
  });

  test.each([1, 3, -1])('SoftMax along axis %i', async (axis) => {
    const sums = (c: number, y: number, column: number): number =>
      axis === 1
        ? [0, 1, 2].reduce((sum, k) => sum + Math.exp(at(x, k, y, column)), 0)
        : numbers(5).reduce((sum, k) => sum + Math.exp(at(x, c, y, k)), 0);
    const expected = fill(3, 4, 5, (c, y, column) => Math.exp(at(x, c, y, column)) / sums(c, y, column));
    close(await run([fed(x), layer('y', 'SoftMax', ['x'], x.shape, { axis }, 'opset8')], x), expected);
  });
});

describe('normalisations and reductions', () => {
  const x = image(3, 4, 5);
  const all = (c: number): number[] => Array.from(x.data.subarray(c * 20, c * 20 + 20));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  test.each(['opset1', 'opset5'])('BatchNormInference of %s', async (opset) => {
    const parts = { gamma: [1, 0.5, -2], beta: [0, 1, 0.25], mean: [0.5, 0, -1], variance: [1, 4, 0.25] };
    const constants = Object.entries(parts).map(([name, values]) => constantFloats(name, [3], values));
    const inputs =
      opset === 'opset5'
        ? ['x', 'gamma', 'beta', 'mean', 'variance']
        : ['gamma', 'beta', 'x', 'mean', 'variance'];
    const expected = each(
      x,
      (v, c) =>
        (parts.gamma[c]! * (v - parts.mean[c]!)) / Math.sqrt(parts.variance[c]! + 0.001) + parts.beta[c]!,
    );
    const layers = [
      fed(x),
      ...constants,
      layer('y', 'BatchNormInference', inputs, x.shape, { epsilon: 0.001 }, opset),
    ];
    close(await run(layers, x), expected);
  });

  test('NormalizeL2 over the channels', async () => {
    const expected = fill(3, 4, 5, (c, y, column) => {
      const sum = [0, 1, 2].reduce((total, k) => total + at(x, k, y, column) ** 2, 0);
      return at(x, c, y, column) / Math.sqrt(sum + 0.01);
    });
    const layers = [
      constantInts('axes', [1]),
      layer('y', 'NormalizeL2', ['x', 'axes'], x.shape, { eps: 0.01, eps_mode: 'add' }),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });

  test('MVN over height and width', async () => {
    const expected = each(x, (v, c) => {
      const middle = mean(all(c));
      return (v - middle) / Math.sqrt(mean(all(c).map((value) => (value - middle) ** 2)) + 0.001);
    });
    const data = { eps: 0.001, normalize_variance: 'true', eps_mode: 'inside_sqrt' };
    const layers = [constantInts('axes', [2, 3]), layer('y', 'MVN', ['x', 'axes'], x.shape, data, 'opset6')];
    close(await run([fed(x), ...layers], x), expected);
  });

  test.each([
    ['ReduceMean', mean],
    ['ReduceMax', (values: readonly number[]) => Math.max(...values)],
    ['ReduceSum', (values: readonly number[]) => values.reduce((a, b) => a + b, 0)],
  ] as const)('%s over height and width', async (type, reduce) => {
    const expected = fill(3, 1, 1, (c) => reduce(all(c)));
    const layers = [
      constantInts('axes', [2, 3]),
      layer('y', type, ['x', 'axes'], expected.shape, { keep_dims: 'true' }),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });
});

describe('rearrangements', () => {
  const x = image(4, 3, 5);

  test('Split, VariadicSplit and Concat', async () => {
    const layers: TestLayer[] = [
      fed(x),
      constantInts('axis', [1], []),
      constantInts('lengths', [1, -1]),
      {
        ...layer('s', 'Split', ['x', 'axis'], [1, 2, 3, 5], { num_splits: 2 }),
        outputs: [
          [1, 2, 3, 5],
          [1, 2, 3, 5],
        ],
      },
      {
        ...layer('v', 'VariadicSplit', ['x', 'axis', 'lengths'], []),
        outputs: [
          [1, 1, 3, 5],
          [1, 3, 3, 5],
        ],
      },
      layer('y', 'Concat', ['s:1', 'v:1', 's', 'v'], [1, 8, 3, 5], { axis: 1 }),
    ];
    const order = [2, 3, 1, 2, 3, 0, 1, 0];
    close(
      await run(layers, x),
      fill(8, 3, 5, (c, y, column) => at(x, order[c]!, y, column)),
      0,
    );
  });

  test('StridedSlice and Slice', async () => {
    const strided = [
      constantInts('b', [0, 1, 0]),
      constantInts('e', [0, 4, 2]),
      constantInts('s', [1, 2, 1]),
      layer('y', 'StridedSlice', ['x', 'b', 'e', 's'], [1, 2, 2, 5], {
        begin_mask: '1,0,1',
        end_mask: '1,0,0',
      }),
    ];
    close(
      await run([fed(x), ...strided], x),
      fill(2, 2, 5, (c, y, column) => at(x, 1 + 2 * c, y, column)),
      0,
    );
    const slice = [
      constantInts('b', [1]),
      constantInts('e', [5]),
      constantInts('s', [2]),
      constantInts('a', [-1]),
      layer('y', 'Slice', ['x', 'b', 'e', 's', 'a'], [1, 4, 3, 2], {}, 'opset8'),
    ];
    close(
      await run([fed(x), ...slice], x),
      fill(4, 3, 2, (c, y, column) => at(x, c, y, 1 + 2 * column)),
      0,
    );
  });

  test('a classifier: mean, Squeeze, MatMul, Unsqueeze, SoftMax', async () => {
    const w = pattern(4 * 6);
    const layers: TestLayer[] = [
      fed(x, true),
      constantInts('axes', [2, 3]),
      layer('m', 'ReduceMean', ['x', 'axes'], [1, 4, 1, 1], { keep_dims: 'true' }),
      layer('q', 'Squeeze', ['m', 'axes'], [1, 4]),
      constantFloats('w', [6, 4], w),
      layer('f', 'MatMul', ['q', 'w'], [1, 6], { transpose_a: 'false', transpose_b: 'true' }),
      layer('p', 'SoftMax', ['f'], [1, 6], { axis: 1 }),
      layer('y', 'Unsqueeze', ['p', 'axes'], [1, 6, 1, 1]),
    ];
    const means = numbers(4).map((c) => x.data.subarray(15 * c, 15 * c + 15).reduce((a, b) => a + b, 0) / 15);
    const sums = numbers(6).map((o) =>
      Math.exp(means.reduce((sum, value, c) => sum + value * w[4 * o + c]!, 0)),
    );
    const total = sums.reduce((a, b) => a + b, 0);
    close(
      await run(layers, x),
      fill(6, 1, 1, (o) => sums[o]! / total),
    );
  });

  test('Reshape with special_zero, Transpose, ShapeOf with Gather', async () => {
    const layers: TestLayer[] = [
      fed(x, true),
      constantInts('flat', [0, 2, 2, -1]),
      layer('r', 'Reshape', ['x', 'flat'], [1, 2, 2, 15], { special_zero: 'true' }),
      constantInts('order', [0, 2, 1, 3]),
      layer('t', 'Transpose', ['r', 'order'], [1, 2, 2, 15]),
      layer('sizes', 'ShapeOf', ['x'], [4], { output_type: 'i64' }, 'opset3'),
      constantInts('all', [0, 1, 2, 3]),
      constantInts('axis', [0], []),
      { ...layer('g', 'Gather', ['sizes', 'all', 'axis'], [4], {}, 'opset8'), precision: 'I64' },
      layer('y', 'Reshape', ['t', 'g'], [1, 4, 3, 5], { special_zero: 'false' }),
    ];
    const order = [0, 2, 1, 3];
    close(
      await run(layers, x),
      fill(4, 3, 5, (c, y, column) => at(x, order[c]!, y, column)),
      0,
    );
  });
});

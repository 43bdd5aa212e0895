import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DNNData, DNNModelSpec, DNNModule } from '../../dnn/contract/interface.ts';
import type { AttrValue, Graph, GraphNode, Tensor } from '../../graph/graph.ts';
import { constNode, floatNode, placeholderNode } from '../../graph/node-builder.ts';
import { nodeAssets } from './node-runtime.test-support.ts';
import { createTensorflowModule } from './tensorflow-module.ts';

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule(nodeAssets);
});

function floats(shape: readonly number[], value: (index: number) => number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: count }, (_, i) => value(i)) };
}

function ints(shape: readonly number[], ...values: number[]): Tensor {
  return { dtype: 'int32', shape, data: Int32Array.from(values) };
}

function spec(nodes: readonly GraphNode[], overrides: Partial<DNNModelSpec> = {}): DNNModelSpec {
  const graph: Graph = { nodes, signature: { inputs: {}, outputs: {} } };
  return { graph, batchFree: true, input: 'x', outputs: ['y'], ...overrides };
}

function picture(dims: DNNData['dims']): DNNData {
  const count = dims.reduce((product, size) => product * size, 1);
  return { dims, data: Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.7) + (i % 5) / 7) };
}

/** As exporters write it that strip defaults: no dilations, no data_format. */
const conv2d: Record<string, AttrValue> = {
  strides: { list: { i: [1, 1, 1, 1] } },
  padding: { s: 'SAME' },
};

/** Conv2D with zero padding that keeps the size, plus bias: the definition, slowly. */
function referenceConv(input: DNNData, filter: Tensor, bias: Tensor): DNNData {
  const [n, height, width, inChannels] = input.dims;
  const [kh = 0, kw = 0, , outChannels = 0] = filter.shape;
  const weights = filter.data as Float32Array;
  const data = new Float32Array(n * height * width * outChannels);
  const at = (b: number, y: number, x: number, c: number): number =>
    y < 0 || x < 0 || y >= height || x >= width
      ? 0
      : input.data[((b * height + y) * width + x) * inChannels + c]!;
  let position = 0;
  for (let b = 0; b < n; b++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let o = 0; o < outChannels; o++) {
          let sum = bias.data[o] as number;
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++)
              for (let c = 0; c < inChannels; c++)
                sum +=
                  at(b, y + i - (kh >> 1), x + j - (kw >> 1), c) *
                  weights[((i * kw + j) * inChannels + c) * outChannels + o]!;
          data[position++] = sum;
        }
  return { data, dims: [n, height, width, outChannels] };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

const filter = floats([3, 3, 3, 5], (i) => Math.cos(i) / 4);
const bias = floats([5], (i) => (i - 2) / 3);
const convolution = [
  placeholderNode('x', [-1, -1, -1, 3]),
  constNode('filter', filter),
  constNode('bias', bias),
  floatNode('conv', 'Conv2D', ['x', 'filter'], conv2d),
  floatNode('add', 'BiasAdd', ['conv', 'bias']),
];

function fused(activation: string, extra: Record<string, AttrValue> = {}): GraphNode[] {
  return [
    ...convolution.slice(0, 3),
    floatNode('y', '_FusedConv2D', ['x', 'filter', 'bias'], {
      ...conv2d,
      num_args: { i: 1 },
      fused_ops: { list: { s: ['BiasAdd', activation] } },
      ...extra,
    }),
  ];
}

describe('a convolution equals its definition', () => {
  const input = picture([2, 7, 9, 3]);
  const expected = referenceConv(input, filter, bias);
  const cases: [string, readonly GraphNode[], (value: number) => number][] = [
    ['Relu', [...convolution, floatNode('y', 'Relu', ['add'])], (v) => Math.max(v, 0)],
    ['Tanh', [...convolution, floatNode('y', 'Tanh', ['add'])], Math.tanh],
    ['Sigmoid', [...convolution, floatNode('y', 'Sigmoid', ['add'])], (v) => 1 / (1 + Math.exp(-v))],
    ['fused Relu', fused('Relu'), (v) => Math.max(v, 0)],
    ['fused LeakyRelu', fused('LeakyRelu', { leakyrelu_alpha: { f: 0.25 } }), (v) => (v < 0 ? v / 4 : v)],
  ];
  it.each(cases)('%s', async (_, nodes, activation) => {
    const model = await tensorflow.loadModel(spec(nodes));
    const [result] = await model.execute(input);
    expect(result?.dims).toEqual([2, 7, 9, 5]);
    expect(largestDifference(result!.data, expected.data.map(activation))).toBeLessThan(1e-5);
    model.close();
  });
});

describe('execute', () => {
  const shuffle = [
    placeholderNode('x', [-1, -1, -1, 4]),
    floatNode('y', 'DepthToSpace', ['x'], { block_size: { i: 2 } }),
  ];

  it('moves values exactly and gives results that are the caller’s own', async () => {
    const model = await tensorflow.loadModel(spec(shuffle));
    const input: DNNData = { dims: [1, 1, 2, 4], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
    const [first] = await model.execute(input);
    const [second] = await model.execute({ ...input, data: input.data.map((v) => v + 10) });
    expect([...first!.data]).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
    expect([...second!.data]).toEqual([10, 11, 14, 15, 12, 13, 16, 17]);
    expect(first!.data.buffer.byteLength).toBe(32);
    expect(first!.dims).toEqual([1, 2, 4, 1]);
    model.close();
  });

  it('uses the memory of spent results where the size is right', async () => {
    const model = await tensorflow.loadModel(spec(shuffle));
    const input: DNNData = { dims: [1, 1, 2, 4], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
    const spent = await model.execute(input);
    const [second] = await model.execute({ ...input, data: input.data.map((v) => v + 10) }, spent);
    expect(second!.data).toBe(spent[0]!.data);
    expect([...second!.data]).toEqual([10, 11, 14, 15, 12, 13, 16, 17]);
    const [smaller] = await model.execute({ dims: [1, 1, 1, 4], data: Float32Array.of(1, 2, 3, 4) }, spent);
    expect([...smaller!.data]).toEqual([1, 2, 3, 4]);
    model.close();
  });

  it('gives several outputs in the order of the spec, ranks below 4 with leading ones', async () => {
    const nodes = [
      placeholderNode('x', [-1, -1, -1, 2]),
      constNode('axis', ints([2], 1, 2)),
      floatNode('mean', 'Mean', ['x', 'axis'], { keep_dims: { b: false } }),
      constNode('all', ints([1], -1)),
      floatNode('flat', 'Reshape', ['x', 'all']),
      floatNode('size', 'Shape', ['x']),
    ];
    const model = await tensorflow.loadModel(spec(nodes, { outputs: ['flat', 'mean', 'size', 'x'] }));
    const input: DNNData = { dims: [1, 1, 2, 2], data: Float32Array.of(1, 2, 3, 4) };
    const [flat, mean, size, same] = await model.execute(input);
    expect(flat).toEqual({ dims: [1, 1, 1, 4], data: input.data });
    expect(mean).toEqual({ dims: [1, 1, 1, 2], data: Float32Array.of(2, 3) });
    expect(size).toEqual({ dims: [1, 1, 1, 4], data: Float32Array.of(1, 1, 2, 2) });
    expect(same).toEqual(input);
    model.close();
  });

  it('feeds integer placeholders', async () => {
    const model = await tensorflow.loadModel(
      spec([
        placeholderNode('x', [1, -1, -1, 1], 'uint8'),
        floatNode('y', 'Cast', ['x'], { SrcT: { type: 'uint8' }, DstT: { type: 'float32' } }),
      ]),
    );
    const [result] = await model.execute({ dims: [1, 1, 2, 1], data: Float32Array.of(7, 255) });
    expect([...result!.data]).toEqual([7, 255]);
    model.close();
  });

  it('runs the control flow of TensorFlow 1', async () => {
    const bool: Tensor = { dtype: 'bool', shape: [], data: Uint8Array.of(1) };
    const nodes = [
      placeholderNode('x', [-1, -1, -1, 1]),
      constNode('which', bool),
      floatNode('switch', 'Switch', ['x', 'which']),
      floatNode('no', 'Neg', ['switch']),
      floatNode('yes', 'Exp', ['switch:1']),
      floatNode('y', 'Merge', ['no', 'yes']),
    ];
    const model = await tensorflow.loadModel(spec(nodes));
    const input: DNNData = { dims: [1, 1, 1, 1], data: Float32Array.of(1) };
    const before = memory().numTensors;
    const results = await Promise.all([model.execute(input), model.execute(input)]);
    for (const [result] of results) expect(result!.data[0]).toBeCloseTo(Math.E, 5);
    expect(memory().numTensors).toBe(before);
    model.close();
  });

  it('keeps no tensor, whether it succeeds or fails', async () => {
    const empty = memory().numTensors;
    const model = await tensorflow.loadModel(spec(fused('Relu')));
    const other = await tensorflow.loadModel(spec(shuffle));
    const loaded = memory().numTensors;
    expect(loaded).toBe(empty + 2);
    for (let i = 0; i < 3; i++) {
      await model.execute(picture([1, 4, 4, 3]));
      await other.execute(picture([1, 4, 4, 4]));
      await expect(model.execute(picture([1, 4, 4, 2]))).rejects.toMatchObject({ code: 'DNN_GENERIC_ERROR' });
    }
    expect(memory().numTensors).toBe(loaded);
    expect(model.memoryBytes()).toBeGreaterThan(1 << 20);
    model.close();
    model.close();
    await expect(other.execute(picture([1, 2, 2, 4]))).resolves.toHaveLength(1);
    other.close();
    expect(memory().numTensors).toBe(empty);
    await expect(model.execute(picture([1, 4, 4, 3]))).rejects.toThrow(/after close/);
  });

  it('refuses a batch where the graph takes single items, and data that does not fill its dims', async () => {
    const model = await tensorflow.loadModel(spec(shuffle, { batchFree: false }));
    await expect(model.execute(picture([2, 1, 1, 4]))).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(model.execute({ dims: [1, 1, 1, 4], data: new Float32Array(3) })).rejects.toThrow(
      /3 values/,
    );
    model.close();
  });

  it('reports a tensor beyond 4 GiB and goes on', async () => {
    const size = [placeholderNode('x', [-1, -1, -1, 1]), constNode('size', ints([2], 40_000, 40_000))];
    const model = await tensorflow.loadModel(
      spec([...size, floatNode('y', 'ResizeNearestNeighbor', ['x', 'size'])]),
    );
    const loaded = memory().numTensors;
    const one: DNNData = { dims: [1, 1, 1, 1], data: Float32Array.of(3) };
    await expect(model.execute(one)).rejects.toMatchObject({ code: 'ENOMEM' });
    expect(memory().numTensors).toBe(loaded);
    model.close();
  });
});

describe('loadModel', () => {
  it('names every missing kernel at once, and only what the outputs need', async () => {
    const nodes = [
      ...fused('Tanh').slice(0, 3),
      floatNode('fused', '_FusedConv2D', ['x', 'filter', 'bias'], {
        ...conv2d,
        num_args: { i: 1 },
        fused_ops: { list: { s: ['BiasAdd', 'Tanh'] } },
      }),
      floatNode('planar', 'Conv2D', ['fused', 'filter'], { ...conv2d, data_format: { s: 'NCHW' } }),
      floatNode('fft', 'FFT', ['planar']),
      floatNode('odd', 'NoSuchOp', ['fft']),
      floatNode('again', 'NoSuchOp', ['odd']),
      floatNode('unknown', 'AlsoNoSuchOp', ['x']),
      floatNode('y', 'Relu', ['again', '^odd']),
    ];
    await expect(tensorflow.loadModel(spec(nodes))).rejects.toMatchObject({
      code: 'ENOSYS',
      message: expect.stringContaining(
        '_FusedConv2D with fused Tanh, Conv2D in NCHW layout, FFT, NoSuchOp.',
      ) as string,
    });
  });

  it('sends nobody to another backend for an op that is known nowhere', async () => {
    const nodes = [placeholderNode('x', [-1, -1, -1, 3]), floatNode('y', 'NoSuchOp', ['x'])];
    await expect(tensorflow.loadModel(spec(nodes))).rejects.toThrow(/has no kernel for: NoSuchOp\.$/);
  });

  it.each<[string, GraphNode['attrs'], string]>([
    ['BiasAdd', { data_format: { s: 'NCHW' } }, 'BiasAdd in NCHW layout'],
    ['FusedBatchNormV3', { data_format: { s: 'NCHW' } }, 'FusedBatchNormV3 in NCHW layout'],
    ['Conv2DBackpropInput', { data_format: { s: 'NCHW' } }, 'Conv2DBackpropInput in NCHW layout'],
    [
      'Conv2DBackpropInput',
      { dilations: { list: { i: [1, 1, 2, 1] } } },
      "Conv2DBackpropInput 'y' with a dilation",
    ],
    [
      'Conv2D',
      { dilations: { list: { i: [1, 2, 2, 1] } }, strides: { list: { i: [1, 2, 1, 1] } } },
      "Conv2D 'y' with both a stride and a dilation",
    ],
    ['MaxPool', { padding: { s: 'EXPLICIT' } }, "MaxPool 'y' with explicit padding"],
    [
      'FusedDepthwiseConv2dNative',
      { fused_ops: { list: { s: ['BiasAdd', 'LeakyRelu'] } } },
      'FusedDepthwiseConv2dNative with fused LeakyRelu',
    ],
  ])('refuses %s %j, which tfjs would run wrongly or fail at', async (op, attrs, reason) => {
    const nodes = [placeholderNode('x', [-1, -1, -1, 3]), floatNode('y', op, ['x', 'x', 'x'], attrs)];
    await expect(tensorflow.loadModel(spec(nodes))).rejects.toMatchObject({
      code: 'ENOSYS',
      message:
        `dnn_backend=tensorflow cannot run this model; it has no kernel for: ${reason}. ` +
        'dnn_backend=native may have them.',
    });
  });

  it('does not execute what stands before the input node', async () => {
    const nodes = [
      floatNode('bytes', 'DecodeJpeg', []),
      floatNode('x', 'Cast', ['bytes']),
      floatNode('y', 'Neg', ['x']),
    ];
    const model = await tensorflow.loadModel(spec(nodes));
    const [result] = await model.execute({ dims: [1, 1, 1, 1], data: Float32Array.of(4) });
    expect([...result!.data]).toEqual([-4]);
    model.close();
  });

  it.each([
    ['input', { input: 'in' }],
    ['output', { outputs: ['x', 'out'] }],
  ])('refuses an %s name that the graph does not have', async (option, overrides) => {
    await expect(
      tensorflow.loadModel(spec(convolution, { outputs: ['add'], ...overrides })),
    ).rejects.toMatchObject({
      code: 'EINVAL',
      details: { option },
    });
  });

  it('runs on SIMD and starts once', async () => {
    const again = await createTensorflowModule({ simdWasmURL: 'nowhere', wasmURL: 'nowhere' });
    expect([tensorflow.device, again.device, again.type]).toEqual(['wasm-simd', 'wasm-simd', 'tensorflow']);
  });
});

/**
 * What a model file may hold beside a float32 graph with channels last, from its bytes
 * to the results of both backends.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { DNNData, DNNModule } from '../dnn/contract/interface.ts';
import { feedChannelsLast } from '../graph/feed-channels-last.ts';
import { convolution, floats, graph, node, placeholder } from '../graph/graph-builder.test-support.ts';
import type { Graph } from '../graph/graph.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { pictures } from '../graph/run-graph.test-support.ts';
import { writeGraphDef } from '../model/graphdef/graphdef-writer.test-support.ts';
import { loadModel } from '../model/load-model.ts';
import { nativeModel } from './native/wasm/native-model.test-support.ts';
import { createTensorflowModule } from './tensorflow/tensorflow-module.ts';

const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';
const names = { input: 'x', outputs: ['y'] };

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule({ simdWasmURL: `${wasm}-simd.wasm`, wasmURL: `${wasm}.wasm` });
});

function largestDifference(one: DNNData, other: DNNData): number {
  expect(one.dims).toEqual(other.dims);
  return one.data.reduce((most, value, index) => Math.max(most, Math.abs(value - other.data[index]!)), 0);
}

/** Runs x to y on both backends, which must agree. */
async function run(model: Graph, input: DNNData): Promise<DNNData> {
  const spec = { ...optimizeGraph(model, names), ...names };
  const native = nativeModel(spec);
  const other = await tensorflow.loadModel(spec);
  const [one] = await native.execute(input);
  const [two] = await other.execute(input);
  native.close();
  other.close();
  expect(largestDifference(one!, two!)).toBeLessThan(1e-4);
  return one!;
}

function picture(channels: number): DNNData {
  return { data: pictures(1, 7, 6, channels).data as Float32Array, dims: [1, 7, 6, channels] };
}

const utf8 = new TextEncoder();

/** A tfjs model of one shard. */
function tfjs(json: object, shard: Uint8Array): Promise<Graph> {
  return loadModel('dir/model.json', (path) =>
    path === 'dir/w.bin' ? Promise.resolve(shard) : Promise.resolve(utf8.encode(JSON.stringify(json))),
  );
}

const attr = { T: { type: 'DT_FLOAT' } };
const topology = {
  node: [
    {
      name: 'x',
      op: 'Placeholder',
      attr: {
        dtype: { type: 'DT_FLOAT' },
        shape: { shape: { dim: [{ size: 1 }, { size: -1 }, { size: -1 }, { size: 2 }] } },
      },
    },
    { name: 'w', op: 'Const' },
    {
      name: 'c',
      op: 'Conv2D',
      input: ['x', 'w'],
      attr: {
        ...attr,
        strides: { list: { i: ['1', '1', '1', '1'] } },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
        padding: { s: btoa('SAME') },
        data_format: { s: btoa('NHWC') },
      },
    },
    { name: 'y', op: 'Tanh', input: ['c'], attr },
  ],
};

function convolutionOf(weights: readonly number[]): Graph {
  return graph(
    placeholder('x', [1, -1, -1, 2]),
    floats('c/kernel', [3, 3, 2, 2], weights),
    ...convolution('c', 'x', [3, 3, 2, 2]).slice(1),
    node('y', 'Tanh', ['c']),
  );
}

describe('quantised weights of a tfjs model', () => {
  const codes = Array.from({ length: 36 }, (_, index) => (index * 53) % 251);
  const scale = 0.004;
  const min = -0.5;
  const entry = (quantization: object): object => ({
    format: 'graph-model',
    modelTopology: topology,
    weightsManifest: [
      { paths: ['w.bin'], weights: [{ name: 'w', shape: [3, 3, 2, 2], dtype: 'float32', quantization }] },
    ],
  });

  test.each([
    ['uint8', (values: readonly number[]) => Uint8Array.from(values), 1],
    [
      'uint16',
      (values: readonly number[]) => new Uint8Array(Uint16Array.from(values, (code) => code * 256).buffer),
      1 / 256,
    ],
  ] as const)('%s', async (dtype, encode, factor) => {
    const read = await tfjs(entry({ dtype, scale: scale * factor, min }), encode(codes));
    const wanted = convolutionOf(codes.map((code) => code * scale + min));
    expect((await run(read, picture(2))).data).toEqual((await run(wanted, picture(2))).data);
  });

  test('float16', async () => {
    // Sixteenths: 1.5 has the bits 0x3e00, and so on down to -0.5.
    const values = codes.map((code) => ((code % 33) - 8) / 16);
    const bits = values.map((value) => {
      const exponent = value === 0 ? -15 : Math.floor(Math.log2(Math.abs(value)));
      const fraction = value === 0 ? 0 : (Math.abs(value) / 2 ** exponent - 1) * 1024;
      return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
    });
    const read = await tfjs(entry({ dtype: 'float16' }), new Uint8Array(Uint16Array.from(bits).buffer));
    expect((await run(read, picture(2))).data).toEqual((await run(convolutionOf(values), picture(2))).data);
  });
});

test('a tfjs layers model', async () => {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, null, null, 2] } },
    {
      class_name: 'Conv2D',
      config: {
        name: 'y',
        filters: 2,
        kernel_size: [3, 3],
        strides: [1, 1],
        padding: 'same',
        activation: 'tanh',
        use_bias: false,
      },
    },
  ];
  const values = Float32Array.from({ length: 36 }, (_, index) => Math.sin(index));
  const json = {
    format: 'layers-model',
    modelTopology: { model_config: { class_name: 'Sequential', config: { name: 'm', layers } } },
    weightsManifest: [
      { paths: ['w.bin'], weights: [{ name: 'y/kernel', shape: [3, 3, 2, 2], dtype: 'float32' }] },
    ],
  };
  const read = await tfjs(json, new Uint8Array(values.buffer));
  expect((await run(read, picture(2))).data).toEqual(
    (await run(convolutionOf([...values]), picture(2))).data,
  );
});

describe('a graph with channels first', () => {
  const values = Array.from({ length: 36 }, (_, index) => Math.cos(index));
  const first = graph(
    placeholder('x', [1, 2, -1, -1]),
    floats('c/kernel', [3, 3, 2, 2], values),
    ...convolution('c', 'x', [3, 3, 2, 2], { data_format: 'NCHW' }).slice(1),
    node('y', 'Tanh', ['c']),
  );

  test('as a frozen graph', async () => {
    const read = await loadModel('m.pb', () => Promise.resolve(writeGraphDef(first)));
    const fed = feedChannelsLast(read, { ...names, pictures: true });
    expect((await run(fed, picture(2))).data).toEqual((await run(convolutionOf(values), picture(2))).data);
  });

  test('as a tfjs model', async () => {
    const dims = (...sizes: number[]): string => JSON.stringify(sizes.map((size) => ({ size })));
    const text = JSON.stringify(topology)
      .replace(dims(1, -1, -1, 2), dims(1, 2, -1, -1))
      .replace(btoa('NHWC'), btoa('NCHW'));
    const json = {
      modelTopology: JSON.parse(text) as unknown,
      weightsManifest: [
        { paths: ['w.bin'], weights: [{ name: 'w', shape: [3, 3, 2, 2], dtype: 'float32' }] },
      ],
    };
    const read = await tfjs(json, new Uint8Array(Float32Array.from(values).buffer));
    const fed = feedChannelsLast(read, { ...names, pictures: true });
    expect((await run(fed, picture(2))).data).toEqual((await run(convolutionOf(values), picture(2))).data);
  });
});

test('an input of bytes', async () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 2], 'uint8'),
    node('f', 'Cast', ['x'], { SrcT: { type: 'uint8' }, DstT: { type: 'float32' } }),
    floats('k', [], [1 / 64]),
    node('s', 'Mul', ['f', 'k']),
    ...convolution('c', 's', [3, 3, 2, 2]),
    node('y', 'Tanh', ['c']),
  );
  const read = await loadModel('m.pb', () => Promise.resolve(writeGraphDef(model)));
  const data = Float32Array.from({ length: 84 }, (_, index) => (index * 37) % 256);
  const floatModel = convolutionOf(
    Array.from(
      (
        model.nodes.find(({ name }) => name === 'c/kernel')!.attrs['value'] as {
          tensor: { data: Float32Array };
        }
      ).tensor.data,
    ),
  );
  const wanted = await run(floatModel, { data: data.map((value) => value / 64), dims: [1, 7, 6, 2] });
  expect(largestDifference(await run(read, { data, dims: [1, 7, 6, 2] }), wanted)).toBeLessThan(1e-5);
});

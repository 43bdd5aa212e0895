import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Graph, GraphNode, Tensor } from '../../graph/graph.ts';
import { loadModel } from '../load-model.ts';

const utf8 = new TextEncoder();
const base64 = (text: string): string => btoa(text);

/** A model with float, quantised and string weights in two shards that cut a tensor. */
function model(): Record<string, unknown> {
  return {
    format: 'graph-model',
    signature: {
      inputs: { image: { name: 'x:0', dtype: 'DT_FLOAT' } },
      outputs: { result: { name: 'Identity:0' }, second: { name: 'split:1' } },
    },
    modelTopology: {
      node: [
        {
          name: 'x',
          op: 'Placeholder',
          attr: {
            dtype: { type: 'DT_FLOAT' },
            shape: { shape: { dim: [{ size: '-1' }, { size: '-1' }, { size: -1 }, { size: '3' }] } },
          },
        },
        {
          name: 'w',
          op: 'Const',
          attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT' } } },
        },
        { name: 'q', op: 'Const', attr: { dtype: { type: 1 } } },
        { name: 'h', op: 'Const' },
        { name: 'i', op: 'Const' },
        { name: 's', op: 'Const' },
        {
          name: 'conv',
          op: 'Conv2D',
          input: ['x:0', 'w', '^h'],
          attr: {
            padding: { s: base64('SAME') },
            strides: { list: { i: ['1', '1', 1, '1'] } },
            T: { type: 'DT_FLOAT' },
            use_cudnn_on_gpu: { b: true },
            epsilon: { f: 0.5 },
            fused_ops: { list: { s: [base64('BiasAdd')] } },
            none: {},
            rank: { shape: { unknownRank: true } },
          },
        },
        { name: 'split', op: 'Split', input: ['i', 'conv'] },
        { name: 'Identity', op: 'Identity', input: ['split'] },
      ],
    },
    weightsManifest: [
      {
        paths: ['a.bin', 'b.bin'],
        weights: [
          { name: 'w', shape: [1, 1, 1, 2], dtype: 'float32' },
          { name: 'q', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
          { name: 'h', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
          { name: 'i', shape: [], dtype: 'int32', quantization: { dtype: 'uint16', scale: 2.4, min: 1 } },
          { name: 's', shape: [2], dtype: 'string' },
        ],
      },
    ],
  };
}

const weights = Uint8Array.from([
  ...new Uint8Array(Float32Array.of(1.5, -2).buffer),
  ...[0, 1, 255],
  ...new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer),
  ...new Uint8Array(Uint16Array.of(2).buffer),
  ...[2, 0, 0, 0, ...utf8.encode('ab'), 0, 0, 0, 0],
]);

function files(json: unknown, data = weights): Map<string, Uint8Array> {
  return new Map([
    ['m/model.json', utf8.encode(typeof json === 'string' ? json : JSON.stringify(json))],
    ['m/a.bin', data.subarray(0, 5)],
    ['m/b.bin', data.subarray(5)],
  ]);
}

function load(store: ReadonlyMap<string, Uint8Array>): Promise<Graph> {
  return loadModel('m/model.json', (path) => {
    const bytes = store.get(path);
    return bytes === undefined ? Promise.reject(new Error('not found')) : Promise.resolve(bytes);
  });
}

function find(graph: Graph, name: string): GraphNode {
  return graph.nodes.find((node) => node.name === name)!;
}

function value(graph: Graph, name: string): Tensor | undefined {
  const attr = find(graph, name).attrs['value'];
  return attr !== undefined && 'tensor' in attr ? attr.tensor : undefined;
}

test('weights are joined over shards and dequantised', async () => {
  const graph = await load(files(model()));
  expect(value(graph, 'w')).toEqual({
    dtype: 'float32',
    shape: [1, 1, 1, 2],
    data: Float32Array.of(1.5, -2),
  });
  expect(value(graph, 'q')).toEqual({ dtype: 'float32', shape: [3], data: Float32Array.of(-1, -0.5, 126.5) });
  expect(value(graph, 'h')).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) });
  expect(value(graph, 'i')).toEqual({ dtype: 'int32', shape: [], data: Int32Array.of(6) });
  expect(value(graph, 's')).toEqual({ dtype: 'string', shape: [2], data: ['ab', ''] });
});

test('nodes, attributes and the signature are read', async () => {
  const graph = await load(files(model()));
  expect(find(graph, 'x').attrs).toEqual({ dtype: { type: 'float32' }, shape: { shape: [-1, -1, -1, 3] } });
  expect(find(graph, 'conv')).toEqual({
    name: 'conv',
    op: 'Conv2D',
    inputs: ['x', 'w', '^h'],
    attrs: {
      padding: { s: 'SAME' },
      strides: { list: { i: [1, 1, 1, 1] } },
      T: { type: 'float32' },
      use_cudnn_on_gpu: { b: true },
      epsilon: { f: 0.5 },
      fused_ops: { list: { s: ['BiasAdd'] } },
      rank: { shape: null },
    },
  });
  expect(graph.signature).toEqual({
    inputs: { image: 'x' },
    outputs: { result: 'Identity', second: 'split:1' },
  });
});

test('the signature of older converters is found', async () => {
  const { signature, ...rest } = model();
  const graph = await load(files({ ...rest, userDefinedMetadata: { signature } }));
  expect(graph.signature.inputs).toEqual({ image: 'x' });
});

test('a missing shard is named with its path', async () => {
  const store = files(model());
  store.delete('m/b.bin');
  await expect(load(store)).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringMatching(/'m\/b\.bin' \(weightsManifest\[0\]\.paths\[1\]\)/) as string,
  });
});

describe('refused', () => {
  const topology = (nodes: unknown): unknown => ({ modelTopology: { node: nodes }, weightsManifest: [] });
  test.each([
    [
      'a layers model with layers of its own',
      {
        format: 'layers-model',
        modelTopology: {
          class_name: 'Sequential',
          config: [
            { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 2] } },
            { class_name: 'Lambda', config: { name: 'l' } },
            { class_name: 'MyLayer', config: { name: 'm' } },
          ],
        },
      },
      'ENOSYS',
      /Lambda \('l'\), MyLayer \('m'\).*tfjs_graph_model/,
    ],
    [
      'a layers model of another kind',
      { modelTopology: { model_config: { class_name: 'Odd', config: {} } } },
      'EINVAL',
      /'Odd' where/,
    ],
    ['no topology', { format: 'graph-model' }, 'EINVAL', /has no modelTopology/],
    ['nodes that are no list', topology(3), 'EINVAL', /modelTopology\.node should be an array/],
    [
      'a nameless node',
      topology([{ op: 'Relu' }]),
      'EINVAL',
      /modelTopology\.node\[0\]\.name should be a string/,
    ],
    [
      'a constant without weights',
      topology([{ name: 'c', op: 'Const' }]),
      'EINVAL',
      /'c', which the weights/,
    ],
    ['no JSON', '{"modelTopology": {"node": [', 'EINVAL', /no valid JSON.*cut or damaged/],
    [
      'a bad dimension',
      topology([{ name: 'x', op: 'P', attr: { shape: { shape: { dim: [{ size: '-7' }] } } } }]),
      'EINVAL',
      /dim\[0\]\.size is no dimension/,
    ],
  ])('%s', async (_label, json, code, message) => {
    await expect(load(files(json))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test('shards that are too short or too long', async () => {
    await expect(load(files(model(), weights.subarray(0, 9)))).rejects.toThrow(
      /weights\[1\] \('q'\) needs 3 bytes/,
    );
    await expect(load(files(model(), Uint8Array.from([...weights, 0])))).rejects.toThrow(/27 bytes.*hold 28/);
  });
});

test('a damaged JSON file ends in a DnnError or in a graph', async () => {
  const text = JSON.stringify(model());
  const edits = fc.array(fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '0', '"', '{', '9', 'null')), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(edits, async (changes) => {
      let changed = text;
      for (const [place, replacement] of changes) {
        changed = changed.slice(0, place) + replacement + changed.slice(place + 1);
      }
      const error: unknown = await load(files(changed)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(DnnError);
    }),
    { numRuns: 500 },
  );
});

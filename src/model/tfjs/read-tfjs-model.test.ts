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

/** A mean of 3x3 as one layer, in the forms in which exporters write it. */
const mean = {
  class_name: 'Conv2D',
  name: 'c',
  config: {
    ...{ name: 'c', filters: 1, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'linear' },
    ...{ use_bias: false, batch_input_shape: [null, 8, 8, 1] },
  },
};
const kernel = {
  weightsManifest: [
    { paths: ['a.bin'], weights: [{ name: 'c/kernel', shape: [3, 3, 1, 1], dtype: 'float32' }] },
  ],
};
const kernelBytes = new Uint8Array(Float32Array.from({ length: 9 }, () => 1 / 9).buffer);

async function layers(topology: object): Promise<Graph> {
  const model = JSON.stringify({ modelTopology: topology, ...kernel });
  const store = new Map([
    ['m/model.json', new TextEncoder().encode(model)],
    ['m/a.bin', kernelBytes],
  ]);
  return load(store);
}

/** Nodes behind the input, from their ends backwards: their ops, without copies. */
function opsOf({ nodes, signature }: Graph): string {
  const [output] = Object.values(signature.outputs);
  const ops: string[] = [];
  for (let name: string | undefined = output; name !== undefined;) {
    const node: GraphNode = nodes.find((one) => one.name === name)!;
    ops.unshift(node.op);
    [name] = node.inputs;
  }
  return ops.filter((op) => op !== 'Identity').join(' ');
}

const input = (name: string) => ({
  class_name: 'InputLayer',
  name,
  inbound_nodes: [],
  config: { name, batch_input_shape: [null, 8, 8, 1] },
});
const sequential = (name: string, ...inside: object[]) => ({
  class_name: 'Sequential',
  name,
  config: { name, layers: inside },
});
const functional = (name: string, ...inside: object[]) => ({
  class_name: 'Functional',
  name,
  config: { name, layers: inside, input_layers: [['i', 0, 0]], output_layers: [['c', 0, 0]] },
});

describe('layers models', () => {
  test('as tfjs itself writes them, without a config around the model', async () => {
    const graph = await layers({ ...sequential('s', mean), keras_version: 'tfjs-layers 4' });
    expect(opsOf(graph)).toBe('Placeholder Conv2D');
    expect(graph.signature).toEqual({ inputs: { c_input: 'c_input' }, outputs: { c: 'c' } });
  });

  test('models as layers of others, as Teachable Machine writes them', async () => {
    const features = functional('f', input('i'), { ...mean, inbound_nodes: [[['i', 0, 0, {}]]] });
    const head = sequential('head', { class_name: 'ReLU', config: { name: 'r' } });
    const graph = await layers({ model_config: sequential('o', sequential('s', features), head) });
    expect(opsOf(graph)).toBe('Placeholder Conv2D Relu');
    expect(graph.signature).toEqual({ inputs: { i: 'i' }, outputs: { head: 'head' } });
    expect(graph.nodes.map(({ name }) => name)).toContain('s/f/c');
  });

  test('a model that is called twice', async () => {
    const twice = { ...sequential('s', mean), inbound_nodes: [[['i', 0, 0, {}]], [['s', 0, 0, {}]]] };
    const outer = functional('m', input('i'), twice);
    const graph = await layers({
      model_config: { ...outer, config: { ...outer.config, output_layers: [['s', 1, 0]] } },
    });
    expect(opsOf(graph)).toBe('Placeholder Conv2D Conv2D');
  });

  test('calls as Keras 3 writes them', async () => {
    const tensor = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, 0, 0] },
    });
    const add = {
      ...{ class_name: 'Add', name: 'a', config: { name: 'a', dtype: { class_name: 'DTypePolicy' } } },
      inbound_nodes: [{ args: [[tensor('c'), tensor('i')]], kwargs: {} }],
    };
    const graph = await layers({
      model_config: {
        class_name: 'Functional',
        config: {
          name: 'm',
          layers: [
            {
              class_name: 'InputLayer',
              name: 'i',
              inbound_nodes: [],
              config: { batch_shape: [null, 8, 8, 1] },
            },
            { ...mean, inbound_nodes: [{ args: [tensor('i')], kwargs: {} }] },
            add,
          ],
          input_layers: ['i', 0, 0],
          output_layers: ['a', 0, 0],
        },
      },
    });
    const sum = graph.nodes.find(({ name }) => name === 'a');
    expect(sum?.inputs).toEqual(['c', 'i']);
    expect(graph.signature).toEqual({ inputs: { i: 'i' }, outputs: { a: 'a' } });
  });

  test('a model inside itself without end is refused', async () => {
    let model: object = sequential('s', mean);
    for (let depth = 0; depth < 40; depth++) model = sequential('s', model);
    await expect(layers({ model_config: model })).rejects.toBeInstanceOf(DnnError);
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

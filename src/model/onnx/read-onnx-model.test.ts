import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { constTensor } from '../../graph/node-attrs.ts';
import { openModel } from '../load-model.ts';
import type { ModelFile } from '../model-format.ts';
import {
  onnxFloats,
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestGraph,
  type TestModel,
  type TestTensor,
} from './onnx-writer.test-support.ts';
import { readOnnxModel } from './read-onnx-model.ts';

type Files = Readonly<Record<string, Uint8Array>>;

function reading(files: Files): (path: string) => Promise<Uint8Array> {
  return (path) => {
    const bytes = files[path];
    return bytes === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(bytes);
  };
}

function readFile(model: TestModel, files: Files = {}, resizable = false): Promise<ModelFile> {
  return readOnnxModel(writeOnnx(model), 'd/m.onnx', reading(files), { inputResizable: resizable });
}

async function read(model: TestModel, files: Files = {}): Promise<Graph> {
  return (await readFile(model, files)).graph;
}

async function refusal(promise: Promise<unknown>): Promise<DnnError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DnnError);
  return error as DnnError;
}

/** A graph from x to y. */
function fromXToY(
  parts: Partial<TestGraph> & Pick<TestGraph, 'nodes'>,
  shape: (number | string)[] = [1, 3, 8, 8],
) {
  return { inputs: [onnxValue('x', shape)], outputs: [onnxValue('y', [])], ...parts };
}

const relu = onnxNode('Relu', ['x'], 'y');

describe('names', () => {
  test('nodes have those of the values they give, the signature those of inputs and outputs', async () => {
    const graph = await read({
      graph: fromXToY({ nodes: [onnxNode('Sigmoid', ['x'], 'a:0'), onnxNode('Relu', ['a:0'], 'y')] }),
    });
    expect(graph.nodes.map(({ name }) => name)).toEqual(['x', 'a_0', 'y']);
    expect(graph.signature).toEqual({ inputs: { x: 'x' }, outputs: { y: 'y' } });
  });

  test('an output that is a second output, an input or a constant gets a node', async () => {
    const split = { op: 'Split', inputs: ['x'], outputs: ['a', 'y'], attributes: { axis: 2 } };
    const graph = await read({ graph: fromXToY({ nodes: [split] }), opset: 11 });
    expect(graph.nodes.at(-1)).toMatchObject({ name: 'y', op: 'Identity', inputs: ['a:1'] });
    const straight = await read({ graph: { ...fromXToY({ nodes: [] }), outputs: [onnxValue('x', [])] } });
    expect(straight.signature.outputs['x']).toBeDefined();
  });

  test('a constant that is also an input is none', async () => {
    const add = onnxNode('Add', ['x', 'c'], 'y');
    const graph = await read({
      graph: fromXToY({
        nodes: [add],
        constants: [onnxFloats('c', [], [2])],
        inputs: [onnxValue('x', [1, 3, 8, 8]), onnxValue('c', [])],
      }),
    });
    expect(graph.signature.inputs).toEqual({ x: 'x' });
  });

  test('sizes with a name are open, those of a resizable model all but batch and channels', async () => {
    const graph = await read({ graph: fromXToY({ nodes: [relu] }, ['batch', 3, 'h', 8]) });
    expect(inferShapes(graph).shapeOf('y')).toEqual([-1, 3, -1, 8]);
    const { graph: open } = await readFile({ graph: fromXToY({ nodes: [relu] }) }, {}, true);
    expect(inferShapes(open).shapeOf('y')).toEqual([1, 3, -1, -1]);
  });

  test('names of classes', async () => {
    const bytes = writeOnnx({
      graph: fromXToY({ nodes: [relu] }),
      metadata: { names: "{0: 'cat', 1: 'dog'}" },
    });
    const opened = await openModel('m.onnx', reading({ 'm.onnx': bytes }));
    expect(opened.labels).toEqual(['cat', 'dog']);
    expect(opened.format.name).toBe('onnx');
  });
});

describe('constants', () => {
  const view = (write: (view: DataView) => void, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    write(new DataView(bytes.buffer));
    return bytes;
  };
  const cases: readonly (readonly [name: string, tensor: Omit<TestTensor, 'name'>, expected: number[]])[] = [
    ['float', { type: 1, dims: [2], values: [0.5, -2] }, [0.5, -2]],
    [
      'raw float',
      {
        type: 1,
        dims: [1],
        raw: view((v) => {
          v.setFloat32(0, 0.25, true);
        }, 4),
      },
      [0.25],
    ],
    ['uint8', { type: 2, dims: [2], raw: Uint8Array.of(0, 255) }, [0, 255]],
    ['int8', { type: 3, dims: [2], values: [-128, 127] }, [-128, 127]],
    ['raw int8', { type: 3, dims: [2], raw: Uint8Array.of(128, 127) }, [-128, 127]],
    ['uint16', { type: 4, dims: [1], raw: Uint8Array.of(255, 255) }, [65535]],
    ['int16', { type: 5, dims: [1], raw: Uint8Array.of(255, 255) }, [-1]],
    ['int32', { type: 6, dims: [2], values: [-5, 7] }, [-5, 7]],
    ['int64', { type: 7, dims: [3], values: [-1, 2 ** 40, -(2 ** 40)] }, [-1, 2 ** 31 - 1, -(2 ** 31)]],
    ['bool', { type: 9, dims: [2], values: [0, 1] }, [0, 1]],
    ['raw bool', { type: 9, dims: [2], raw: Uint8Array.of(0, 2) }, [0, 1]],
    ['float16', { type: 10, dims: [2], values: [0x3c00, 0xc000] }, [1, -2]],
    ['raw float16', { type: 10, dims: [1], raw: Uint8Array.of(0, 0x38) }, [0.5]],
    ['double', { type: 11, dims: [1], values: [0.75] }, [0.75]],
    ['uint32', { type: 12, dims: [1], raw: Uint8Array.of(255, 255, 255, 255) }, [2 ** 31 - 1]],
    ['uint64', { type: 13, dims: [1], values: [9] }, [9]],
    ['bfloat16', { type: 16, dims: [2], raw: Uint8Array.of(0x80, 0x3f, 0x20, 0xc0) }, [1, -2.5]],
  ];
  test.each(cases)('%s', async (_name, tensor, expected) => {
    const constant = { ...tensor, name: 'y' };
    const graph = await read({ graph: { nodes: [], constants: [constant], outputs: [onnxValue('y', [])] } });
    const value = constTensor(graph.nodes.find(({ name }) => name === 'y'));
    expect(Array.from(value!.data as ArrayLike<number>)).toEqual(expected);
  });

  test.each([
    [{ type: 1, dims: [3], values: [1] }, /has 1 values where its shape needs 3/],
    [{ type: 1, dims: [3], raw: Uint8Array.of(1) }, /has 1 bytes of data where its shape needs 12/],
    [{ type: 1, dims: [2 ** 40, 2 ** 40], values: [] }, /needs/],
    [{ type: 8, dims: [0], values: [] }, /type string/],
    [{ type: 22, dims: [0], values: [] }, /type int4/],
  ])('%j is refused', async (tensor, message) => {
    const constants = [{ ...tensor, name: 'c' }];
    const error = await refusal(read({ graph: fromXToY({ nodes: [relu], constants }) }));
    expect(error.message).toMatch(message);
  });
});

describe('data in other files', () => {
  const model = (external: Record<string, string>): TestModel => ({
    graph: fromXToY(
      {
        nodes: [onnxNode('Add', ['x', 'c'], 'y')],
        constants: [{ name: 'c', type: 1, dims: [2, 1, 1], external }],
      },
      [1, 2, 8, 8],
    ),
  });
  const data = new Uint8Array(Float32Array.of(9, 3, 4).buffer);

  test('offset and length', async () => {
    const graph = await read(model({ location: 'w/c.bin', offset: '4', length: '8' }), { 'd/w/c.bin': data });
    expect(constTensor(graph.nodes.find(({ name }) => name === 'c'))?.data).toEqual(Float32Array.of(3, 4));
    const rest = await read(model({ location: 'c', offset: '4' }), { 'd/c': data });
    expect(constTensor(rest.nodes.find(({ name }) => name === 'c'))?.data).toEqual(Float32Array.of(3, 4));
  });

  test.each(['../c', '/etc/passwd', 'a/../../c', '..', '', 'a\\..\\c', 'a//c'])(
    "'%s' leads out of the folder",
    async (location) => {
      const error = await refusal(read(model({ location, offset: '0' }), { 'd/c': data }));
      expect(error.message).toMatch(/no file in the model's folder/);
    },
  );

  test('a file that is missing or too short', async () => {
    expect((await refusal(read(model({ location: 'c' })))).code).toBe('ENOENT');
    const short = await refusal(read(model({ location: 'c', offset: '8', length: '8' }), { 'd/c': data }));
    expect(short.message).toMatch(/needs bytes 8 to 16 of 'c', which has 12/);
    const wrong = await refusal(read(model({ location: 'c', offset: '-1' }), { 'd/c': data }));
    expect(wrong.message).toMatch(/external data with the offset '-1' at byte \d+/);
  });
});

describe('operators', () => {
  test('all that are not known are named at once, what follows from them is not', async () => {
    const nodes = [
      { ...onnxNode('GridSample', ['x', 'x'], 'a'), name: 'one' },
      { ...onnxNode('LSTM', ['a', 'a'], 'b'), name: 'two' },
      { ...onnxNode('Relu', ['b'], 'c'), name: 'three' },
      { ...onnxNode('Attention', ['c'], 'y'), domain: 'com.microsoft', name: 'four' },
    ];
    const error = await refusal(read({ graph: fromXToY({ nodes }) }));
    expect(error.code).toBe('ENOSYS');
    expect(error.message).toContain("GridSample ('one'), LSTM ('two'), com.microsoft.Attention ('four')");
    expect(error.details).toMatchObject({ layers: ['GridSample', 'LSTM', 'com.microsoft.Attention'] });
  });

  test('an output that nothing gives here is named where it is used', async () => {
    const pool = { op: 'MaxPool', inputs: ['x'], outputs: ['a', 'i'], attributes: { kernel_shape: [2, 2] } };
    await read({ graph: fromXToY({ nodes: [pool, onnxNode('Relu', ['a'], 'y')] }) });
    const error = await refusal(read({ graph: fromXToY({ nodes: [pool, onnxNode('Relu', ['i'], 'y')] }) }));
    expect(error.message).toContain('output 1 of MaxPool');
  });

  test('an opset before 7 is refused', async () => {
    const error = await refusal(read({ graph: fromXToY({ nodes: [relu] }), opset: 6 }));
    expect(error.message).toMatch(/opset 6/);
  });

  test('nodes may stand before their producers', async () => {
    const graph = await read({
      graph: fromXToY({ nodes: [onnxNode('Relu', ['a'], 'y'), onnxNode('Sigmoid', ['x'], 'a')] }),
    });
    expect(graph.nodes.map(({ name }) => name)).toEqual(['x', 'a', 'y']);
  });

  test('a cycle, and a value that nothing gives', async () => {
    const nodes = [onnxNode('Relu', ['b'], 'a'), onnxNode('Relu', ['a'], 'b'), relu];
    expect((await refusal(read({ graph: fromXToY({ nodes }) }))).message).toMatch(/which nothing gives/);
    const missing = fromXToY({ nodes: [onnxNode('Relu', ['q'], 'y')] });
    expect((await refusal(read({ graph: missing }))).message).toMatch(/at byte \d+ takes 'q'/);
  });
});

describe('functions and branches', () => {
  const twice = (name: string, calls: string): NonNullable<TestModel['functions']>[number] => ({
    name,
    domain: 'own',
    inputs: ['in'],
    outputs: ['out'],
    nodes: [
      { ...onnxNode(calls, ['in'], 'mid'), domain: 'own' },
      { ...onnxNode(calls, ['mid'], 'out'), domain: 'own' },
    ],
  });
  const call = (op: string): TestModel['graph'] =>
    fromXToY({ nodes: [{ ...onnxNode(op, ['x'], 'y'), domain: 'own' }] });

  test('a local function with an attribute', async () => {
    const leaky = {
      name: 'Leaky',
      domain: 'own',
      inputs: ['in', 'absent'],
      outputs: ['out'],
      attributes: ['slope'],
      nodes: [onnxNode('LeakyRelu', ['in'], 'out', { alpha: { reference: 'slope' } })],
    };
    const node = { ...onnxNode('Leaky', ['x'], 'y', { slope: { f: 0.5 } }), domain: 'own' };
    const graph = await read({ graph: fromXToY({ nodes: [node] }), functions: [leaky] });
    expect(graph.nodes.at(-1)).toMatchObject({ name: 'y', op: 'Identity' });
    expect(graph.nodes.find(({ op }) => op === 'LeakyRelu')?.attrs['alpha']).toEqual({ f: 0.5 });
  });

  test('functions that call themselves, or grow without end', async () => {
    const self = await refusal(read({ graph: call('f'), functions: [twice('f', 'f')] }));
    expect(self.message).toMatch(/never end/);
    const functions = Array.from({ length: 40 }, (_, at) => twice(`f${at}`, `f${at + 1}`));
    const last = { ...twice('f40', 'f'), nodes: [onnxNode('Relu', ['in'], 'out')] };
    const many = await refusal(read({ graph: call('f0'), functions: [...functions, last] }));
    expect(many.message).toMatch(/more than 262144 nodes/);
  });

  const branch = (op: string): TestGraph => ({
    nodes: [onnxNode(op, ['x'], 'r')],
    outputs: [onnxValue('r', [])],
  });
  const choice = (condition: string): TestGraph['nodes'][number] =>
    onnxNode('If', [condition], 'y', {
      then_branch: { graph: branch('Sigmoid') },
      else_branch: { graph: branch('Tanh') },
    });

  test.each([
    [1, 'Sigmoid'],
    [0, 'Tanh'],
  ])('the branch of a known condition %i', async (value, op) => {
    const constants = [{ name: 'c', type: 9, dims: [], values: [value] }];
    const graph = await read({ graph: fromXToY({ nodes: [choice('c')], constants }) });
    expect(graph.nodes.map((node) => node.op)).toContain(op);
    expect(graph.nodes.find(({ name }) => name === 'y')).toBeDefined();
  });

  test('a condition that is computed is refused', async () => {
    const nodes = [onnxNode('ReduceMax', ['x'], 'm', { keepdims: 0 }), choice('m')];
    const error = await refusal(read({ graph: fromXToY({ nodes }) }));
    expect(error.message).toContain('If with a condition that is computed');
  });
});

describe('arithmetic with sizes', () => {
  const flattened = [
    onnxNode('Shape', ['x'], 's'),
    onnxNode('Gather', ['s', 'zero'], 'n'),
    onnxNode('Unsqueeze', ['n', 'axis'], 'v'),
    onnxNode('Concat', ['v', 'rest'], 't', { axis: 0 }),
    onnxNode('Reshape', ['x', 't'], 'y'),
  ];
  const constants = [onnxInts('zero', [0], []), onnxInts('axis', [0]), onnxInts('rest', [-1])];

  test('is folded where the sizes are known', async () => {
    const graph = await read({ graph: fromXToY({ nodes: flattened, constants }) });
    expect(inferShapes(graph).shapeOf('y')).toEqual([1, 192]);
  });

  test('stays where they are open', async () => {
    const graph = await read({ graph: fromXToY({ nodes: flattened, constants }, ['n', 3, 8, 8]) });
    expect(inferShapes(graph, { x: [5, 3, 8, 8] }).shapeOf('y')).toEqual([5, 192]);
  });

  test('slices, ranges and filled tensors', async () => {
    const nodes = [
      onnxNode('Shape', ['x'], 's'),
      onnxNode('Slice', ['s', 'two', 'four'], 'hw'),
      onnxNode('Mul', ['hw', 'factor'], 'doubled'),
      onnxNode('Cast', ['doubled'], 'cast', { to: 7 }),
      onnxNode('ConstantOfShape', ['cast'], 'filled'),
      onnxNode('Expand', ['x', 'ones'], 'e'),
      onnxNode('ReduceProd', ['hw'], 'count', { keepdims: 0, axes: [0] }),
      onnxNode('Range', ['zero', 'count', 'step'], 'y'),
    ];
    const graph = await read({
      graph: fromXToY({
        nodes,
        constants: [
          onnxInts('two', [2]),
          onnxInts('four', [2 ** 53]),
          onnxInts('factor', [2, 3]),
          onnxInts('ones', [1, 1, 1, 1]),
          onnxInts('zero', [0], []),
          onnxInts('step', [1], []),
        ],
      }),
    });
    const shapes = inferShapes(graph);
    expect(shapes.shapeOf('filled')).toEqual([16, 24]);
    expect(shapes.shapeOf('y')).toEqual([64]);
    expect(shapes.shapeOf('e')).toEqual([1, 3, 8, 8]);
  });
});

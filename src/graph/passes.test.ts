import { describe, expect, test } from 'vitest';
import { dropIdentity } from './drop-identity.ts';
import { foldConstants } from './fold-constants.ts';
import { fuseConvolution } from './fuse-convolution.ts';
import { fuseLeakyRelu } from './fuse-leaky-relu.ts';
import type { Graph, GraphNode } from './graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { constTensor, floatAttr, stringsAttr } from './node-attrs.ts';
import { removeDeadNodes } from './remove-dead-nodes.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';
import { elements } from './values/known-value.ts';

const kept = new Set(['x', 'y']);
const x = placeholder('x', [1, -1, -1, 4]);

function names(model: Graph): string[] {
  return model.nodes.map((entry) => entry.name);
}

function find(model: Graph, name: string): GraphNode {
  return model.nodes.find((entry) => entry.name === name)!;
}

/** Both graphs give the same picture, up to rounding. */
function expectSame(before: Graph, after: Graph): void {
  const input = pictures(1, 6, 5, 4);
  const [one, other] = [runGraph(before, { x: input }, 'y'), runGraph(after, { x: input }, 'y')];
  expect(other.shape).toEqual(one.shape);
  const differences = elements(one).map((value, index) => Math.abs(value - other.data[index]!));
  expect(Math.max(...differences)).toBeLessThan(1e-5);
  expect(new Set(elements(one)).size).toBeGreaterThan(5);
}

describe('dropIdentity', () => {
  test('the producer of an output takes its name, chains vanish', () => {
    const model = graph(
      x,
      node('a', 'Relu', ['x']),
      node('b', 'Identity', ['a']),
      node('c', 'StopGradient', ['b']),
      node('y', 'Identity', ['c']),
      node('z', 'Tanh', ['a']),
    );
    const after = dropIdentity(model, new Set(['x', 'y', 'z']));
    expect(names(after)).toEqual(['x', 'y', 'z']);
    expect(find(after, 'y')).toMatchObject({ op: 'Relu', inputs: ['x'] });
    expect(find(after, 'z').inputs).toEqual(['y']);
  });

  test('an Identity stays where its producer is needed under its own name', () => {
    const both = graph(x, node('a', 'Relu', ['x']), node('y', 'Identity', ['a']));
    expect(names(dropIdentity(both, new Set(['x', 'a', 'y'])))).toEqual(['x', 'a', 'y']);
    expect(names(dropIdentity(graph(x, node('y', 'Identity', ['x'])), kept))).toEqual(['x', 'y']);
    const second = graph(
      x,
      ints('n', 3),
      node('s', 'Split', ['n', 'x'], { num_split: 2 }),
      node('y', 'Identity', ['s:1']),
    );
    expect(find(dropIdentity(second, kept), 'y').inputs).toEqual(['s:1']);
  });

  test('two outputs of one producer keep both names', () => {
    const model = graph(
      x,
      node('a', 'Relu', ['x']),
      node('y', 'Identity', ['a']),
      node('z', 'Identity', ['a']),
    );
    const after = dropIdentity(model, new Set(['x', 'y', 'z']));
    expect(names(after)).toEqual(['x', 'y', 'z']);
    expect(find(after, 'y').op).toBe('Relu');
    expect(find(after, 'z')).toMatchObject({ op: 'Identity', inputs: ['y'] });
  });

  test('other outputs and control dependencies are re-pointed', () => {
    const model = graph(
      x,
      ints('n', 3),
      node('s', 'Split', ['n', 'x'], { num_split: 2 }),
      node('i', 'Identity', ['s:1']),
      node('y', 'Relu', ['i', '^i']),
    );
    expect(find(dropIdentity(model, kept), 'y').inputs).toEqual(['s:1', '^s']);
  });
});

test('removeDeadNodes keeps what the outputs need, and drops control dependencies', () => {
  const model = graph(
    x,
    node('init', 'NoOp'),
    node('y', 'Relu', ['x', '^init']),
    node('saver', 'Tanh', ['y']),
  );
  expect(removeDeadNodes(model, ['x'], ['y']).nodes).toEqual([x, node('y', 'Relu', ['x'])]);
  expect(() => removeDeadNodes(model, ['x'], ['gone'])).toThrow(/'gone'/);
});

describe('foldConstants', () => {
  test('computes constants and sizes, and leaves what depends on unknown ones', () => {
    const sliced = (name: string, index: number): GraphNode[] => [
      ints(`${name}/b`, [index]),
      ints(`${name}/e`, [index + 1]),
      ints(`${name}/s`, [1]),
      node(name, 'StridedSlice', ['shape', `${name}/b`, `${name}/e`, `${name}/s`], { shrink_axis_mask: 1 }),
    ];
    const model = graph(
      x,
      node('shape', 'Shape', ['x']),
      ...sliced('height', 1),
      ...sliced('channels', 3),
      ints('minus', -1),
      node('target', 'Pack', ['minus', 'channels'], { axis: 0 }),
      node('rows', 'Reshape', ['x', 'target']),
      node('open', 'Pack', ['minus', 'height'], { axis: 0 }),
      node('y', 'Reshape', ['rows', 'open']),
    );
    const after = foldConstants(model, kept);
    expect(constTensor(find(after, 'target'))).toEqual({
      dtype: 'int32',
      shape: [2],
      data: Int32Array.of(-1, 4),
    });
    expect(find(after, 'open').op).toBe('Pack');
    expect(find(after, 'height').op).toBe('StridedSlice');
  });

  test('outputs of Split are folded one by one', () => {
    const model = graph(
      x,
      floats('k', [8], [1, 2, 3, 4, 5, 6, 7, 8]),
      ints('a', 0),
      node('s', 'Split', ['a', 'k'], { num_split: 2 }),
      node('t', 'Erf', ['s:1']),
      node('y', 'Mul', ['x', 't']),
    );
    const after = removeDeadNodes(foldConstants(model, kept), ['x'], ['y']);
    expect(constTensor(find(after, 's/folded1'))?.data).toEqual(Float32Array.of(5, 6, 7, 8));
  });

  test('a small graph does not become a large constant', () => {
    const model = graph(
      x,
      ints('s', [1, 512, 512, 4]),
      floats('v', [], [0.5]),
      node('f', 'Fill', ['s', 'v']),
      node('y', 'Add', ['x', 'f']),
    );
    expect(find(foldConstants(model, kept), 'f').op).toBe('Fill');
  });

  test('a division by zero stays for the backend', () => {
    const model = graph(
      x,
      ints('a', [1]),
      ints('b', [0]),
      node('d', 'FloorDiv', ['a', 'b']),
      node('y', 'Reshape', ['x', 'd']),
    );
    expect(find(foldConstants(model, kept), 'd').op).toBe('FloorDiv');
  });
});

describe('fuseLeakyRelu', () => {
  const alpha = floats('alpha', [], [0.25]);
  test.each([
    [
      ['x', 'mul'],
      ['x', 'alpha'],
    ],
    [
      ['mul', 'x'],
      ['x', 'alpha'],
    ],
    [
      ['x', 'mul'],
      ['alpha', 'x'],
    ],
    [
      ['mul', 'x'],
      ['alpha', 'x'],
    ],
  ])('Maximum(%j) of Mul(%j)', (maximum, product) => {
    const model = graph(x, alpha, node('mul', 'Mul', product), node('y', 'Maximum', maximum));
    const after = fuseLeakyRelu(model);
    expect(find(after, 'y')).toMatchObject({ op: 'LeakyRelu', inputs: ['x'] });
    expect(floatAttr(find(after, 'y'), 'alpha', 0)).toBe(0.25);
    expectSame(
      graph(...model.nodes.map((entry) => (entry.name === 'x' ? placeholder('x', [1, 6, 5, 4]) : entry))),
      after,
    );
  });

  test('factors above 1, of other tensors or with a shape are no LeakyRelu', () => {
    const untouched = (...nodes: GraphNode[]): void => {
      const model = graph(x, ...nodes);
      expect(fuseLeakyRelu(model)).toEqual(model);
    };
    untouched(floats('a', [], [2]), node('mul', 'Mul', ['x', 'a']), node('y', 'Maximum', ['x', 'mul']));
    untouched(
      alpha,
      node('r', 'Tanh', ['x']),
      node('mul', 'Mul', ['r', 'alpha']),
      node('y', 'Maximum', ['x', 'mul']),
    );
    untouched(floats('a', [4]), node('mul', 'Mul', ['x', 'a']), node('y', 'Maximum', ['x', 'mul']));
  });

  test('a factor below 0 is no LeakyRelu, which would make -0 of 0', () => {
    for (const factor of [-0.25, -1, NaN]) {
      const nodes = [floats('a', [], [factor]), node('mul', 'Mul', ['x', 'a'])];
      const model = graph(x, ...nodes, node('y', 'Maximum', ['mul', 'x']));
      expect(fuseLeakyRelu(model)).toEqual(model);
    }
  });
});

describe('fuseConvolution', () => {
  const bias = floats('b', [5]);
  const biasAdd = node('add', 'BiasAdd', ['conv', 'b']);
  const conv = convolution('conv', 'x', [3, 3, 4, 5]);
  const depthwise = convolution('conv', 'x', [3, 3, 4, 2], { depthwise: true });

  const fuses: [string, GraphNode[], string, string[]][] = [
    [
      'BiasAdd and Relu',
      [...conv, bias, biasAdd, node('y', 'Relu', ['add'])],
      '_FusedConv2D',
      ['BiasAdd', 'Relu'],
    ],
    ['Relu6', [...conv, bias, biasAdd, node('y', 'Relu6', ['add'])], '_FusedConv2D', ['BiasAdd', 'Relu6']],
    ['Elu', [...conv, bias, biasAdd, node('y', 'Elu', ['add'])], '_FusedConv2D', ['BiasAdd', 'Elu']],
    [
      'Sigmoid',
      [...conv, bias, biasAdd, node('y', 'Sigmoid', ['add'])],
      '_FusedConv2D',
      ['BiasAdd', 'Sigmoid'],
    ],
    [
      'LeakyRelu',
      [...conv, bias, biasAdd, node('y', 'LeakyRelu', ['add'], { alpha: { f: 0.3 } })],
      '_FusedConv2D',
      ['BiasAdd', 'LeakyRelu'],
    ],
    ['only a bias', [...conv, bias, node('y', 'BiasAdd', ['conv', 'b'])], '_FusedConv2D', ['BiasAdd']],
    [
      'AddV2, constant first',
      [...conv, bias, node('y', 'AddV2', ['b', 'conv'])],
      '_FusedConv2D',
      ['BiasAdd'],
    ],
    [
      'a bias of rank 4',
      [...conv, floats('b', [1, 1, 1, 5]), node('y', 'Add', ['conv', 'b'])],
      '_FusedConv2D',
      ['BiasAdd'],
    ],
    [
      'one number',
      [...conv, floats('b', [], [0.75]), node('y', 'Add', ['conv', 'b'])],
      '_FusedConv2D',
      ['BiasAdd'],
    ],
    ['no bias', [...conv, node('y', 'Relu', ['conv'])], '_FusedConv2D', ['BiasAdd', 'Relu']],
    [
      'depthwise',
      [...depthwise, floats('b', [8]), node('add', 'BiasAdd', ['conv', 'b']), node('y', 'Relu', ['add'])],
      'FusedDepthwiseConv2dNative',
      ['BiasAdd', 'Relu'],
    ],
  ];
  test.each(fuses)('fuses %s', (_label, nodes, op, fusedOps) => {
    const model = graph(placeholder('x', [1, 6, 5, 4]), ...nodes);
    const after = fuseConvolution(model, kept);
    expect(find(after, 'y').op).toBe(op);
    expect(stringsAttr(find(after, 'y'), 'fused_ops')).toEqual(fusedOps);
    expect(find(after, 'y').attrs['num_args']).toEqual({ i: 1 });
    expect(find(after, 'y').inputs).toHaveLength(3);
    expect(after.nodes.some((entry) => entry.name === 'conv')).toBe(false);
    expectSame(model, after);
  });

  test('LeakyRelu keeps its alpha', () => {
    const after = fuseConvolution(graph(x, ...fuses[4]![1]), kept);
    expect(floatAttr(find(after, 'y'), 'leakyrelu_alpha', 0)).toBe(0.3);
  });

  const partly: [string, GraphNode[], string][] = [
    ['Tanh stays', [...conv, bias, biasAdd, node('y', 'Tanh', ['add'])], 'Tanh'],
    [
      'depthwise LeakyRelu stays',
      [
        ...depthwise,
        floats('b', [8]),
        node('add', 'BiasAdd', ['conv', 'b']),
        node('y', 'LeakyRelu', ['add']),
      ],
      'LeakyRelu',
    ],
    ['a sum per pixel stays', [...conv, floats('p', [6, 5, 1]), node('y', 'Add', ['conv', 'p'])], 'Add'],
    ['a sum per column stays', [...conv, floats('p', [5, 1]), node('y', 'Add', ['conv', 'p'])], 'Add'],
    ['a sum with itself stays', [...conv, node('y', 'Add', ['conv', 'conv'])], 'Add'],
    [
      'a computed bias stays',
      [...conv, bias, node('c', 'Relu', ['b']), node('y', 'Add', ['conv', 'c'])],
      'Add',
    ],
  ];
  test.each(partly)('%s', (_label, nodes, op) => {
    const model = graph(placeholder('x', [1, 6, 5, 4]), ...nodes);
    const after = fuseConvolution(model, kept);
    expect(find(after, 'y').op).toBe(op);
    expectSame(model, after);
  });

  test('a convolution that something else needs is left alone', () => {
    const model = graph(x, ...conv, bias, biasAdd, node('y', 'Add', ['add', 'conv']));
    expect(fuseConvolution(model, kept)).toEqual(model);
    const output = graph(x, ...conv, bias, node('y', 'BiasAdd', ['conv', 'b']));
    expect(fuseConvolution(output, new Set(['x', 'y', 'conv']))).toEqual(output);
  });

  test('channels-first convolutions are left to the backend', () => {
    const nodes = convolution('conv', 'x', [3, 3, 4, 5], { data_format: 'NCHW' });
    const model = graph(x, ...nodes, bias, node('y', 'Add', ['conv', 'b']));
    expect(fuseConvolution(model, kept)).toEqual(model);
  });
});

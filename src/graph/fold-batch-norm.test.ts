import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldBatchNorm } from './fold-batch-norm.ts';
import type { Graph, GraphNode } from './graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { optimizeGraph } from './optimize-graph.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';
import { elements } from './values/known-value.ts';

const x = placeholder('x', [-1, -1, -1, 2]);
const kept = new Set(['x', 'y']);

/** Four vectors of a normalisation of `channels` channels, and the node. */
function batchNorm(name: string, input: string, channels: number, attrs = {}): GraphNode[] {
  return [
    floats(`${name}/gamma`, [channels], [1.5, -0.75, 0.25]),
    floats(`${name}/beta`, [channels], [0.125, -2, 0.5]),
    floats(`${name}/mean`, [channels], [3, -0.5, 0.0625, 1]),
    floats(`${name}/variance`, [channels], [0.01, 2, 0.5, 7, 1]),
    node(
      name,
      'FusedBatchNormV3',
      [input, ...['gamma', 'beta', 'mean', 'variance'].map((part) => `${name}/${part}`)],
      { is_training: false, epsilon: { f: 0.001 }, ...attrs },
    ),
  ];
}

function ops(model: Graph): string[] {
  return model.nodes.filter(({ op }) => op !== 'Const').map(({ op }) => op);
}

function expectSame(before: Graph, after: Graph): void {
  const input = pictures(2, 5, 6, 2);
  const [one, other] = [runGraph(before, { x: input }, 'y'), runGraph(after, { x: input }, 'y')];
  expect(other.shape).toEqual(one.shape);
  const largest = Math.max(1, ...elements(one).map(Math.abs));
  const differences = elements(one).map((value, index) => Math.abs(value - other.data[index]!) / largest);
  expect(Math.max(...differences)).toBeLessThan(2e-6);
  expect(new Set(elements(one)).size).toBeGreaterThan(5);
}

const steps = ['norm', 'bias', 'add', 'addTo', 'sub', 'subFrom', 'mul', 'mulBy', 'div', 'scalar'] as const;

/** A convolution and what stands behind it, from x to y. */
function chain(list: readonly (typeof steps)[number][], depthwise: boolean): Graph {
  const channels = depthwise ? 6 : 5;
  const kernel = depthwise ? ([3, 3, 2, 3] as const) : ([3, 3, 2, 5] as const);
  const nodes: GraphNode[] = [x, ...convolution('c', 'x', kernel, { depthwise })];
  let last = 'c';
  for (const [index, step] of list.entries()) {
    const name = `s${index}`;
    const vector = floats(
      `${name}/v`,
      index % 2 === 0 ? [channels] : [1, 1, 1, channels],
      [0.5, -1.5, 2, 1.25],
    );
    const scalar = floats(`${name}/n`, [], [0.2]);
    const two = (op: string, ...inputs: string[]): GraphNode => node(name, op, inputs);
    if (step === 'norm') nodes.push(...batchNorm(name, last, channels));
    else if (step === 'bias') nodes.push(floats(`${name}/v`, [channels]), two('BiasAdd', last, `${name}/v`));
    else if (step === 'scalar') nodes.push(scalar, two('Mul', last, scalar.name));
    else {
      const isReversed = ['addTo', 'subFrom', 'mulBy'].includes(step);
      const op = step.startsWith('add')
        ? 'AddV2'
        : step.startsWith('sub')
          ? 'Sub'
          : step === 'div'
            ? 'RealDiv'
            : 'Mul';
      nodes.push(vector, two(op, ...(isReversed ? [vector.name, last] : [last, vector.name])));
    }
    last = name;
  }
  return graph(...nodes, node('y', 'LeakyRelu', [last]));
}

test('any chain is one convolution and one bias that compute the same', () => {
  const lists = fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lists, fc.boolean(), (list, depthwise) => {
      const model = chain(list, depthwise);
      const { graph: after, folded } = foldBatchNorm(model, kept);
      const isBias = (step: string): boolean => ['bias', 'add', 'addTo', 'sub'].includes(step);
      const onlyBias = list.length === 1 && isBias(list[0]!);
      expect(folded).toBe(onlyBias ? 0 : 1);
      expect(ops(after).slice(1)).toEqual([ops(model)[1], onlyBias ? ops(model)[2] : 'BiasAdd', 'LeakyRelu']);
      expectSame(model, after);
    }),
    { numRuns: 200 },
  );
});

test('a normalised network is fused convolutions, whatever the layout', () => {
  const model = graph(
    x,
    ...convolution('c', 'x', [3, 3, 2, 4]),
    ...batchNorm('n', 'c', 4),
    node('r', 'Relu', ['n']),
    ...convolution('d', 'r', [1, 1, 4, 3]),
    ...batchNorm('y', 'd', 3),
  );
  const { graph: after, notes } = optimizeGraph(model, { input: 'x', outputs: ['y'] });
  expect(ops(after)).toEqual(['Placeholder', '_FusedConv2D', '_FusedConv2D']);
  expect(notes).toContain('2 batch normalisations or products folded into convolutions');
  expectSame(model, after);
  const first = graph(
    x,
    ...convolution('c', 'x', [1, 1, 2, 4], { data_format: 'NCHW' }),
    ...batchNorm('n', 'c', 4, { data_format: 'NCHW' }),
    floats('v', [4, 1, 1], [2]),
    node('m', 'Mul', ['n', 'v']),
    floats('across', [4], [2]),
    node('y', 'Mul', ['m', 'across']),
  );
  const { graph: turned } = foldBatchNorm(first, kept);
  // A vector without axes behind it runs across the picture's columns here.
  expect(ops(turned)).toEqual(['Placeholder', 'Conv2D', 'BiasAdd', 'Mul']);
  expect(turned.nodes.find(({ op }) => op === 'BiasAdd')!.attrs['data_format']).toEqual({ s: 'NCHW' });
});

const conv = convolution('c', 'x', [3, 3, 2, 3]);

/** A bias of three numbers in a layout, and behind it a factor for each channel of the convolution c. */
function biasAndScale(format: string, scaleShape: readonly number[]): GraphNode[] {
  return [
    floats('b', [3]),
    node('biased', 'BiasAdd', ['c', 'b'], { data_format: format }),
    floats('s', scaleShape, [2, 3, 4]),
    node('y', 'Mul', ['biased', 's']),
  ];
}

test.each<[string, Graph]>([
  [
    'another node reads the convolution',
    graph(x, ...conv, ...batchNorm('n', 'c', 3), node('y', 'Add', ['n', 'c'])),
  ],
  [
    'the convolution is read from outside',
    graph(x, ...convolution('y', 'x', [3, 3, 2, 3]), ...batchNorm('n', 'y', 3)),
  ],
  [
    'the normalisation is in training',
    graph(x, ...conv, ...batchNorm('n', 'c', 3, { is_training: true }), node('y', 'Relu', ['n'])),
  ],
  ['the mean is read too', graph(x, ...conv, ...batchNorm('n', 'c', 3), node('y', 'Add', ['n', 'n:1']))],
  [
    'the weights are computed',
    graph(
      x,
      floats('k', [3, 3, 2, 3]),
      ints('axes', [0]),
      node('moving', 'Mean', ['x', 'axes']),
      node('c', 'Conv2D', ['x', 'moving'], { padding: 'SAME' }),
      ...batchNorm('y', 'c', 3),
    ),
  ],
  ['the constant is a picture', graph(x, ...conv, floats('p', [1, 5, 6, 3]), node('y', 'Mul', ['c', 'p']))],
  [
    'the variance is negative',
    graph(x, ...conv, ...batchNorm('y', 'c', 3).with(3, floats('y/variance', [3], [-1]))),
  ],
  // TensorFlow's BiasAdd runs along axis 1 in NCHW, and along the last one else,
  // whatever the convolution's layout.
  ['a bias in NCHW runs along the rows', graph(x, ...conv, ...biasAndScale('NCHW', [3]))],
  [
    'a bias runs along the columns of channels in front',
    graph(
      x,
      ...convolution('c', 'x', [3, 3, 2, 3], { data_format: 'NCHW' }),
      ...biasAndScale('NHWC', [3, 1, 1]),
    ),
  ],
  ['something is divided by it', graph(x, ...conv, floats('v', [3]), node('y', 'RealDiv', ['v', 'c']))],
])('nothing is folded where %s', (_why, model) => {
  const { graph: after, folded } = foldBatchNorm(model, kept);
  expect(folded).toBe(0);
  expect(after).toEqual(model);
});

test('two convolutions with the same weights keep their own', () => {
  const attrs = { strides: [1, 1, 1, 1], padding: 'SAME', T: { type: 'float32' as const } };
  const model = graph(
    x,
    floats('k', [1, 1, 2, 2]),
    node('a', 'Conv2D', ['x', 'k'], attrs),
    ...batchNorm('n', 'a', 2),
    node('y', 'Conv2D', ['n', 'k'], attrs),
  );
  const { graph: after, folded } = foldBatchNorm(model, kept);
  expect(folded).toBe(1);
  expectSame(model, after);
});

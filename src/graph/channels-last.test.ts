import { expect, test } from 'vitest';
import { channelsLast } from './channels-last.ts';
import type { Graph } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { convolution, floats, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';

/** The same network in either layout; runGraph knows channels-last convolutions only. */
function network(first: boolean): Graph {
  const data_format = first ? 'NCHW' : 'NHWC';
  const spatial = (h: number, w: number): number[] => (first ? [1, 1, h, w] : [1, h, w, 1]);
  const vector = (name: string): ReturnType<typeof floats> => floats(name, first ? [1, 4, 1, 1] : [4]);
  return graph(
    placeholder('x', [1, -1, -1, 3]),
    ints('in', first ? [0, 3, 1, 2] : [0, 1, 2, 3]),
    ints('out', first ? [0, 2, 3, 1] : [0, 1, 2, 3]),
    ...(first ? [node('t', 'Transpose', ['x', 'in'])] : [node('t', 'Identity', ['x'])]),
    ...convolution('c', 't', [3, 3, 3, 4], {
      data_format,
      strides: spatial(2, 1),
      dilations: spatial(1, 1),
    }),
    floats('b', [4], [0.5, -0.25, 1, 2]),
    node('a', 'BiasAdd', ['c', 'b'], { data_format }),
    node('r', 'Relu', ['a']),
    vector('v'),
    ...convolution('d', 'r', [1, 3, 4, 4], { data_format, strides: spatial(1, 1), dilations: spatial(1, 2) }),
    ...(first ? [node('y', 'Transpose', ['d', 'out'])] : [node('y', 'Identity', ['d'])]),
  );
}

test('an NCHW graph computes the same with channels last', () => {
  const turned = channelsLast(network(true), ['y']);
  expect(turned.nodes.some((entry) => JSON.stringify(entry.attrs).includes('NCHW'))).toBe(false);
  const x = pictures(1, 8, 9, 3);
  const [result, wanted] = [runGraph(turned, { x }, 'y'), runGraph(network(false), { x }, 'y')];
  expect(result.shape).toEqual(wanted.shape);
  expect(result.data).toEqual(wanted.data);
});

const transposes = (model: Graph): number => model.nodes.filter(({ op }) => op === 'Transpose').length;

/** Everything that follows a turned tensor, between one Transpose at the start and one at the end. */
const follows = graph(
  placeholder('x', [1, -1, -1, 2]),
  ints('in', [0, 3, 1, 2]),
  ints('out', [0, 2, 3, 1]),
  node('t', 'Transpose', ['x', 'in']),
  ints('pads', [0, 0, 0, 0, 1, 2, 3, 4], [4, 2]),
  node('p', 'Pad', ['t', 'pads']),
  ...convolution('c', 'p', [1, 1, 2, 2], { data_format: 'NCHW' }),
  floats('v', [2, 1, 1]),
  node('s', 'Add', ['v', 'c']),
  floats('full', [1, 2, 1, 1], [2, -3]),
  node('f', 'Mul', ['s', 'full']),
  floats('one', [], [0.5]),
  node('o', 'Sub', ['one', 'f']),
  ints('axis', 1),
  node('j', 'ConcatV2', ['o', 'p', 'axis']),
  node('parts', 'Split', ['axis', 'j'], { num_split: 2 }),
  ints('begin', [0, 0, 1, 2]),
  ints('size', [1, 2, -1, 3]),
  node('cut', 'Slice', ['parts:1', 'begin', 'size']),
  node('r', 'Relu', ['cut']),
  ints('from', [0, 1]),
  ints('to', [0, 2]),
  ints('by', [1, 1]),
  node('last', 'StridedSlice', ['r', 'from', 'to', 'by'], { begin_mask: 1, end_mask: 1 }),
  node('y', 'Transpose', ['last', 'out']),
);

test('sums, pads, joins and cuts follow, without a Transpose in between', () => {
  const turned = channelsLast(follows, ['y']);
  expect(transposes(turned)).toBe(0);
  expect(turned.nodes.some((entry) => JSON.stringify(entry.attrs).includes('NCHW'))).toBe(false);
  const constant = (name: string): number[] => {
    const value = turned.nodes.find((entry) => entry.name === name)!.attrs['value']!;
    return 'tensor' in value ? Array.from(value.tensor.data, Number) : [];
  };
  expect(constant('p/paddings')).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
  expect(constant('j/axis')).toEqual([3]);
  const inferred = inferShapes(turned, { x: [1, 5, 6, 2] });
  expect(inferred.shapeOf('y')).toEqual(inferShapes(follows, { x: [1, 5, 6, 2] }).shapeOf('y'));
});

test('a bias of more channels than inference follows', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    ints('in', [0, 3, 1, 2]),
    ints('out', [0, 2, 3, 1]),
    node('t', 'Transpose', ['x', 'in']),
    ...convolution('c', 't', [1, 1, 1, 2000], { data_format: 'NCHW' }),
    floats('b', [1, 2000, 1, 1]),
    node('a', 'AddV2', ['c', 'b']),
    node('y', 'Transpose', ['a', 'out']),
  );
  expect(transposes(channelsLast(model, ['y']))).toBe(0);
});

test('what cannot be turned gets its tensors as they were', () => {
  const model = graph(
    placeholder('x', [1, 3, -1, -1]),
    ...convolution('c', 'x', [3, 3, 3, 4], { data_format: 'NCHW' }),
    node('r', 'Relu', ['c']),
    node('m', 'Softmax', ['r']),
    node('sizes', 'Shape', ['r']),
    node('y', 'Identity', ['r']),
  );
  const turned = channelsLast(model, ['m', 'y', 'sizes', 'c']);
  const sizes = { x: [1, 3, 5, 6] };
  const [one, other] = [inferShapes(turned, sizes), inferShapes(model, sizes)];
  for (const name of ['m', 'y', 'c']) expect(one.shapeOf(name)).toEqual(other.shapeOf(name));
  expect(Array.from(one.valueOf('sizes')!.data)).toEqual([1, 4, 5, 6]);
  // In, and out once for c, y and what Softmax takes; the sizes need none.
  expect(transposes(turned)).toBe(4);
  const plain = network(false);
  expect(channelsLast(plain, ['y'])).toBe(plain);
});

import { expect, test } from 'vitest';
import { channelsLast } from './channels-last.ts';
import type { Graph } from './graph.ts';
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

test('sums, pads and joins follow', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 2]),
    ints('in', [0, 3, 1, 2]),
    ints('out', [0, 2, 3, 1]),
    node('t', 'Transpose', ['x', 'in']),
    node('p', 'Pad', ['t', 'pads']),
    ints('pads', [0, 0, 0, 0, 1, 2, 3, 4], [4, 2]),
    ...convolution('c', 'p', [1, 1, 2, 2], { data_format: 'NCHW' }),
    floats('v', [2, 1, 1]),
    node('s', 'Add', ['v', 'c']),
    ints('axis', 1),
    node('j', 'ConcatV2', ['s', 'p', 'axis']),
    node('y', 'Transpose', ['j', 'out']),
  );
  const turned = channelsLast(model, ['y']);
  const constant = (name: string): number[] => {
    const value = turned.nodes.find((entry) => entry.name === name)!.attrs['value']!;
    return 'tensor' in value ? Array.from(value.tensor.data, Number) : [];
  };
  expect(constant('p/channels_last')).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
  expect(constant('j/channels_last')).toEqual([3]);
  expect(turned.nodes.find((entry) => entry.name === 's')!.inputs).toEqual(['s/channels_last0', 'c']);
});

test('what cannot be turned stays as it is', () => {
  const bare = graph(
    placeholder('x', [1, 3, -1, -1]),
    ...convolution('y', 'x', [3, 3, 3, 4], { data_format: 'NCHW' }),
  );
  expect(channelsLast(bare, ['y'])).toBe(bare);
  const inside = network(true);
  expect(channelsLast(inside, ['d'])).toBe(inside);
  const plain = network(false);
  expect(channelsLast(plain, ['y'])).toBe(plain);
});

import { expect, test } from 'vitest';
import { feedChannelsLast } from './feed-channels-last.ts';
import { convolution, floats, graph, node, placeholder } from './graph-builder.test-support.ts';
import { inferShapes } from './infer-shapes.ts';
import { optimizeGraph } from './optimize-graph.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';

const first = graph(
  placeholder('x', [1, 2, -1, -1]),
  ...convolution('c', 'x', [3, 3, 2, 4], { data_format: 'NCHW' }),
  floats('b', [1, 4, 1, 1]),
  node('y', 'AddV2', ['c', 'b']),
  node('r', 'Relu', ['y']),
);
const last = graph(
  placeholder('x', [1, -1, -1, 2]),
  ...convolution('c', 'x', [3, 3, 2, 4]),
  floats('b', [4]),
  node('y', 'AddV2', ['c', 'b']),
  node('r', 'Relu', ['y']),
);

test('a channels-first network is fed with channels last and gives pictures so, under the same names', () => {
  const options = { input: 'x', outputs: ['y', 'r'] };
  const fed = feedChannelsLast(first, { ...options, pictures: true });
  expect(inferShapes(fed, { x: [1, 7, 9, 2] }).shapeOf('y')).toEqual([1, 7, 9, 4]);
  const { graph: turned } = optimizeGraph(fed, options);
  expect(turned.nodes.map(({ op }) => op)).not.toContain('Transpose');
  const x = pictures(1, 7, 9, 2);
  const { graph: wanted } = optimizeGraph(last, options);
  for (const name of ['y', 'r']) expect(runGraph(turned, { x }, name)).toEqual(runGraph(wanted, { x }, name));
  // Where all of it is one chain, bias and activation are fused.
  const alone = optimizeGraph(feedChannelsLast(first, { input: 'x', outputs: ['r'], pictures: true }), {
    input: 'x',
    outputs: ['r'],
  });
  expect(alone.graph.nodes.map(({ op }) => op).toSorted()).toEqual([
    'Const',
    'Const',
    'Placeholder',
    '_FusedConv2D',
  ]);
});

test('what is no picture keeps its layout', () => {
  const options = { input: 'x', outputs: ['y'] };
  const fed = feedChannelsLast(first, { ...options, pictures: false });
  const { graph: turned } = optimizeGraph(fed, options);
  expect(inferShapes(turned, { x: [1, 7, 9, 2] }).shapeOf('y')).toEqual([1, 4, 7, 9]);
  const x = pictures(1, 7, 9, 2);
  const [raw, wanted] = [runGraph(turned, { x }, 'y'), runGraph(last, { x }, 'y')];
  expect(raw.data[3 * 63 + 5]).toBe(wanted.data[5 * 4 + 3]);
});

test('a node in the middle may be the input, and the input an output', () => {
  const fed = feedChannelsLast(
    graph(placeholder('z', [1, 3, -1, -1]), node('x', 'Relu', ['z']), node('y', 'Neg', ['x'])),
    { input: 'x', outputs: ['x', 'y'], pictures: true },
  );
  const shapes = inferShapes(fed, { x: [1, 4, 5, 3] });
  expect(shapes.shapeOf('x')).toEqual([1, 4, 5, 3]);
  expect(shapes.shapeOf('y')).toEqual([1, 4, 5, 3]);
});

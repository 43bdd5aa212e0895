/**
 * Chains of Reshape, Transpose, Reshape: which are one op, which only look like one, and that both compute
 * the same.
 */
import { expect, test } from 'vitest';
import { findShuffles } from '../native/lowering/find-shuffles.ts';
import type { Graph } from '../../graph/graph.ts';
import { channelsLast } from '../../graph/channels-last.ts';
import { graph, ints, placeholder } from '../../graph/graph-builder.test-support.ts';
import { typed } from './op-case.test-support.ts';
import type { PlainTensor } from './reference-tensor.test-support.ts';
import { runReference } from './run-reference.test-support.ts';

type Sizes = readonly number[];

/** The chain between images with channels last, as a graph is fed. */
function chain(channels: number, apart: Sizes, order: Sizes, to: Sizes): Graph {
  return graph(
    placeholder('x', [1, 4, 6, channels]),
    ints('in', [0, 3, 1, 2]),
    typed('t', 'Transpose', ['x', 'in']),
    ints('apart', apart),
    typed('a', 'Reshape', ['t', 'apart']),
    ints('order', order),
    typed('m', 'Transpose', ['a', 'order']),
    ints('to', to),
    typed('r', 'Reshape', ['m', 'to']),
    ints('out', [0, 2, 3, 1]),
    typed('y', 'Transpose', ['r', 'out']),
  );
}

const picture = (channels: number): PlainTensor => ({
  dtype: 'float32',
  shape: [1, 4, 6, channels],
  data: Array.from({ length: 24 * channels }, (_, at) => at),
});

const found: [string, number, Sizes, Sizes, Sizes][] = [
  ['PixelShuffle', 12, [1, 3, 2, 2, 4, 6], [0, 1, 4, 2, 5, 3], [1, 3, 8, 12]],
  ['DepthToSpace', 12, [1, 2, 2, 3, 4, 6], [0, 3, 4, 1, 5, 2], [1, 3, 8, 12]],
  ['PixelUnshuffle', 3, [1, 3, 2, 2, 3, 2], [0, 1, 3, 5, 2, 4], [1, 12, 2, 3]],
  ['SpaceToDepth', 3, [1, 3, 2, 2, 3, 2], [0, 3, 5, 1, 2, 4], [1, 12, 2, 3]],
  ['GatherV2', 6, [1, 3, 2, 4, 6], [0, 2, 1, 3, 4], [1, 6, 4, 6]],
];

test.each(found)('%s', (op, channels, apart, order, to) => {
  const model = chain(channels, apart, order, to);
  const turned = channelsLast(findShuffles(model), ['y']);
  const x = picture(channels);
  const [got, wanted] = [runReference(turned, { x }, 'y'), runReference(model, { x }, 'y')];
  expect(got.shape).toEqual(wanted.shape);
  expect(got.data).toEqual(wanted.data);
  expect(findShuffles(model).nodes.find(({ name }) => name === 'r')?.op).toBe(op);
});

const left: [string, number, Sizes, Sizes, Sizes][] = [
  ['blocks that are not square', 6, [1, 1, 2, 3, 4, 6], [0, 1, 4, 2, 5, 3], [1, 1, 8, 18]],
  [
    'rows and columns of the block in the other order',
    4,
    [1, 1, 2, 2, 4, 6],
    [0, 1, 4, 3, 5, 2],
    [1, 1, 8, 12],
  ],
  ['another picture behind', 4, [1, 1, 2, 2, 4, 6], [0, 1, 4, 2, 5, 3], [1, 2, 8, 6]],
  ['channels that become rows', 6, [1, 3, 2, 4, 6], [0, 2, 1, 3, 4], [1, 3, 8, 6]],
  ['a picture that is cut apart too', 4, [1, 2, 2, 8, 3], [0, 2, 1, 3, 4], [1, 4, 4, 6]],
];

test.each(left)('%s are left alone', (_label, channels, apart, order, to) => {
  const model = chain(channels, apart, order, to);
  expect(findShuffles(model)).toBe(model);
});

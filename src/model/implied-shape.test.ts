import { expect, test } from 'vitest';
import { convolution, graph, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { inputShape } from '../graph/input-node.ts';
import { withImpliedShape } from './implied-shape.ts';

const unknown = { ...placeholder('x', [1]), attrs: {} };

test('the first convolution tells rank and channels', () => {
  const network = graph(unknown, node('d', 'Sub', ['x', 'x']), ...convolution('c', 'd', [3, 3, 2, 4]));
  expect(inputShape(network, 'x')).toBeNull();
  expect(inputShape(withImpliedShape(network, 'x'), 'x')).toEqual([-1, -1, -1, 2]);
});

test('nothing is changed where the shape is known, or where nothing tells it', () => {
  const known = graph(placeholder('x', [1, 4, 4, 2]), ...convolution('c', 'x', [3, 3, 2, 4]));
  expect(withImpliedShape(known, 'x')).toBe(known);
  const mean = graph(unknown, node('y', 'Relu', ['x']));
  expect(withImpliedShape(mean, 'x')).toBe(mean);
});

import { expect, test } from 'vitest';
import type { GraphNode } from '../graph/graph.ts';
import { graph, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { constNode } from '../graph/node-builder.ts';
import { checkFed } from './check-fed.ts';
import { takeKnownBranches } from './known-branches.ts';

const phase = (value: boolean): GraphNode =>
  constNode('off', { dtype: 'bool', shape: [], data: Uint8Array.of(Number(value)) });
const branches = [
  node('s', 'Switch', ['x', 'learning']),
  node('t', 'Neg', ['s:1']),
  node('f', 'Abs', ['s']),
  node('y', 'Merge', ['f', 't']),
];
const x = placeholder('x', [1, 4, 4, 1]);

/** The ops between the output and the input, from the output on. */
function path(nodes: readonly GraphNode[]): string[] {
  const ops: string[] = [];
  for (let name: string | undefined = 'y'; name !== undefined;) {
    const found: GraphNode = nodes.find((one) => one.name === name)!;
    if (found.op !== 'Identity') ops.push(found.op);
    [name] = found.inputs;
  }
  return ops;
}

test.each([
  [false, ['Abs', 'Placeholder']],
  [true, ['Neg', 'Placeholder']],
])('a predicate of %s takes its branch, also as the default of an input', (value, expected) => {
  const byDefault = graph(x, phase(value), node('learning', 'PlaceholderWithDefault', ['off']), ...branches);
  const byConstant = graph(x, phase(value), node('learning', 'Identity', ['off']), ...branches);
  for (const network of [byDefault, byConstant]) {
    const { nodes } = takeKnownBranches(network, 'x');
    expect(path(nodes)).toEqual(expected);
    expect(nodes.some(({ op }) => ['Switch', 'Merge', 'PlaceholderWithDefault'].includes(op))).toBe(false);
  }
});

test('what is not known stays, and is asked for by name', () => {
  const network = graph(
    x,
    { ...placeholder('learning', []), attrs: { dtype: { type: 'bool' } } },
    ...branches,
  );
  expect(takeKnownBranches(network, 'x')).toBe(network);
  expect(() => {
    checkFed(network, 'm.pb', 'x', ['y']);
  }).toThrow(/feeds the input 'x' only, and nobody feeds 'learning' \(bool\): .*set_learning_phase\(0\)/);
  checkFed(network, 'm.pb', 'x', ['x']);
  // What stands above the node that is fed is not needed.
  checkFed(graph(x, placeholder('z', [1]), node('a', 'Add', ['x', 'z'])), 'm.pb', 'a', ['a']);
});

test('loops are left alone', () => {
  const loop = graph(
    x,
    phase(false),
    node('learning', 'Identity', ['off']),
    node('e', 'Enter', ['x']),
    ...branches,
  );
  expect(takeKnownBranches(loop, 'x')).toBe(loop);
});

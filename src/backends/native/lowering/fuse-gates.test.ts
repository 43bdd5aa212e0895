/** Which products are activations, and which only look like them. */
import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../../../graph/graph.ts';
import { floats, graph, node, placeholder } from '../../../graph/graph-builder.test-support.ts';
import { fuseGates } from './fuse-gates.ts';

const all = new Set(['Silu', 'HardSwish', 'Gelu', 'Mish']);
const input = [placeholder('x', [1, -1, -1, 3]), placeholder('z', [1, -1, -1, 3])];

function made(nodes: readonly GraphNode[], ops = all): GraphNode | undefined {
  return fuseGates(graph(...input, ...nodes), ops).nodes.find(({ name }) => name === 'y');
}

const number = (name: string, value: number): GraphNode => floats(name, [], [value]);
const erf = (root: number, one = 1): GraphNode[] => [
  number('root', root),
  node('d', 'Mul', ['x', 'root']),
  node('e', 'Erf', ['d']),
  number('one', one),
  node('a', 'Add', ['e', 'one']),
];
const six = (three: number, high: number): GraphNode[] => [
  number('three', three),
  node('a', 'Add', ['x', 'three']),
  number('low', 0),
  number('high', high),
  node('r', 'ClipByValue', ['a', 'low', 'high']),
  number('sixth', 1 / 6),
];

describe('is found', () => {
  test.each([
    ['Silu', [node('s', 'Sigmoid', ['x']), node('y', 'Mul', ['s', 'x'])]],
    ['Mish', [node('p', 'Softplus', ['x']), node('s', 'Tanh', ['p']), node('y', 'Mul', ['x', 's'])]],
    [
      'Gelu',
      [...erf(Math.SQRT1_2), number('h', 0.5), node('p', 'Mul', ['a', 'h']), node('y', 'Mul', ['x', 'p'])],
    ],
    ['HardSwish', [...six(3, 6), node('g', 'Mul', ['r', 'sixth']), node('y', 'Mul', ['g', 'x'])]],
  ])('%s', (op, nodes) => {
    expect(made(nodes)).toMatchObject({ op, inputs: ['x'] });
    expect(made(nodes, new Set())?.op).toBe('Mul');
  });
});

describe('is left alone', () => {
  test.each([
    ['a gate of another tensor', [node('s', 'Sigmoid', ['z']), node('y', 'Mul', ['s', 'x'])]],
    [
      'twice a gate',
      [
        node('s', 'Sigmoid', ['x']),
        number('two', 2),
        node('d', 'Mul', ['s', 'two']),
        node('y', 'Mul', ['d', 'x']),
      ],
    ],
    [
      'another root',
      [...erf(0.7), number('h', 0.5), node('p', 'Mul', ['a', 'h']), node('y', 'Mul', ['x', 'p'])],
    ],
    [
      'another one',
      [
        ...erf(Math.SQRT1_2, 1.1),
        number('h', 0.5),
        node('p', 'Mul', ['a', 'h']),
        node('y', 'Mul', ['x', 'p']),
      ],
    ],
    ['no half', [...erf(Math.SQRT1_2), node('y', 'Mul', ['x', 'a'])]],
    ['another three', [...six(2, 6), node('g', 'Mul', ['r', 'sixth']), node('y', 'Mul', ['g', 'x'])]],
    ['another six', [...six(3, 5), node('g', 'Mul', ['r', 'sixth']), node('y', 'Mul', ['g', 'x'])]],
  ])('%s', (_label, nodes) => {
    expect(made(nodes)?.op).toBe('Mul');
  });
});

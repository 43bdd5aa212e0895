/** Cases of activations that are products, written out as models have them. */
import type { GraphNode } from '../../graph/graph.ts';
import { floats } from '../../graph/graph-builder.test-support.ts';
import { opCase, typed, type OpCase } from './op-case.test-support.ts';

const number = (name: string, value: number): GraphNode => floats(name, [], [value]);

/** Nodes that end in `y`, from `x`. */
const written: Readonly<Record<string, readonly GraphNode[]>> = {
  Silu: [typed('s', 'Sigmoid', ['x']), typed('y', 'Mul', ['x', 's'])],
  'HardSwish, of six parts': [
    number('three', 3),
    typed('a', 'AddV2', ['x', 'three']),
    typed('r', 'Relu6', ['a']),
    typed('p', 'Mul', ['x', 'r']),
    number('six', 6),
    typed('y', 'RealDiv', ['p', 'six']),
  ],
  'HardSwish, by a hard sigmoid': [
    number('sixth', 1 / 6),
    typed('m', 'Mul', ['sixth', 'x']),
    number('half', 0.5),
    typed('a', 'AddV2', ['m', 'half']),
    number('low', 0),
    number('high', 1),
    typed('r', 'ClipByValue', ['a', 'low', 'high']),
    typed('y', 'Mul', ['r', 'x']),
  ],
  'Gelu, half of the value first': [
    number('half', 0.5),
    typed('h', 'Mul', ['half', 'x']),
    number('root', Math.SQRT2),
    typed('d', 'RealDiv', ['x', 'root']),
    typed('e', 'Erf', ['d']),
    number('one', 1),
    typed('a', 'AddV2', ['e', 'one']),
    typed('y', 'Mul', ['h', 'a']),
  ],
  'Gelu, half of the product': [
    number('root', Math.SQRT1_2),
    typed('d', 'Mul', ['x', 'root']),
    typed('e', 'Erf', ['d']),
    number('one', 1),
    typed('a', 'AddV2', ['one', 'e']),
    typed('p', 'Mul', ['x', 'a']),
    number('half', 0.5),
    typed('y', 'Mul', ['p', 'half']),
  ],
  Mish: [typed('s', 'Softplus', ['x']), typed('t', 'Tanh', ['s']), typed('y', 'Mul', ['x', 't'])],
};

/** The same with another input than `x`. */
function behind(name: string, nodes: readonly GraphNode[]): GraphNode[] {
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => (input === 'x' ? name : input)),
  }));
}

const weights = Array.from({ length: 3 * 3 * 3 * 8 }, (_, at) => ((at * 5) % 13) / 9 - 0.7);

const chains = Object.entries(written).flatMap(([variant, nodes]) => [
  opCase(`Mul: ${variant}`, { tolerance: 4e-6 }, () => nodes),
  opCase(`Mul: ${variant}, behind Conv2D`, { dims: [1, 5, 7, 3], tolerance: 2e-5 }, () => [
    floats('w', [3, 3, 3, 8], weights),
    typed('c', 'Conv2D', ['x', 'w'], 'float32', { strides: [1, 1, 1, 1], padding: 'SAME' }),
    ...behind('c', nodes),
  ]),
]);

export const gateCases: readonly OpCase[] = chains;

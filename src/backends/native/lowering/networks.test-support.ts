/** Networks to lower and to run, for tests in Node. */
import fc from 'fast-check';
import type { DNNModelSpec } from '../../../dnn/contract/interface.ts';
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../../graph/graph-builder.test-support.ts';
import { optimizeGraph } from '../../../graph/optimize-graph.ts';

/** A spec of an optimised graph with the input x. */
export function specOf(original: Graph, outputs: readonly string[] = ['y']): DNNModelSpec {
  const { graph: optimized, batchFree } = optimizeGraph(original, { input: 'x', outputs });
  return { graph: optimized, batchFree, input: 'x', outputs };
}

/** ESPCN as FFmpeg's model zoo has it: 5x5x64, 3x3x32, 3x3x4, twice the size. */
export function espcn(): Graph {
  const layer = (name: string, input: string, k: number, depth: number, channels: number): GraphNode[] => [
    ...convolution(`${name}/conv`, input, [k, k, depth, channels]),
    floats(`${name}/bias`, [channels]),
    node(`${name}/add`, 'BiasAdd', [`${name}/conv`, `${name}/bias`]),
    node(name, 'Tanh', [`${name}/add`]),
  ];
  return graph(
    placeholder('x', [1, -1, -1, 1]),
    ...layer('one', 'x', 5, 1, 64),
    ...layer('two', 'one', 3, 64, 32),
    ...layer('three', 'two', 3, 32, 4),
    node('y', 'DepthToSpace', ['three'], { block_size: 2 }),
  );
}

/** What a random network is built from. */
export interface Block {
  readonly kind:
    'convolution' | 'dilated' | 'activation' | 'mirror' | 'residual' | 'skip' | 'negative' | 'relus';
  readonly kernel: number;
  readonly channels: number;
  readonly activation: 'Relu' | 'Tanh' | 'Sigmoid' | 'LeakyRelu';
}

/** Blocks of a random network. */
export const blocks: fc.Arbitrary<readonly Block[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Block['kind']>(
      'convolution',
      'dilated',
      'activation',
      'mirror',
      'residual',
      'skip',
      'negative',
      'relus',
    ),
    kernel: fc.constantFrom(1, 3, 5),
    channels: fc.integer({ min: 1, max: 9 }),
    activation: fc.constantFrom<Block['activation']>('Relu', 'Tanh', 'Sigmoid', 'LeakyRelu'),
  }),
  { minLength: 1, maxLength: 6 },
);

/** The blocks one after another, from x to y, and then twice the size where the channels allow it. */
export function randomNetwork(list: readonly Block[], channels: number): Graph {
  const nodes: GraphNode[] = [placeholder('x', [1, -1, -1, channels])];
  let last = 'x';
  let depth = channels;
  for (const [index, block] of list.entries()) {
    const name = `b${index}`;
    const { kind, kernel, activation } = block;
    const keeps = ['residual', 'skip', 'negative'].includes(kind);
    const out = keeps ? depth : block.channels;
    const convolve = (dilation: number): void => {
      const dilations = [1, dilation, dilation, 1];
      nodes.push(...convolution(`${name}/c`, last, [kernel, kernel, depth, out], { dilations }));
      nodes.push(floats(`${name}/bias`, [out]), node(`${name}/a`, 'BiasAdd', [`${name}/c`, `${name}/bias`]));
      depth = out;
    };
    if (kind === 'activation') nodes.push(node(name, activation, [last]));
    else if (kind === 'mirror') {
      nodes.push(ints(`${name}/p`, [0, 0, 1, 2, 1, 0, 0, 0], [4, 2]));
      nodes.push(node(name, 'MirrorPad', [last, `${name}/p`], { mode: 'REFLECT' }));
    } else if (kind === 'relus') {
      nodes.push(node(`${name}/p`, 'Relu', [last]), node(`${name}/m`, 'Neg', [last]));
      nodes.push(node(`${name}/n`, 'Relu', [`${name}/m`]), ints(`${name}/axis`, 3));
      nodes.push(node(name, 'ConcatV2', [`${name}/p`, `${name}/n`, `${name}/axis`], { N: 2 }));
      depth *= 2;
    } else {
      convolve(kind === 'dilated' ? 3 : 1);
      if (kind === 'residual') {
        nodes.push(node(`${name}/r`, activation, [`${name}/a`]), node(name, 'AddV2', [last, `${name}/r`]));
      } else if (kind === 'skip') nodes.push(node(name, 'Add', [`${name}/a`, last]));
      else if (kind === 'negative') nodes.push(node(name, 'Sub', [last, `${name}/a`]));
      else nodes.push(node(name, activation, [`${name}/a`]));
    }
    last = name;
  }
  const y =
    depth % 4 === 0 ? node('y', 'DepthToSpace', [last], { block_size: 2 }) : node('y', 'Relu', [last]);
  return graph(...nodes, y);
}

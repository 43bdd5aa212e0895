import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { Graph, GraphNode } from '../graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from '../graph-builder.test-support.ts';
import { graphCost, type GraphCost } from './graph-cost.ts';
import { optimizeGraph } from '../optimize-graph.ts';

const x = placeholder('x', [-1, -1, -1, -1]);

/** Cost of reading y where x is fed with the sizes. */
function cost(nodes: readonly GraphNode[], fed: readonly number[] = [1, 8, 12, 4]): GraphCost {
  return graphCost(graph(x, ...nodes), { x: fed }, ['y']);
}

/** FFmpeg's ESPCN: what is mirrored around the frame is what the VALID convolutions take off. */
function espcn(): Graph {
  const valid = { padding: 'VALID' };
  return graph(
    placeholder('x', [1, -1, -1, 1]),
    ints('edges', [0, 0, 4, 4, 4, 4, 0, 0], [4, 2]),
    node('pad', 'MirrorPad', ['x', 'edges'], { mode: 'SYMMETRIC' }),
    ...convolution('l1', 'pad', [5, 5, 1, 64], valid),
    floats('l1/bias', [64]),
    node('l1/add', 'BiasAdd', ['l1', 'l1/bias']),
    node('l1/tanh', 'Tanh', ['l1/add']),
    ...convolution('l2', 'l1/tanh', [3, 3, 64, 32], valid),
    floats('l2/bias', [32]),
    node('l2/add', 'BiasAdd', ['l2', 'l2/bias']),
    node('l2/tanh', 'Tanh', ['l2/add']),
    ...convolution('l3', 'l2/tanh', [3, 3, 32, 4], valid),
    floats('l3/bias', [4]),
    node('l3/add', 'BiasAdd', ['l3', 'l3/bias']),
    node('l3/sigmoid', 'Sigmoid', ['l3/add']),
    node('d2s', 'DepthToSpace', ['l3/sigmoid'], { block_size: 2 }),
    node('y', 'Identity', ['d2s']),
  );
}

describe('multiply-adds', () => {
  test.each<[string, GraphNode[], number]>([
    ['Conv2D', convolution('y', 'x', [3, 3, 4, 5]), 8 * 12 * 5 * 3 * 3 * 4],
    [
      'Conv2D with a stride',
      convolution('y', 'x', [3, 2, 4, 5], { strides: [1, 2, 2, 1] }),
      4 * 6 * 5 * 3 * 2 * 4,
    ],
    [
      'dilation costs nothing',
      convolution('y', 'x', [3, 3, 4, 5], { dilations: [1, 2, 2, 1] }),
      8 * 12 * 5 * 36,
    ],
    ['depthwise', convolution('y', 'x', [3, 3, 4, 2], { depthwise: true }), 8 * 12 * 8 * 9],
    [
      'transposed',
      [
        ints('size', [1, 16, 24, 6]),
        floats('kernel', [3, 3, 6, 4]),
        node('y', 'Conv2DBackpropInput', ['size', 'kernel', 'x'], { strides: [1, 2, 2, 1], padding: 'SAME' }),
      ],
      8 * 12 * 4 * 3 * 3 * 6,
    ],
    [
      'MatMul',
      [
        ints('shape', [12, 32]),
        node('rows', 'Reshape', ['x', 'shape']),
        floats('w', [32, 7]),
        node('y', 'MatMul', ['rows', 'w']),
      ],
      12 * 32 * 7,
    ],
    [
      'MatMul of a transposed matrix',
      [
        ints('shape', [12, 32]),
        node('rows', 'Reshape', ['x', 'shape']),
        floats('w', [12, 7]),
        node('y', 'MatMul', ['rows', 'w'], { transpose_a: true }),
      ],
      32 * 12 * 7,
    ],
    ['BatchMatMulV2', [node('y', 'BatchMatMulV2', ['x', 'x'], { adj_y: true })], 8 * 12 * 12 * 4],
  ])('%s', (_label, nodes, expected) => {
    expect(cost(nodes).multiplyAdds).toBe(expected);
  });

  test('ESPCN: 21 184 for each pixel and what the border adds', () => {
    const { multiplyAdds, weightBytes } = graphCost(espcn(), { x: [1, 12, 16, 1] }, ['y']);
    expect(multiplyAdds).toBe(16 * 20 * 1600 + 14 * 18 * 18432 + 12 * 16 * 1152);
    expect(weightBytes).toBe(4 * 21284 + 4 * 8);
    const large = graphCost(espcn(), { x: [1, 1080, 1920, 1] }, ['y']);
    expect(large.multiplyAdds! / (1080 * 1920)).toBeGreaterThan(21184);
    expect(large.multiplyAdds! / (1080 * 1920)).toBeLessThan(21184 * 1.005);
  });
});

describe('other operations', () => {
  test('one for a value, a window for a pool, the input of a reduction; views and sizes are free', () => {
    expect(cost([node('y', 'Relu', ['x'])]).elementOps).toBe(384);
    const attrs = { ksize: [1, 3, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' };
    expect(cost([node('y', 'MaxPool', ['x'], attrs)]).elementOps).toBe(4 * 6 * 4 * 6);
    expect(cost([ints('axes', [1, 2]), node('y', 'Mean', ['x', 'axes'])]).elementOps).toBe(384);
    const reshaped = [node('s', 'Shape', ['x']), node('y', 'Reshape', ['x', 's'])];
    expect(cost(reshaped).elementOps).toBe(0);
  });

  test('fusing bias and activation changes neither count', () => {
    const nodes = [
      ...convolution('c', 'x', [3, 3, 4, 5]),
      floats('bias', [5]),
      node('add', 'BiasAdd', ['c', 'bias']),
      node('y', 'Relu', ['add']),
    ];
    const { graph: fused } = optimizeGraph(graph(x, ...nodes), { input: 'x', outputs: ['y'] });
    expect(fused.nodes.map(({ op }) => op)).toContain('_FusedConv2D');
    const [before, after] = [cost(nodes), graphCost(fused, { x: [1, 8, 12, 4] }, ['y'])];
    expect(after).toMatchObject({ multiplyAdds: before.multiplyAdds, elementOps: before.elementOps });
    expect(before.elementOps).toBe(2 * 8 * 12 * 5);
  });
});

describe('memory', () => {
  const one = 4 * 384;

  test('a chain holds the input, and two tensors at a time', () => {
    const chain = ['a', 'b', 'c', 'y'].map((name, index, all) => node(name, 'Relu', [all[index - 1] ?? 'x']));
    expect(cost(chain.slice(3).map((entry) => ({ ...entry, inputs: ['x'] }))).peakTensorBytes).toBe(2 * one);
    expect(cost(chain).peakTensorBytes).toBe(3 * one);
  });

  test('a tensor lives to its last consumer', () => {
    const nodes = [
      node('a', 'Relu', ['x']),
      node('b', 'Tanh', ['a']),
      node('c', 'Tanh', ['b']),
      node('d', 'Tanh', ['c']),
      node('y', 'Add', ['d', 'a']),
    ];
    expect(cost(nodes).peakTensorBytes).toBe(4 * one);
  });

  test('outputs live to the end, what nobody needs is not made', () => {
    const nodes = [
      node('a', 'Relu', ['x']),
      node('b', 'Tanh', ['a']),
      node('y', 'Tanh', ['b']),
      node('z', 'Relu', ['y']),
    ];
    const both = graphCost(graph(x, ...nodes), { x: [1, 8, 12, 4] }, ['a', 'y']);
    expect(both.peakTensorBytes).toBe(4 * one);
    expect(both.ioTensorBytes).toBe(3 * one);
    expect(cost(nodes).peakTensorBytes).toBe(3 * one);
  });

  test('views share memory and keep it alive', () => {
    const nodes = [
      node('a', 'Relu', ['x']),
      ints('shape', [384]),
      node('view', 'Reshape', ['a', 'shape']),
      node('b', 'Tanh', ['a']),
      node('c', 'Tanh', ['b']),
      ints('back', [1, 8, 12, 4]),
      node('again', 'Reshape', ['view', 'back']),
      node('y', 'Add', ['c', 'again']),
    ];
    // The topological order runs the chain b, c only after the views.
    expect(cost(nodes).peakTensorBytes).toBe(4 * one);
    expect(cost([node('y', 'Identity', ['x'])]).peakTensorBytes).toBe(one);
  });

  test('the outputs of a node that are read', () => {
    const split = [ints('axis', 3), node('s', 'Split', ['axis', 'x'], { num_split: 4 })];
    expect(cost([...split, node('y', 'Relu', ['s:2'])]).peakTensorBytes).toBe(one + (2 * one) / 4);
    expect(cost([...split, node('y', 'Add', ['s:1', 's:2'])]).peakTensorBytes).toBe(one + (3 * one) / 4);
  });

  test('constants are weights, once each, and none of them a tensor', () => {
    const kernel = floats('k', [1, 1, 4, 4]);
    const large = floats('large', [1, 8, 12, 40]);
    const nodes = [
      kernel,
      large,
      node('a', 'Conv2D', ['x', 'k'], { strides: [1, 1, 1, 1], padding: 'SAME' }),
      node('y', 'Conv2D', ['a', 'k'], { strides: [1, 1, 1, 1], padding: 'SAME' }),
    ];
    expect(cost(nodes)).toMatchObject({ weightBytes: 64, peakTensorBytes: 3 * one });
    const wide = cost([large, ints('axis', 3), node('y', 'ConcatV2', ['x', 'large', 'axis'])]);
    expect(wide).toMatchObject({ weightBytes: 10 * one + 4, peakTensorBytes: one + 11 * one });
  });

  test('ESPCN of one frame: the first Tanh, beside its input', () => {
    const { graph: optimized } = optimizeGraph(espcn(), { input: 'x', outputs: ['y'] });
    const { peakTensorBytes } = graphCost(optimized, { x: [1, 240, 360, 1] }, ['y']);
    expect(peakTensorBytes).toBe(4 * (240 * 360 + 2 * 64 * 244 * 364));
  });
});

describe('sizes that are not known', () => {
  test('the node that stops it is named, weights are known', () => {
    const nodes = [
      ...convolution('a', 'x', [1, 1, 4, 2]),
      node('where', 'Where', ['a']),
      node('b', 'Relu', ['where']),
      node('y', 'Tanh', ['b']),
    ];
    expect(cost(nodes)).toEqual({
      weightBytes: 32,
      multiplyAdds: undefined,
      elementOps: undefined,
      peakTensorBytes: undefined,
      ioTensorBytes: undefined,
      stoppedAt: "'where' (Where)",
    });
    expect(cost([node('y', 'Relu', ['x'])], [1, -1, 12, 4]).stoppedAt).toBe("'x' (Placeholder)");
  });

  test('what the outputs do not need may be unknown', () => {
    expect(cost([node('where', 'Where', ['x']), node('y', 'Relu', ['x'])]).stoppedAt).toBeUndefined();
  });

  test('an output that is not there', () => {
    const error = failure(() => graphCost(graph(x), { x: [1, 1, 1, 1] }, ['z']));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain("no node has the name 'z'");
  });
});

/** A network of random layers, some with a branch, that keeps the size of the frame. */
const network = fc
  .array(
    fc.record({
      kind: fc.constantFrom('conv', 'depthwise', 'Relu', 'Add', 'pool', 'ConcatV2'),
      from: fc.nat(),
      size: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((layers) => {
    const nodes: GraphNode[] = [];
    const made = [{ name: 'x', channels: 3 }];
    layers.forEach(({ kind, from, size }, index) => {
      const name = `n${index}`;
      const [last, other] = [made.at(-1)!, made[from % made.length]!];
      const attrs = { ksize: [1, size, size, 1], strides: [1, 1, 1, 1], padding: 'SAME' };
      let channels = last.channels;
      if (kind === 'conv') {
        nodes.push(...convolution(name, last.name, [size, size, channels, size]));
        channels = size;
      } else if (kind === 'depthwise') {
        nodes.push(...convolution(name, last.name, [size, size, channels, 1], { depthwise: true }));
      } else if (kind === 'ConcatV2') {
        nodes.push(ints(`${name}/axis`, 3), node(name, 'ConcatV2', [last.name, other.name, `${name}/axis`]));
        channels += other.channels;
      } else if (kind === 'pool') nodes.push(node(name, 'AvgPool', [last.name], attrs));
      else if (kind === 'Add' && other.channels === channels)
        nodes.push(node(name, 'Add', [last.name, other.name]));
      else nodes.push(node(name, 'Relu', [last.name]));
      made.push({ name, channels });
    });
    return graph(placeholder('x', [-1, -1, -1, 3]), ...nodes, node('y', 'Identity', [made.at(-1)!.name]));
  });

test('a batch of n costs n times what one image costs, weights once', () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(network, size, size, size, (model, n, height, width) => {
      const one = graphCost(model, { x: [1, height, width, 3] }, ['y']);
      const all = graphCost(model, { x: [n, height, width, 3] }, ['y']);
      expect(all).toEqual({
        weightBytes: one.weightBytes,
        multiplyAdds: n * one.multiplyAdds!,
        elementOps: n * one.elementOps!,
        peakTensorBytes: n * one.peakTensorBytes!,
        ioTensorBytes: n * one.ioTensorBytes!,
      });
      expect(all.peakTensorBytes).toBeGreaterThanOrEqual(4 * n * height * width * 3);
    }),
  );
});

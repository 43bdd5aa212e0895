import { describe, expect, test } from 'vitest';
import { dilated } from './dilated-network.test-support.ts';
import { freeBatch } from './free-batch.ts';
import type { Graph, GraphNode } from './graph.ts';
import { convolution, floats, graph, ints, node, placeholder, tensor } from './graph-builder.test-support.ts';
import { inferShapes } from './infer-shapes.ts';
import { shapeAttr } from './node-attrs.ts';
import { elementCount } from './tensor-storage.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';
import { elements } from './values/known-value.ts';

const size = [6, 4, 8] as const;

function network(...nodes: readonly GraphNode[]): Graph {
  return graph(placeholder('x', [1, -1, -1, 8]), ...nodes);
}

/** For networks whose constants fit one size only. */
function fixedNetwork(...nodes: readonly GraphNode[]): Graph {
  return graph(placeholder('x', [1, ...size]), ...nodes);
}

/** Three images at once give what each gives alone. */
function expectIndependent(model: Graph, freed: Graph): void {
  const input = pictures(3, ...size);
  const together = runGraph(freed, { x: input }, 'y');
  expect(together.shape[0]).toBe(3);
  const length = elementCount(size);
  for (let image = 0; image < 3; image++) {
    const one = tensor(
      'float32',
      [1, ...size],
      Array.from(input.data as Float32Array).slice(image * length, (image + 1) * length),
    );
    const alone = runGraph(model, { x: one }, 'y');
    const part = elements(together).slice(image * alone.data.length, (image + 1) * alone.data.length);
    expect(part).toEqual(elements(alone));
  }
}

const free: [string, Graph][] = [
  [
    'convolutions and pointwise ops',
    network(
      ...convolution('c', 'x', [3, 3, 8, 4]),
      floats('b', [4]),
      node('a', 'BiasAdd', ['c', 'b']),
      node('t', 'Tanh', ['a']),
      node('y', 'DepthToSpace', ['t'], { block_size: 2 }),
    ),
  ],
  ['a residual', network(...convolution('c', 'x', [1, 1, 8, 8]), node('y', 'Sub', ['x', 'c']))],
  [
    'a mirrored border',
    network(
      ints('p', [0, 0, 1, 1, 1, 1, 0, 0], [4, 2]),
      node('y', 'MirrorPad', ['x', 'p'], { mode: 'REFLECT' }),
    ),
  ],
  ['dilations by batch', network(...dilated('y', 'x', { dilation: 2, kernel: [3, 3, 8, 2] }))],
  [
    'joined channels',
    network(node('r', 'Relu', ['x']), ints('a', 3), node('y', 'ConcatV2', ['x', 'r', 'a'])),
  ],
  [
    'split channels',
    network(ints('a', -1), node('s', 'Split', ['a', 'x'], { num_split: 2 }), node('y', 'Mul', ['s', 's:1'])),
  ],
  [
    'pixel shuffle by constant Reshape',
    fixedNetwork(
      ints('s1', [1, 6, 4, 2, 2, 2]),
      node('r1', 'Reshape', ['x', 's1']),
      ints('perm', [0, 1, 3, 2, 4, 5]),
      node('t', 'Transpose', ['r1', 'perm']),
      ints('s2', [1, 12, 8, 2]),
      node('y', 'Reshape', ['t', 's2']),
    ),
  ],
  [
    'a Reshape with an open size beside the batch',
    network(ints('s', [1, -1, 16]), node('y', 'Reshape', ['x', 's'])),
  ],
  [
    'a Reshape to a size computed from Shape',
    network(
      node('shape', 'Shape', ['x']),
      ints('f', [1, 2, 2, 1]),
      node('m', 'Mul', ['shape', 'f']),
      ints('d', [1, 1, 1, 4]),
      node('s', 'FloorDiv', ['m', 'd']),
      node('y', 'Reshape', ['x', 's']),
    ),
  ],
  [
    'a Reshape to a packed size with a batch of one',
    fixedNetwork(
      node('shape', 'Shape', ['x']),
      ints('b', [1]),
      ints('e', [2]),
      ints('o', [1]),
      node('h', 'StridedSlice', ['shape', 'b', 'e', 'o'], { shrink_axis_mask: 1 }),
      ints('one', 1),
      ints('c', 32),
      node('s', 'Pack', ['one', 'h', 'c'], { axis: 0 }),
      node('y', 'Reshape', ['x', 's']),
    ),
  ],
  [
    'rows taken apart and put back',
    fixedNetwork(
      ints('s', [-1, 8]),
      node('r', 'Reshape', ['x', 's']),
      floats('m', [8]),
      node('p', 'Mul', ['r', 'm']),
      ints('t', [1, 6, 4, 8]),
      node('y', 'Reshape', ['p', 't']),
    ),
  ],
  [
    'a Slice of one image',
    network(ints('b', [0, 1, 0, 0]), ints('s', [1, 2, 3, 8]), node('y', 'Slice', ['x', 'b', 's'])),
  ],
  [
    'a StridedSlice of one image',
    network(
      ints('b', [0, 1]),
      ints('e', [1, 4]),
      ints('s', [1, 1]),
      node('y', 'StridedSlice', ['x', 'b', 'e', 's']),
    ),
  ],
  [
    'channels that are looked up, summed up and put beside each other',
    network(
      ints('i', [7, 0, -2, 3]),
      ints('a', 3),
      node('g', 'GatherV2', ['x', 'i', 'a']),
      node('s', 'Cumsum', ['g', 'a']),
      node('w', 'WrapPad', ['s'], { paddings: [0, 0, 1, 2, 0, 0, 0, 0] }),
      ints('m', [1, 1, 1, 2]),
      node('y', 'Tile', ['w', 'm']),
    ),
  ],
  [
    'a border of zeros made from Shape',
    network(
      node('shape', 'Shape', ['x']),
      floats('v', [], [0.5]),
      node('f', 'Fill', ['shape', 'v']),
      ints('a', 3),
      node('y', 'ConcatV2', ['x', 'f', 'a']),
    ),
  ],
];

describe.each(free)('%s', (_label, model) => {
  test('runs several images at once', () => {
    const result = freeBatch(model, 'x', ['y']);
    expect(result.blockedBy?.name).toBeUndefined();
    const input = result.graph.nodes.find((entry) => entry.name === 'x')!;
    expect(shapeAttr(input, 'shape')?.[0]).toBe(-1);
    expectIndependent(model, result.graph);
  });
});

describe('stays fixed, and says by which node', () => {
  const shuffle = node('t', 'Transpose', ['x', 'p']);
  const blocked: [string, GraphNode[], string][] = [
    [
      'a mean over images',
      [ints('a', [0, 1]), node('m', 'Mean', ['x', 'a'], { keep_dims: true }), node('y', 'Sub', ['x', 'm'])],
      'm',
    ],
    [
      'axes that change places with the batch',
      [ints('p', [3, 1, 2, 0]), shuffle, node('y', 'Transpose', ['t', 'p'])],
      't',
    ],
    [
      'images that are looked up',
      [ints('i', [0]), ints('z', 0), node('y', 'GatherV2', ['x', 'i', 'z'])],
      'y',
    ],
    ['sums over images', [ints('z', 0), node('y', 'Cumsum', ['x', 'z'])], 'y'],
    [
      'images round the first one',
      [node('y', 'WrapPad', ['x'], { paddings: [0, 1, 0, 0, 0, 0, 0, 0] })],
      'y',
    ],
    ['pixels by tuples of indices', [ints('i', [0, 1, 2], [1, 3]), node('y', 'GatherNd', ['x', 'i'])], 'y'],
    [
      'elements of the first image',
      [ints('i', [0, 0], [1, 1, 1, 2]), node('y', 'GatherElements', ['x', 'i'], { axis: 3 })],
      'y',
    ],
    ['images joined', [ints('a', 0), node('j', 'ConcatV2', ['x', 'x', 'a']), node('y', 'Relu', ['j'])], 'j'],
    [
      'one index of the batch',
      [
        ints('b', [0]),
        ints('e', [1]),
        ints('s', [1]),
        node('i', 'StridedSlice', ['x', 'b', 'e', 's'], { shrink_axis_mask: 1 }),
        ints('z', 0),
        node('y', 'ExpandDims', ['i', 'z']),
      ],
      'i',
    ],
    ['an output of several rows an image', [ints('s', [-1, 8]), node('y', 'Reshape', ['x', 's'])], 'y'],
    [
      'a removed batch',
      [node('q', 'Squeeze', ['x'], { squeeze_dims: [0] }), ints('z', 0), node('y', 'ExpandDims', ['q', 'z'])],
      'q',
    ],
    [
      'a constant of one image joined',
      [floats('c', [1, 6, 4, 8]), ints('a', 3), node('y', 'ConcatV2', ['x', 'c', 'a'])],
      'y',
    ],
    ['an op that is not known', [node('u', 'MyOp', ['x']), node('y', 'Relu', ['u'])], 'u'],
    ['a padded batch', [ints('p', [0, 1, 0, 0, 0, 0, 0, 0], [4, 2]), node('y', 'Pad', ['x', 'p'])], 'y'],
    [
      'statistics of the batch',
      [
        floats('s', [8]),
        node('n', 'FusedBatchNorm', ['x', 's', 's', 's', 's'], { is_training: true }),
        node('y', 'Relu', ['n']),
      ],
      'n',
    ],
    [
      'an output without a batch',
      [ints('a', [1, 2]), node('s', 'Size', ['x']), node('y', 'Mul', ['s', 's'])],
      'y',
    ],
    [
      'a factor that counts the images',
      [
        node('s', 'Size', ['x']),
        node('f', 'Cast', ['s'], { DstT: { type: 'float32' } }),
        node('y', 'Mul', ['x', 'f']),
      ],
      'y',
    ],
    [
      'all values in one row',
      [
        ints('s', [-1]),
        node('r', 'Reshape', ['x', 's']),
        node('k', 'Softmax', ['r']),
        ints('t', [1, 6, 4, 8]),
        node('y', 'Reshape', ['k', 't']),
      ],
      'k',
    ],
  ];
  test.each(blocked)('%s', (_label, nodes, name) => {
    const model = graph(placeholder('x', [1, 6, 4, 8]), ...nodes);
    const result = freeBatch(model, 'x', ['y']);
    expect(result.blockedBy?.name).toBe(name);
    expect(result.graph).toBe(model);
  });

  test('a graph made for four images', () => {
    const model = graph(placeholder('x', [4, 6, 4, 8]), node('y', 'Relu', ['x']));
    expect(freeBatch(model, 'x', ['y']).blockedBy?.name).toBe('x');
  });
});

test('a network that takes none of the sizes that are tried stays fixed', () => {
  const model = network(ints('s', [1, 7, 13, 8]), node('y', 'Reshape', ['x', 's']));
  expect(freeBatch(model, 'x', ['y']).blockedBy?.name).toBe('y');
});

test('a transposed convolution with a baked output size follows the batch', () => {
  const model = graph(
    placeholder('x', [1, 6, 4, 8]),
    ints('s', [1, 12, 8, 3]),
    floats('k', [2, 2, 3, 8]),
    node('y', 'Conv2DBackpropInput', ['s', 'k', 'x'], { strides: [1, 2, 2, 1], padding: 'SAME' }),
  );
  const result = freeBatch(model, 'x', ['y']);
  expect(result.blockedBy).toBeUndefined();
  const size = result.graph.nodes.find((entry) => entry.name === 'y')!.inputs[0]!;
  const inferred = inferShapes(result.graph, { x: [5, 6, 4, 8] });
  expect(elements(inferred.valueOf(size)!)).toEqual([5, 12, 8, 3]);
  expect(inferred.shapeOf('y')).toEqual([5, 12, 8, 3]);
});

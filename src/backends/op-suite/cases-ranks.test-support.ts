/** Cases of tensors that are no pictures: ranks up to 6, and first axes that are no batch. */
import type { GraphNode } from '../../graph/graph.ts';
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import type { ShortAttrs } from '../../graph/node-builder.ts';
import { fixed, opCase, typed, type OpCase } from './op-case.test-support.ts';

/** The picture of each case: 144 values. */
const dims = [1, 4, 6, 6] as const;
const six = [1, 2, 3, 2, 3, 4];
const three = [4, 9, 4];

/** A case whose op takes `t`, the picture as a tensor of another shape, and whose result is `y`. */
function ranked(
  title: string,
  shape: readonly number[],
  op: string,
  attrs: ShortAttrs,
  inputs: readonly string[],
  ...constants: readonly GraphNode[]
): OpCase {
  return opCase(title, fixed(dims), () => [
    ints('shape', shape),
    typed('t', 'Reshape', ['x', 'shape']),
    ...constants,
    typed('y', op, inputs, 'float32', attrs),
  ]);
}

const moved = (
  [
    ['of rank 6', six, [0, 4, 2, 5, 1, 3]],
    ['of rank 6, the first axes in place', six, [0, 1, 2, 5, 4, 3]],
    ['of rank 3', three, [2, 0, 1]],
    ['of rank 5 without a batch', [3, 2, 4, 2, 3], [1, 0, 3, 2, 4]],
    ['of four pictures', [4, 3, 4, 3], [3, 1, 2, 0]],
  ] as const
).map(([variant, shape, order]) =>
  ranked(`Transpose: ${variant}`, shape, 'Transpose', {}, ['t', 'order'], ints('order', [...order])),
);

const strided = (
  variant: string,
  shape: readonly number[],
  parts: readonly [readonly number[], readonly number[], readonly number[]],
  masks: ShortAttrs,
): OpCase =>
  ranked(
    `StridedSlice: ${variant}`,
    shape,
    'StridedSlice',
    masks,
    ['t', 'begin', 'end', 'strides'],
    ...['begin', 'end', 'strides'].map((name, index) => ints(name, [...parts[index]!])),
  );

const sliced = [
  ranked(
    'Slice: of rank 6',
    six,
    'Slice',
    {},
    ['t', 'begin', 'size'],
    ints('begin', [0, 1, 0, 0, 1, 2]),
    ints('size', [1, 1, 2, -1, 2, 2]),
  ),
  strided(
    'the last place of rank 3',
    three,
    [
      [0, 0, -1],
      [0, 0, 0],
      [1, 1, 1],
    ],
    {
      begin_mask: 3,
      end_mask: 3,
      shrink_axis_mask: 4,
    },
  ),
  strided(
    'a place of rank 6, backwards',
    six,
    [
      [0, 1, 2, 1, 0, 3],
      [1, 2, 0, 2, 3, 0],
      [1, 1, -1, 1, 2, -2],
    ],
    {
      shrink_axis_mask: 2,
      end_mask: 4,
    },
  ),
  ranked('Tile: of rank 3', three, 'Tile', {}, ['t', 'n'], ints('n', [2, 1, 3])),
  ranked(
    'BroadcastTo: of rank 6',
    [2, 1, 3, 1, 6, 4],
    'BroadcastTo',
    {},
    ['t', 's'],
    ints('s', [2, 2, 3, 3, 6, 4]),
  ),
  ranked('BroadcastTo: to more axes', [36, 4], 'BroadcastTo', {}, ['t', 's'], ints('s', [2, 3, 36, 4])),
  ranked('ReverseV2: of rank 6', six, 'ReverseV2', {}, ['t', 'axes'], ints('axes', [2, -1])),
  ranked(
    'PadV2: of rank 3',
    three,
    'PadV2',
    {},
    ['t', 'p', 'v'],
    ints('p', [1, 2, 0, 1, 2, 0], [3, 2]),
    floats('v', [], [7]),
  ),
  ranked(
    'MirrorPad: of rank 3',
    three,
    'MirrorPad',
    { mode: 'REFLECT' },
    ['t', 'p'],
    ints('p', [1, 2, 0, 1, 3, 0], [3, 2]),
  ),
  ranked('EdgePad: of rank 3', three, 'EdgePad', { paddings: [1, 2, 0, 1, 2, 0] }, ['t']),
  ranked('WrapPad: of rank 3', three, 'WrapPad', { paddings: [1, 2, 0, 10, 6, 0] }, ['t']),
  opCase('WrapPad: rows and columns', { dims: [1, 5, 6, 3] }, () => [
    typed('y', 'WrapPad', ['x'], 'float32', { paddings: [0, 0, 2, 1, 7, 3, 0, 0] }),
  ]),
  ranked('Flatten: of rank 3', three, 'Flatten', {}, ['t']),
];

const joined = [0, 1, 2, -1].map((axis) =>
  ranked(
    `ConcatV2: of rank 4 along ${axis}`,
    [2, 3, 4, 6],
    'ConcatV2',
    { N: 3 },
    ['t', 'u', 't', 'axis'],
    ints('axis', axis),
    typed('u', 'Neg', ['t']),
  ),
);

const parts = [
  ranked(
    'Split: of rank 5',
    [3, 2, 2, 3, 4],
    'Identity',
    {},
    ['s:1'],
    ints('axis', 3),
    typed('s', 'Split', ['axis', 't'], 'float32', { num_split: 3 }),
  ),
  ranked(
    'Unpack: of rank 3',
    three,
    'Sub',
    {},
    ['s:1', 's:3'],
    typed('s', 'Unpack', ['t'], 'float32', { axis: 0, num: 4 }),
  ),
  ranked('Pack: of rank 5', [3, 2, 2, 3, 4], 'Pack', { axis: 2, N: 2 }, ['t', 'u'], typed('u', 'Neg', ['t'])),
];

const combined = [
  ranked(
    'Mul: of rank 6 with a constant of rank 4',
    six,
    'Mul',
    {},
    ['t', 'c'],
    floats('c', [3, 1, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
  ),
  ranked(
    'Sub: of four pictures and one',
    [4, 3, 4, 3],
    'Sub',
    {},
    ['t', 'm'],
    ints('axes', [0]),
    typed('m', 'Max', ['t', 'axes'], 'float32', { keep_dims: true }),
  ),
  ranked(
    'SelectV2: of rank 5',
    [3, 2, 2, 3, 4],
    'SelectV2',
    {},
    ['g', 't', 'c'],
    floats('c', [2, 1, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
    typed('g', 'Greater', ['t', 'c']),
  ),
  ranked('AddN: of rank 3', three, 'AddN', { N: 3 }, ['t', 't', 't']),
  ranked('Softmax: of rank 5', [3, 2, 2, 3, 4], 'Softmax', {}, ['t']),
  ranked(
    'BatchMatMulV2: of rank 5',
    [2, 3, 1, 4, 6],
    'BatchMatMulV2',
    { adj_x: true, adj_y: false },
    ['t', 'c'],
    floats(
      'c',
      [3, 2, 4, 5],
      Array.from({ length: 120 }, (_, i) => (i % 7) - 3),
    ),
  ),
];

const reduced = (['Sum', 'Mean', 'Max', 'Prod'] as const).flatMap((op) => [
  ranked(
    `${op}: of rank 6 over axes apart`,
    six,
    op,
    { keep_dims: true },
    ['t', 'axes'],
    ints('axes', [1, -2, 3]),
  ),
  ranked(
    `${op}: of rank 3 over the first axis`,
    three,
    op,
    { keep_dims: false },
    ['t', 'axes'],
    ints('axes', [0]),
  ),
  ranked(
    `${op}: of rank 5 over the last axes`,
    [3, 2, 2, 3, 4],
    op,
    { keep_dims: false },
    ['t', 'axes'],
    ints('axes', [3, 4]),
  ),
]);

/** Shuffles of channels, as nets with their channels in front write them. */
const chains = [
  opCase('Reshape: to rank 6 and back, a pixel shuffle', fixed([1, 3, 4, 8]), () => [
    ints('first', [0, 3, 1, 2]),
    typed('nchw', 'Transpose', ['x', 'first']),
    ints('apart', [1, 2, 2, 2, 3, 4]),
    typed('r', 'Reshape', ['nchw', 'apart']),
    ints('order', [0, 1, 4, 2, 5, 3]),
    typed('s', 'Transpose', ['r', 'order']),
    ints('together', [1, 2, 6, 8]),
    typed('y', 'Reshape', ['s', 'together']),
  ]),
];

export const rankCases: readonly OpCase[] = [
  ...moved,
  ...sliced,
  ...joined,
  ...parts,
  ...combined,
  ...reduced,
  ...chains,
];

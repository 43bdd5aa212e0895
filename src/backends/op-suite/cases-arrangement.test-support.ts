/** Cases of ops that move values, and of those that tell and make shapes. */
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import type { ShortAttrs } from '../../graph/node-builder.ts';
import { castNode, fixed, listed, opCase, typed, type OpCase } from './op-case.test-support.ts';

function paddingCases(): OpCase[] {
  const pads = [0, 0, 2, 1, 0, 3, 0, 0];
  const one = (op: string, variant: string, given: readonly number[], attrs: ShortAttrs = {}): OpCase =>
    opCase(`${op}: ${variant}`, { dims: [1, 5, 6, 3] }, () => [
      ints('pads', given, [4, 2]),
      ...(op === 'PadV2' ? [floats('c', [], [-1.5])] : []),
      typed('y', op, ['x', 'pads', ...(op === 'PadV2' ? ['c'] : [])], 'float32', attrs),
    ]);
  return [
    one('Pad', 'rows and columns', pads),
    one('Pad', 'channels', [0, 0, 0, 0, 1, 0, 2, 1]),
    one('PadV2', 'with a number', pads),
    ...['REFLECT', 'SYMMETRIC'].map((mode) => one('MirrorPad', mode, pads, { mode })),
    opCase('EdgePad: rows and columns', { dims: [1, 5, 6, 3] }, () => [
      typed('y', 'EdgePad', ['x'], 'float32', { paddings: pads }),
    ]),
  ];
}

function sliceCases(): OpCase[] {
  const strided = (variant: string, parts: readonly (readonly number[])[], masks: ShortAttrs): OpCase =>
    opCase(`StridedSlice: ${variant}`, fixed([1, 6, 7, 4]), () => [
      ...['begin', 'end', 'strides'].map((name, index) => ints(name, parts[index]!)),
      typed('y', 'StridedSlice', ['x', 'begin', 'end', 'strides'], 'float32', masks),
    ]);
  return [
    opCase('Slice: a part', fixed([1, 6, 7, 4]), () => [
      ints('begin', [0, 1, 2, 1]),
      ints('size', [1, 3, -1, 2]),
      typed('y', 'Slice', ['x', 'begin', 'size']),
    ]),
    strided(
      'every second',
      [
        [0, 0, 1, 0],
        [1, 6, 7, 4],
        [1, 2, 2, 1],
      ],
      {},
    ),
    strided(
      'backwards',
      [
        [0, -1, 6, 0],
        [1, 0, 0, 4],
        [1, -1, -2, 1],
      ],
      { begin_mask: 1, end_mask: 1 | 4 },
    ),
    strided(
      'open ends',
      [
        [0, 2, 0, 1],
        [0, -1, 0, 0],
        [1, 1, 1, 1],
      ],
      { begin_mask: 1 | 4, end_mask: 1 | 4 | 8 },
    ),
    strided(
      'one channel',
      [
        [0, 0, 0, 2],
        [0, 0, 0, 3],
        [1, 1, 1, 1],
      ],
      { begin_mask: 7, end_mask: 7, shrink_axis_mask: 8 },
    ),
  ];
}

function joinCases(): OpCase[] {
  const concat = (axis: number): OpCase[] => [
    opCase(`ConcatV2: along ${axis}`, fixed([1, 3, 4, 5]), () => [
      typed('a', 'Neg', ['x']),
      ints('axis', axis),
      typed('y', 'ConcatV2', ['x', 'a', 'x', 'axis'], 'float32', { N: 3 }),
    ]),
    opCase(`Concat: along ${axis}`, fixed([1, 3, 4, 2]), () => [
      typed('a', 'Neg', ['x']),
      ints('axis', axis),
      typed('y', 'Concat', ['axis', 'x', 'a'], 'float32', { N: 2 }),
    ]),
  ];
  const pack = (axis: number): OpCase =>
    opCase(`Pack: at axis ${axis}`, fixed([1, 3, 4, 2]), () => [
      ints('shape', [12, 2]),
      typed('flat', 'Reshape', ['x', 'shape']),
      typed('a', 'Neg', ['flat']),
      typed('y', 'Pack', ['flat', 'a'], 'float32', { axis, N: 2 }),
    ]);
  return [...[1, 2, 3, -1].flatMap(concat), ...[0, 1, -1].map(pack)];
}

function cutCases(): OpCase[] {
  return [
    ...[1, 3].map((axis) =>
      opCase(`Split: along ${axis}`, fixed([1, 4, 3, 6]), () => [
        ints('axis', axis),
        typed('s', 'Split', ['axis', 'x'], 'float32', { num_split: 2 }),
        typed('y', 'Identity', ['s:1']),
      ]),
    ),
    opCase('SplitV: lengths of their own', fixed([1, 4, 3, 6]), () => [
      ints('sizes', [1, -1, 2]),
      ints('axis', 3),
      typed('s', 'SplitV', ['x', 'sizes', 'axis'], 'float32', { num_split: 3 }),
      typed('y', 'Identity', ['s:1']),
    ]),
    opCase('Unpack: channels', fixed([1, 4, 5, 3]), () => [
      typed('s', 'Unpack', ['x'], 'float32', { num: 3, axis: 3 }),
      typed('y', 'Identity', ['s:2']),
    ]),
  ];
}

function shapeCases(): OpCase[] {
  const inverse = (variant: string, order: readonly number[]): OpCase =>
    opCase(`Transpose: ${variant}`, fixed([1, 3, 4, 5]), () => [
      ints('order', order),
      typed('y', 'Transpose', ['x', 'order']),
    ]);
  return [
    ...[[1, 4, 3, 5], [1, 5, -1, 2], [6, 10], [-1]].map((shape) =>
      opCase(`Reshape: to ${shape.join('x')}`, fixed([1, 3, 4, 5]), () => [
        ints('shape', shape),
        typed('y', 'Reshape', ['x', 'shape']),
      ]),
    ),
    opCase('EnsureShape: a picture', fixed([1, 3, 4, 5]), () => [
      typed('y', 'EnsureShape', ['x'], 'float32', { shape: { shape: [1, 3, 4, 5] } }),
    ]),
    opCase('Flatten: a picture', fixed([1, 3, 4, 5]), () => [typed('y', 'Flatten', ['x'])]),
    opCase('Squeeze: rows and columns', fixed([1, 1, 1, 5]), () => [
      typed('y', 'Squeeze', ['x'], 'float32', { squeeze_dims: [1, 2] }),
    ]),
    opCase('ExpandDims: in front', fixed([1, 3, 4, 5]), () => [
      typed('s', 'Squeeze', ['x'], 'float32', { squeeze_dims: [0] }),
      ints('axis', 0),
      typed('y', 'ExpandDims', ['s', 'axis']),
    ]),
    inverse('rows and columns', [0, 2, 1, 3]),
    inverse('channels in front', [0, 3, 1, 2]),
    inverse('all turned', [0, 3, 2, 1]),
    ...[2, 3].flatMap((block) => [
      opCase(`DepthToSpace: blocks of ${block}`, { dims: [2, 3, 2, 2 * block ** 2] }, () => [
        typed('y', 'DepthToSpace', ['x'], 'float32', { block_size: block }),
      ]),
      opCase(`SpaceToDepth: blocks of ${block}`, { dims: [1, 2 * block, 3 * block, 3] }, () => [
        typed('y', 'SpaceToDepth', ['x'], 'float32', { block_size: block }),
      ]),
    ]),
    opCase('SpaceToBatchND: with padding', fixed([1, 5, 6, 2]), () => [
      ints('block', [2, 3]),
      ints('pads', [1, 0, 2, 1], [2, 2]),
      typed('y', 'SpaceToBatchND', ['x', 'block', 'pads']),
    ]),
    opCase('BatchToSpaceND: with crops', fixed([1, 6, 4, 2]), () => [
      ints('block', [2, 2]),
      ints('pads', [0, 0, 0, 0], [2, 2]),
      ints('crops', [1, 0, 0, 1], [2, 2]),
      typed('s', 'SpaceToBatchND', ['x', 'block', 'pads']),
      typed('n', 'Neg', ['s']),
      typed('y', 'BatchToSpaceND', ['n', 'block', 'crops']),
    ]),
    opCase('Tile: columns and channels', fixed([1, 2, 3, 2]), () => [
      ints('times', [1, 1, 2, 3]),
      typed('y', 'Tile', ['x', 'times']),
    ]),
    opCase('BroadcastTo: a channel', fixed([1, 3, 1, 2]), () => [
      ints('shape', [1, 3, 4, 2]),
      typed('y', 'BroadcastTo', ['x', 'shape']),
    ]),
    opCase('ReverseV2: rows and channels', {}, () => [
      ints('axes', [1, 3]),
      typed('y', 'ReverseV2', ['x', 'axes']),
    ]),
    opCase('MatrixBandPart: a band', fixed([1, 2, 4, 5]), () => [
      ints('low', 1),
      ints('high', 2),
      typed('y', 'MatrixBandPart', ['x', 'low', 'high']),
    ]),
    ...[
      [false, false],
      [true, false],
      [true, true],
    ].flatMap(([exclusive, reverse]) =>
      ['Cumsum', 'Cumprod'].map((op) =>
        opCase(
          `${op}: ${exclusive! ? 'exclusive' : 'all'}${reverse! ? ', backwards' : ''}`,
          { dims: [1, 3, 4, 2], tolerance: 1e-5 },
          () => [
            ints('axis', 2),
            typed('y', op, ['x', 'axis'], 'float32', { exclusive: exclusive!, reverse: reverse! }),
          ],
        ),
      ),
    ),
  ];
}

function indexCases(): OpCase[] {
  const whole = listed(0, 2, 1, 3, 1);
  return [
    opCase('GatherV2: channels', fixed([1, 3, 4, 5]), () => [
      ints('at', [4, 0, 2]),
      ints('axis', 3),
      typed('y', 'GatherV2', ['x', 'at', 'axis']),
    ]),
    opCase('Gather: by the picture', { ...fixed([1, 2, 3, 1]), values: whole }, () => [
      castNode('i', 'x', 'int32'),
      floats('table', [4, 2]),
      typed('y', 'Gather', ['table', 'i']),
    ]),
    opCase('GatherNd: pixels', fixed([1, 3, 4, 2]), () => [
      ints('at', [0, 2, 1, 0, 1, 3], [2, 3]),
      typed('y', 'GatherNd', ['x', 'at']),
    ]),
    opCase('OneHot: of whole numbers', { ...fixed([1, 2, 3, 1]), values: whole }, () => [
      castNode('i', 'x', 'int32'),
      ints('depth', 4),
      floats('on', [], [2]),
      floats('off', [], [-1]),
      typed('y', 'OneHot', ['i', 'depth', 'on', 'off'], 'float32', { axis: -1 }),
    ]),
    ...['Shape', 'Size', 'Rank'].map((op) =>
      opCase(`${op}: of a picture`, {}, () => [typed('y', op, ['x'])]),
    ),
    opCase('Fill: the size of the picture', {}, () => [
      typed('shape', 'Shape', ['x']),
      floats('c', [], [0.75]),
      typed('f', 'Fill', ['shape', 'c']),
      typed('y', 'Add', ['x', 'f']),
    ]),
    opCase('Range: added to columns', { dims: [1, 3, 5, 1] }, () => [
      floats('from', [], [0.5]),
      floats('to', [], [3]),
      floats('step', [], [0.5]),
      typed('r', 'Range', ['from', 'to', 'step']),
      typed('y', 'Add', ['x', 'r']),
    ]),
    opCase('LinSpace: added to channels', { dims: [1, 3, 2, 5] }, () => [
      floats('from', [], [-1]),
      floats('to', [], [1]),
      ints('count', 5),
      typed('r', 'LinSpace', ['from', 'to', 'count']),
      typed('y', 'Add', ['x', 'r']),
    ]),
  ];
}

export const arrangementCases: readonly OpCase[] = [
  ...paddingCases(),
  ...sliceCases(),
  ...joinCases(),
  ...cutCases(),
  ...shapeCases(),
  ...indexCases(),
];

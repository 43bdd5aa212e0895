/** Cases of this project's own ops and of look-ups, as ONNX's models need them. */
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import type { ShortAttrs } from '../../graph/node-builder.ts';
import { castNode, fixed, opCase, typed, unit, type OpCase } from './op-case.test-support.ts';

function poolCases(): OpCase[] {
  const shapes = {
    '3x3 by 2x2 with pads': {
      ksize: [1, 3, 3, 1],
      strides: [1, 2, 2, 1],
      explicit_paddings: [0, 0, 1, 1, 1, 0, 0, 0],
    },
    '2x3 by 2x3, ceil_mode': {
      ksize: [1, 2, 3, 1],
      strides: [1, 2, 3, 1],
      explicit_paddings: [0, 0, 0, 1, 1, 1, 0, 0],
      ceil_mode: true,
    },
    '3x3 by 2x2, ceil_mode that a window behind the image is dropped from': {
      ksize: [1, 3, 3, 1],
      strides: [1, 2, 4, 1],
      explicit_paddings: [0, 0, 1, 2, 2, 2, 0, 0],
      ceil_mode: true,
    },
    '2x3, dilations 3x2': {
      ksize: [1, 2, 3, 1],
      strides: [1, 1, 2, 1],
      dilations: [1, 3, 2, 1],
      explicit_paddings: [0, 0, 1, 0, 2, 2, 0, 0],
    },
  };
  return Object.entries(shapes).flatMap(([variant, attrs]) =>
    [{ mode: 'max' }, { mode: 'average' }, { mode: 'average', count_include_pad: true }, { mode: 'sum' }].map(
      (mode) =>
        opCase(
          `WindowPool: ${mode.mode}${mode.count_include_pad === true ? ', pads counted' : ''}, ${variant}`,
          { dims: [1, 7, 9, 5] },
          () => [typed('y', 'WindowPool', ['x'], 'float32', { dilations: [1, 1, 1, 1], ...attrs, ...mode })],
        ),
    ),
  );
}

function resizeCases(): OpCase[] {
  const one = (variant: string, size: readonly [number, number], attrs: ShortAttrs): OpCase =>
    opCase(`ResizeImage: ${variant}`, { dims: [1, 5, 8, 3], values: unit, tolerance: 4e-6 }, () => [
      ints('size', [...size]),
      typed('y', 'ResizeImage', ['x', 'size'], 'float32', attrs),
    ]);
  const coordinates = [
    'half_pixel',
    'half_pixel_symmetric',
    'pytorch_half_pixel',
    'align_corners',
    'asymmetric',
    'tf_half_pixel_for_nn',
  ];
  const roi = {
    coordinates: 'tf_crop_and_resize',
    roi: { list: { f: [0.2, -0.3, 1.4, 0.7] } },
    extrapolation_value: { f: 9 },
  };
  const scales = { list: { f: [0.7, 1.3] } };
  return [
    ...['nearest', 'linear', 'cubic'].flatMap((mode) => [
      ...coordinates.flatMap((name) => [
        one(`${mode}, ${name}, to more rows`, [11, 13], { mode, coordinates: name }),
        one(`${mode}, ${name}, to fewer`, [3, 1], { mode, coordinates: name }),
      ]),
      one(`${mode}, a part and beyond`, [7, 6], { mode, ...roi }),
      one(`${mode}, by scales`, [3, 10], { mode, scales }),
      one(`${mode}, by scales, symmetric`, [3, 10], { mode, scales, coordinates: 'half_pixel_symmetric' }),
    ]),
    ...['floor', 'ceil', 'round_prefer_ceil', 'simple'].map((name) =>
      one(`nearest, ${name}`, [10, 4], { mode: 'nearest', nearest_mode: name, coordinates: 'asymmetric' }),
    ),
    ...['linear', 'cubic'].flatMap((mode) => [
      one(`${mode}, antialias`, [2, 3], { mode, antialias: true }),
      one(`${mode}, antialias without what is outside`, [2, 3], {
        mode,
        antialias: true,
        exclude_outside: true,
      }),
      one(`${mode}, antialias of one axis`, [9, 3], { mode, antialias: true }),
    ]),
    one('cubic without what is outside, a of its own', [9, 11], {
      mode: 'cubic',
      exclude_outside: true,
      cubic_coeff_a: { f: -0.5 },
    }),
    one('linear, rows alone', [9, 8], { mode: 'linear' }),
  ];
}

function lookupCases(): OpCase[] {
  const dims = [1, 4, 6, 5] as const;
  const lookup = (
    op: string,
    variant: string,
    attrs: ShortAttrs,
    ...nodes: ReturnType<typeof ints>[]
  ): OpCase =>
    opCase(`${op}: ${variant}`, fixed(dims), () => [
      ints('shape', [4, 6, 5]),
      typed('t', 'Reshape', ['x', 'shape']),
      ...nodes,
      typed('y', op, ['t', ...nodes.map(({ name }) => name)], 'float32', attrs),
    ]);
  const places = [0, 3, 1, 2, 2, 0, 3, 1, 0, 1, 2, 3, 3, 2, 1, 0, 0, 0];
  const computed = (variant: string, axis: number): OpCase =>
    opCase(`GatherV2: by computed indices ${variant}`, fixed(dims), () => [
      ints('axes', [2]),
      typed('largest', 'ArgMax', ['x', 'axes0']),
      ints('axes0', axis),
      castNode('i', 'largest', 'int32', 'int64'),
      ints('axis', axis),
      typed('y', 'GatherV2', ['x', 'i', 'axis']),
    ]);
  return [
    lookup('GatherV2', 'along the last axis', {}, ints('i', [4, 0, 0, 2]), ints('axis', -1)),
    lookup(
      'GatherV2',
      'a matrix of indices in the middle',
      {},
      ints('i', [5, 0, 1, 1], [2, 2]),
      ints('axis', 1),
    ),
    lookup('GatherV2', 'one index', {}, ints('i', 3), ints('axis', 0)),
    computed('of rows', 1),
    computed('of channels', 3),
    lookup('GatherNd', 'pairs', {}, ints('i', [0, 5, 3, 1, 2, 2], [3, 2])),
    lookup('GatherNd', 'single values', {}, ints('i', [0, 5, 4, 3, 1, 0], [2, 1, 3])),
    lookup('GatherElements', 'along the first axis', { axis: 0 }, ints('i', places, [3, 2, 3])),
    lookup(
      'GatherElements',
      'from the end of the last',
      { axis: -1 },
      ints(
        'i',
        places.map((at) => at - 4),
        [3, 2, 3],
      ),
    ),
    ...['none', 'add', 'mul', 'max', 'min'].flatMap((reduction) => [
      lookup(
        'ScatterElements',
        reduction,
        { axis: 1, reduction },
        ints('i', places, [3, 2, 3]),
        floats(
          'u',
          [3, 2, 3],
          places.map((at) => at * 0.5 - 1),
        ),
      ),
      lookup(
        'ScatterND',
        reduction,
        { reduction },
        ints('i', [0, 5, 3, 1, 0, 5], [3, 2]),
        floats(
          'u',
          [3, 5],
          places.slice(0, 15).map((at) => at * 0.25 - 1),
        ),
      ),
    ]),
    lookup('Cumsum', 'exclusive from the end', { exclusive: true, reverse: true }, ints('axis', 1)),
    lookup('ArgMin', 'of the first of three', {}, ints('axis', 0)),
    lookup('ArgMax', 'of the last of three', {}, ints('axis', -1)),
  ];
}

function groupCases(): OpCase[] {
  const values = (shape: readonly number[]): number[] =>
    Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => ((at * 7) % 11) / 5 - 1);
  const strides = { strides: [1, 2, 1, 1], dilations: [1, 1, 1, 1], padding: 'SAME' };
  const plain = (groups: number, each: number, outputs: number): OpCase => {
    const shape = [3, 2, each, groups * outputs];
    return opCase(
      `Conv2D: ${groups} groups of ${each} to ${outputs}`,
      { dims: [1, 6, 7, groups * each] },
      () => [floats('w', shape, values(shape)), typed('y', 'Conv2D', ['x', 'w'], 'float32', strides)],
    );
  };
  const turned = (groups: number, each: number, outputs: number, dilation: number): OpCase => {
    const shape = [3, 2, outputs, groups * each];
    const [rows, columns] = [2 * 4 + 2 * dilation + 1 + 1, 3 * 4 + dilation + 1];
    return opCase(
      `Conv2DBackpropInput: ${groups} groups of ${each} to ${outputs}, dilation ${dilation}`,
      { dims: [1, 5, 5, groups * each] },
      () => [
        ints('size', [1, rows, columns, groups * outputs]),
        floats('w', shape, values(shape)),
        typed('y', 'Conv2DBackpropInput', ['size', 'w', 'x'], 'float32', {
          strides: [1, 2, 3, 1],
          dilations: [1, dilation, dilation, 1],
          padding: 'VALID',
        }),
      ],
    );
  };
  return [
    plain(3, 1, 2),
    plain(4, 1, 1),
    plain(2, 3, 5),
    plain(3, 4, 4),
    turned(2, 3, 2, 1),
    turned(4, 1, 1, 1),
    turned(1, 3, 5, 2),
    turned(2, 4, 4, 3),
  ];
}

const depthCases = [2, 3].flatMap((block) => [
  opCase(`PixelShuffle: by ${block}`, { dims: [1, 3, 4, 2 * block * block] }, () => [
    typed('y', 'PixelShuffle', ['x'], 'float32', { block_size: block }),
  ]),
  opCase(`PixelUnshuffle: by ${block}`, { dims: [1, 2 * block, 3 * block, 3] }, () => [
    typed('y', 'PixelUnshuffle', ['x'], 'float32', { block_size: block }),
  ]),
]);

export const ownOpCases: readonly OpCase[] = [
  ...poolCases(),
  ...resizeCases(),
  ...lookupCases(),
  ...groupCases(),
  ...depthCases,
];

/** Cases of convolutions and pools: odd sizes, strides, paddings and dilations. */
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { GraphNode } from '../../graph/graph.ts';
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import type { ShortAttrs } from '../../graph/node-builder.ts';
import {
  listed,
  numbers,
  opCase,
  typed,
  type Chance,
  type OpCase,
  type Values,
} from './op-case.test-support.ts';
import { slideOf } from './reference-windows.test-support.ts';

const tolerance = 1e-5;

type Pair = readonly [rows: number, columns: number];

interface Window {
  readonly padding: 'SAME' | 'VALID' | 'EXPLICIT';
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations?: Pair;
  /** Top, bottom, left and right. */
  readonly pads?: readonly [number, number, number, number];
}

function attrsOf({ padding, strides, dilations = [1, 1], pads }: Window): ShortAttrs {
  return {
    padding,
    strides: [1, ...strides, 1],
    dilations: [1, ...dilations, 1],
    ...(pads === undefined ? {} : { explicit_paddings: [0, 0, ...pads, 0, 0] }),
  };
}

function nameOf({ padding, kernel, strides, dilations = [1, 1], pads }: Window): string {
  const times = (pair: Pair): string => pair.join('x');
  const dilated = dilations.some((step) => step > 1) ? `, dilation ${times(dilations)}` : '';
  const given = pads === undefined ? '' : ` ${pads.join(' ')}`;
  return `${times(kernel)} by ${times(strides)}${dilated}, ${padding}${given}`;
}

function numbersOf(chance: Chance, count: number): number[] {
  return Array.from({ length: count }, (_, index) => numbers(chance, index));
}

function weights(chance: Chance, shape: readonly number[]): GraphNode {
  return floats(
    'w',
    shape,
    numbersOf(
      chance,
      shape.reduce((product, size) => product * size, 1),
    ),
  );
}

/**
 * Windows that are smaller than their stride in a direction: some pixels are never read. Of 12 rows or
 * columns the last ones are not, so that SAME would have less than no padding.
 */
const sparse: readonly Window[] = [
  { padding: 'SAME', kernel: [1, 1], strides: [2, 2] },
  { padding: 'SAME', kernel: [1, 3], strides: [2, 2] },
  { padding: 'SAME', kernel: [2, 2], strides: [3, 3] },
  { padding: 'SAME', kernel: [3, 3], strides: [4, 4] },
  { padding: 'VALID', kernel: [1, 1], strides: [3, 3] },
  { padding: 'VALID', kernel: [2, 2], strides: [3, 3] },
];

/** Strides that are the same in both directions, as depthwise convolutions need them. */
const square: readonly Window[] = [
  { padding: 'SAME', kernel: [1, 1], strides: [1, 1] },
  { padding: 'SAME', kernel: [3, 3], strides: [1, 1] },
  { padding: 'SAME', kernel: [2, 2], strides: [1, 1] },
  { padding: 'SAME', kernel: [4, 2], strides: [2, 2] },
  { padding: 'SAME', kernel: [3, 3], strides: [2, 2] },
  { padding: 'SAME', kernel: [5, 5], strides: [3, 3] },
  { padding: 'SAME', kernel: [3, 3], strides: [1, 1], dilations: [2, 2] },
  { padding: 'SAME', kernel: [3, 2], strides: [1, 1], dilations: [2, 3] },
  { padding: 'VALID', kernel: [3, 3], strides: [1, 1] },
  { padding: 'VALID', kernel: [1, 5], strides: [1, 1] },
  { padding: 'VALID', kernel: [2, 3], strides: [2, 2] },
  { padding: 'VALID', kernel: [3, 3], strides: [1, 1], dilations: [2, 2] },
];

/** Strides of their own in each direction. */
const oblong: readonly Window[] = [
  { padding: 'SAME', kernel: [3, 3], strides: [1, 2] },
  { padding: 'SAME', kernel: [2, 5], strides: [3, 1] },
  { padding: 'VALID', kernel: [3, 2], strides: [2, 1] },
];

const explicit: readonly Window[] = [
  { padding: 'EXPLICIT', kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] },
  { padding: 'EXPLICIT', kernel: [3, 3], strides: [2, 2], pads: [0, 1, 2, 0] },
  { padding: 'EXPLICIT', kernel: [2, 3], strides: [1, 1], pads: [2, 0, 0, 3] },
];

/** Steps and gaps at once, which tfjs refuses. */
const steppedAndDilated: Window = { padding: 'SAME', kernel: [3, 3], strides: [2, 2], dilations: [2, 2] };

const sizes: readonly DNNData['dims'][] = [
  [1, 7, 9, 3],
  [1, 8, 6, 2],
  [2, 7, 5, 1],
  [1, 9, 11, 5],
];

const twelve: DNNData['dims'] = [1, 12, 12, 2];

function sizeName(dims: DNNData['dims']): string {
  return dims === twelve ? ' of 12x12' : '';
}

function convolution(window: Window, at: number, dims = sizes[at % sizes.length]!): OpCase {
  const outputs = [4, 3, 8, 5, 1][at % 5]!;
  return opCase(`Conv2D: ${nameOf(window)}${sizeName(dims)}`, { dims, tolerance }, (chance) => [
    weights(chance, [...window.kernel, dims[3], outputs]),
    typed('y', 'Conv2D', ['x', 'w'], 'float32', attrsOf(window)),
  ]);
}

function depthwise(window: Window, at: number, dims = sizes[at % sizes.length]!): OpCase {
  const times = [1, 2, 1, 3][at % 4]!;
  const op = at % 5 === 4 ? 'DepthwiseConv2d' : 'DepthwiseConv2dNative';
  return opCase(`${op}: ${nameOf(window)}${sizeName(dims)}`, { dims, tolerance }, (chance) => [
    weights(chance, [...window.kernel, dims[3], times]),
    typed('y', op, ['x', 'w'], 'float32', attrsOf(window)),
  ]);
}

/** The sizes that a transposed convolution makes of an image are those that its window brings back to it. */
function transposed(window: Window, at: number): OpCase {
  const [n, height, width, channels] = [1, 4, 5, 3];
  const larger = (size: number, axis: 0 | 1): number => {
    const [taps, stride] = [window.kernel[axis], window.strides[axis]];
    for (let output = 1; ; output++) {
      const slide = slideOf(window.padding, output, { taps, stride, dilation: 1 }, [
        window.pads?.[2 * axis] ?? 0,
        window.pads?.[2 * axis + 1] ?? 0,
      ]);
      if (slide.output === size) return output + (at % 2 === 1 && stride > 1 ? 1 : 0);
    }
  };
  const outputs = [2, 4, 1][at % 3]!;
  const size = [n, larger(height, 0), larger(width, 1), outputs];
  const attrs = Object.fromEntries(Object.entries(attrsOf(window)).filter(([name]) => name !== 'dilations'));
  return opCase(
    `Conv2DBackpropInput: ${nameOf(window)}`,
    { dims: [n, height, width, channels], shape: [n, height, width, channels], tolerance },
    (chance) => [
      ints('size', size),
      weights(chance, [...window.kernel, outputs, channels]),
      typed('y', 'Conv2DBackpropInput', ['size', 'w', 'x'], 'float32', attrs),
    ],
  );
}

function pool(op: string, window: Window, dims: DNNData['dims'], values: Values = numbers): OpCase {
  const what = values === numbers ? sizeName(dims) : ', NaN';
  return opCase(`${op}: ${nameOf(window)}${what}`, { dims, values, tolerance }, () => [
    typed('y', op, ['x'], 'float32', {
      ksize: [1, ...window.kernel, 1],
      strides: [1, ...window.strides, 1],
      padding: window.padding,
    }),
  ]);
}

const oneNaN: Values = (chance, index) => (index === 17 ? NaN : numbers(chance, index));
const infinite: Values = (chance, index) => (index === 17 ? Infinity : numbers(chance, index));

const pools = ['MaxPool', 'AvgPool'].flatMap((op) => [
  ...[...square, ...sparse, ...oblong]
    .filter(({ dilations }) => dilations === undefined)

    .map((window, at) => pool(op, window, sizes[at % sizes.length]!)),
  ...sparse.map((window) => pool(op, window, twelve)),
  ...[square[1]!, square[3]!, square[10]!].map((window, at) => pool(op, window, sizes[at]!, oneNaN)),
]);

const activations: readonly (readonly [string, readonly string[], ShortAttrs])[] = [
  ['Relu', [], {}],
  ['Relu6', [], {}],
  ['LeakyRelu', [], { alpha: { f: 0.25 } }],
  ['Elu', [], {}],
  ['Tanh', [], {}],
  ['Sigmoid', [], {}],
  ['Softplus', [], {}],
  ['Prelu', ['slopes'], {}],
  ['ClipByValue', ['low', 'high'], {}],
];

interface Producer {
  readonly what: string;
  readonly dims: DNNData['dims'];
  readonly nodes: (chance: Chance) => GraphNode[];
}

/** Kernels of each kind: few channels, four and eight of them, windows of 1. */
const producers: readonly Producer[] = [
  {
    what: 'Conv2D 3x3',
    dims: [1, 6, 9, 3],
    nodes: (chance) => convolve(chance, 'Conv2D', [3, 3, 3, 5], 'VALID'),
  },
  {
    what: 'Conv2D 1x1',
    dims: [1, 5, 7, 4],
    nodes: (chance) => convolve(chance, 'Conv2D', [1, 1, 4, 8], 'SAME'),
  },
  {
    what: 'DepthwiseConv2dNative 3x3',
    dims: [1, 6, 9, 5],
    nodes: (chance) => convolve(chance, 'DepthwiseConv2dNative', [3, 3, 5, 1], 'SAME'),
  },
];

function convolve(chance: Chance, op: string, shape: readonly number[], padding: string): GraphNode[] {
  return [weights(chance, shape), typed('c', op, ['x', 'w'], 'float32', { strides: [1, 1, 1, 1], padding })];
}

const which = { numbers, NaN: oneNaN, 'all NaN': listed(NaN), 'an infinity': infinite } as const;

/** An activation behind a convolution, which computes it in its store. */
function followedBy(
  [op, inputs, attrs]: readonly [string, readonly string[], ShortAttrs],
  { what, dims, nodes }: Producer,
  kind: keyof typeof which,
  tolerated = tolerance,
): OpCase {
  const parts = { dims, values: which[kind], tolerance: tolerated };
  return opCase(`${op}: behind ${what}, ${kind}`, parts, (chance) => {
    const producer = nodes(chance);
    const kernel = producer[0]!.attrs['value']!;
    const [, , depth, outputs] = 'tensor' in kernel ? kernel.tensor.shape : [];
    const channels = producer[1]!.op === 'Conv2D' ? outputs! : depth! * outputs!;
    return [
      ...producer,
      floats('slopes', [channels], numbersOf(chance, channels)),
      floats('low', [], [-0.5]),
      floats('high', [], [1.5]),
      typed('y', op, ['c', ...inputs], 'float32', attrs),
    ];
  });
}

const kinds = ['numbers', 'NaN', 'an infinity'] as const;

/** A window that Winograd's algorithm suits: its sums are rounded otherwise. */
const winograd: Producer = {
  what: 'Conv2D 3x3 of 16 channels',
  dims: [1, 6, 9, 16],
  nodes: (chance) => convolve(chance, 'Conv2D', [3, 3, 16, 16], 'SAME'),
};

const followed: OpCase[] = [
  ...producers.flatMap((producer) =>
    activations.flatMap((activation) => kinds.map((kind) => followedBy(activation, producer, kind))),
  ),
  ...activations.flatMap((activation) => [
    followedBy(activation, winograd, 'numbers', 1e-4),
    followedBy(activation, winograd, 'all NaN'),
  ]),
  ...kinds.slice(1).map((kind) => followedBy(activations[0]!, winograd, kind)),
];

/** Ops with bias and activation inside, as converters write them. */
const fused: OpCase[] = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'LeakyRelu', 'Prelu'].flatMap((activation) =>
  (['_FusedConv2D', 'FusedDepthwiseConv2dNative'] as const).map((op) =>
    opCase(`${op}: ${activation}`, { dims: [1, 6, 7, 4], values: oneNaN, tolerance }, (chance) => [
      weights(chance, [3, 3, 4, op === '_FusedConv2D' ? 5 : 1]),
      floats('bias', [op === '_FusedConv2D' ? 5 : 4]),
      floats('slopes', [op === '_FusedConv2D' ? 5 : 4]),
      typed('y', op, ['x', 'w', 'bias', ...(activation === 'Prelu' ? ['slopes'] : [])], 'float32', {
        strides: [1, 1, 1, 1],
        padding: 'SAME',
        fused_ops: ['BiasAdd', activation],
        num_args: activation === 'Prelu' ? 2 : 1,
        leakyrelu_alpha: { f: 0.25 },
      }),
    ]),
  ),
);

const dilation = [square[1]!, square[4]!, square[8]!].map((window) =>
  opCase(
    `Dilation2D: ${nameOf(window)}`,
    { dims: [1, 7, 6, 3], values: listed(1, -2, 0.5, 3, -0.25) },
    (chance) => [
      weights(chance, [...window.kernel, 3]),
      typed('y', 'Dilation2D', ['x', 'w'], 'float32', {
        strides: [1, ...window.strides, 1],
        rates: [1, 1, 1, 1],
        padding: window.padding,
      }),
    ],
  ),
);

export const windowCases: readonly OpCase[] = [
  ...[...square, ...sparse, ...oblong, ...explicit, steppedAndDilated].map((window, at) =>
    convolution(window, at),
  ),
  ...sparse.map((window, at) => convolution(window, at, twelve)),
  ...[...square, ...sparse, ...explicit.slice(0, 2), steppedAndDilated].map((window, at) =>
    depthwise(window, at),
  ),
  ...sparse.map((window, at) => depthwise(window, at, twelve)),
  ...[...square, ...sparse, ...oblong, ...explicit]
    .filter(({ dilations }) => dilations === undefined)
    .map(transposed),
  ...pools,
  ...followed,
  ...fused,
  ...dilation,
];

/** Each layer of a `.model` file with each of its modes, on float frames so that nothing is rounded away. */
import { nativeFile, operand, type Field } from '../../src/model/native/native-file.test-support.ts';
import {
  avgPool,
  chain,
  clamped,
  conv,
  dense,
  depthToSpace,
  leaky,
  none,
  pad,
  reflect,
  relu,
  same,
  sigmoid,
  symmetric,
  tanh,
  valid,
  withNumber,
  add,
  mul,
} from '../native-layers.ts';
import { even, odd, type PictureCase } from './picture-case.ts';

function onFloats(title: string, rows: readonly string[], model: Uint8Array): PictureCase {
  // The tensorflow backend has no kernel for the clamped edge, which TensorFlow does not know.
  const isClamped = rows.includes('conv2d.padding:SAME_CLAMP_TO_EDGE');
  return {
    title,
    rows,
    format: 'grayf32le',
    size: odd,
    model,
    ...(isClamped ? { backends: ['native'] as const } : {}),
  };
}

const one = { depth: 1, outputs: 1 };
const paddingCases = [
  ['VALID', valid],
  ['SAME', same],
  ['SAME_CLAMP_TO_EDGE', clamped],
] as const;

const convCases: readonly PictureCase[] = [
  ...paddingCases.flatMap(([name, padding]) => [
    onFloats(
      `conv2d 1, 3 and 5 ${name}`,
      ['layer:conv2d', `conv2d.padding:${name}`, 'conv2d:odd', 'conv2d:channels'],
      chain(
        1,
        conv({ depth: 1, outputs: 5, size: 3, padding }),
        conv({ depth: 5, outputs: 3, size: 1, padding }),
        conv({ depth: 3, outputs: 1, size: 5, padding }),
      ),
    ),
    ...[2, 4].map((size) =>
      onFloats(
        `conv2d ${size} ${name}`,
        [`conv2d.padding:${name}`, 'conv2d:even'],
        chain(1, conv({ ...one, size, padding })),
      ),
    ),
    onFloats(
      `conv2d dilation ${name}`,
      [`conv2d.padding:${name}`, 'conv2d:dilation'],
      chain(
        1,
        conv({ ...one, size: 3, padding, dilation: 2 }),
        conv({ ...one, size: 2, padding, dilation: 3 }),
      ),
    ),
  ]),
  ...(
    [
      ['Relu', relu],
      ['Tanh', tanh],
      ['Sigmoid', sigmoid],
      ['NONE', none],
      ['LeakyRelu', leaky],
    ] as const
  ).flatMap(([name, activation]) => [
    onFloats(
      `conv2d ${name}`,
      [`conv2d.activation:${name}`],
      // Values from about -5 to 5.
      chain(1, withNumber(mul, 10), withNumber(add, -5), conv({ ...one, size: 3, activation })),
    ),
    onFloats(
      `dense ${name}`,
      [`dense.activation:${name}`, 'layer:dense'],
      chain(
        1,
        withNumber(mul, 10),
        withNumber(add, -5),
        dense({ depth: 1, outputs: 4, activation }),
        dense({ depth: 4, outputs: 1 }),
      ),
    ),
  ]),
  onFloats(
    'without a bias',
    ['conv2d:bias', 'dense:bias'],
    chain(
      1,
      conv({ depth: 1, outputs: 3, size: 3, bias: false }),
      dense({ depth: 3, outputs: 4, bias: false }),
      dense({ depth: 4, outputs: 2, bias: true }),
      conv({ depth: 2, outputs: 1, size: 3, bias: true }),
    ),
  ),
];

const otherCases: readonly PictureCase[] = [
  ...[2, 3].map((block) =>
    onFloats(
      `depth_to_space ${block}`,
      ['layer:depth_to_space', 'depth_to_space:order', 'size:larger'],
      chain(1, conv({ depth: 1, outputs: block * block, size: 3 }), depthToSpace(block)),
    ),
  ),
  {
    title: 'depth_to_space 2 of three channels',
    rows: ['depth_to_space:order'],
    format: 'rgb24',
    size: odd,
    model: chain(3, conv({ depth: 3, outputs: 12, size: 1 }), depthToSpace(2)),
  },
  ...(
    [
      ['REFLECT', reflect],
      ['SYMMETRIC', symmetric],
    ] as const
  ).flatMap(([name, mode]) => [
    onFloats(
      `mirror_pad ${name}`,
      ['layer:mirror_pad', `mirror_pad.mode:${name}`, 'mirror_pad:uneven', 'size:larger'],
      chain(1, pad(mode, 3, 1, 0, 5)),
    ),
    onFloats(
      `mirror_pad ${name} before VALID`,
      [`mirror_pad.mode:${name}`],
      chain(1, pad(mode, 2, 2, 2, 2), conv({ ...one, size: 5, padding: valid })),
    ),
  ]),
  onFloats(
    'mirror_pad of channels',
    ['mirror_pad:channels'],
    chain(
      1,
      conv({ depth: 1, outputs: 2, size: 1 }),
      (from, to) => [3, symmetric, 0, 0, 0, 0, 0, 0, 1, 1, from, to],
      conv({ depth: 4, outputs: 1, size: 1 }),
    ),
  ),
  ...(
    [
      ['VALID', valid],
      ['SAME', same],
    ] as const
  ).flatMap(([name, padding]) =>
    (
      [
        [3, 1],
        [2, 2],
        [4, 3],
        [3, 5],
      ] as const
    ).map(([size, stride]) =>
      onFloats(
        `avg_pool ${size}, stride ${stride}, ${name}`,
        ['layer:avg_pool', `avg_pool.padding:${name}`, 'avg_pool:stride', 'avg_pool:border'],
        chain(1, avgPool(size, stride, padding)),
      ),
    ),
  ),
];

const open = [-1, -1, -1, -1];
const scaleFields = (factor: number, from: number, to: number): Field[] => [
  5,
  2,
  0,
  from,
  1,
  { f: factor },
  to,
];
const longName = 'o'.repeat(130);

/** How the file is read, and which operand is the result. */
const fileCases: readonly PictureCase[] = [
  onFloats(
    'layers in file order, operands written twice',
    ['file:layer-order'],
    nativeFile(
      [scaleFields(0.5, 0, 1), scaleFields(0.5, 1, 2), scaleFields(3, 2, 1), scaleFields(0.7, 1, 2)],
      [operand(0, 'x', 1, [1, -1, -1, 1]), operand(1, 'o1', 3, open), operand(2, 'y', 2, open)],
    ),
  ),
  onFloats(
    'operand entries in another order',
    ['file:operand-order'],
    nativeFile(
      [scaleFields(0.5, 2, 1), scaleFields(0.7, 1, 0)],
      [operand(1, 'o1', 3, open), operand(0, 'y', 2, open), operand(2, 'x', 1, [1, -1, -1, 1])],
    ),
  ),
  onFloats('minor version 99', ['file:minor-version'], withInt(chain(1, withNumber(mul, 0.5)), 19, 99)),
  onFloats(
    'has_bias 7',
    ['file:bias-flag'],
    nativeFile(
      [[1, 1, 1, 3, 1, 1, 1, 7, { f: 0.5 }, { f: 0.25 }, 0, 1]],
      [operand(0, 'x', 1, [1, -1, -1, 1]), operand(1, 'y', 2, open)],
    ),
  ),
  {
    ...onFloats(
      'an operand in the middle is the output',
      ['names:any-operand'],
      chain(1, conv({ ...one, size: 3 }), conv({ ...one, size: 3, activation: sigmoid }), withNumber(mul, 9)),
    ),
    output: 'o2',
  },
  {
    ...onFloats('the input is the output', ['names:any-operand'], chain(1, withNumber(mul, 9))),
    output: 'x',
  },
  {
    ...onFloats(
      'a name of 130 bytes',
      ['names:long'],
      nativeFile(
        [scaleFields(0.5, 0, 1)],
        [operand(0, 'x', 1, [1, -1, -1, 1]), operand(1, longName, 2, open)],
      ),
    ),
    output: longName.slice(0, 127),
  },
];

/** A copy with another int32 at a byte offset. */
export function withInt(file: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = Uint8Array.from(file);
  new DataView(copy.buffer).setInt32(offset, value, true);
  return copy;
}

/** Rows of a frame over several workers. */
const threadCases: readonly PictureCase[] = [0, 1, 2, 3, -4, 99].map((threads) => ({
  title: `conv2d_threads=${threads}`,
  // The pool makes strips of a frame for as many workers as there are; here the
  // rows of each are computed in turn.
  strips: Math.max(1, Math.min(threads, 4)),
  ...(threads === 3 ? { wholeJob: true } : {}),
  rows: ['conv2d:threads', 'config:conv2d_threads', 'option:dnn_processing.backend_configs'],
  format: 'yuv420p',
  size: [even[0], 128],
  options: `:backend_configs=conv2d_threads=${threads}`,
  ownOptions: ':nireq=3',
  model: chain(
    1,
    conv({ depth: 1, outputs: 6, size: 5, padding: clamped, activation: tanh }),
    conv({ depth: 6, outputs: 6, size: 3, padding: same, dilation: 2, activation: leaky }),
    conv({ depth: 6, outputs: 4, size: 3, padding: clamped }),
    depthToSpace(2),
  ),
  backends: ['native'],
}));

export const layerCases: readonly PictureCase[] = [...convCases, ...otherCases, ...fileCases, ...threadCases];

/** Models and frames that cannot run: refused with a reason, and what stock ffmpeg does with them. */
import type { PixelFormat } from '../../src/frame/pixel-format.ts';
import { nativeFile, operand, type Field } from '../../src/model/native/native-file.test-support.ts';
import { constantModel } from '../detection-models.ts';
import { scaleModel } from '../models.ts';
import { chain, conv, depthToSpace, dense, mul, pad, reflect, valid, withNumber } from '../native-layers.ts';
import { withInt } from './layer-cases.ts';

export interface ErrorCase {
  readonly title: string;
  readonly rows: readonly string[];
  /** The file `m.model`; undefined for none. */
  readonly model?: Uint8Array;
  /** The filter with everything; dnn_processing with x and y if left out. */
  readonly filter?: string;
  readonly format?: PixelFormat;
  readonly size?: readonly [width: number, height: number];
  /** Code of the refusal, and words of it; undefined where the frame goes through. */
  readonly refused?: readonly [code: string, ...words: string[]];
  /** What stock ffmpeg's native filter does, `fails` in one of two ways; undefined where it is not asked. */
  readonly stock?: 'refuses' | 'takes' | 'crashes' | 'fails';
}

const open = [-1, -1, -1, -1];
const input = (channels = 1): Field[] => operand(0, 'x', 1, [1, -1, -1, channels]);
const last = (index = 1): Field[] => operand(index, 'y', 2, open);
const layer = (...fields: Field[]): Uint8Array => nativeFile([fields], [input(), last()]);
const half = { f: 0.5 };
const good = chain(1, withNumber(mul, 0.5));

function file(
  row: string,
  model: Uint8Array,
  words: readonly string[],
  stock: ErrorCase['stock'],
  bugs: readonly string[] = [],
): ErrorCase {
  return {
    title: row,
    rows: [`error:${row}`, ...bugs, ...(stock === 'refuses' ? ['bug:refused-reason'] : [])],
    model,
    refused: ['EINVAL', ...words],
    ...(stock === undefined ? {} : { stock }),
  };
}

const fileCases: readonly ErrorCase[] = [
  file(
    'file-magic',
    Uint8Array.from(good, (byte, at) => (at === 3 ? 88 : byte)),
    ['m.model'],
    'refuses',
  ),
  file('file-major', withInt(good, 15, 2), ['version'], 'refuses'),
  file('file-short', good.subarray(0, good.length - 1), ['m.model'], 'crashes'),
  file('file-short', good.subarray(0, 40), ['m.model'], 'refuses'),
  file('file-long', Uint8Array.of(...good.subarray(0, -8), 0, ...good.subarray(-8)), ['byte'], 'refuses'),
  file('file-layer-0', layer(0, 0, 1), ['type 0'], 'crashes', ['layer:input']),
  file('file-layer-9', layer(9, 0, 1), ['type 9'], 'refuses'),
  file('file-layer-negative', layer(-1, 0, 1), ['type -1'], undefined),
  file('file-operand-index', layer(2, 2, 2, 1), ['operand'], 'refuses'),
  file('file-negative-index', layer(2, 2, -1, 1), ['operand'], undefined, ['bug:negative-index']),
  file(
    'file-batch',
    nativeFile([[2, 2, 0, 1]], [operand(0, 'x', 1, [2, -1, -1, 1]), last()]),
    ['batch'],
    'refuses',
  ),
  file('file-channels', layer(1, 1, 1, 3, 0, 1, 1, 0, 0, 1), ['input channels'], 'refuses'),
  file('file-channels', layer(8, 3, 1, 0, 0, 0, 1), ['output channels'], 'refuses'),
  file('file-kernel', layer(1, 1, 1, 3, 1, 1, 0, 0, 0, 1), ['kernel size'], 'refuses'),
  file('file-stride', layer(7, 0, 0, 2, 0, 1), ['stride'], 'refuses'),
  file('file-no-layers', nativeFile([], [input(), last()]), ['layers'], 'refuses'),
  file('file-size', layer(1, 1, 1, 3, 999, 999, 9, 0, half, 0, 1), ['weights'], 'crashes'),
  file('file-activation', layer(1, 1, 1, 7, 1, 1, 1, 0, half, 0, 1), ['activation'], 'takes', [
    'bug:unknown-activation',
  ]),
  file('file-padding', layer(1, 1, 3, 3, 1, 1, 1, 0, half, 0, 1), ['padding'], undefined),
  file('file-pool-padding', layer(7, 1, 2, 2, 0, 1), ['padding'], undefined),
  file('file-op', layer(6, 17, 0, 1), ['operation'], 'refuses'),
  file('file-op', layer(5, 6, 0, 0, 1, half, 1), ['operation'], 'refuses'),
  file('file-two-constants', layer(5, 2, 1, half, 1, half, 1), ['both sides'], 'takes', [
    'bug:two-constants',
  ]),
  file(
    'model-dtype',
    nativeFile([[5, 2, 0, 0, 1, half, 1]], [[0, 1, 'x', 1, 4, 1, -1, -1, 1], last()]),
    ['data type 4'],
    'refuses',
  ),
  file('run-pad', layer(3, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1), ['CONSTANT'], undefined, [
    'mirror_pad.mode:CONSTANT',
    'bug:constant-pad',
  ]),
];

const named = (inputName: string, output: string): string =>
  `dnn_processing=model=m.model:input=${inputName}:output=${output}`;

const runCases: readonly ErrorCase[] = [
  { title: 'no such file', rows: ['error:model-file'], refused: ['ENOENT', 'm.model'] },
  {
    title: 'no such input',
    rows: ['error:input-name'],
    model: good,
    filter: named('nope', 'y'),
    refused: ['EINVAL', "'nope'", "'x'"],
    stock: 'refuses',
  },
  {
    title: 'an output as the input',
    rows: ['error:input-kind'],
    model: good,
    filter: named('y', 'y'),
    // TensorFlow feeds any node: what is missing is the size of the real input.
    refused: ['', "'y'"],
    stock: 'refuses',
  },
  {
    title: 'no such output',
    rows: ['error:output-name'],
    model: good,
    filter: named('x', 'nope'),
    refused: ['EINVAL', "'nope'", "'y'"],
    stock: 'refuses',
  },
  {
    title: 'a model of another height',
    rows: ['error:height'],
    model: nativeFile([[5, 2, 0, 0, 1, half, 1]], [operand(0, 'x', 1, [1, 24, -1, 1]), last()]),
    refused: ['EIO', 'height 24', 'scale='],
    stock: 'refuses',
  },
  {
    title: 'a model of another width',
    rows: ['error:width'],
    model: nativeFile([[5, 2, 0, 0, 1, half, 1]], [operand(0, 'x', 1, [1, -1, 40, 1]), last()]),
    refused: ['EIO', 'width 40', 'scale=40'],
    stock: 'refuses',
  },
  {
    title: 'one channel for rgb24',
    rows: ['error:channels-rgb'],
    model: good,
    format: 'rgb24',
    refused: ['EIO', '1 channel', 'rgb24'],
    stock: 'refuses',
  },
  {
    title: 'three channels for yuv420p',
    rows: ['error:channels-luma'],
    model: chain(3, withNumber(mul, 0.5)),
    refused: ['EIO', '3 channels', 'yuv420p'],
    stock: 'refuses',
  },
  {
    title: 'a result of two channels',
    rows: ['error:channels-output'],
    model: chain(1, conv({ depth: 1, outputs: 2, size: 1 })),
    refused: ['EIO', 'output', '2 channels'],
  },
  {
    title: 'one channel for derain',
    rows: ['bug:derain-channels'],
    model: good,
    format: 'rgb24',
    filter: 'derain=model=m.model',
    refused: ['EIO', '1 channel'],
  },
  {
    title: 'several output names',
    rows: ['bug:several-outputs-late', 'names:several'],
    model: chain(1, withNumber(mul, 0.5), withNumber(mul, 0.5)),
    filter: named('x', 'y&o1'),
    stock: 'refuses',
  },
  {
    title: 'conv2d of two channels on one',
    rows: ['error:run-channels', 'bug:channel-assert'],
    model: chain(1, conv({ depth: 2, outputs: 1, size: 1 })),
    refused: ['EINVAL', 'channels'],
    stock: 'fails',
  },
  {
    title: 'dense of two channels on one',
    rows: ['error:run-channels', 'bug:channel-assert'],
    model: chain(1, dense({ depth: 2, outputs: 1 })),
    refused: ['EINVAL', 'channels'],
    stock: 'fails',
  },
  {
    title: 'six channels into blocks of 2',
    rows: ['error:run-block', 'bug:depth-to-space'],
    model: chain(1, conv({ depth: 1, outputs: 6, size: 1 }), depthToSpace(2)),
    refused: ['EINVAL', 'divide 6 channels'],
    stock: 'crashes',
  },
  {
    title: 'a pad of 90 rows',
    rows: ['error:run-pad', 'bug:pad-too-large'],
    model: chain(1, pad(reflect, 90, 90, 0, 0)),
    refused: ['', ''],
    stock: 'takes',
  },
  {
    title: 'a frame smaller than the kernel',
    rows: ['error:run-small'],
    model: chain(1, conv({ depth: 1, outputs: 1, size: 31, padding: valid })),
    refused: ['', ''],
  },
  {
    title: 'a tensor of 2 GiB',
    rows: ['error:run-length'],
    model: chain(1, pad(reflect, 1, 1, 1, 1), (from, to) => [3, 1, 0, 0, 0, 0, 0, 0, 0, 16000000, from, to]),
    refused: ['', ''],
  },
  {
    title: 'a divisor of 0.5',
    rows: ['bug:floormod-zero'],
    model: chain(1, withNumber(5, 0.5)),
  },
  {
    title: 'a labels file that is not there',
    rows: ['error:labels-file'],
    model: constantModel([{ name: 'y', shape: [1, 1, 1, 7], values: [0, 0, 0, 0, 0, 0, 0] }]),
    filter: 'dnn_detect=model=m.model:input=x:output=y:labels=none.txt',
    format: 'rgb24',
    refused: ['EINVAL', "cannot read 'none.txt'"],
  },
  {
    title: 'a fixed size of a TensorFlow graph',
    rows: ['error:height', 'error:width'],
    model: scaleModel([0.5], { size: [32, 40] }),
    filter: 'dnn_processing=dnn_backend=tensorflow:model=m.model:input=x:output=y',
    refused: ['EIO', 'scale=40:32'],
  },
];

export const errorCases: readonly ErrorCase[] = [...fileCases, ...runCases];

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import type { Graph, GraphNode } from '../../graph/graph.ts';
import { constTensor, intsAttr, stringAttr } from '../../graph/node-attrs.ts';
import { between, conv, nativeBytes, nativeFile, operand } from './native-file.test-support.ts';
import { readNativeModel } from './read-native-model.ts';

const identity = nativeFile(
  [conv(1, 0, [1])],
  [operand(0, 'dnn_in', 1, [1, -1, -1, 1]), operand(1, 'dnn_out', 2, [-1, -1, -1, -1])],
);

function find(graph: Graph, name: string): GraphNode {
  return graph.nodes.find((node) => node.name === name)!;
}

function failure(bytes: Uint8Array): DnnError {
  try {
    readNativeModel(bytes, 'm.model');
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error('it was read');
}

test('the identity model of 152 bytes', () => {
  expect(identity.length).toBe(152);
  const graph = readNativeModel(identity, 'm.model');
  expect(graph.nodes.map(({ name, op }) => [name, op])).toEqual([
    ['dnn_in', 'Placeholder'],
    ['dnn_out/kernel', 'Const'],
    ['dnn_out', 'Conv2D'],
  ]);
  expect(inferShapes(graph, { dnn_in: [1, 5, 7, 1] }).shapeOf('dnn_out')).toEqual([1, 5, 7, 1]);
});

test('kernels are turned from output, row, column, input to row, column, input, output', () => {
  const weights = Array.from({ length: 2 * 9 * 3 }, (_, index) => ({ f: index }));
  const layer = [1, 1, 1, 4, 3, 2, 3, 1, ...weights, { f: 5 }, { f: 6 }, 0, 1];
  const graph = readNativeModel(
    nativeFile([layer], [operand(0, 'x', 1, [1, -1, -1, -1]), operand(1, 'y', 2, [-1, -1, -1, -1])]),
    'm.model',
  );
  const kernel = constTensor(find(graph, 'y/kernel'))!;
  expect(kernel.shape).toEqual([3, 3, 3, 2]);
  expect(Array.from(kernel.data as Float32Array).slice(0, 6)).toEqual([0, 27, 1, 28, 2, 29]);
  expect(constTensor(find(graph, 'y/bias'))!.data).toEqual(Float32Array.of(5, 6));
  expect(find(graph, 'y')).toMatchObject({ op: 'LeakyRelu', attrs: { alpha: { f: Math.fround(0.2) } } });
  // The table leaves the channels open: the first weights tell them.
  expect(find(graph, 'x').attrs['shape']).toEqual({ shape: [1, -1, -1, 3] });
});

test('a constant is the first operand of the minimum, on whichever side it stands', () => {
  for (const sides of [
    [0, 0, 1, { f: 2.5 }],
    [1, { f: 2.5 }, 0, 0],
  ]) {
    const graph = readNativeModel(between([5, 4, ...sides, 1]), 'm.model');
    const minimum = graph.nodes.find(({ op }) => op === 'FFmpegMinimum')!;
    expect(minimum.inputs).toHaveLength(2);
    expect(constTensor(find(graph, minimum.inputs[0]!))!.data).toEqual(Float32Array.of(2.5));
  }
});

describe('even kernels', () => {
  const size = (kernel: number, padding: number, dilation = 1): unknown => {
    const graph = readNativeModel(
      between(conv(kernel, padding, new Array<number>(kernel * kernel).fill(1), dilation)),
      'm.model',
    );
    const node = find(graph, 'y');
    return [
      stringAttr(node, 'padding', ''),
      intsAttr(node, 'explicit_paddings').slice(2, 4),
      inferShapes(graph, { x: [1, 20, 20, 1] }).shapeOf('y')![1],
    ];
  };
  test('VALID of 2 keeps the size with zeros above and left', () => {
    expect(size(2, 0)).toEqual(['EXPLICIT', [1, 0], 20]);
  });
  test('VALID of 4 drops 2', () => {
    expect(size(4, 0)).toEqual(['EXPLICIT', [1, 0], 18]);
  });
  test('VALID of 4, dilated', () => {
    expect(size(4, 0, 3)).toEqual(['EXPLICIT', [3, 0], 14]);
  });
  test('SAME looks further back than TensorFlow', () => {
    expect(size(4, 1)).toEqual(['EXPLICIT', [2, 1], 20]);
  });
  test('odd kernels are those of TensorFlow', () => {
    expect(size(3, 0)).toEqual(['VALID', [], 18]);
    expect(size(3, 1, 2)).toEqual(['SAME', [], 20]);
  });
});

test('repeated edges: one pixel as MirrorPad, more as EdgePad', () => {
  const ops = (size: number): string[] => {
    const graph = readNativeModel(between(conv(size, 2, new Array<number>(size * size).fill(1))), 'm.model');
    expect(inferShapes(graph, { x: [1, 3, 3, 1] }).shapeOf('y')).toEqual([1, 3, 3, 1]);
    return graph.nodes.map(({ op }) => op).filter((op) => op.endsWith('Pad'));
  };
  expect(ops(3)).toEqual(['MirrorPad']);
  expect(ops(5)).toEqual(['EdgePad']);
  expect(ops(2)).toEqual(['MirrorPad']);
});

test('an operand that is written twice has its last value under its name', () => {
  const graph = readNativeModel(
    between([6, 0, 0, 1], [6, 15, 1, 1], [5, 5, 1, { f: 7 }, 0, 1, 1]),
    'm.model',
  );
  expect(find(graph, 'y')).toMatchObject({ op: 'FFmpegFloorMod', inputs: ['y/constant', 'y/layer1'] });
  expect(find(graph, 'y/layer1')).toMatchObject({ op: 'FFmpegRound', inputs: ['y/layer0'] });
});

test('forms before 1.0', () => {
  const weights = [{ f: 2 }, { f: 3 }];
  const chain = [1, 1, 2, 0, 1, 1, 1, ...weights];
  const operands = [...operand(0, 'x', 1, [1, -1, -1, 1]), ...operand(1, 'y', 2, [-1, -1, -1, -1])];
  const forms = {
    'with a header, 0.1': nativeBytes('FFMPEGDNNNATIVE', 0, 1, ...chain, 0, 1, ...operands, 1, 2),
    'operands, no header': nativeBytes(...chain, 0, 1, ...operands, 1, 2),
    'number of layers first': nativeBytes(1, ...chain),
    '2018, without padding': nativeBytes(1, 1, 0, 1, 1, 1, ...weights),
  };
  for (const bytes of Object.values(forms)) {
    const graph = readNativeModel(bytes, 'm.model');
    expect(graph.nodes.map(({ op }) => op)).toEqual([
      'Placeholder',
      'Const',
      'Conv2D',
      'Const',
      'BiasAdd',
      'Relu',
    ]);
    expect(constTensor(graph.nodes[3])!.data).toEqual(Float32Array.of(3));
    expect(find(graph, 'x').attrs['shape']).toEqual({ shape: [1, -1, -1, 1] });
  }
});

describe('refused with the byte offset', () => {
  const [input, output] = [operand(0, 'x', 1, [1, -1, -1, 1]), operand(1, 'y', 2, [-1, -1, -1, -1])];
  const abs = [6, 0, 0, 1];
  test.each([
    ['major version', nativeBytes('FFMPEGDNNNATIVE', 2, 0, ...abs), 15, /major version is 2/],
    ['cut header', nativeBytes('FFMPEGDNNNATIVE', 1), 19, /needs 4 bytes/],
    ['no layers', nativeFile([], [input, output]), 89, /number of layers is 0/],
    [
      'too many layers',
      nativeBytes('FFMPEGDNNNATIVE', 1, 23, ...abs, ...input, ...output, 99, 2),
      105,
      /layers is 99/,
    ],
    [
      'too many operands',
      nativeBytes('FFMPEGDNNNATIVE', 1, 23, ...abs, ...input, ...output, 1, 9),
      109,
      /operands is 9/,
    ],
    ['input layer', between([0, 0, 0, 1]), 23, /unknown type 0/],
    ['unknown layer', between([9, 0, 0, 1]), 23, /unknown type 9/],
    ['negative layer', between([-1, 0, 0, 1]), 23, /unknown type -1/],
    ['dilation', between(conv(1, 0, [1], 0)), 27, /dilation is 0/],
    ['padding', between(conv(1, 3, [1])), 31, /padding has the unknown value 3/],
    [
      'activation',
      between([1, 1, 0, 5, 1, 1, 1, 0, { f: 1 }, 0, 1]),
      35,
      /activation has the unknown value 5/,
    ],
    ['input channels', between([1, 1, 0, 0, 0, 1, 1, 0, { f: 1 }, 0, 1]), 39, /input channels is 0/],
    ['output channels', between([1, 1, 0, 0, 1, -4, 1, 0, { f: 1 }, 0, 1]), 43, /output channels is -4/],
    ['kernel size', between([1, 1, 0, 0, 1, 1, 0, 0, { f: 1 }, 0, 1]), 47, /kernel size is 0/],
    [
      'weights beyond the file',
      between([1, 1, 0, 0, 9, 9, 9, 0, { f: 1 }, 0, 1]),
      55,
      /weights needs 26244 bytes/,
    ],
    ['negative operand', between([6, 0, -1, 1]), 31, /input operand is -1/],
    ['operand out of range', between([6, 0, 0, 2]), 35, /output operand is 2/],
    ['block size', between([2, 0, 0, 1]), 27, /block size is 0/],
    ['indivisible channels', between([2, 2, 0, 1]), 23, /cannot divide 1 channels by 4/],
    ['pad mode', between([3, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 27, /pad mode has the unknown value 7/],
    ['constant pad', between([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 27, /CONSTANT/],
    ['negative pad', between([3, 1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 1]), 39, /padding 2 is -1/],
    ['batch pad', between([3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 31, /padding 0 is 1/],
    ['binary op', between([5, 6, 0, 0, 0, 0, 1]), 27, /unknown value 6/],
    ['two constants', between([5, 0, 1, { f: 1 }, 1, { f: 1 }, 1]), 23, /constants on both sides/],
    ['unary op', between([6, 17, 0, 1]), 27, /unknown value 17/],
    ['pool stride', between([7, 0, 0, 1, 0, 1]), 27, /stride is 0/],
    ['pool padding', between([7, 1, 2, 1, 0, 1]), 31, /unknown value 2/],
    [
      'channels of weights',
      between([1, 1, 0, 3, 2, 1, 1, 0, { f: 1 }, { f: 1 }, 0, 1]),
      23,
      /2 input channels.*'x' has 1/,
    ],
    ['overwritten input', between([6, 0, 0, 0], abs), 23, /overwrites the input/],
    ['unwritten operand read', between([6, 0, 1, 1]), 23, /'y' before it is written/],
    [
      'unwritten output',
      nativeFile([abs], [input, output, operand(2, 'z', 2, [-1, -1, -1, -1])]),
      105,
      /writes operand 'z'/,
    ],
    ['operand twice', nativeFile([abs], [input, input]), 72, /operand 0 is there a second time/],
    [
      'name twice',
      nativeFile([abs], [input, operand(1, 'x', 2, [-1, -1, -1, -1])]),
      72,
      /'x' is the name of a second/,
    ],
    ['empty name', nativeFile([abs], [[0, 0, 1, 1, 1, -1, -1, 1], output]), 43, /name of 0 bytes/],
    ['long name', nativeFile([abs], [[0, 999, 'x', 1, 1, 1, -1, -1, 1], output]), 47, /needs 999 bytes/],
    [
      'control characters',
      nativeFile([abs], [operand(0, '\n', 1, [1, -1, -1, 1]), output]),
      47,
      /control characters/,
    ],
    [
      'name that is a reference',
      nativeFile([abs], [operand(0, 'x:0', 1, [1, 1, 1, 1]), output]),
      47,
      /'x:0'/,
    ],
    ['kind', nativeFile([abs], [operand(0, 'x', 4, [1, -1, -1, 1]), output]), 48, /kind of operand 'x' is 4/],
    ['data type', nativeFile([abs], [[0, 1, 'x', 1, 4, 1, -1, -1, 1], output]), 52, /data type 4/],
    ['batch', nativeFile([abs], [operand(0, 'x', 1, [-1, -1, -1, 1]), output]), 56, /batch of -1/],
    [
      'height 0',
      nativeFile([abs], [operand(0, 'x', 1, [1, 0, -1, 1]), output]),
      60,
      /height of operand 0 is 0/,
    ],
    [
      'trailing bytes',
      nativeBytes('FFMPEGDNNNATIVE', 1, 23, ...abs, ...input, ...output, 0, 1, 2),
      105,
      /4 bytes stand behind/,
    ],
  ])('%s', (_label, bytes, offset, message) => {
    const error = failure(bytes);
    expect(error.message).toMatch(message);
    expect(error.details['offset']).toBe(offset);
    expect(error.code).toBe('EINVAL');
  });
});

test('damaged files end in a Graph or a DnnError', () => {
  const valid = between(conv(3, 2, new Array<number>(9).fill(1)), [4, { f: 0 }, 1, 1], [7, 1, 1, 2, 0, 1]);
  const survives = (bytes: Uint8Array): void => {
    try {
      const graph = readNativeModel(bytes, 'm.model');
      inferShapes(graph, { x: [1, 8, 8, 1] });
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
    }
  };
  const edits = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(edits, fc.nat(valid.length), (changes, length) => {
      const copy = valid.slice();
      for (const [offset, value] of changes) copy[offset] = value;
      survives(copy);
      survives(copy.subarray(0, length));
      survives(copy.subarray(23));
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -1, max: 9 }), fc.integer()), { maxLength: 40 }),
      (fields) => {
        survives(nativeBytes(...fields));
        survives(nativeBytes('FFMPEGDNNNATIVE', 1, 23, ...fields));
      },
    ),
    { numRuns: 300 },
  );
});

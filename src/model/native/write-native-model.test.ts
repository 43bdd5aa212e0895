import { expect, test } from 'vitest';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../graph/graph-builder.test-support.ts';
import { dilated } from '../../graph/dilated-network.test-support.ts';
import { between, conv, nativeFile, operand } from './native-file.test-support.ts';
import { readNativeModel } from './read-native-model.ts';
import { writeNativeModel } from './write-native-model.ts';

const nine = Array.from({ length: 9 }, (_, index) => index - 4);
const unknown = [-1, -1, -1, -1];

/** What a file reads as after it was written from its own graph. */
function roundTrip(file: Uint8Array): void {
  const once = writeNativeModel(readNativeModel(file, 'a.model'));
  expect(writeNativeModel(readNativeModel(once, 'b.model'))).toEqual(once);
  expect(once).toEqual(file);
}

test('files come back byte for byte', () => {
  for (const size of [1, 2, 3, 4, 5]) {
    const weights = Array.from({ length: size * size }, (_, index) => index / 4 - 1);
    roundTrip(between(conv(size, 0, weights)));
    // For 2, SAME reads the same pixels as VALID and is written as that.
    if (size !== 2) roundTrip(between(conv(size, 1, weights, 2)));
    if (size > 3) roundTrip(between(conv(size, 2, weights)));
  }
  const layers = [
    [3, 2, 0, 0, 1, 1, 2, 2, 0, 0, 0, 1],
    [
      1,
      1,
      0,
      4,
      1,
      4,
      3,
      1,
      ...[...nine, ...nine, ...nine, ...nine].map((f) => ({ f })),
      ...nine.slice(0, 4).map((f) => ({ f })),
      1,
      2,
    ],
    [4, { f: 0.5 }, 2, 3],
    [5, 0, 1, { f: 7 }, 0, 3, 4],
    [5, 5, 0, 4, 1, { f: 2 }, 5],
    [6, 15, 5, 6],
    [7, 2, 1, 3, 6, 7],
    [5, 2, 0, 7, 0, 7, 8],
    [2, 2, 8, 9],
  ];
  const operands = [
    operand(0, 'x', 1, [1, -1, -1, 1]),
    ...Array.from({ length: 8 }, (_, index) => operand(index + 1, `o${index}`, 3, unknown)),
    operand(9, 'y', 2, unknown),
  ];
  roundTrip(nativeFile(layers, operands));
});

test('a dilated convolution of TensorFlow 1 and a leaky slope written as maximum become one layer', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    ...dilated('far', 'x', { dilation: 2, kernel: [3, 3, 1, 1] }),
    floats('alpha', [], [0.2]),
    node('mul', 'Mul', ['far', 'alpha']),
    node('y', 'Maximum', ['far', 'mul']),
  );
  const file = writeNativeModel(model);
  // Type, dilation, padding SAME, activation LEAKY_RELU.
  expect(Array.from(new Int32Array(file.slice(23, 39).buffer))).toEqual([1, 2, 1, 4]);
  // Fusing gives it a bias of 0.
  expect(file.length).toBe(23 + 40 + 36 + 4 + 2 * 33 + 8);
});

test('everything that cannot be written is named at once', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    ...convolution('wide', 'x', [1, 3, 1, 1]),
    ...convolution('coarse', 'wide', [3, 3, 1, 1], { strides: [1, 2, 2, 1] }),
    ...convolution('even', 'coarse', [2, 2, 1, 1]),
    node('leaky', 'LeakyRelu', ['even'], { alpha: { f: 0.1 } }),
    ints('axis', 3),
    node('y', 'ConcatV2', ['leaky', 'leaky', 'axis']),
  );
  expect(() => writeNativeModel(model)).toThrow(
    /'wide' \(Conv2D\) has a kernel of 1x3.*'coarse' \(Conv2D\) has a stride.*'leaky' .*'y' \(ConcatV2\) has no layer/,
  );
});

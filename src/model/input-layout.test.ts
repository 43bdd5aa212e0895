import { expect, test } from 'vitest';
import { graphdefFormat } from './graphdef/graphdef-format.ts';
import { nativeFormat } from './native/native-format.ts';
import { openvinoFormat } from './openvino/openvino-format.ts';
import { tfjsFormat } from './tfjs/tfjs-format.ts';

test.each([
  [[1, 3, 480, 640], 'nchw', 'nchw'],
  [[1, 1, -1, -1], 'nchw', 'nchw'],
  [[1, -1, -1, -1], 'nchw', 'nhwc'],
  [[1, 480, 640, 3], 'nhwc', 'nhwc'],
  [[1, -1, -1, 3], 'nchw', 'nhwc'],
  [[1, 3, 3, 3], 'nchw', 'nhwc'],
  [[-1, 2, 640, 1], 'nchw', 'nhwc'],
  [[1, 3, 8], 'nhwc', 'nhwc'],
  [null, 'nhwc', 'nhwc'],
] as const)('%j of OpenVINO is %s, of others %s', (shape, openvino, other) => {
  expect(openvinoFormat.conventions.layout(shape)).toBe(openvino);
  for (const format of [graphdefFormat, nativeFormat, tfjsFormat])
    expect(format.conventions.layout(shape)).toBe(other);
});

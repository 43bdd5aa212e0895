import { expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import type { DataType } from '../graph/graph.ts';
import type { ModelInput } from './dnn-filter.ts';
import { modelInputSize, type ModelInputSize } from './model-input-size.ts';

const link = { format: 'yuv420p', width: 640, height: 360 } as const;

function size(
  dims: ModelInput['dims'],
  layout?: 'nchw' | 'nhwc',
  dtype: DataType = 'float32',
): ModelInputSize {
  const context = { model: 'm.pb', ...(layout === undefined ? {} : { layout }) };
  return modelInputSize('dnn_detect', context, link, { dims, dtype });
}

test.each([
  [[1, 300, 200, 3], undefined, [200, 300, 3, 'nhwc']],
  [[-1, -1, -1, 1], undefined, [640, 360, 1, 'nhwc']],
  [[1, -1, 200, 3], undefined, [200, 360, 3, 'nhwc']],
  [[1, 3, 300, 200], undefined, [200, 300, 3, 'nchw']],
  [[1, 3, -1, -1], undefined, [640, 360, 3, 'nchw']],
  [[1, 3, 2, 3], undefined, [2, 3, 3, 'nhwc']],
  [[1, 3, 2, 3], 'nchw', [3, 2, 3, 'nchw']],
  [[1, 1, 8, 3], 'nchw', [3, 8, 1, 'nchw']],
] as const)('%j with layout %s', (dims, layout, [width, height, channels, found]) => {
  expect(size(dims, layout)).toEqual({ width, height, channels, layout: found });
});

test.each(['uint8', 'int32', 'float32'] as const)('pixels of type %s', (dtype) => {
  expect(size([1, 8, 8, 3], undefined, dtype).width).toBe(8);
});

test.each([
  [[1, 8, 8, 3], undefined, 'int64', 'is of type int64: use a model whose input is float32, uint8 or int32'],
  [
    [1, 8, 8, 2],
    undefined,
    'float32',
    'is [1, 8, 8, 2], of 2 channels as nhwc: it needs 3 (RGB) or 1 (gray)',
  ],
  [[1, 8, 8, -1], undefined, 'float32', 'of unknown channels as nhwc'],
  [[1, 8, 8, 3], 'nchw', 'float32', 'of 8 channels as nchw'],
  [[1, 3, 8, 8], 'nhwc', 'float32', 'of 8 channels as nhwc'],
] as const)('%j with layout %s of %s is refused', (dims, layout, dtype, message) => {
  const error = failure(() => size(dims, layout, dtype));
  expect(error.code).toBe('EIO');
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^dnn_detect: the input of the model m.pb/);
});

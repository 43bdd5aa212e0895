import { expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { centernetBoxes } from './centernet.ts';
import { detectOptions, table, tensor } from './detection.test-support.ts';

const frame = { width: 1024, height: 256 };
const model = { width: 512, height: 512 };
const options = detectOptions({ modelType: 'centernet', labels: ['person', 'bicycle'] });

test('rows of edges in pixels of the model, confidence, label', () => {
  const output = table([
    [0, 0, 512, 512, 0.49, 0],
    [128, 256, 256, 384, 0.75, 1],
    [-2, 0, 100, 511, 0.5, 3],
    [0, 0, 1, 1, NaN, 0],
  ]);
  const boxes = centernetBoxes([output], options, frame, model);
  expect(boxes.map(({ x, y, w, h }) => [x, y, w, h])).toEqual([
    [256, 128, 256, 64],
    [-4, 0, 204, 255],
  ]);
  expect(boxes.map(({ detectLabel }) => detectLabel)).toEqual(['bicycle', '3']);
  expect(boxes.map(({ detectConfidence }) => detectConfidence.num)).toEqual([7500, 5000]);
});

test.each([
  [[]],
  [[table([[1, 2, 3, 4, 5, 6, 7]])]],
  [[table([[0, 0, 1, 1, 1, 1]]), table([[0, 0, 1, 1, 1, 1]])]],
  [[tensor([2, 1, 6], new Float32Array(12))]],
])('other outputs are refused', (outputs) => {
  const error = failure(() => centernetBoxes(outputs, options, frame, model));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain('[1, 1, N, 6] of rows (x0, y0, x1, y1, confidence, label)');
});

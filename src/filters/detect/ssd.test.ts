import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { detectOptions, table, tensor } from './detection.test-support.ts';
import { ssdBoxes } from './ssd.ts';

const frame = { width: 640, height: 480 };
const model = { width: 320, height: 200 };
const labels = ['background', 'face'];

function boxes(outputs: readonly DNNData[], confidence = 0.5): string[] {
  return ssdBoxes(outputs, detectOptions({ confidence, labels }), frame, model).map(text);
}

const text = ({ x, y, w, h, detectLabel, detectConfidence }: DetectionBBox): string =>
  `${detectLabel} ${detectConfidence.num} ${x},${y} ${w}x${h}`;

describe('one output', () => {
  const rows = [
    [0, 1, 0.4, 0, 0, 1, 1],
    [0, 1, 0.9, 0.25, 0.5, 0.75, 1],
    [0, 7, 0.95, 0.1, 0.1, 0.2, 0.2],
    [0, 0, NaN, 0, 0, 1, 1],
    [0, -3, 0.5, 0, 0, 1, 1],
  ];

  test('rows in any order of confidence, boxes without gaps', () => {
    expect(boxes([table(rows)])).toEqual([
      'face 9000 160,240 320x240',
      '7 9500 64,48 64x48',
      '-1 5000 0,0 640x480',
    ]);
  });

  test('nothing above the threshold, no rows', () => {
    expect(boxes([table(rows)], 0.96)).toEqual([]);
    expect(boxes([table([], 7)])).toEqual([]);
  });
});

describe('two outputs', () => {
  const found = table([
    [80, 50, 160, 100, 0.8],
    [0, 0, 320, 200, 0.2],
    [-32, 0, 32, 20, 0.7],
  ]);
  const ids = tensor([3], [1, 0, 0]);
  const expected = ['face 8000 160,120 160x120', 'background 7000 -64,0 128x48'];

  test('boxes in pixels of the model, labels beside them, in either order', () => {
    expect(boxes([found, ids])).toEqual(expected);
    expect(boxes([ids, found])).toEqual(expected);
  });

  test('five labels are not taken for a box', () => {
    const five = table(Array.from({ length: 5 }, () => [0, 0, 320, 200, 0.9]));
    expect(boxes([tensor([5], [1, 1, 1, 1, 1]), five])).toHaveLength(5);
  });

  test('more labels than boxes are allowed, fewer are not', () => {
    expect(boxes([found, tensor([4], [1, 0, 0, 9])])).toEqual(expected);
    const error = failure(() => boxes([found, tensor([2], [1, 0])]));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain('there are 2 labels for 3 boxes');
  });
});

describe("TensorFlow's four outputs", () => {
  const outputs = (count: number): DNNData[] => [
    tensor([1], [count]),
    tensor([1, 4], [0.3, 0.9, NaN, 0.6]),
    tensor([1, 4], [1, 1, 1, 4]),
    tensor([1, 4, 4], [0, 0, 1, 1, 0.25, 0.1, 0.75, 0.3, 0, 0, 1, 1, 0.5, 0.5, 1, 1]),
  ];

  test('edges as y0, x0, y1, x1; confidences in no order', () => {
    expect(boxes(outputs(4))).toEqual(['face 9000 64,120 128x240', '4 6000 320,240 320x240']);
  });

  test('only as many as there are said to be', () => {
    expect(boxes(outputs(2))).toEqual(['face 9000 64,120 128x240']);
    expect(boxes(outputs(2.9))).toHaveLength(1);
    expect(boxes(outputs(0))).toEqual([]);
  });

  test.each([NaN, -1, 5, Infinity])('num_detections of %d', (count) => {
    const error = failure(() => boxes(outputs(count)));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(`num_detections is ${count} of 4`);
  });

  test('another order', () => {
    const [number, scores, classes, positions] = outputs(4) as [DNNData, DNNData, DNNData, DNNData];
    const error = failure(() => boxes([number, positions, scores, classes]));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toBe(
      'dnn_detect: model_type=ssd does not read 4 outputs [1, 1, 1, 1] & [1, 1, 4, 4] & [1, 1, 1, 4] & [1, 1, 1, 4] ' +
        '(leading dimensions of 1 are filled in): four outputs are read in the order ' +
        'output=num_detections&detection_scores&detection_classes&detection_boxes, of 1, N, N and N * 4 values',
    );
  });
});

test.each([
  [[table([[0, 0, 0, 0, 0, 0]])]],
  [
    [
      tensor(
        [2, 3, 7],
        Array.from({ length: 42 }, () => 0),
      ),
    ],
  ],
  [[]],
  [[table([[1, 2]]), table([[3]])]],
  [[tensor([1], [1]), tensor([1], [1]), tensor([1], [1])]],
])('other forms are refused with the dims seen', (outputs) => {
  const error = failure(() => boxes(outputs));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain('it reads one output [1, 1, N, 7]');
  for (const { dims } of outputs) expect(error.message).toContain(`[${dims.join(', ')}]`);
});

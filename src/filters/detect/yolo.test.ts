import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { detectOptions, tensor } from './detection.test-support.ts';
import { yoloBoxes } from './yolo.ts';

const frame = { width: 800, height: 400 };
const model = { width: 64, height: 32 };

/** A box in a cell: x, y, w, h, objectness, classes. */
interface Cell {
  readonly box: number;
  readonly cx: number;
  readonly cy: number;
  readonly values: readonly number[];
}

/**
 * A tensor of `[1, boxes * size, rows, columns]` (or rows and columns first), filled
 * with `empty` but for some cells.
 */
function grid(
  [columns, rows, boxes, size]: readonly [number, number, number, number],
  cells: readonly Cell[],
  { channelsLast = false, empty = 0 } = {},
): DNNData {
  const data = new Float32Array(columns * rows * boxes * size).fill(empty);
  for (const { box, cx, cy, values } of cells) {
    for (const [part, value] of values.entries()) {
      const index = channelsLast
        ? ((cy * columns + cx) * boxes + box) * size + part
        : (box * size + part) * rows * columns + cy * columns + cx;
      data[index] = value;
    }
  }
  return tensor(channelsLast ? [1, rows, columns, boxes * size] : [1, boxes * size, rows, columns], data);
}

function boxes(outputs: readonly DNNData[], options: Partial<DetectOptions>): string[] {
  return yoloBoxes(outputs, detectOptions({ nbClasses: 2, ...options }), frame, model).map(
    ({ x, y, w, h, detectLabel, detectConfidence }: DetectionBBox) =>
      `${detectLabel} ${detectConfidence.num} ${x},${y} ${w}x${h}`,
  );
}

describe('yolo', () => {
  const options = { modelType: 'yolo', cellW: 4, cellH: 2, anchors: [1, 2, 0.5, 0.25] } as const;
  // Cells are 200 x 200 pixels; the output is one row, as those of region layers are.
  const flat = (cells: readonly Cell[]): DNNData => tensor([112], grid([4, 2, 2, 7], cells).data);

  test('a box around a point of its cell, as large as its anchor in cells', () => {
    const cells = [{ box: 0, cx: 1, cy: 1, values: [0.5, 0.25, 0, 0, 0.875, 0.1, 0.75] }];
    // Centre 1.5 * 200, 1.25 * 200; 200 x 400 pixels; 0.875 * 0.75 = 0.65625.
    expect(boxes([flat(cells)], options)).toEqual(['1 6562 200,50 200x400']);
  });

  test('w and h are logarithms; the second box of a cell has its own anchor', () => {
    const values = [0.0625, 0.0625, Math.log(2.005), Math.log(4.01), 1, 1, 0];
    // Centre 412.5, 212.5; 200.5 x 200.5 pixels.
    expect(boxes([flat([{ box: 1, cx: 2, cy: 1, values }])], options)).toEqual(['0 10000 312,112 200x200']);
  });

  test('boxes come by anchor, then column, then row', () => {
    const at = (box: number, cx: number, cy: number): Cell => ({
      box,
      cx,
      cy,
      values: [0.5, 0.5, 0, 0, 1, 1, 0],
    });
    const found = boxes([flat([at(1, 0, 0), at(0, 1, 0), at(0, 0, 1), at(0, 0, 0)])], options);
    expect(found.map((line) => line.split(' ')[2])).toEqual(['0,-100', '0,100', '200,-100', '50,75']);
  });

  test('only the first output is read', () => {
    const one = flat([{ box: 0, cx: 0, cy: 0, values: [0, 0, 0, 0, 1, 1, 0] }]);
    expect(boxes([one, tensor([3], [1, 2, 3])], options)).toHaveLength(1);
  });

  test('the best class is the first of the largest above 0, raw', () => {
    const classOf = (one: number, two: number): string[] =>
      boxes([flat([{ box: 0, cx: 0, cy: 0, values: [0, 0, 0, 0, 1, one, two] }])], {
        ...options,
        confidence: 0.5,
        labels: ['cat', 'dog'],
      }).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(classOf(0.7, 0.7)).toEqual(['cat 7000']);
    expect(classOf(0.6, 0.7)).toEqual(['dog 7000']);
    expect(classOf(NaN, 0.7)).toEqual(['dog 7000']);
    expect(classOf(-1, -0.5)).toEqual([]);
    expect(classOf(NaN, NaN)).toEqual([]);
  });

  test('the confidence is a product of floats: it is rounded before it is compared with the threshold', () => {
    // 0.75 · (1 - 3 · 2^-24) lies a quarter of a step below the float 0.75 - 2^-23.
    const [objectness, likelihood, threshold] = [1 - 3 * 2 ** -24, 0.75, 0.75 - 2 ** -23];
    const cells = [{ box: 0, cx: 1, cy: 1, values: [0.5, 0.25, 0, 0, objectness, likelihood, 0] }];
    expect(boxes([flat(cells)], { ...options, confidence: threshold })).toEqual(['0 7499 200,50 200x400']);
    expect(boxes([flat(cells)], { ...options, confidence: threshold + 2 ** -24 })).toEqual([]);
  });

  test('what is no number is no box, and no place of one', () => {
    const values = [NaN, 0, Infinity, 0, 1, 1, 0];
    expect(boxes([flat([{ box: 0, cx: 3, cy: 1, values }])], options)).toEqual(['0 10000 0,0 0x400']);
    const unsure = [0, 0, 0, 0, NaN, 1, 0];
    expect(boxes([flat([{ box: 0, cx: 0, cy: 0, values: unsure }])], options)).toEqual([]);
  });

  test('endless boxes stay within twice the frame', () => {
    const values = [0, 0, 100, 5, 1, 1, 0];
    expect(boxes([flat([{ box: 0, cx: 0, cy: 0, values }])], options)).toEqual([
      '0 10000 -800,-400 2400x1200',
    ]);
  });
});

describe('yolov3', () => {
  const options = { modelType: 'yolov3', anchors: [8, 8, 16, 16, 32, 16] } as const;

  test('cells of the output, anchors in pixels of the model', () => {
    const cells = [{ box: 0, cx: 1, cy: 0, values: [0.5, 0.5, 0, 0, 0.8, 0, 1] }];
    // 2 x 1 cells of 400 x 400 pixels; an anchor of 8 x 8 is an eighth and a quarter of the frame.
    expect(boxes([grid([2, 1, 1, 7], cells)], options)).toEqual(['1 8000 550,150 100x100']);
  });

  test('channels last where the first two are equal and the third is not', () => {
    const cells = [{ box: 1, cx: 1, cy: 0, values: [0.5, 0.5, 0, 0, 0.8, 0, 1] }];
    const expected = ['1 8000 500,0 200x200'];
    expect(boxes([grid([2, 2, 2, 7], cells)], options)).toEqual(expected);
    expect(boxes([grid([2, 2, 2, 7], cells, { channelsLast: true })], options)).toEqual(expected);
  });

  test('channels first where all dimensions are equal', () => {
    const cells = [{ box: 0, cx: 2, cy: 5, values: [0.5, 0.5, 0, 0, 1, 1, 0] }];
    const [x, y] = [(2.5 / 7) * 800 - 50, (5.5 / 7) * 400 - 50].map(Math.trunc);
    expect(boxes([grid([7, 7, 1, 7], cells)], options)).toEqual([`0 10000 ${x},${y} 100x100`]);
  });

  test('anchors go on from output to output', () => {
    const of = (box: number): readonly Cell[] => [{ box, cx: 0, cy: 0, values: [0.5, 0.5, 0, 0, 1, 1, 0] }];
    const outputs = [grid([2, 2, 1, 7], of(0)), grid([1, 1, 2, 7], of(1))];
    expect(boxes(outputs, options)).toEqual(['0 10000 150,50 100x100', '0 10000 200,100 400x200']);
  });

  test('too few anchors are refused', () => {
    const outputs = [grid([2, 2, 1, 7], []), grid([1, 1, 3, 7], [])];
    const error = failure(() => boxes(outputs, options));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(
      'output 1 has 3 boxes a cell and needs 6 anchors from number 2 on, there are 6',
    );
    expect(error.message).toContain('[1, 7, 2, 2] & [1, 21, 1, 1]');
  });

  test('anchors that are left over are no error', () => {
    expect(boxes([grid([2, 2, 1, 7], [])], options)).toEqual([]);
  });

  test('values above 1 pass as they are', () => {
    const cells = [{ box: 0, cx: 0, cy: 0, values: [0, 0, 0, 0, 2, 3, 0] }];
    expect(boxes([grid([1, 1, 1, 7], cells)], options)).toEqual(['0 60000 -50,-50 100x100']);
  });
});

describe('yolov4', () => {
  test('x, y, objectness and class pass through the logistic function, w and h do not', () => {
    const options = { modelType: 'yolov4', anchors: [8, 8] } as const;
    const cells = [{ box: 0, cx: 0, cy: 0, values: [0, 0, Math.log(2.005), 0, 100, Math.log(3.01), 1] }];
    // The centre is in the middle of 400 x 400 pixels, the box 200.5 x 100; logistic(log 3.01) = 3.01 / 4.01.
    const output = grid([2, 1, 1, 7], cells, { empty: -100 });
    expect(boxes([output], options)).toEqual(['0 7506 99,150 200x100']);
  });
});

test.each([
  ['yolo', tensor([113], new Float32Array(113)), 'check cell_w, cell_h and nb_classes'],
  ['yolo', tensor([0], []), 'check cell_w, cell_h and nb_classes'],
  ['yolov3', tensor([1, 15, 4, 2], new Float32Array(120)), 'with a grid of 2x4 cells and nb_classes=2'],
  ['yolov4', tensor([1, 2, 4, 14], new Float32Array(112)), 'it must be a multiple of 56 * (2 + 5) values'],
  ['yolov4', tensor([2, 7, 4, 2], new Float32Array(112)), 'does not read the output [2, 7, 4, 2]'],
] as const)('%s: no whole number of boxes for each cell', (modelType, output, message) => {
  const error = failure(() => boxes([output], { modelType, cellW: 4, cellH: 2, anchors: [1, 1, 1, 1] }));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain(message);
});

test('no output at all', () => {
  expect(failure(() => boxes([], { modelType: 'yolo', cellW: 1, cellH: 1 })).code).toBe('EINVAL');
});

import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { detectOptions, tensor } from '../detect/detection.test-support.ts';
import type { Candidate } from './candidate.ts';
import { detectors } from './detectors.ts';
import { mediapipeAnchors, mobileLayout } from './mediapipe-anchors.ts';
import { randomOf, referenceKinds } from './detector-reference.test-support.ts';

type Kind = keyof typeof detectors;
const picture = { width: 64, height: 64 };

function read(
  modelType: Kind,
  outputs: readonly DNNData[],
  options: Partial<DetectOptions> = {},
  model = picture,
): Candidate[] {
  return detectors[modelType].candidates(outputs, detectOptions({ modelType, ...options }), model);
}

/** One output of a kind, by the seed. */
function made(type: Kind, seed = 5): DNNData {
  const kind = referenceKinds.find((one) => one.type === type)!;
  const { dims, values } = kind.outputs(picture.width, picture.height, randomOf(seed))[0]!;
  return tensor(dims, values);
}

/** Rows become columns. */
function turned({ data, dims: [, , rows, columns] }: DNNData): DNNData {
  const values = data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
  return tensor([1, columns, rows], values);
}

describe('yolov8', () => {
  test('boxes in rows say the same as boxes in columns', () => {
    const columns = made('yolov8');
    expect(read('yolov8', [columns]).length).toBeGreaterThan(2);
    expect(read('yolov8', [turned(columns)])).toEqual(read('yolov8', [columns]));
  });

  test('a picture whose grid says nothing: the longer side are the boxes', () => {
    const one = tensor(
      [1, 6, 8],
      Array.from({ length: 48 }, (_, at) => (at % 8 === 3 ? 0.9 : 0)),
    );
    const found = read('yolov8', [one]);
    expect(found).toHaveLength(1);
    expect(read('yolov8', [turned(one)])).toEqual(found);
  });

  test('what stands behind the classes is not read', () => {
    const dims = [1, 4 + 1 + 2, 84];
    const values = Float32Array.from({ length: 7 * 84 }, (_, at) =>
      at >= 5 * 84 ? 9 : at === 4 * 84 ? 0.75 : 1,
    );
    values.fill(0, 4 * 84 + 1, 5 * 84);
    const found = read('yolov8', [tensor(dims, values)], { nbClasses: 1 });
    expect(found).toEqual([{ edges: { x0: 0.5, y0: 0.5, x1: 1.5, y1: 1.5 }, labelId: 0, confidence: 0.75 }]);
  });
});

test.each(['yolov5', 'yolov8', 'yolo_end2end'] as const)('%s: shares of the picture', (type) => {
  const output = made(type);
  const [, , , columns] = output.dims;
  const box = (at: number): number => (type === 'yolov8' ? Math.floor(at / columns) : at % columns);
  const shares = output.data.map((value, at) => (box(at) < 4 ? value / 64 : value));
  const found = read(type, [{ ...output, data: shares }], { inShares: true });
  const expected = read(type, [output]);
  expect(found).toHaveLength(expected.length);
  found.forEach(({ edges }, index) => {
    expect(edges.x1).toBeCloseTo(expected[index]!.edges.x1, 4);
    expect(edges.y0).toBeCloseTo(expected[index]!.edges.y0, 4);
  });
});

test('nanodet of three strides: cells stand in their middle', () => {
  const columns = 1 + 32;
  const values = new Float32Array(84 * columns).fill(-20);
  // Cell 1, 2 of stride 8: distances of 0, 1, 2 and 3 strides.
  const row = 2 * 8 + 1;
  values[row * columns] = 0.5;
  [0, 1, 2, 3].forEach((side) => (values[row * columns + 1 + 8 * side + side] = 20));
  const [found] = read('nanodet', [tensor([1, 84, columns], values)]);
  expect(found!.confidence).toBe(0.5);
  const { x0, y0, x1, y1 } = found!.edges;
  [12, 12, 28, 44].forEach((edge, at) => {
    expect([x0, y0, x1, y1][at]).toBeCloseTo(edge, 4);
  });
});

test('yunet: scores above 1 are 1', () => {
  const levels = [64, 16, 4];
  const outputs = levels.flatMap((cells) =>
    [1, 1, 4].map((columns) => tensor([1, cells, columns], new Float32Array(cells * columns))),
  );
  outputs[3]!.data[5] = 1.5;
  outputs[4]!.data[5] = 0.81;
  const [found, ...more] = read('yunet', outputs);
  expect(more).toEqual([]);
  expect(found!.confidence).toBeCloseTo(0.9, 6);
  // Cell 1, 1 of stride 16, of exp(0) strides.
  expect(found!.edges).toEqual({ x0: 8, y0: 8, x1: 24, y1: 24 });
});

test('mediapipe_ssd: layers in outputs of their own, in any order', () => {
  const model = { width: 128, height: 128 };
  const random = randomOf(3);
  const kind = referenceKinds.find(({ type }) => type === 'mediapipe_ssd')!;
  const [boxes, scores] = kind.outputs(128, 128, random).map(({ dims, values }) => tensor(dims, values)) as [
    DNNData,
    DNNData,
  ];
  const part = ({ data, dims: [, , , columns] }: DNNData, from: number, to: number): DNNData =>
    tensor([1, to - from, columns], data.subarray(from * columns, to * columns));
  const parts = [part(scores, 512, 896), part(boxes, 0, 512), part(scores, 0, 512), part(boxes, 512, 896)];
  const whole = read('mediapipe_ssd', [boxes, scores], {}, model);
  expect(whole.length).toBeGreaterThan(2);
  expect(read('mediapipe_ssd', parts, {}, model)).toEqual(whole);
});

describe('mediapipe_ssd of MobileNet', () => {
  const model = { width: 300, height: 300 };
  const anchors = mediapipeAnchors(mobileLayout, model);

  test('the anchors of 300x300', () => {
    expect(anchors).toHaveLength(1917);
    expect(anchors[0]).toEqual({ x: 0.5 / 19, y: 0.5 / 19, width: 0.1, height: 0.1 });
    expect(anchors[1]!.width).toBeCloseTo(0.2 * Math.SQRT2, 6);
    expect(anchors[3]!.x).toBeCloseTo(1.5 / 19, 6);
    const last = anchors.at(-1)!;
    expect([last.x, last.y]).toEqual([0.5, 0.5]);
    expect(last.width).toBeCloseTo(Math.sqrt(0.95), 6);
  });

  test('offsets in tenths of the anchor, extents as a fifth of a logarithm; class 0 is the background', () => {
    const boxes = new Float32Array(1917 * 4);
    const scores = new Float32Array(1917 * 3).fill(-50);
    scores.set([40, 1, 0], 3 * 1911);
    boxes.set([10, -10, 0, 5 * Math.log(2)], 4 * 1911);
    const [found, ...more] = read(
      'mediapipe_ssd',
      [tensor([1, 1917, 3], scores), tensor([1, 1917, 4], boxes)],
      {},
      model,
    );
    expect(more).toEqual([]);
    const anchor = anchors[1911]!;
    expect(found!.labelId).toBe(1);
    expect(found!.confidence).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    const { x0, y0, x1, y1 } = found!.edges;
    expect((x0 + x1) / 2).toBeCloseTo((anchor.x - anchor.width) * 300, 3);
    expect((y0 + y1) / 2).toBeCloseTo((anchor.y + anchor.height) * 300, 3);
    expect(x1 - x0).toBeCloseTo(2 * anchor.width * 300, 3);
    expect(y1 - y0).toBeCloseTo(anchor.height * 300, 3);
  });
});

test.each([
  ['yolov5', [], 'it reads one output [1, N, 5 + classes]'],
  ['yolov5', [tensor([1, 4, 5], new Float32Array(20))], '5 + classes'],
  ['yolov8', [tensor([1, 4, 84], new Float32Array(4 * 84))], '[1, 4 + classes, N]'],
  ['yolo_end2end', [tensor([1, 300, 7], new Float32Array(2100))], '[1, N, 6]'],
  ['yolox', [tensor([1, 85, 6], new Float32Array(510))], '[1, 84, 5 + classes] of a 64x64 picture'],
  ['nanodet', [tensor([1, 84, 32], new Float32Array(84 * 32))], 'N being 85 or 84'],
  ['yunet', [tensor([1, 64, 1], new Float32Array(64))], 'leave the option output out'],
  [
    'ultraface',
    [tensor([1, 9, 2], new Float32Array(18)), tensor([1, 8, 4], new Float32Array(32))],
    '[1, N, 2]',
  ],
  [
    'mediapipe_ssd',
    [tensor([1, 9, 1], new Float32Array(9)), tensor([1, 9, 16], new Float32Array(144))],
    'anchors of',
  ],
] as const)('%s refuses other outputs %#', (type, outputs, words) => {
  const error = failure(() => read(type, outputs));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain(words);
});

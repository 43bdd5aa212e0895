import { expect, test } from 'vitest';
import type { OutputShape } from './detector.ts';
import { settleDetector, type DetectorSetting, type SettledDetector } from './settle-detector.ts';

const lines: string[] = [];

function settle(outputs: readonly OutputShape[], setting: Partial<DetectorSetting> = {}): SettledDetector {
  lines.length = 0;
  return settleDetector(
    {
      path: 'm.onnx',
      model: { picture: { width: 64, height: 64 }, outputs },
      wish: {},
      plain: { cellW: 0, cellH: 0, nbClasses: 0, anchors: [] },
      hasOutputs: false,
      levels: {},
      takesBytes: false,
      inShares: false,
      ...setting,
    },
    (_level, message) => lines.push(message),
  );
}

const output = (name: string, ...dims: readonly number[]): OutputShape => ({ name, dims });
const yolov8 = output('y', 1, 6, 84);

test("names of the file come before the model's, and those before the kind's", () => {
  const labels = ['file'];
  const ownLabels = ['own', 'two'];
  expect(settle([yolov8], { labels, ownLabels }).options).toMatchObject({ labels, nbClasses: 2 });
  expect(settle([yolov8], { ownLabels }).options.labels).toEqual(ownLabels);
  const face = [output('s', 1, 235, 2), output('b', 1, 235, 4)];
  expect(settle(face).options).toMatchObject({ modelType: 'ultraface', labels: ['face'] });
  expect(settle(face, { labels }).options.labels).toEqual(labels);
});

test('a labels file of fewer names than classes does not say how many classes there are', () => {
  expect(settle([yolov8], { labels: ['only'] }).options.nbClasses).toBe(0);
  const plain = { cellW: 0, cellH: 0, nbClasses: 1, anchors: [] };
  expect(settle([yolov8], { plain, ownLabels: ['a', 'b'] }).options.nbClasses).toBe(1);
});

test('outputs are found in the order of the reader, and named ones of FFmpeg stay in theirs', () => {
  const names = ['detection_boxes', 'detection_classes', 'detection_scores', 'num_detections', 'other'];
  const tf = names.map((name) => output(name));
  const order = ['num_detections', 'detection_scores', 'detection_classes', 'detection_boxes'];
  expect(settle(tf).outputs).toEqual(order);
  expect(settle(tf, { hasOutputs: true }).outputs).toEqual(names);
  const wish = { modelType: 'ultraface' } as const;
  const [scores, boxes] = [output('s', 1, 235, 2), output('b', 1, 235, 4)];
  expect(settle([boxes, output('more', 1, 3, 8, 8), scores], { wish }).outputs).toEqual(['s', 'b']);
  expect(settle([boxes, scores], { wish, hasOutputs: true }).outputs).toEqual(['s', 'b']);
  expect(settle([boxes], { wish, hasOutputs: true }).outputs).toEqual(['b']);
});

test('the kinds whose boxes are final keep those that overlap', () => {
  expect(settle([output('y', 1, 300, 6)]).options).toMatchObject({ modelType: 'yolo_end2end', nms: 'none' });
});

test('what differs within a kind', () => {
  const square = (side: number, outputs: OutputShape[]) =>
    settle(outputs, { model: { picture: { width: side, height: side }, outputs } });
  const palm = square(192, [output('b', 1, 2016, 18), output('s', 1, 2016, 1)]);
  expect(palm).toMatchObject({ input: { mean: 0, scale: 255 }, options: { labels: [] } });
  const mobile = square(300, [output('b', 1, 1917, 4), output('s', 1, 1917, 91)]);
  expect(mobile).toMatchObject({ input: { mean: 127.5 }, options: { confidence: 0.6, nmsThreshold: 0.4 } });
  expect(mobile.input).not.toHaveProperty('letterbox');
});

test("FFmpeg's types are as they were, unless a letterbox is asked for", () => {
  const ssd = [output('y', 1, 1, 200, 7)];
  expect(settle(ssd)).toEqual({
    options: {
      kind: 'detect',
      modelType: 'ssd',
      confidence: 0.5,
      labels: [],
      cellW: 0,
      cellH: 0,
      nbClasses: 0,
      anchors: [],
      nms: 'none',
      nmsThreshold: 0.5,
    },
    outputs: ['y'],
    input: { mean: 0, scale: 1 },
  });
  expect(lines).toEqual([]);
  const { input } = settle(ssd, { wish: { letterbox: true }, inShares: true });
  expect(input.letterbox).toEqual({ value: 114, place: 'centre' });
});

test('a model that takes bytes gets them as they are', () => {
  expect(settle([yolov8], { takesBytes: true }).input).toMatchObject({ mean: 0, scale: 1, order: 'rgb' });
  expect(lines[0]).toContain(': rgb pixels, letterbox=1:');
});

test('values of pixels that are written, and what the log says of them', () => {
  expect(settle([yolov8], { levels: { mean: 0.5, scale: 2 } }).input).toMatchObject({ mean: 0.5, scale: 2 });
  expect(lines[0]).toContain(': rgb pixels minus 0.5 divided by 2, letterbox=1:');
  expect(settle([yolov8], { levels: { scale: 2 }, takesBytes: true }).input.scale).toBe(2);
});

test('shares are those of the formats that have them', () => {
  expect(settle([yolov8], { inShares: true }).options.inShares).toBe(true);
  expect(settle([yolov8]).options).not.toHaveProperty('inShares');
});

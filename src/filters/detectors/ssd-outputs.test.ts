import { expect, test } from 'vitest';
import type { OutputShape } from './detector.ts';
import { ssdOutputs } from './ssd-outputs.ts';

const picture = { width: 300, height: 300 };
const found = (outputs: readonly OutputShape[]): string[] | undefined =>
  ssdOutputs({ picture, outputs })?.map(({ name }) => name);
const ordered = ['num_detections', 'detection_scores', 'detection_classes', 'detection_boxes'];

test('those of the Object Detection API by their names, in any order and among others', () => {
  const others = [
    'raw_detection_boxes',
    'raw_detection_scores',
    'detection_multiclass_scores',
    'detection_anchor_indices',
  ];
  const all = [...others, ...ordered.toReversed()].map((name) => ({ name, dims: [] }));
  expect(found(all)).toEqual(ordered);
  expect(found(all.slice(0, 7))).toBeUndefined();
});

test('those of TFLite by their shapes', () => {
  const sizes = [[1, 10, 4], [1, 10], [1, 10], [1]];
  const outputs = sizes.map((dims, index) => ({ name: `o${index}`, dims }));
  expect(found(outputs)).toEqual(['o3', 'o2', 'o1', 'o0']);
  expect(found(outputs.toReversed())).toBeUndefined();
  expect(found(outputs.slice(0, 3))).toBeUndefined();
  expect(found(outputs.with(1, { name: 'o1', dims: [1, 9] }))).toBeUndefined();
  expect(found(outputs.with(3, { name: 'o3', dims: [2] }))).toBeUndefined();
});

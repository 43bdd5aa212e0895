import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import type { DNNData } from '../dnn/contract/interface.ts';
import type { Classification, DetectionBBox, DetectionBBoxes } from '../frame/detection-bboxes.ts';
import { appendClassifications, boxesToClassify, classifyBox, detectionSource } from './classify-box.ts';

describe('classifyBox', () => {
  const labels = ['neutral', 'happy'];

  function classify(
    values: readonly number[],
    confidence = 0.5,
    dims: DNNData['dims'] = [1, 1, 1, values.length],
  ) {
    const found = classifyBox(
      { data: Float32Array.from(values), dims },
      { kind: 'classify', confidence, labels },
    );
    return found === undefined ? undefined : `${found.label} ${found.confidence.num}`;
  }

  test('the first of the largest', () => {
    expect(classify([0.1, 0.75, 0.15])).toBe('happy 7500');
    expect(classify([0.6, 0.6])).toBe('neutral 6000');
    expect(classify([0, 0.25, 0.75])).toBe('2 7500');
  });

  test('a threshold that is reached, and one that is not', () => {
    expect(classify([0.3, 0.7], 0.7)).toBe('happy 7000');
    expect(classify([0.3, 0.7], 0.71)).toBeUndefined();
    expect(classify([-1, -2], 0)).toBeUndefined();
  });

  test('all dimensions behind the first are classes', () => {
    expect(classify([0, 0, 0, 0.875, 0, 0], 0.5, [1, 3, 2, 1])).toBe('3 8750');
  });

  test('values that are no numbers are passed over', () => {
    expect(classify([NaN, 0.75, Infinity])).toBe('happy 7500');
    expect(classify([NaN, NaN], 0)).toBeUndefined();
  });

  test('a tensor without values', () => {
    const error = failure(() => classify([]));
    expect(error.code).toBe('DNN_GENERIC_ERROR');
    expect(error.message).toContain('dnn_classify: the output [1, 1, 1, 0] of one box has 0 values');
    expect(failure(() => classify([1], 0, [1, 1, 1, 2])).code).toBe('DNN_GENERIC_ERROR');
  });

  test('any values: a label of the largest, or none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, confidence) => {
          const finite = values.filter(Number.isFinite);
          const largest = Math.max(...finite);
          const found = classifyBox(
            { data: Float32Array.from(values), dims: [1, values.length, 1, 1] },
            { kind: 'classify', confidence, labels: [] },
          );
          expect(found !== undefined).toBe(finite.length > 0 && largest >= Math.fround(confidence));
          if (found !== undefined)
            expect(Number(found.label)).toBe(values.findIndex((value) => value === largest));
        },
      ),
    );
  });
});

function box(x: number, y: number, w: number, h: number, detectLabel = 'face', labelled = 0): DetectionBBox {
  const classification: Classification = { label: 'old', confidence: { num: 1, den: 10000 } };
  return {
    x,
    y,
    w,
    h,
    detectLabel,
    detectConfidence: { num: 9000, den: 10000 },
    classifications: Array.from({ length: labelled }, () => classification),
  };
}

describe('boxesToClassify', () => {
  const good = box(1, 2, 30, 20);
  const indexes = (bboxes: readonly DetectionBBox[], target?: string): number[] =>
    boxesToClassify(
      { width: 64, height: 48, detections: { source: 'm', bboxes } },
      target === undefined ? {} : { target },
    );

  test('all boxes, or those of the target without case', () => {
    expect(indexes([good, box(0, 0, 63, 47, 'Car'), good])).toEqual([0, 1, 2]);
    expect(indexes([good, box(0, 0, 63, 47, 'Car'), good], 'cAR')).toEqual([1]);
    expect(indexes([good], 'car')).toEqual([]);
    expect(indexes([box(0, 0, 9, 9, 'ÄPFEL')], 'äpfel')).toEqual([]);
  });

  test('frames without boxes', () => {
    expect(indexes([])).toEqual([]);
    expect(boxesToClassify({ width: 64, height: 48 }, {})).toEqual([]);
  });

  test.each([
    [box(-1, 0, 9, 9)],
    [box(0, -1, 9, 9)],
    [box(0, 0, -1, 9)],
    [box(0, 0, 9, -1)],
    [box(34, 0, 31, 9)],
    // The height counts, unlike in FFmpeg before 7.1.
    [box(0, 20, 9, 29)],
    [box(0, 0, 9, 9, 'face', 4)],
  ])('one box of no use leaves the frame unclassified: %j', (bad) => {
    expect(indexes([good, bad])).toEqual([]);
    expect(indexes([good, bad], 'face')).toEqual([]);
  });

  test('boxes that end at the edges of the frame, and those with room for a label', () => {
    expect(indexes([box(34, 20, 30, 28), box(0, 0, 9, 9, 'face', 3)])).toEqual([0, 1]);
  });

  test('boxes without area cannot be cut out', () => {
    expect(indexes([box(5, 5, 0, 9), good, box(5, 5, 9, 0)])).toEqual([1]);
  });
});

describe('appendClassifications', () => {
  const happy: Classification = { label: 'happy', confidence: { num: 8000, den: 10000 } };
  const detections: DetectionBBoxes = {
    source: 'face.pb',
    bboxes: [box(0, 0, 9, 9), box(1, 1, 9, 9, 'face', 3), box(2, 2, 9, 9, 'face', 4)],
  };
  const labelsOf = ({ bboxes }: DetectionBBoxes): string[] =>
    bboxes.map(({ classifications }) => classifications.map(({ label }) => label).join());

  test('labels stand behind those that are there, four at most', () => {
    const all = new Map([0, 1, 2].map((index) => [index, happy]));
    const found = appendClassifications(detections, all, 'emotion.pb');
    expect(labelsOf(found)).toEqual(['happy', 'old,old,old,happy', 'old,old,old,old']);
    expect(found.source).toBe('face.pb, emotion.pb');
    expect(labelsOf(detections)[0]).toBe('');
  });

  test('the source follows box 0, whatever came of it', () => {
    const source = (results: [number, Classification | undefined][]): string =>
      appendClassifications(detections, new Map(results), 'emotion.pb').source;
    expect(source([[0, undefined]])).toBe('face.pb, emotion.pb');
    expect(source([[1, happy]])).toBe('face.pb');
    expect(source([])).toBe('face.pb');
  });

  test('the source has 255 bytes at most and no broken character', () => {
    expect(detectionSource('x'.repeat(255))).toHaveLength(255);
    expect(detectionSource('x'.repeat(300))).toHaveLength(255);
    expect(detectionSource(`${'x'.repeat(254)}ü`)).toBe('x'.repeat(254));
    expect(detectionSource(`${'x'.repeat(253)}ü!`)).toBe(`${'x'.repeat(253)}ü`);
    const long = { ...detections, source: 'y'.repeat(250) };
    expect(appendClassifications(long, new Map([[0, happy]]), 'emotion.pb').source).toBe(
      `${'y'.repeat(250)}, emo`,
    );
  });
});

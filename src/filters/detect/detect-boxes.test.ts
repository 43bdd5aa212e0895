import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { DnnError } from '../../base/errors.ts';
import { failure } from '../../base/errors.test-support.ts';
import type { DetectOptions, DetectorModelType, Letterbox } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { contentOf } from '../../dnn/contract/letterbox.ts';
import { detectors } from '../detectors/detectors.ts';
import { detectBoxes } from './detect-boxes.ts';
import { detectOptions, table, tensor } from './detection.test-support.ts';

const frame = { width: 320, height: 240 };
const model = { width: 64, height: 64 };

test('boxes are read by the model type and then suppressed', () => {
  const rows = [
    [0, 1, 0.6, 0, 0, 0.5, 0.5],
    [0, 1, 0.9, 0.01, 0, 0.5, 0.5],
  ];
  const of = (nms: DetectOptions['nms']): number[] =>
    detectBoxes([table(rows)], detectOptions({ nms }), frame, model).map((box) => box.detectConfidence.num);
  expect(of('none')).toEqual([6000, 9000]);
  expect(of('label')).toEqual([9000]);
});

test('a threshold of its own decides what overlaps', () => {
  const rows = [
    [0, 1, 0.6, 0, 0, 0.5, 1],
    [0, 1, 0.9, 0.25, 0, 0.75, 1],
  ];
  const count = (nmsThreshold: number): number =>
    detectBoxes([table(rows)], detectOptions({ nms: 'sequential', nmsThreshold }), frame, model).length;
  expect([0.3, 0.34].map(count)).toEqual([1, 2]);
});

test('values that are not as many as the dims say', () => {
  const error = failure(() =>
    detectBoxes([{ dims: [1, 1, 2, 7], data: new Float32Array(7) }], detectOptions({}), frame, model),
  );
  expect(error.code).toBe('DNN_GENERIC_ERROR');
  expect(error.message).toContain('[1, 1, 2, 7] of one frame has 7 values in place of 14');
});

const value = fc.oneof(
  fc.float(),
  fc.float({ min: -2, max: 2 }),
  fc.constantFrom(0, 0.5, 1, NaN, Infinity, -Infinity, 3e38),
);

const values = (count: number): fc.Arbitrary<number[]> =>
  fc.array(value, { minLength: count, maxLength: count });

const outputsOf = (shapes: readonly (readonly number[])[]): fc.Arbitrary<DNNData[]> =>
  fc
    .tuple(...shapes.map((dims) => values(dims.reduce((product, dim) => product * dim, 1))))
    .map((list) => list.map((data, index) => tensor(shapes[index]!, data)));

const forms: readonly (readonly [Partial<DetectOptions>, fc.Arbitrary<DNNData[]>])[] = [
  [{ modelType: 'ssd' }, outputsOf([[6, 7]])],
  [{ modelType: 'ssd' }, outputsOf([[6, 5], [6]])],
  [
    { modelType: 'ssd' },
    outputsOf([[1], [6], [6], [6, 4]]).map(([, ...rest]) => [tensor([1], [6]), ...rest] as DNNData[]),
  ],
  [{ modelType: 'yolo', cellW: 3, cellH: 2, nbClasses: 2, anchors: [1, 3e38, 1e-30, 2] }, outputsOf([[84]])],
  [
    { modelType: 'yolov3', nbClasses: 1, anchors: [9, 9, 8, 30, 1, 1] },
    outputsOf([
      [1, 12, 2, 3],
      [2, 2, 6],
    ]),
  ],
  [{ modelType: 'yolov4', nbClasses: 1, anchors: [9, 9, 8, 30] }, outputsOf([[1, 2, 2, 12]])],
  [{ modelType: 'centernet' }, outputsOf([[1, 6, 6]])],
];

test.each(forms)('%j: any values give boxes of whole pixels above the threshold', (options, outputs) => {
  fc.assert(
    fc.property(
      outputs,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('label' as const, 'sequential' as const, 'none' as const),
      (tensors, confidence, nms) => {
        const boxes = detectBoxes(tensors, detectOptions({ ...options, confidence, nms }), frame, model);
        for (const { x, y, w, h, detectConfidence } of boxes) {
          expect([x, y, w, h, detectConfidence.num].every(Number.isSafeInteger)).toBe(true);
          expect([x, y, w, h].some((number) => Object.is(number, -0))).toBe(false);
          expect(w >= 0 && h >= 0 && x >= -320 && x + w <= 640 && y >= -240 && y + h <= 480).toBe(true);
          // Stored confidences are cut to four decimals, from a float32.
          expect(detectConfidence.num / 10000).toBeGreaterThanOrEqual(
            Math.floor(confidence * 9999.99) / 10000,
          );
        }
      },
    ),
  );
});

test('any outputs end, with boxes or a DnnError', () => {
  const dims = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 4 });
  const output = dims.chain((list) =>
    values(list.reduce((product, dim) => product * dim, 1)).map((data) => tensor(list, data)),
  );
  const frameTypes = ['ssd', 'yolo', 'yolov3', 'yolov4', 'centernet', 'blazeface'] as const;
  const modelTypes = [...frameTypes, ...(Object.keys(detectors) as DetectorModelType[])] as const;
  fc.assert(
    fc.property(fc.array(output, { maxLength: 4 }), fc.constantFrom(...modelTypes), (outputs, modelType) => {
      const options = detectOptions({
        modelType,
        cellW: 2,
        cellH: 2,
        nbClasses: 1,
        anchors: [1, 1],
        nms: 'label',
      });
      try {
        detectBoxes(outputs, options, frame, model);
      } catch (error) {
        expect(error).toBeInstanceOf(DnnError);
      }
    }),
  );
});

describe('letterbox', () => {
  const side = fc.integer({ min: 16, max: 2000 });
  const bars = fc.record<Letterbox>({
    value: fc.constant(114),
    place: fc.constantFrom('centre' as const, 'start' as const),
  });
  const thousandths = (min: number, max: number): fc.Arbitrary<number> =>
    fc.integer({ min, max }).map((value) => value / 1000);
  const [start, extent] = [thousandths(0, 500), thousandths(300, 1000)];

  /** The same box of the frame as edges in the model's picture, in pixels. */
  const forms = {
    yolo_end2end: ([x0, y0, x1, y1]: readonly number[]) => table([[x0!, y0!, x1!, y1!, 0.9, 3]]),
    centernet: ([x0, y0, x1, y1]: readonly number[]) => table([[x0!, y0!, x1!, y1!, 0.9, 3]]),
  } as const;

  test.each(Object.keys(forms) as (keyof typeof forms)[])(
    '%s: a box of the frame, seen through the letterbox, comes back to the pixel',
    (modelType) => {
      fc.assert(
        fc.property(
          fc.tuple(side, side, side, side),
          bars,
          fc.tuple(start, start, extent, extent),
          ([fw, fh, width, height], letterbox, [left, top, w, h]) => {
            const seen = { width, height, letterbox };
            const content = contentOf({ width: fw, height: fh }, seen);
            const box = {
              x0: left * fw,
              y0: top * fh,
              x1: (left + w * (1 - left)) * fw,
              y1: (top + h * (1 - top)) * fh,
            };
            const x = (value: number): number => content.x + (value / fw) * content.width;
            const y = (value: number): number => content.y + (value / fh) * content.height;
            const output = forms[modelType]([x(box.x0), y(box.y0), x(box.x1), y(box.y1)]);
            const found = detectBoxes(
              [output],
              detectOptions({ modelType }),
              { width: fw, height: fh },
              seen,
            );
            expect(found).toHaveLength(1);
            const [one] = found as [DetectionBBox];
            const edges = [one.x - box.x0, one.y - box.y0, one.x + one.w - box.x1, one.y + one.h - box.y1];
            // float32 of the output, and for FFmpeg's types of the shares.
            for (const off of edges)
              expect(Math.abs(off)).toBeLessThanOrEqual(modelType === 'centernet' ? 1.01 : 0.51);
          },
        ),
      );
    },
  );

  test('a grid of FFmpeg lies in the picture too', () => {
    const yolo = { modelType: 'yolo', cellW: 1, cellH: 1, nbClasses: 1, anchors: [0.25, 0.25] } as const;
    const output = tensor([6], [0.5, 0.5, 0, 0, 1, 1]);
    const seen = { width: 64, height: 64, letterbox: { value: 127, place: 'centre' } } as const;
    // The picture is 320 x 320 of the frame's pixels, 40 of them above it.
    const [box] = detectBoxes([output], detectOptions(yolo), { width: 320, height: 240 }, seen);
    expect(box).toMatchObject({ x: 120, y: 80, w: 80, h: 80 });
  });
});

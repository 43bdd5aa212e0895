import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import type { ModelShape } from './detector.ts';
import { recogniseDetector } from './recognise-detector.ts';

const square = { width: 640, height: 640 };

const model = (
  dims: readonly (readonly number[])[],
  picture: ModelShape['picture'] = square,
  nbClasses?: number,
): ModelShape => ({
  picture,
  outputs: dims.map((sizes, index) => ({ name: `o${index}`, dims: sizes })),
  ...(nbClasses === undefined ? {} : { nbClasses }),
});

const kindOf = (shape: ModelShape): string | undefined => recogniseDetector(shape, 'm.onnx')?.modelType;

describe('files as their projects publish them', () => {
  const yunet = [1, 1, 4, 10].flatMap((columns) => [80, 40, 20].map((side) => [1, side * side, columns]));
  test.each([
    ['yolov5', model([[1, 25200, 85]])],
    ['yolov5', model([[1, 25200, 6]])],
    ['yolov5', model([[1, 102000, 85]], { width: 1280, height: 1280 })],
    ['yolov8', model([[1, 84, 8400]])],
    ['yolov8', model([[1, 5, 8400]])],
    ['yolov8', model([[1, 84, 2100]], { width: 320, height: 320 })],
    ['yolov8', model([[1, 84, 6300]], { width: 640, height: 480 })],
    // Masks of a segmenting model, and points of one of poses.
    [
      'yolov8',
      model(
        [
          [1, 116, 8400],
          [1, 32, 160, 160],
        ],
        square,
        80,
      ),
    ],
    ['yolov8', model([[1, 56, 8400]], square, 1)],
    ['yolo_end2end', model([[1, 300, 6]])],
    ['nanodet', model([[1, 3598, 112]], { width: 416, height: 416 })],
    ['nanodet', model([[1, 2125, 112]], { width: 320, height: 320 })],
    ['yunet', model(yunet)],
    [
      'ultraface',
      model(
        [
          [1, 4420, 2],
          [1, 4420, 4],
        ],
        { width: 320, height: 240 },
      ),
    ],
    [
      'ultraface',
      model(
        [
          [1, 17640, 2],
          [1, 17640, 4],
        ],
        { width: 640, height: 480 },
      ),
    ],
    // As @vladmandic/human has it: a layer in each pair.
    [
      'mediapipe_ssd',
      model(
        [512, 384].flatMap((rows) => [1, 16].map((columns) => [1, rows, columns])),
        {
          width: 256,
          height: 256,
        },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 896, 16],
          [1, 896, 1],
        ],
        { width: 128, height: 128 },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 2016, 18],
          [1, 2016, 1],
        ],
        { width: 192, height: 192 },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 2254, 12],
          [1, 2254, 1],
        ],
        { width: 224, height: 224 },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 2304, 16],
          [1, 2304, 1],
        ],
        { width: 192, height: 192 },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 1917, 4],
          [1, 1917, 91],
        ],
        { width: 300, height: 300 },
      ),
    ],
    [
      'mediapipe_ssd',
      model(
        [
          [1, 2034, 91],
          [1, 2034, 4],
        ],
        { width: 320, height: 320 },
      ),
    ],
  ])('%s %#', (kind, shape) => {
    expect(kindOf(shape)).toBe(kind);
  });

  test.each([
    [model([[1, 1, 200, 7]])],
    [model([[1, 1, 100, 5], [100]])],
    [model([[1], [1, 10], [1, 10], [1, 10, 4]])],
    [model([[1, 1000]])],
    [
      model([
        [1, 255, 20, 20],
        [1, 255, 40, 40],
      ]),
    ],
    [model([[]])],
    [model([[1, -1, -1]])],
    [model([])],
  ])('others are left to the types of FFmpeg %#', (shape) => {
    expect(kindOf(shape)).toBeUndefined();
  });
});

describe('shapes of several kinds', () => {
  const message = (shape: ModelShape): string => failure(() => kindOf(shape)).message;

  test('rows with an objectness may be decoded or not', () => {
    const shape = model([[1, 8400, 85]], square, 80);
    const error = failure(() => kindOf(shape));
    expect(error.code).toBe('EINVAL');
    expect(error.details).toMatchObject({ option: 'model_type', candidates: ['yolov5', 'yolox'] });
    expect(error.message).toMatch(
      /'m\.onnx' gives o0 \[1, 8400, 85\], .* write model_type=yolov5 for .*, or model_type=yolox for /,
    );
    // Without names they may have no objectness, too.
    expect(message(model([[1, 8400, 85]]))).toMatch(/yolov5.*yolov8.*yolox/);
    expect(kindOf(model([[1, 8400, 84]], square, 80))).toBe('yolov8');
  });

  test('rows of six', () => {
    expect(message(model([[1, 100, 6]]))).toMatch(
      /model_type=yolo_end2end for .*, or model_type=centernet for /,
    );
  });
});

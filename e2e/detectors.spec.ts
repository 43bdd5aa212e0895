/** A detector of today with the shortest command: its kind, its pixels and its names come from the model. */
import {
  onnxFloats,
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
} from '../src/model/onnx/onnx-writer.test-support.ts';
import type { FoundFrame } from './found-detections.ts';
import { expect, test } from './page-test.ts';

/** Boxes of a 64x64 picture, and values of each: x, y, w, h and two classes. */
const [boxes, values] = [84, 6];

/**
 * YOLOv8 of two boxes that overlap, and of a third in the bars; the score of the first is the mean of the
 * picture, so that pixels and bars show in it.
 */
function yolov8(): Buffer {
  const planted = new Float32Array(values * boxes);
  const seen = new Float32Array(values * boxes);
  const plant = (box: number, row: readonly number[]): void => {
    row.forEach((value, part) => (planted[part * boxes + box] = value));
  };
  plant(3, [32, 32, 20, 16, 0, 0]);
  plant(4, [33, 32, 20, 16, 0, 0.3]);
  plant(5, [32, 5, 20, 6, 0.9, 0]);
  seen[5 * boxes + 3] = 1;
  const bytes = writeOnnx({
    metadata: { names: "{0: 'cat', 1: \"driver's cab\"}", stride: '32' },
    graph: {
      inputs: [onnxValue('images', [1, 3, 64, 64])],
      outputs: [onnxValue('output0', [1, values, boxes])],
      constants: [
        onnxFloats('planted', [1, values, boxes], planted),
        onnxFloats('seen', [1, values, boxes], seen),
        onnxInts('rank', [1, 1, 1]),
      ],
      nodes: [
        onnxNode('ReduceMean', ['images'], 'mean', { axes: [1, 2, 3], keepdims: 1 }),
        onnxNode('Reshape', ['mean', 'rank'], 'flat'),
        onnxNode('Mul', ['seen', 'flat'], 'score'),
        onnxNode('Add', ['planted', 'score'], 'output0'),
      ],
    },
  });
  return Buffer.from(bytes);
}

test('dnn_detect=model=yolov8n.onnx', async ({ ffmpeg }) => {
  await ffmpeg.write('yolov8n.onnx', yolov8());
  const { exitCode, log } = await ffmpeg.run([
    ...['-f', 'lavfi', '-i', 'color=white:size=320x180:rate=5,format=rgb24', '-frames:v', '2'],
    ...[
      '-vf',
      'dnn_detect=model=yolov8n.onnx,drawbox=box_source=side_data_detection_bboxes:color=red:t=fill',
    ],
    ...['-dnn_detections', 'found.jsonl', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'drawn.raw'],
  ]);
  expect(exitCode, log.join('\n')).toBe(0);
  expect(log.join('\n')).toContain(
    'yolov8n.onnx: read as model_type=yolov8 by its outputs output0 [1, 6, 84]: rgb pixels divided by 255, letterbox=1',
  );
  const text = (await ffmpeg.read('found.jsonl')).toString().trimEnd();
  const [frame] = text.split('\n').map((line) => JSON.parse(line) as FoundFrame);
  // 36 rows of 64 are white, which FFmpeg's scaler makes 253, the others 114; a pixel of the picture is 5 of
  // the frame, 14 rows lie above it.
  const mean = (36 * 253 + 28 * 114) / 255 / 64;
  expect(frame!.bboxes).toHaveLength(1);
  const { confidence, ...box } = frame!.bboxes[0]!;
  expect(box).toEqual({ x: 110, y: 50, w: 100, h: 80, label: "driver's cab", classifications: [] });
  expect(confidence).toBeCloseTo(mean, 3);
  const drawn = await ffmpeg.read('drawn.raw');
  const pixel = (x: number, y: number): number[] => [
    ...drawn.subarray(3 * (y * 320 + x), 3 * (y * 320 + x) + 3),
  ];
  expect([pixel(105, 90), pixel(160, 90), pixel(160, 10)]).toEqual([
    [255, 255, 255],
    [255, 0, 0],
    [255, 255, 255],
  ]);
});

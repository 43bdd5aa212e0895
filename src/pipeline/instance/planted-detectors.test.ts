/** Nets of every kind of detector, as ONNX files with the shortest command, on the native backend. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildKernels, kernelFiles } from '../../../scripts/build-kernels.mjs';
import { createNativeModule } from '../../backends/native/native-module.ts';
import type { DNNModule } from '../../dnn/contract/interface.ts';
import { isAnswerOf } from '../../dnn/run/runner-kinds.ts';
import {
  randomOf,
  referenceBoxes,
  referenceKinds,
  type ReferenceBox,
  type ReferenceKind,
  type ReferenceOutput,
} from '../../filters/detectors/detector-reference.test-support.ts';
import { filtersOf } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import {
  onnxFloats,
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
} from '../../model/onnx/onnx-writer.test-support.ts';
import { startRunner } from '../../workers/start-runner.ts';
import { loadDnnInstance, parseDnnFilter, type DnnInstance } from './dnn-instance.ts';

let native: DNNModule;
beforeAll(async () => {
  await buildKernels();
  const url = (file: string): string =>
    `data:application/wasm;base64,${readFileSync(kernelFiles[file]!).toString('base64')}`;
  native = createNativeModule({ simdKernelsURL: url('simd.wasm'), relaxedKernelsURL: url('relaxed.wasm') });
});

/** A net that gives these outputs whatever it sees: nothing of its input's mean is added to each. */
function plantedNet(
  outputs: readonly ReferenceOutput[],
  width: number,
  height: number,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return writeOnnx({
    metadata,
    graph: {
      inputs: [onnxValue('images', [1, 3, height, width])],
      outputs: outputs.map(({ name, dims }) => onnxValue(name, dims)),
      constants: [
        onnxFloats('zero', [1], [0]),
        onnxInts('rank', [1, 1, 1]),
        ...outputs.map(({ name, dims, values }) => onnxFloats(`${name}/planted`, dims, values)),
      ],
      nodes: [
        onnxNode('ReduceMean', ['images'], 'mean', { axes: [1, 2, 3], keepdims: 1 }),
        onnxNode('Reshape', ['mean', 'rank'], 'flat'),
        onnxNode('Mul', ['flat', 'zero'], 'nothing'),
        ...outputs.map(({ name }) => onnxNode('Add', [`${name}/planted`, 'nothing'], name)),
      ],
    },
  });
}

const lines: string[] = [];

async function load(model: Uint8Array, options = ''): Promise<DnnInstance> {
  lines.length = 0;
  const log = (level: string, message: string) => lines.push(`${level}: ${message}`);
  const text = `dnn_detect=model=m.onnx${options}`;
  const parsed = parseDnnFilter(filtersOf(parseFiltergraph(text))[0]!, log);
  return loadDnnInstance(text, parsed, '/', 2, () => Promise.resolve(model), log);
}

async function detect(
  { spec, task }: DnnInstance,
  frame: { width: number; height: number },
): Promise<readonly DetectionBBox[]> {
  const runner = startRunner({ model: await native.loadModel(spec), batchFree: spec.batchFree }, task);
  const picture = allocateFrame('rgb24', frame.width, frame.height, 0);
  const answer = await runner.run([picture] as never, []);
  runner.close();
  if (!isAnswerOf('analyse', answer)) throw new Error('this is no answer of detection');
  const [result] = answer.outputs;
  return result?.kind === 'detect' ? result.bboxes : [];
}

const pictures = [
  { width: 64, height: 64 },
  { width: 96, height: 64 },
] as const;
const frames = [
  { width: 1920, height: 1080 },
  { width: 333, height: 517 },
  { width: 64, height: 64 },
] as const;

/** The picture that a kind may have: anchors of MediaPipe are those of squares. */
const pictureOf = ({ type }: ReferenceKind, index: number) =>
  type === 'mediapipe_ssd' ? { width: 128, height: 128 } : pictures[index % pictures.length]!;

describe.each(referenceKinds)('$type', (kind) => {
  test.each(frames.map((frame, index) => ({ frame, picture: pictureOf(kind, index), seed: index + 1 })))(
    'a $frame.width x $frame.height frame in a picture of $picture.width x $picture.height: boxes and scores',
    async ({ frame, picture, seed }) => {
      const outputs = kind.outputs(picture.width, picture.height, randomOf(seed));
      // YOLOX shares its shapes with others; all others are recognised.
      const isTold = kind.type !== 'yolox';
      const instance = await load(
        plantedNet(outputs, picture.width, picture.height),
        isTold ? '' : `:model_type=${kind.type}`,
      );
      expect(instance.task).toMatchObject({ setup: { options: { modelType: kind.type } } });
      expect(lines).toHaveLength(isTold ? 1 : 0);
      const found = (await detect(instance, frame)).toSorted(
        (one, other) => other.detectConfidence.num - one.detectConfidence.num,
      );
      const expected = referenceBoxes(kind, outputs, picture, frame);
      expect(expected.length).toBeGreaterThan(2);
      const name = ['yunet', 'ultraface', 'mediapipe_ssd'].includes(kind.type) ? 'face' : undefined;
      const isNear = (
        box: ReferenceBox,
        { x, y, w, h, detectLabel, detectConfidence }: DetectionBBox,
      ): boolean =>
        detectLabel === (name ?? String(box.label)) &&
        Math.abs(detectConfidence.num / detectConfidence.den - box.score) < 1e-3 &&
        [x - box.x0, y - box.y0, x + w - box.x1, y + h - box.y1].every((off) => Math.abs(off) < 1);
      // Of boxes in the bars, and of those without a pixel of the frame, nothing is left.
      const inFrame = expected.filter(({ x0, y0, x1, y1 }) => x1 - x0 >= 1 && y1 - y0 >= 1);
      for (const box of inFrame)
        expect(
          found.some((one) => isNear(box, one)),
          JSON.stringify(box),
        ).toBe(true);
      for (const one of found)
        expect(
          expected.some((box) => isNear(box, one)),
          JSON.stringify(one),
        ).toBe(true);
      expect(found.length).toBeGreaterThanOrEqual(inFrame.length);
    },
  );
});

test('a model of any size gets frames scaled down, in whole multiples of its largest stride', async () => {
  const strides = [8, 16, 32];
  // x, y, w, h and three classes, the same in every cell.
  const bias = onnxFloats('bias', [7], [32, 32, 20, 10, 0.25, 0.875, 0]);
  const model = writeOnnx({
    graph: {
      inputs: [onnxValue('images', ['n', 3, 'h', 'w'])],
      outputs: [onnxValue('output0', ['n', 7, 'boxes'])],
      constants: [
        onnxFloats('weights', [7, 3, 1, 1], new Float32Array(21)),
        bias,
        onnxInts('flat', [0, 7, -1]),
      ],
      nodes: [
        ...strides.flatMap((stride) => [
          onnxNode('MaxPool', ['images'], `pool${stride}`, {
            kernel_shape: [stride, stride],
            strides: [stride, stride],
          }),
          onnxNode('Conv', [`pool${stride}`, 'weights', 'bias'], `conv${stride}`),
          onnxNode('Reshape', [`conv${stride}`, 'flat'], `flat${stride}`),
        ]),
        onnxNode(
          'Concat',
          strides.map((stride) => `flat${stride}`),
          'output0',
          { axis: 2 },
        ),
      ],
    },
    metadata: { names: "{0: 'a', 1: 'b', 2: 'c'}" },
  });
  const instance = await load(model);
  expect(lines[0]).toContain('model_type=yolov8 by its outputs output0 [1, 7, 8400]');
  // 640x384, of which 12 rows above are bars: a pixel is 3 of the frame.
  expect(await detect(instance, { width: 1920, height: 1080 })).toEqual([
    {
      ...{ x: 66, y: 45, w: 60, h: 30, detectLabel: 'b' },
      ...{ detectConfidence: { num: 8750, den: 10000 }, classifications: [] },
    },
  ]);
});

describe('options that are written come first', () => {
  const yolox = referenceKinds.find(({ type }) => type === 'yolox')!;
  const [picture, frame] = [pictures[0], { width: 640, height: 320 }];
  const net = plantedNet(
    yolox.outputs(picture.width, picture.height, randomOf(7)),
    picture.width,
    picture.height,
  );

  test('shapes of several kinds are refused without model_type', async () => {
    await expect(load(net)).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(/write model_type=yolov5 for .* or model_type=yolox for /) as string,
    });
  });

  test('confidence, nms, nms_threshold and letterbox', async () => {
    const yolov8 = referenceKinds.find(({ type }) => type === 'yolov8')!;
    const outputs = yolov8.outputs(picture.width, picture.height, randomOf(7));
    const planted = plantedNet(outputs, picture.width, picture.height);
    const found = async (options: string) => detect(await load(planted, options), frame);
    const few = (await found('')).length;
    expect((await found(':nms=none')).length).toBeGreaterThan(few);
    expect((await found(':confidence=0.9')).length).toBeLessThan(few);
    expect((await found(':nms_threshold=1')).length).toBeGreaterThan(few);
    const corners = (boxes: readonly (readonly [number, number])[]) => boxes.map(String).toSorted();
    const filled = referenceBoxes({ ...yolov8, bars: 'none' }, outputs, picture, frame);
    expect(corners((await found(':letterbox=0')).map(({ x, y }) => [x, y]))).toEqual(
      corners(filled.map(({ x0, y0 }) => [Math.round(x0), Math.round(y0)])),
    );
  });

  test('an output that there is not is named', async () => {
    await expect(load(net, ':output=boxes')).rejects.toThrow("its outputs are: 'output'");
  });
});

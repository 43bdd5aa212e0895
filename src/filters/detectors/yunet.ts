/**
 * YuNet, the face detector of OpenCV Zoo since 2023
 * (github.com/opencv/opencv, modules/objdetect/src/face_detect.cpp · FaceDetectorYNImpl::postProcess).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { edgesAround, type Candidate } from './candidate.ts';
import type { Detector, ModelShape, OutputShape } from './detector.ts';
import { gridLevels, threeStrides } from './grid-levels.ts';
import { tableOf, tablesOf } from './output-table.ts';

export const yunet: Detector = {
  name: 'yunet',
  what: 'classes, objectness and boxes of the strides 8, 16 and 32 (YuNet)',
  pick,
  candidates,
  defaults: {
    confidence: 0.9,
    nms: 'sequential',
    nmsThreshold: 0.3,
    letterbox: false,
    // Right and below, as padWithDivisor does.
    bars: { value: 0, place: 'start' },
    mean: 0,
    scale: 1,
    order: 'bgr',
    openSize: { longest: 640, multiple: 32 },
    labels: ['face'],
  },
};

/** For each stride the two scores of its cells, then their boxes; points of the face are not read. */
function pick(model: ModelShape): readonly OutputShape[] | undefined {
  const tables = tablesOf(model);
  const levels = gridLevels(model.picture, threeStrides).map(({ columns, rows }) => {
    const of = (values: number) =>
      tables
        .filter(({ size }) => size[0] === columns * rows && size[1] === values)
        .map(({ output }) => output);
    const [scores, boxes] = [of(1), of(4)];
    return scores.length === 2 && boxes.length === 1 ? [...scores, ...boxes] : undefined;
  });
  const picked = levels.flatMap((outputs) => outputs ?? []);
  return levels.includes(undefined) ? undefined : picked;
}

/** The outputs of `pick`, level by level. Which score is which does not matter: they are multiplied. */
function candidates(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const levels = gridLevels(model, threeStrides);
  const found: Candidate[] = [];
  for (const [index, { stride, columns, rows }] of levels.entries()) {
    const [one, other, boxes] = outputs.slice(3 * index, 3 * index + 3);
    const cells = columns * rows;
    const isTable = (output: DNNData | undefined, values: number): boolean => {
      const size = output === undefined ? undefined : tableOf(output);
      // A backend gives [1, N, 1] as [1, 1, N, 1].
      return size?.[0] === cells && size[1] === values;
    };
    if (outputs.length !== 9 || !isTable(one, 1) || !isTable(other, 1) || !isTable(boxes, 4)) {
      throw wrongForm(
        modelType,
        outputs,
        `it reads two outputs [1, N, 1] and one [1, N, 4] for each of the strides 8, 16 and 32 of a ${model.width}x${model.height} ` +
          'picture, N being its cells; leave the option output out, then they are found',
      );
    }
    for (let cell = 0; cell < cells; cell++) {
      const confidence = Math.fround(Math.sqrt(unit(one!.data[cell]!) * unit(other!.data[cell]!)));
      if (!isConfident(confidence, threshold)) continue;
      const [dx, dy, w, h] = boxes!.data.subarray(4 * cell, 4 * cell + 4) as unknown as Box;
      const edges = edgesAround(
        ((cell % columns) + dx) * stride,
        (Math.floor(cell / columns) + dy) * stride,
        Math.exp(w) * stride,
        Math.exp(h) * stride,
      );
      found.push({ edges, labelId: 0, confidence });
    }
  }
  return found;
}

type Box = readonly [number, number, number, number];

function unit(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

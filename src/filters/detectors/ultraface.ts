/**
 * UltraFace (github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB, run_video_face_detect_onnx.py):
 * shares of the picture, with the scores of background and face.
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import type { Candidate } from './candidate.ts';
import { blackBars, type Detector, type ModelShape, type OutputShape } from './detector.ts';
import { fourStrides, gridLevels } from './grid-levels.ts';
import { tableOf, tablesOf } from './output-table.ts';

/** Boxes of one cell of each stride (vision/ssd/config/fd_config.py · min_boxes). */
const boxesOfCell = [3, 2, 2, 3];

export const ultraface: Detector = {
  name: 'ultraface',
  what: 'scores [1, N, 2] and boxes [1, N, 4] as shares (UltraFace)',
  pick,
  candidates,
  defaults: {
    confidence: 0.7,
    nms: 'sequential',
    nmsThreshold: 0.3,
    letterbox: false,
    bars: blackBars,
    mean: 127,
    scale: 128,
    order: 'rgb',
    labels: ['face'],
  },
};

/** 4420 of 320x240, 17640 of 640x480. */
function boxCount(picture: PictureSize): number {
  const levels = gridLevels(picture, fourStrides);
  return levels.reduce((sum, { columns, rows }, index) => sum + columns * rows * boxesOfCell[index]!, 0);
}

/** Scores, then boxes. */
function pick(model: ModelShape): readonly OutputShape[] | undefined {
  const tables = tablesOf(model);
  const count = boxCount(model.picture);
  const of = (columns: number): OutputShape | undefined =>
    tables.find(({ size }) => size[0] === count && size[1] === columns)?.output;
  const [scores, boxes] = [of(2), of(4)];
  return tables.length === 2 && scores !== undefined && boxes !== undefined ? [scores, boxes] : undefined;
}

/** In either order. */
function candidates(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const of = (columns: number): DNNData | undefined =>
    outputs.find((output) => tableOf(output)?.[1] === columns);
  const [scores, boxes] = [of(2), of(4)];
  if (outputs.length !== 2 || scores === undefined || boxes?.dims[2] !== scores.dims[2]) {
    throw wrongForm(modelType, outputs, 'it reads the outputs [1, N, 2] and [1, N, 4]');
  }
  const found: Candidate[] = [];
  for (let row = 0; row < scores.dims[2]; row++) {
    const confidence = scores.data[2 * row + 1]!;
    if (!isConfident(confidence, threshold)) continue;
    const [x0, y0, x1, y1] = boxes.data.subarray(4 * row, 4 * row + 4) as unknown as Box;
    const { width, height } = model;
    const edges = { x0: x0 * width, y0: y0 * height, x1: x1 * width, y1: y1 * height };
    found.push({ edges, labelId: 0, confidence });
  }
  return found;
}

type Box = readonly [number, number, number, number];

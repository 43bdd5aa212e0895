/**
 * NanoDet and NanoDet-Plus: each side of a box is a distribution over distances
 * (github.com/RangiLyu/nanodet, nanodet/model/head/nanodet_plus_head.py, demo_onnx of the same repository).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { bestClasses } from './best-class.ts';
import type { Candidate } from './candidate.ts';
import { blackBars, type Detector, type ModelShape, type OutputShape } from './detector.ts';
import { cellAt, cellsOf, fourStrides, gridLevels, threeStrides } from './grid-levels.ts';
import { soleTable, tableOf, type TableSize } from './output-table.ts';

/** Distances of one side, 0 … 7 strides (`reg_max` of nearly all published configurations). */
const usualDistances = 8;

export const nanodet: Detector = {
  name: 'nanodet',
  what: 'rows of classes and of distributions for the four sides (NanoDet, NanoDet-Plus)',
  pick,
  candidates,
  defaults: {
    confidence: 0.35,
    nms: 'sequential',
    nmsThreshold: 0.6,
    letterbox: false,
    bars: blackBars,
    mean: [103.53, 116.28, 123.675],
    scale: [57.375, 57.12, 58.395],
    order: 'bgr',
    openSize: { longest: 416, multiple: 32 },
  },
};

/** Strides by the count of rows: NanoDet-Plus has four. */
function stridesOf(rows: number, picture: PictureSize): readonly number[] | undefined {
  return [fourStrides, threeStrides].find((strides) => cellsOf(picture, strides) === rows);
}

/** Distances of one side; undefined where the columns are no whole number of them. */
function distancesOf(columns: number, nbClasses: number): number | undefined {
  const distances = nbClasses === 0 ? usualDistances : (columns - nbClasses) / 4;
  const classes = columns - 4 * distances;
  return Number.isInteger(distances) && distances > 1 && classes > 0 ? distances : undefined;
}

function pick(model: ModelShape): readonly OutputShape[] | undefined {
  const table = soleTable(model);
  if (table === undefined) return undefined;
  const [rows, columns] = table.size;
  if (stridesOf(rows, model.picture) === undefined) return undefined;
  return distancesOf(columns, model.nbClasses ?? 0) === undefined ? undefined : [table.output];
}

function candidates(
  outputs: readonly DNNData[],
  { modelType, nbClasses, confidence: threshold }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const size: TableSize | undefined = outputs.length === 1 ? tableOf(outputs[0]!) : undefined;
  const strides = size === undefined ? undefined : stridesOf(size[0], model);
  const distances = size === undefined ? undefined : distancesOf(size[1], nbClasses);
  if (size === undefined || strides === undefined || distances === undefined) {
    throw wrongForm(
      modelType,
      outputs,
      `it reads one output [1, N, classes + 4 * 8], N being ${cellsOf(model, fourStrides)} or ${cellsOf(model, threeStrides)} for a ` +
        `${model.width}x${model.height} picture; write nb_classes where there are not 8 distances for each side`,
    );
  }
  const [rows, columns] = size;
  const { data } = outputs[0]!;
  const classes = columns - 4 * distances;
  const best = bestClasses({ data, rows, classes, start: 0, rowStep: columns, classStep: 1 });
  const levels = gridLevels(model, strides);
  // Cells of NanoDet-Plus stand at their corner, those before in their middle.
  const offset = strides === fourStrides ? 0 : 0.5;
  const found: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const confidence = best.scores[row]!;
    if (!isConfident(confidence, threshold)) continue;
    const { x, y, stride } = cellAt(levels, row);
    const distance = (side: number): number => {
      const at = row * columns + classes + side * distances;
      return expectedDistance(data.subarray(at, at + distances)) * stride;
    };
    const [centreX, centreY] = [(x + offset) * stride, (y + offset) * stride];
    const edges = {
      x0: Math.max(centreX - distance(0), 0),
      y0: Math.max(centreY - distance(1), 0),
      x1: Math.min(centreX + distance(2), model.width),
      y1: Math.min(centreY + distance(3), model.height),
    };
    found.push({ edges, labelId: best.labelIds[row]!, confidence });
  }
  return found;
}

/** The mean of 0, 1, 2, … weighted by the softmax of the values (Integral of nanodet's gfl_head.py). */
function expectedDistance(values: Float32Array): number {
  const largest = values.reduce((one, other) => Math.max(one, other), -Infinity);
  let [sum, weighted] = [0, 0];
  for (const [distance, value] of values.entries()) {
    const weight = Math.exp(value - largest);
    sum += weight;
    weighted += weight * distance;
  }
  return weighted / sum;
}

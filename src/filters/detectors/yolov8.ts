/**
 * YOLOv8, v9, v11, v12, and the one-to-many head of v26: boxes without an objectness, one in each column
 * (github.com/ultralytics/ultralytics, nn/modules/head.py · Detect, utils/nms.py · non_max_suppression).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { bestClasses } from './best-class.ts';
import { edgesAround, type Candidate } from './candidate.ts';
import { greyBars, type Detector, type ModelShape, type OutputShape } from './detector.ts';
import { cellsOf, fourStrides, threeStrides } from './grid-levels.ts';
import { soleTable, tableOf, type TableSize } from './output-table.ts';

/** Values before those of the classes: x, y, w, h. */
const head = 4;

/** Of networks that look at small things too. */
const strideOfFour = [4, 8, 16, 32];

export const yolov8: Detector = {
  name: 'yolov8',
  what: 'x, y, width, height in pixels and classes without an objectness (YOLOv8 to v12, v26)',
  pick,
  candidates,
  defaults: {
    confidence: 0.25,
    nms: 'sequential',
    nmsThreshold: 0.7,
    letterbox: true,
    bars: greyBars,
    mean: 0,
    scale: 255,
    order: 'rgb',
    openSize: { longest: 640, multiple: 32 },
  },
};

/** How many boxes a network for such pictures has. */
function boxCounts(picture: PictureSize): number[] {
  return [threeStrides, fourStrides, strideOfFour].map((strides) => cellsOf(picture, strides));
}

/**
 * Boxes in columns, or in rows as some converters turn them. Values behind the classes, of masks or points,
 * are not read; in rows there are none, where others have an objectness.
 */
function pick(model: ModelShape): readonly OutputShape[] | undefined {
  const table = soleTable(model);
  if (table === undefined) return undefined;
  const [rows, columns] = table.size;
  const least = head + (model.nbClasses ?? 1);
  const areClasses = boxCounts(model.picture).includes(columns)
    ? rows >= least
    : rows === cellsOf(model.picture, threeStrides) &&
      (model.nbClasses === undefined ? columns >= least : columns === least);
  return areClasses ? [table.output] : undefined;
}

/** Whether each box is a column, by the count of the grids' cells; else there are more boxes than values. */
function areColumns([rows, columns]: TableSize, model: PictureSize): boolean {
  const counts = boxCounts(model);
  if (counts.includes(columns)) return true;
  return !counts.includes(rows) && columns > rows;
}

function candidates(
  outputs: readonly DNNData[],
  { modelType, nbClasses, confidence: threshold, inShares = false }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const size = outputs.length === 1 ? tableOf(outputs[0]!) : undefined;
  const inColumns = size !== undefined && areColumns(size, model);
  const [boxes, values] = size === undefined ? [0, 0] : inColumns ? [size[1], size[0]] : size;
  const classes = nbClasses || values - head;
  if (classes < 1 || head + classes > values) {
    throw wrongForm(modelType, outputs, 'it reads one output [1, 4 + classes, N]; check nb_classes');
  }
  const { data } = outputs[0]!;
  const [rowStep, step] = inColumns ? [1, boxes] : [values, 1];
  const best = bestClasses({ data, rows: boxes, classes, start: head * step, rowStep, classStep: step });
  const unit = inShares ? model : { width: 1, height: 1 };
  const found: Candidate[] = [];
  for (let box = 0; box < boxes; box++) {
    const confidence = best.scores[box]!;
    if (!isConfident(confidence, threshold)) continue;
    const value = (part: number): number => data[box * rowStep + part * step]!;
    const [w, h] = [value(2) * unit.width, value(3) * unit.height];
    const edges = edgesAround(value(0) * unit.width, value(1) * unit.height, w, h);
    found.push({ edges, labelId: best.labelIds[box]!, confidence });
  }
  return found;
}

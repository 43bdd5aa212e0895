/**
 * YOLOv5, YOLOv7, and others whose rows are boxes with an objectness: decoded by the network itself
 * (github.com/ultralytics/yolov5, models/yolo.py · Detect, utils/general.py · non_max_suppression).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { bestClasses } from './best-class.ts';
import { edgesAround, type Candidate } from './candidate.ts';
import { greyBars, type Detector, type ModelShape, type OutputShape } from './detector.ts';
import { cellsOf, fourStrides, threeStrides } from './grid-levels.ts';
import { soleTable, tableOf } from './output-table.ts';

/** Boxes of one cell of the networks with anchors. */
const anchorsOfCell = 3;

/** Values before those of the classes: x, y, w, h, objectness. */
const head = 5;

export const yolov5: Detector = {
  name: 'yolov5',
  what: 'rows of x, y, width, height in pixels, objectness and classes (YOLOv5, v6, v7; YOLOX that decodes itself)',
  pick: (model) => pickRows(model),
  candidates,
  defaults: {
    confidence: 0.25,
    nms: 'sequential',
    nmsThreshold: 0.45,
    letterbox: true,
    bars: greyBars,
    mean: 0,
    scale: 255,
    order: 'rgb',
    openSize: { longest: 640, multiple: 32 },
  },
};

/** One output of as many rows as the grids have boxes: 25200 of 640x640. */
function pickRows(model: ModelShape): readonly OutputShape[] | undefined {
  const table = soleTable(model);
  if (table === undefined) return undefined;
  const [rows, columns] = table.size;
  const three = cellsOf(model.picture, threeStrides);
  const counts = [three, anchorsOfCell * three, anchorsOfCell * cellsOf(model.picture, fourStrides)];
  if (!counts.includes(rows) || columns <= head) return undefined;
  if (model.nbClasses !== undefined && columns < head + model.nbClasses) return undefined;
  return [table.output];
}

function candidates(
  outputs: readonly DNNData[],
  { modelType, nbClasses, confidence: threshold, inShares = false }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const size = outputs.length === 1 ? tableOf(outputs[0]!) : undefined;
  const classes = size === undefined ? 0 : nbClasses || size[1] - head;
  if (size === undefined || classes < 1 || head + classes > size[1]) {
    throw wrongForm(modelType, outputs, 'it reads one output [1, N, 5 + classes]; check nb_classes');
  }
  const [rows, columns] = size;
  const { data } = outputs[0]!;
  const best = bestClasses({ data, rows, classes, start: head, rowStep: columns, classStep: 1 });
  const unit = inShares ? model : { width: 1, height: 1 };
  const found: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const [x, y, w, h, objectness] = data.subarray(row * columns, row * columns + head) as unknown as Head;
    const confidence = Math.fround(objectness * best.scores[row]!);
    if (!isConfident(confidence, threshold)) continue;
    const edges = edgesAround(x * unit.width, y * unit.height, w * unit.width, h * unit.height);
    found.push({ edges, labelId: best.labelIds[row]!, confidence });
  }
  return found;
}

type Head = readonly [number, number, number, number, number];

/**
 * YOLOv10, v26 and exports with `nms=True`: boxes that no other box of their object overlaps
 * (github.com/ultralytics/ultralytics, nn/modules/head.py · Detect.postprocess,
 * engine/exporter.py · NMSModel).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { labelId } from '../labels-file.ts';
import type { Candidate } from './candidate.ts';
import type { Detector, DetectorForm, ModelShape, OutputShape } from './detector.ts';
import { soleTable, tableOf } from './output-table.ts';
import { yolov8 } from './yolov8.ts';

/** x0, y0, x1, y1, confidence, class. */
const columns = 6;

/** Rows that Ultralytics writes (`max_det`), and more than any detector of such rows. */
const [usualRows, mostRows] = [300, 1000];

export const yoloEnd2end: Detector = {
  name: 'yolo_end2end',
  what: 'rows of x0, y0, x1, y1, confidence, class for RGB of 0 to 1 (YOLOv10, v26, exports with NMS inside)',
  pick: (model) => pickRows(model, (rows) => rows <= mostRows),
  candidates,
  // Overlapping boxes are different objects, or are gone already.
  defaults: { ...yolov8.defaults, nms: 'none' },
};

/** Its rows are the same, its pixels are not. */
export const centernetForm: DetectorForm = {
  name: 'centernet',
  what: 'the same rows for RGB of 0 to 255 without letterbox (CenterNet of @vladmandic/human)',
  pick: (model) => pickRows(model, (rows) => rows <= mostRows && rows !== usualRows),
};

function pickRows(model: ModelShape, isCount: (rows: number) => boolean): readonly OutputShape[] | undefined {
  const table = soleTable(model);
  if (table?.size[1] !== columns || !isCount(table.size[0])) return undefined;
  return [table.output];
}

function candidates(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold, inShares = false }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const size = outputs.length === 1 ? tableOf(outputs[0]!) : undefined;
  if (size?.[1] !== columns) throw wrongForm(modelType, outputs, 'it reads one output [1, N, 6]');
  const { data } = outputs[0]!;
  const { width, height } = inShares ? model : { width: 1, height: 1 };
  const found: Candidate[] = [];
  for (let row = 0; row < size[0]; row++) {
    const at = row * columns;
    const [x0, y0, x1, y1, confidence, label] = data.subarray(at, at + columns) as unknown as Row;
    if (!isConfident(confidence, threshold)) continue;
    const edges = { x0: x0 * width, y0: y0 * height, x1: x1 * width, y1: y1 * height };
    found.push({ edges, labelId: labelId(label), confidence });
  }
  return found;
}

type Row = readonly [number, number, number, number, number, number];

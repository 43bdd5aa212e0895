/**
 * YOLOX as `tools/export_onnx.py` writes it: boxes that are still the grid's own
 * (github.com/Megvii-BaseDetection/YOLOX, yolox/utils/demo_utils.py · demo_postprocess).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { bestClasses } from './best-class.ts';
import { edgesAround, type Candidate } from './candidate.ts';
import type { Detector, ModelShape, OutputShape } from './detector.ts';
import { cellAt, cellCount, cellsOf, gridLevels, threeStrides } from './grid-levels.ts';
import { soleTable, tableOf } from './output-table.ts';

/** Values before those of the classes: x, y, w, h, objectness. */
const head = 5;

export const yolox: Detector = {
  name: 'yolox',
  what: 'rows of x, y, width, height off the cells of a grid, objectness and classes (YOLOX as it exports itself)',
  pick,
  candidates,
  defaults: {
    confidence: 0.3,
    nms: 'sequential',
    nmsThreshold: 0.45,
    letterbox: true,
    bars: { value: 114, place: 'start' },
    mean: 0,
    scale: 1,
    order: 'bgr',
    openSize: { longest: 640, multiple: 32 },
  },
};

function pick(model: ModelShape): readonly OutputShape[] | undefined {
  const table = soleTable(model);
  if (table === undefined) return undefined;
  const [rows, columns] = table.size;
  if (rows !== cellsOf(model.picture, threeStrides) || columns <= head) return undefined;
  if (model.nbClasses !== undefined && columns !== head + model.nbClasses) return undefined;
  return [table.output];
}

function candidates(
  outputs: readonly DNNData[],
  { modelType, nbClasses, confidence: threshold }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const levels = gridLevels(model, threeStrides);
  const size = outputs.length === 1 ? tableOf(outputs[0]!) : undefined;
  const classes = size === undefined ? 0 : nbClasses || size[1] - head;
  if (size?.[0] !== cellCount(levels) || classes < 1 || head + classes > size[1]) {
    throw wrongForm(
      modelType,
      outputs,
      `it reads one output [1, ${cellCount(levels)}, 5 + classes] of a ${model.width}x${model.height} picture; check nb_classes`,
    );
  }
  const [rows, columns] = size;
  const { data } = outputs[0]!;
  const best = bestClasses({ data, rows, classes, start: head, rowStep: columns, classStep: 1 });
  const found: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    const confidence = Math.fround(data[at + 4]! * best.scores[row]!);
    if (!isConfident(confidence, threshold)) continue;
    const cell = cellAt(levels, row);
    const [dx, dy, w, h] = data.subarray(at, at + 4) as unknown as Box;
    const { stride } = cell;
    const edges = edgesAround(
      (cell.x + dx) * stride,
      (cell.y + dy) * stride,
      Math.exp(w) * stride,
      Math.exp(h) * stride,
    );
    found.push({ edges, labelId: best.labelIds[row]!, confidence });
  }
  return found;
}

type Box = readonly [number, number, number, number];

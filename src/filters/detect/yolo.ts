/** Boxes of YOLO models; mirrors dnn_detect_parse_yolo_output of libavfilter/vf_dnn_detect.c. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { boxOfPixels, isConfident, type PictureSize, type SeenPicture } from './bounding-box.ts';
import { logistic } from './logistic.ts';
import { wrongForm } from './wrong-form.ts';

/** How one output is read. */
interface Grid {
  readonly cellW: number;
  readonly cellH: number;
  /** Boxes of one cell. */
  readonly boxes: number;
  /** Index of the value `part` of a box: x, y, w, h, objectness, classes. */
  readonly indexOf: (box: number, cx: number, cy: number, part: number) => number;
}

/**
 * The boxes of all outputs, of which `yolo` has one and others are not read. Each cell of the grid has some
 * boxes of `nb_classes + 5` values x, y, w, h, objectness and classes; anchors are used up output by output.
 *
 * @param model size of the model's input in pixels, which the anchors of `yolov3` and `yolov4` are given
 *   in; those of `yolo` are in cells
 * @throws DnnError `EINVAL` where an output is not a whole number of boxes for
 * each cell, or needs more anchors
 */
export function yoloBoxes(
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  if (outputs.length === 0) throw wrongForm(options.modelType, outputs, 'name at least one output');
  const read = options.modelType === 'yolo' ? outputs.slice(0, 1) : outputs;
  const boxes: DetectionBBox[] = [];
  let anchorUsed = 0;
  for (const output of read) {
    const grid = gridOf(output, options);
    const anchors = options.anchors.slice(anchorUsed, anchorUsed + grid.boxes * 2).map(Math.fround);
    if (anchors.length < grid.boxes * 2) {
      throw wrongForm(
        options.modelType,
        outputs,
        `output ${outputs.indexOf(output)} has ${grid.boxes} boxes a cell and needs ${grid.boxes * 2} anchors from number ${anchorUsed} on, ` +
          `there are ${options.anchors.length}: write a width and a height for each box, in the order of the outputs`,
      );
    }
    anchorUsed += anchors.length;
    for (const box of boxesOfOutput(output.data, grid, anchors, options, frame, model)) boxes.push(box);
  }
  return boxes;
}

/** Cells and layout of an output: those of `yolo` are options, the others' the output's own. */
function gridOf(output: DNNData, options: DetectOptions): Grid {
  const { modelType, nbClasses } = options;
  const [n, one, two, three] = output.dims;
  const channelsLast = modelType !== 'yolo' && two !== three && two === one;
  const [cellW, cellH] =
    modelType === 'yolo' ? [options.cellW, options.cellH] : channelsLast ? [two, one] : [three, two];
  const boxSize = nbClasses + 5;
  const area = cellW * cellH;
  const boxes = (one * two * three) / (boxSize * area);
  if (n !== 1 || !(boxes > 0) || !Number.isInteger(boxes)) {
    throw wrongForm(
      modelType,
      [output],
      `with a grid of ${cellW}x${cellH} cells and nb_classes=${nbClasses} it must be a multiple of ${area} * (${nbClasses} + 5) values; ` +
        (modelType === 'yolo'
          ? "check cell_w, cell_h and nb_classes, and give the output of the model's region layer"
          : 'it reads [1, D * (classes + 5), H, W], and [1, H, W, D * (classes + 5)] where H is W; check nb_classes'),
    );
  }
  return {
    cellW,
    cellH,
    boxes,
    indexOf: channelsLast
      ? (box, cx, cy, part) => ((cy * cellW + cx) * boxes + box) * boxSize + part
      : (box, cx, cy, part) => (box * boxSize + part) * area + cy * cellW + cx,
  };
}

function boxesOfOutput(
  data: Float32Array,
  grid: Grid,
  anchors: readonly number[],
  options: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  const { modelType, nbClasses, confidence: threshold, labels } = options;
  const { cellW, cellH, indexOf } = grid;
  const scale = modelType === 'yolo' ? { width: cellW, height: cellH } : model;
  const activation = modelType === 'yolov4' ? logistic : (value: number): number => value;
  const boxes: DetectionBBox[] = [];
  for (let box = 0; box < grid.boxes; box++) {
    for (let cx = 0; cx < cellW; cx++) {
      for (let cy = 0; cy < cellH; cy++) {
        const value = (part: number): number => data[indexOf(box, cx, cy, part)]!;
        const labelId = bestClass(nbClasses, value);
        const confidence = Math.fround(activation(value(4)) * activation(value(5 + labelId)));
        if (!isConfident(confidence, threshold)) continue;
        const w = (Math.exp(value(2)) * anchors[box * 2]! * frame.width) / scale.width;
        const h = (Math.exp(value(3)) * anchors[box * 2 + 1]! * frame.height) / scale.height;
        const x0 = ((cx + activation(value(0))) / cellW) * frame.width - w / 2;
        const y0 = ((cy + activation(value(1))) / cellH) * frame.height - h / 2;
        boxes.push(boxOfPixels({ x0, y0, x1: x0 + w, y1: y0 + h }, frame, { labelId, confidence }, labels));
      }
    }
  }
  return boxes;
}

/**
 * The class of the largest raw value above 0, the first of equal ones; 0 where there is
 * none (dnn_detect_get_label_id).
 */
function bestClass(nbClasses: number, value: (part: number) => number): number {
  let [best, largest] = [0, 0];
  for (let label = 0; label < nbClasses; label++) {
    const candidate = value(5 + label);
    if (candidate > largest) [best, largest] = [label, candidate];
  }
  return best;
}

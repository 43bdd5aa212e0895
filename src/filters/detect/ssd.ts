/**
 * Boxes of SSD models, whose outputs have three forms; mirrors dnn_detect_post_proc_ssd
 * of libavfilter/vf_dnn_detect.c.
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { labelId } from '../labels-file.ts';
import { boxOfShares, isConfident, sharesOf, type PictureSize, type SeenPicture } from './bounding-box.ts';
import { tensorflowDetections } from './tensorflow-detections.ts';
import { wrongForm } from './wrong-form.ts';

const forms =
  'it reads one output [1, 1, N, 7] of rows (image, label, confidence, x0, y0, x1, y1), or two outputs [1, 1, N, 5] of rows ' +
  '(x0, y0, x1, y1, confidence) and [1, 1, 1, N] of labels, or the four outputs ' +
  'output=num_detections&detection_scores&detection_classes&detection_boxes in this order; ' +
  'write the output names so, or another model_type';

/**
 * @param model size of the model's input, whose pixels the boxes of two outputs are given in
 * @throws DnnError `EINVAL` for outputs of another form
 */
export function ssdBoxes(
  outputs: readonly DNNData[],
  options: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  const [first] = outputs;
  if (outputs.length === 4) return tensorflowDetections(outputs, options, frame);
  if (outputs.length === 1 && isTable(first!, 7)) return rowsOfSeven(first!, options, frame);
  const split = outputs.length === 2 ? boxesAndLabels(outputs[0]!, outputs[1]!) : undefined;
  if (split === undefined) throw wrongForm(options.modelType, outputs, forms);
  if (split.labels.data.length < split.boxes.dims[2]) {
    throw wrongForm(
      options.modelType,
      outputs,
      `there are ${split.labels.data.length} labels for ${split.boxes.dims[2]} boxes; ${forms}`,
    );
  }
  return rowsOfFive(split.boxes, split.labels, options, frame, model);
}

/** `[1, 1, N, columns]`. */
function isTable({ dims }: DNNData, columns: number): boolean {
  return dims[0] === 1 && dims[1] === 1 && dims[3] === columns;
}

/**
 * Which of two outputs has the boxes: the first that may, as in FFmpeg, but rather
 * one that fits the other's labels.
 */
function boxesAndLabels(one: DNNData, other: DNNData): { boxes: DNNData; labels: DNNData } | undefined {
  const orders = [
    { boxes: one, labels: other },
    { boxes: other, labels: one },
  ].filter(({ boxes }) => isTable(boxes, 5));
  return orders.find(({ boxes, labels }) => labels.data.length === boxes.dims[2]) ?? orders[0];
}

function rowsOfSeven(
  { data, dims }: DNNData,
  { confidence: threshold, labels }: DetectOptions,
  frame: SeenPicture,
): DetectionBBox[] {
  const boxes: DetectionBBox[] = [];
  for (let row = 0; row < dims[2]; row++) {
    const [, label, confidence, x0, y0, x1, y1] = data.subarray(row * 7, row * 7 + 7) as unknown as Row7;
    if (!isConfident(confidence, threshold)) continue;
    boxes.push(boxOfShares({ x0, y0, x1, y1 }, frame, { labelId: labelId(label), confidence }, labels));
  }
  return boxes;
}

type Row7 = readonly [number, number, number, number, number, number, number];
type Row5 = readonly [number, number, number, number, number];

function rowsOfFive(
  { data, dims }: DNNData,
  labelIds: DNNData,
  { confidence: threshold, labels }: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  const boxes: DetectionBBox[] = [];
  for (let row = 0; row < dims[2]; row++) {
    const [x0, y0, x1, y1, confidence] = data.subarray(row * 5, row * 5 + 5) as unknown as Row5;
    if (!isConfident(confidence, threshold)) continue;
    const edges = sharesOf({ x0, y0, x1, y1 }, model);
    boxes.push(boxOfShares(edges, frame, { labelId: labelId(labelIds.data[row]!), confidence }, labels));
  }
  return boxes;
}

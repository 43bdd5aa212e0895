/**
 * Labels for boxes: which boxes are classified, and what becomes of the result; mirrors
 * libavfilter/vf_dnn_classify.c.
 */
import { DnnError } from '../base/errors.ts';
import type { ClassifyOptions } from '../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../dnn/contract/interface.ts';
import {
  confidenceOf,
  maxClassifications,
  type Classification,
  type DetectionBBox,
  type DetectionBBoxes,
} from '../frame/detection-bboxes.ts';
import type { Frame } from '../frame/frame.ts';
import { labelText } from './labels-file.ts';

/**
 * The label of the largest value, the first of equal ones (vf_dnn_classify.c · dnn_classify_post_proc);
 * undefined where it is below the threshold. Values that are no finite numbers are passed over.
 *
 * @param output of one box; all dimensions behind the first are classes
 * @throws DnnError `DNN_GENERIC_ERROR` for a tensor that has no values, or fewer than its dims say
 */
export function classifyBox(
  { data, dims }: DNNData,
  { confidence: threshold, labels }: ClassifyOptions,
): Classification | undefined {
  const classes = dims[1] * dims[2] * dims[3];
  if (!(classes > 0) || data.length < classes) {
    throw new DnnError(
      'DNN_GENERIC_ERROR',
      `dnn_classify: the output [${dims.join(', ')}] of one box has ${data.length} values: it must hold one for each class`,
      { filter: 'dnn_classify', dims: `[${dims.join(', ')}]` },
    );
  }
  let [best, largest] = [-1, -Infinity];
  for (const [id, value] of data.subarray(0, classes).entries()) {
    if (Number.isFinite(value) && value > largest) [best, largest] = [id, value];
  }
  if (best < 0 || largest < Math.fround(threshold)) return undefined;
  return { label: labelText(labels, best), confidence: confidenceOf(largest) };
}

/**
 * The indexes of the boxes to classify, in their order. None at all, as in FFmpeg, where one of the
 * frame's boxes reaches beyond an edge, or has no room for a label
 * (dnn_backend_openvino.c · contain_valid_detection_bbox, since 7.1 with the frame's height). A box that ends
 * at the right or lower edge is classified, which FFmpeg does since 98e92563a3 of its master. Boxes without
 * area cannot be cut out and are left out.
 */
export function boxesToClassify(
  frame: Pick<Frame, 'width' | 'height' | 'detections'>,
  { target }: Pick<ClassifyOptions, 'target'>,
): number[] {
  const boxes = frame.detections?.bboxes ?? [];
  if (!boxes.every((box) => isValid(box, frame))) return [];
  const wanted = target === undefined ? undefined : lowerCase(target);
  return Array.from(boxes.keys()).filter((index) => {
    const { w, h, detectLabel } = boxes[index]!;
    return w > 0 && h > 0 && (wanted === undefined || lowerCase(detectLabel) === wanted);
  });
}

function isValid(
  { x, y, w, h, classifications }: DetectionBBox,
  { width, height }: Pick<Frame, 'width' | 'height'>,
): boolean {
  return (
    x >= 0 &&
    w >= 0 &&
    x + w <= width &&
    y >= 0 &&
    h >= 0 &&
    y + h <= height &&
    classifications.length < maxClassifications
  );
}

/** As av_strncasecmp compares: only the letters of ASCII have two cases. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * The side data with the results of one classifying filter: a label behind those that a box has
 * already, where one was found. The model stands behind the others in the source once box 0 was
 * classified, whatever came of it.
 *
 * @param results by the index of the box, one for each that was classified
 * @param model path of the classifying model
 */
export function appendClassifications(
  detections: DetectionBBoxes,
  results: ReadonlyMap<number, Classification | undefined>,
  model: string,
): DetectionBBoxes {
  const bboxes = detections.bboxes.map((box, index) => {
    const found = results.get(index);
    if (found === undefined || box.classifications.length >= maxClassifications) return box;
    return { ...box, classifications: [...box.classifications, found] };
  });
  const source = results.has(0) ? detectionSource(`${detections.source}, ${model}`) : detections.source;
  return { source, bboxes };
}

/** Bytes of AVDetectionBBoxHeader.source without the zero behind it. */
const sourceSize = 255;

/** The text as `source` holds it: at most 255 bytes of UTF-8, cut between characters. */
export function detectionSource(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(sourceSize));
  return text.slice(0, read);
}

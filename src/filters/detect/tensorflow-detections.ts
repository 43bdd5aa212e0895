/** Boxes of TensorFlow's detection models; mirrors dnn_detect_post_proc_tf of libavfilter/vf_dnn_detect.c. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { labelId } from '../labels-file.ts';
import { boxOfShares, isConfident, type SeenPicture } from './bounding-box.ts';
import { wrongForm } from './wrong-form.ts';

const form =
  'four outputs are read in the order output=num_detections&detection_scores&detection_classes&detection_boxes, ' +
  'of 1, N, N and N * 4 values';

/**
 * The boxes of four outputs: how many there are, confidences, label ids and edges as shares of the
 * frame in the order y0, x0, y1, x1. Boxes stand in the list without gaps, unlike FFmpeg's, whose slots
 * count those below the threshold.
 *
 * @throws DnnError `EINVAL` where the sizes are not those of the order
 */
export function tensorflowDetections(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold, labels }: DetectOptions,
  frame: SeenPicture,
): DetectionBBox[] {
  const [number, scores, classes, positions] = outputs.map(({ data }) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const room = scores.length;
  if (number.length !== 1 || classes.length !== room || positions.length !== room * 4) {
    throw wrongForm(modelType, outputs, form);
  }
  const count = Math.trunc(number[0]!);
  if (!(count >= 0 && count <= room)) {
    throw wrongForm(modelType, outputs, `num_detections is ${number[0]!} of ${room}; ${form}`);
  }
  const boxes: DetectionBBox[] = [];
  for (let index = 0; index < count; index++) {
    const confidence = scores[index]!;
    if (!isConfident(confidence, threshold)) continue;
    const [y0, x0, y1, x1] = [0, 1, 2, 3].map((side) => positions[index * 4 + side]!) as Sides;
    const finding = { labelId: labelId(classes[index]!), confidence };
    boxes.push(boxOfShares({ x0, y0, x1, y1 }, frame, finding, labels));
  }
  return boxes;
}

type Sides = [number, number, number, number];

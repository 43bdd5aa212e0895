/** Boxes of CenterNet models as the npm package @vladmandic/human has them (src/object/centernet.ts). */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { labelId } from '../labels-file.ts';
import { boxOfShares, isConfident, sharesOf, type PictureSize, type SeenPicture } from './bounding-box.ts';
import { wrongForm } from './wrong-form.ts';

const form = 'it reads one output [1, 1, N, 6] of rows (x0, y0, x1, y1, confidence, label)';

type Row = readonly [number, number, number, number, number, number];

/**
 * The boxes of one output `[1, N, 6]`, of rows x0, y0, x1, y1, confidence and label id.
 *
 * @param model size of the model's input, whose pixels the edges are given in
 * @throws DnnError `EINVAL` for outputs of another form
 */
export function centernetBoxes(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold, labels }: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) throw wrongForm(modelType, outputs, form);
  const { data, dims } = output;
  if (dims[0] !== 1 || dims[1] !== 1 || dims[3] !== 6) throw wrongForm(modelType, outputs, form);
  const boxes: DetectionBBox[] = [];
  for (let row = 0; row < dims[2]; row++) {
    const [x0, y0, x1, y1, confidence, label] = data.subarray(row * 6, row * 6 + 6) as unknown as Row;
    if (!isConfident(confidence, threshold)) continue;
    const edges = sharesOf({ x0, y0, x1, y1 }, model);
    boxes.push(boxOfShares(edges, frame, { labelId: labelId(label), confidence }, labels));
  }
  return boxes;
}

/** Boxes of BlazeFace models, as the npm package @vladmandic/human reads them (src/face/blazeface.ts). */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { boxOfShares, isConfident, type PictureSize, type SeenPicture } from './bounding-box.ts';
import { logistic } from './logistic.ts';
import { ssdAnchors } from './ssd-anchors.ts';
import { wrongForm } from './wrong-form.ts';

const form =
  'it reads four outputs in any order, scores [1, 1, 512, 1] and [1, 1, 384, 1] and boxes [1, 1, 512, 16] and [1, 1, 384, 16], ' +
  'or two of 896 rows each';

/** Values of a row of boxes: the centre's offset, width and height, and six points of the face. */
const rowSize = 16;

const anchors = ssdAnchors();

/** Scores and boxes of the same rows. */
interface Part {
  readonly scores: Float32Array;
  readonly boxes: Float32Array;
}

/**
 * The faces, all of label 0. Scores pass through the logistic function; a box's centre is given as pixels of
 * the model's input off its anchor's, its extent in such pixels.
 *
 * @param model size of the model's input in pixels
 * @throws DnnError `EINVAL` for outputs of another form
 */
export function blazefaceBoxes(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold, labels }: DetectOptions,
  frame: SeenPicture,
  model: PictureSize,
): DetectionBBox[] {
  const parts = pairOutputs(outputs);
  if (parts === undefined) throw wrongForm(modelType, outputs, form);
  const found: DetectionBBox[] = [];
  let anchorUsed = 0;
  for (const { scores, boxes } of parts) {
    for (const [row, score] of scores.entries()) {
      const confidence = logistic(score);
      if (!isConfident(confidence, threshold)) continue;
      const anchor = anchors[anchorUsed + row]!;
      const [dx, dy, w, h] = boxes.subarray(row * rowSize, row * rowSize + 4) as unknown as Head;
      const [x, y] = [anchor.x + dx / model.width, anchor.y + dy / model.height];
      const [halfW, halfH] = [w / model.width / 2, h / model.height / 2];
      const edges = { x0: x - halfW, y0: y - halfH, x1: x + halfW, y1: y + halfH };
      found.push(boxOfShares(edges, frame, { labelId: 0, confidence }, labels));
    }
    anchorUsed += scores.length;
  }
  return found;
}

type Head = readonly [number, number, number, number];

/**
 * Scores and boxes of equally many rows, the most rows first as the anchors stand;
 * undefined where they do not match.
 */
function pairOutputs(outputs: readonly DNNData[]): Part[] | undefined {
  const tables = outputs.filter(({ dims }) => dims[0] === 1 && dims[1] === 1);
  const columns = (count: number): DNNData[] =>
    tables.filter(({ dims }) => dims[3] === count).sort((one, other) => other.dims[2] - one.dims[2]);
  const [scores, boxes] = [columns(1), columns(rowSize)];
  const rows = (list: readonly DNNData[]): number[] => list.map(({ dims }) => dims[2]);
  const seen = rows(scores).join();
  if (scores.length + boxes.length !== outputs.length || seen !== rows(boxes).join()) return undefined;
  if (seen !== '512,384' && seen !== String(anchors.length)) return undefined;
  return scores.map(({ data }, index) => ({ scores: data, boxes: boxes[index]!.data }));
}

/**
 * Detectors of MediaPipe and of TFLite without its post-processing op: boxes off anchors and scores before
 * the logistic function (mediapipe/calculators/tensor/tensors_to_detections_calculator.cc).
 */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import { isConfident, type PictureSize } from '../detect/bounding-box.ts';
import { logistic } from '../detect/logistic.ts';
import { wrongForm } from '../detect/wrong-form.ts';
import { edgesAround, type Candidate } from './candidate.ts';
import { blackBars, type Detector, type DetectorDefaults, type ModelShape } from './detector.ts';
import { mediapipeAnchors, mobileLayout, type Anchor } from './mediapipe-anchors.ts';
import { boxValues, joinedParts, pairOf } from './mediapipe-outputs.ts';
import { tableOf, tablesOf } from './output-table.ts';

/** What SSD of MobileNet divides offsets and extents by (y_scale, h_scale). */
const [offsetScale, extentScale] = [10, 5];

/** Values of a box with the points of a face, and of a palm, whose pixels are 0 … 1. */
const [faceColumns, palmColumns] = [boxValues + 2 * 6, boxValues + 2 * 7];

export const mediapipeSsd: Detector = {
  name: 'mediapipe_ssd',
  what: 'boxes [1, N, 4 and more] off anchors and scores [1, N, classes] (MediaPipe, TFLite)',
  pick: (model) => {
    const found = pairOf(tablesOf(model), model.picture);
    return found === undefined ? undefined : [...found.boxes, ...found.scores].map(({ output }) => output);
  },
  variant,
  candidates,
  defaults: {
    confidence: 0.5,
    nms: 'sequential',
    nmsThreshold: 0.3,
    letterbox: true,
    bars: blackBars,
    mean: 127.5,
    scale: 127.5,
    order: 'rgb',
  },
};

/** The object detectors fill the picture; the palm detector takes 0 … 1; a face has six points. */
function variant(model: ModelShape): Partial<DetectorDefaults> {
  const pair = pairOf(tablesOf(model), model.picture);
  if (pair === undefined) return {};
  if (pair.layout === mobileLayout) return { confidence: 0.6, nmsThreshold: 0.4, letterbox: false };
  if (pair.columns.boxes === palmColumns) return { mean: 0, scale: 255 };
  return pair.columns.boxes === faceColumns ? { labels: ['face'] } : {};
}

/** The outputs in any order. */
function candidates(
  outputs: readonly DNNData[],
  { modelType, confidence: threshold }: DetectOptions,
  model: PictureSize,
): Candidate[] {
  const tables = outputs.flatMap((output) => {
    const size = tableOf(output);
    return size === undefined ? [] : [{ data: output.data, size }];
  });
  const pair = pairOf(tables, model);
  if (pair === undefined || tables.length !== outputs.length) {
    throw wrongForm(
      modelType,
      outputs,
      `it reads boxes [1, N, 4 + 2 * points] and scores [1, N, 1], or boxes [1, N, 4] and scores [1, N, classes], N being the anchors of ` +
        `a ${model.width}x${model.height} picture`,
    );
  }
  const { columns, layout } = pair;
  const boxes = joinedParts(pair.boxes);
  const scores = joinedParts(pair.scores);
  const anchors = mediapipeAnchors(layout, model);
  const found: Candidate[] = [];
  for (const [row, anchor] of anchors.entries()) {
    const { labelId, score } = bestOf(scores.subarray(row * columns.scores, (row + 1) * columns.scores));
    const confidence = logistic(score);
    if (!isConfident(confidence, threshold)) continue;
    const at = row * columns.boxes;
    const values = boxes.subarray(at, at + boxValues) as unknown as Box;
    const edges = (layout === mobileLayout ? mobileBox : blazeBox)(values, anchor, model);
    found.push({ edges, labelId, confidence });
  }
  return found;
}

type Box = readonly [number, number, number, number];

/** Of several classes the first is the background (`ignore_classes: 0`). */
function bestOf(scores: Float32Array): { labelId: number; score: number } {
  let [labelId, score] = scores.length > 1 ? [1, scores[1]!] : [0, scores[0]!];
  for (let label = labelId + 1; label < scores.length; label++) {
    if (scores[label]! > score) [labelId, score] = [label, scores[label]!];
  }
  return { labelId, score };
}

/** y, x, height, width in parts of the anchor, the extent as a logarithm. */
function mobileBox([y, x, h, w]: Box, anchor: Anchor, { width, height }: PictureSize): Candidate['edges'] {
  return edgesAround(
    ((x / offsetScale) * anchor.width + anchor.x) * width,
    ((y / offsetScale) * anchor.height + anchor.y) * height,
    Math.exp(w / extentScale) * anchor.width * width,
    Math.exp(h / extentScale) * anchor.height * height,
  );
}

/** Offset and extent in pixels of the picture. */
function blazeBox([x, y, w, h]: Box, anchor: Anchor, { width, height }: PictureSize): Candidate['edges'] {
  return edgesAround(anchor.x * width + x, anchor.y * height + y, w, h);
}

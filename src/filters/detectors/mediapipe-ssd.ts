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
import {
  anchorCount,
  blazeLayouts,
  mediapipeAnchors,
  mobileLayout,
  type Anchor,
  type AnchorLayout,
} from './mediapipe-anchors.ts';
import { tableOf, tablesOf, type TableSize } from './output-table.ts';

/** Values of a box; points of a face or a hand stand behind them. */
const boxValues = 4;

/** What SSD of MobileNet divides offsets and extents by (y_scale, h_scale). */
const [offsetScale, extentScale] = [10, 5];

/** Anchors of the palm detector for 192x192, whose pixels are 0 … 1. */
const palmAnchors = 2016;

export const mediapipeSsd: Detector = {
  name: 'mediapipe_ssd',
  what: 'boxes [1, N, 4 and more] off anchors and scores [1, N, classes] (MediaPipe, TFLite)',
  pick: (model) => {
    const found = pairOf(tablesOf(model), model.picture);
    return found === undefined ? undefined : [found.boxes.output, found.scores.output];
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

interface Pair<Output> {
  readonly boxes: Output;
  readonly scores: Output;
  readonly layout: AnchorLayout;
}

/** Which of two outputs has the boxes, and off which anchors they are; undefined where none fit. */
function pairOf<Output extends { readonly size: TableSize }>(
  tables: readonly Output[],
  picture: PictureSize,
): Pair<Output> | undefined {
  const [one, other] = tables;
  if (one === undefined || other === undefined || tables.length > 2) return undefined;
  if (one.size[0] !== other.size[0]) return undefined;
  const layoutOf = (boxes: number, scores: number): AnchorLayout | undefined => {
    const layouts = scores > 1 && boxes === boxValues ? [mobileLayout] : scores === 1 ? blazeLayouts : [];
    const isEven = boxes >= boxValues && boxes % 2 === 0;
    return layouts.find((layout) => isEven && anchorCount(layout, picture) === one.size[0]);
  };
  for (const [boxes, scores] of [
    [one, other],
    [other, one],
  ] as const) {
    const layout = layoutOf(boxes.size[1], scores.size[1]);
    if (layout !== undefined) return { boxes, scores, layout };
  }
  return undefined;
}

/** The object detectors fill the picture; the palm detector takes 0 … 1. */
function variant(model: ModelShape): Partial<DetectorDefaults> {
  const [first] = tablesOf(model);
  const layout = pairOf(tablesOf(model), model.picture)?.layout;
  if (layout === mobileLayout) return { confidence: 0.6, nmsThreshold: 0.4, letterbox: false };
  return first?.size[0] === palmAnchors ? { mean: 0, scale: 255 } : {};
}

/** The two outputs in any order. */
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
  const { boxes, scores, layout } = pair;
  const anchors = mediapipeAnchors(layout, model);
  const [rows, classes] = scores.size;
  const found: Candidate[] = [];
  for (let row = 0; row < rows; row++) {
    const { labelId, score } = bestOf(scores.data.subarray(row * classes, (row + 1) * classes));
    const confidence = logistic(score);
    if (!isConfident(confidence, threshold)) continue;
    const at = row * boxes.size[1];
    const values = boxes.data.subarray(at, at + boxValues) as unknown as Box;
    const edges = (layout === mobileLayout ? mobileBox : blazeBox)(values, anchors[row]!, model);
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

/** Objects in the model's picture as boxes of the frame. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import { contentOf, type PictureOfModel } from '../../dnn/contract/letterbox.ts';
import { confidenceOf, type DetectionBBox } from '../../frame/detection-bboxes.ts';
import type { PictureSize } from '../detect/bounding-box.ts';
import { overlap, suppress } from '../detect/suppress-boxes.ts';
import { labelText } from '../labels-file.ts';
import { hasPlace, type Candidate } from './candidate.ts';

/**
 * Leaves out what is suppressed, by exact edges in the model's picture, and gives the others as whole pixels
 * of the frame: the nearest of each edge, within the frame. Boxes without area are left out.
 *
 * @param model the picture, and how the frame lies in it.
 */
export function placeCandidates(
  candidates: readonly Candidate[],
  { nms, nmsThreshold, labels }: DetectOptions,
  frame: PictureSize,
  model: PictureOfModel,
): DetectionBBox[] {
  const kept = suppress(
    candidates.filter(hasPlace),
    {
      groupOf: ({ labelId }) => labelId,
      confidenceOf: ({ confidence }) => confidence,
      overlapOf: (one, other) => overlap(rectangle(one), rectangle(other)),
    },
    { nms, nmsThreshold },
  );
  const content = contentOf(frame, model);
  const pixel = (value: number, start: number, size: number, frameSize: number): number =>
    Math.min(Math.max(Math.round(((value - start) * frameSize) / size), 0), frameSize) || 0;
  return kept.flatMap(({ edges, labelId, confidence }) => {
    const x = pixel(edges.x0, content.x, content.width, frame.width);
    const y = pixel(edges.y0, content.y, content.height, frame.height);
    const w = pixel(edges.x1, content.x, content.width, frame.width) - x;
    const h = pixel(edges.y1, content.y, content.height, frame.height) - y;
    if (w <= 0 || h <= 0) return [];
    const detectLabel = labelText(labels, labelId);
    return [{ x, y, w, h, detectLabel, detectConfidence: confidenceOf(confidence), classifications: [] }];
  });
}

function rectangle({ edges: { x0, y0, x1, y1 } }: Candidate): { x: number; y: number; w: number; h: number } {
  return { x: x0, y: y0, w: x1 - x0, h: y1 - y0 };
}

/** Which of overlapping boxes stay; mirrors dnn_detect_fill_side_data of libavfilter/vf_dnn_detect.c. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';

/** A box, in any unit. */
type Rectangle = Pick<DetectionBBox, 'x' | 'y' | 'w' | 'h'>;

/** Intersection over union of two boxes; 0 where one of them has no area. */
export function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
  const [area, otherArea] = [one.w * one.h, other.w * other.h];
  if (area <= 0 || otherArea <= 0) return 0;
  const intersection = width < 0 || height < 0 ? 0 : width * height;
  return intersection / (area + otherArea - intersection);
}

/** The same as a float32 (dnn_detect_IOU). */
export function intersectionOverUnion(one: Rectangle, other: Rectangle): number {
  return Math.fround(overlap(one, other));
}

/** How boxes of one kind are compared. */
export interface BoxRelations<Box> {
  /** Only boxes of one group suppress each other. */
  readonly groupOf: (box: Box) => string | number;
  readonly confidenceOf: (box: Box) => number;
  readonly overlapOf: (one: Box, other: Box) => number;
}

/**
 * The boxes that stay, in their order.
 *
 * - `label` is FFmpeg's rule: a box goes where any box of the same group has a higher
 *   confidence and overlaps it at least by the threshold, also one that goes itself. Boxes of equal
 *   confidence do not suppress each other.
 * - `sequential` begins with the best box of each group; a box goes where it overlaps one that stays. Of
 *   boxes of equal confidence the first one is the better.
 */
export function suppress<Box extends object>(
  boxes: readonly Box[],
  { groupOf, confidenceOf, overlapOf }: BoxRelations<Box>,
  { nms, nmsThreshold }: Pick<DetectOptions, 'nms' | 'nmsThreshold'>,
): Box[] {
  if (nms === 'none') return [...boxes];
  const threshold = Math.fround(nmsThreshold);
  const gone = new Set<Box>();
  for (const group of groupsOf(boxes, groupOf)) {
    const fromBest = group.toSorted((one, other) => confidenceOf(other) - confidenceOf(one));
    const suppressors: Box[] = [];
    for (const box of fromBest) {
      const goes = suppressors.some(
        (better) =>
          (nms === 'sequential' || confidenceOf(better) > confidenceOf(box)) &&
          overlapOf(box, better) >= threshold,
      );
      if (goes) gone.add(box);
      if (!goes || nms === 'label') suppressors.push(box);
    }
  }
  return boxes.filter((box) => !gone.has(box));
}

function groupsOf<Box>(boxes: readonly Box[], groupOf: (box: Box) => string | number): Iterable<Box[]> {
  const groups = new Map<string | number, Box[]>();
  for (const box of boxes) {
    const key = groupOf(box);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [box]);
    else group.push(box);
  }
  return groups.values();
}

/** Of boxes of one frame, whose confidences have equal denominators. */
const frameBoxes: BoxRelations<DetectionBBox> = {
  groupOf: ({ detectLabel }) => detectLabel,
  confidenceOf: ({ detectConfidence }) => detectConfidence.num,
  overlapOf: intersectionOverUnion,
};

/** `suppress` of whole pixels; a group is a label's text. */
export function suppressBoxes(
  boxes: readonly DetectionBBox[],
  options: Pick<DetectOptions, 'nms' | 'nmsThreshold'>,
): DetectionBBox[] {
  return suppress(boxes, frameBoxes, options);
}

/** Which of overlapping boxes stay; mirrors dnn_detect_fill_side_data of libavfilter/vf_dnn_detect.c. */
import type { DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';

/** The rectangle of a box, in pixels. */
type Rectangle = Pick<DetectionBBox, 'x' | 'y' | 'w' | 'h'>;

/** Intersection over union of two boxes, a float32; 0 where one of them has no area (dnn_detect_IOU). */
export function intersectionOverUnion(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
  const [area, otherArea] = [one.w * one.h, other.w * other.h];
  if (area <= 0 || otherArea <= 0) return 0;
  const intersection = width < 0 || height < 0 ? 0 : width * height;
  return Math.fround(intersection / (area + otherArea - intersection));
}

/**
 * The boxes that stay, in their order.
 *
 * - `label` is FFmpeg's rule: a box goes where any box of the same label text has a higher
 *   confidence and overlaps it at least by the threshold, also one that goes itself. Boxes of equal
 *   confidence do not suppress each other.
 * - `sequential` begins with the best box of each label; a box goes where it overlaps one that stays. Of
 *   boxes of equal confidence the first one is the better.
 */
export function suppressBoxes(
  boxes: readonly DetectionBBox[],
  { nms, nmsThreshold }: Pick<DetectOptions, 'nms' | 'nmsThreshold'>,
): DetectionBBox[] {
  if (nms === 'none') return [...boxes];
  const threshold = Math.fround(nmsThreshold);
  const gone = new Set<DetectionBBox>();
  for (const group of groupsByLabel(boxes)) {
    const fromBest = group.toSorted((one, other) => confidence(other) - confidence(one));
    const suppressors: DetectionBBox[] = [];
    for (const box of fromBest) {
      const goes = suppressors.some(
        (better) =>
          (nms === 'sequential' || confidence(better) > confidence(box)) &&
          intersectionOverUnion(box, better) >= threshold,
      );
      if (goes) gone.add(box);
      if (!goes || nms === 'label') suppressors.push(box);
    }
  }
  return boxes.filter((box) => !gone.has(box));
}

function groupsByLabel(boxes: readonly DetectionBBox[]): Iterable<DetectionBBox[]> {
  const groups = new Map<string, DetectionBBox[]>();
  for (const box of boxes) {
    const group = groups.get(box.detectLabel);
    if (group === undefined) groups.set(box.detectLabel, [box]);
    else group.push(box);
  }
  return groups.values();
}

/** Of boxes of one frame: the denominators are equal. */
function confidence(box: DetectionBBox): number {
  return box.detectConfidence.num;
}

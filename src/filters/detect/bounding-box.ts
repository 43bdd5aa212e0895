/**
 * A box of a frame from the floats of a model; mirrors dnn_detect_set_bbox_edges
 * of libavfilter/vf_dnn_detect.c.
 */
import { confidenceOf, type DetectionBBox } from '../../frame/detection-bboxes.ts';
import { labelText } from '../labels-file.ts';

/** Size of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The picture that a model saw, in pixels of the frame: the frame, or with a letterbox larger, and its left
 * upper corner off the frame's.
 */
export interface SeenPicture extends PictureSize {
  /** 0 where they are left out, else 0 or less. */
  readonly left?: number;
  readonly top?: number;
}

/** The sides of a box. */
export interface Edges {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What a box is and how sure the model is of it. */
export interface Finding {
  readonly labelId: number;
  /** Finite. */
  readonly confidence: number;
}

/** True where a box is kept: as float32 its confidence is finite and not below the threshold. */
export function isConfident(confidence: number, threshold: number): boolean {
  return Number.isFinite(confidence) && confidence >= Math.fround(threshold);
}

/** Edges given in pixels of a picture as shares of it. */
export function sharesOf({ x0, y0, x1, y1 }: Edges, { width, height }: PictureSize): Edges {
  return { x0: x0 / width, y0: y0 / height, x1: x1 / width, y1: y1 / height };
}

/**
 * A box whose edges the model gives as shares of its picture (vf_dnn_detect.c · dnn_detect_post_proc_ov of
 * 5.1): each edge is cut to a whole pixel by itself, in float32. As in newer versions edges lie within -1 and
 * 2 times the frame, those that are no numbers at 0, and a box whose edges are crossed has no extent.
 */
export function boxOfShares(
  edges: Edges,
  { width, height, left = 0, top = 0 }: SeenPicture,
  finding: Finding,
  labels: readonly string[],
): DetectionBBox {
  const pixel = (share: number, size: number, start: number): number =>
    wholePixel(clip(Math.fround(Math.fround(share) * size) + start, size));
  const x = pixel(edges.x0, width, left);
  const y = pixel(edges.y0, height, top);
  const w = Math.max(pixel(edges.x1, width, left) - x, 0);
  const h = Math.max(pixel(edges.y1, height, top) - y, 0);
  return { x, y, w, h, ...described(finding, labels) };
}

/**
 * A box whose edges are pixels of the picture (dnn_detect_set_bbox_edges): position and extent are cut to
 * whole pixels, the extent before any rounding of the edges; limits as in `boxOfShares`.
 */
export function boxOfPixels(
  edges: Edges,
  { width, height, left = 0, top = 0 }: SeenPicture,
  finding: Finding,
  labels: readonly string[],
): DetectionBBox {
  const x0 = clip(edges.x0 + left, width);
  const y0 = clip(edges.y0 + top, height);
  const w = wholePixel(Math.max(clip(edges.x1 + left, width) - x0, 0));
  const h = wholePixel(Math.max(clip(edges.y1 + top, height) - y0, 0));
  return { x: wholePixel(x0), y: wholePixel(y0), w, h, ...described(finding, labels) };
}

function described(
  { labelId, confidence }: Finding,
  labels: readonly string[],
): Pick<DetectionBBox, 'detectLabel' | 'detectConfidence' | 'classifications'> {
  return {
    detectLabel: labelText(labels, labelId),
    detectConfidence: confidenceOf(confidence),
    classifications: [],
  };
}

/** av_clipd: NaN stays. */
function clip(value: number, size: number): number {
  return Math.min(Math.max(value, -size), 2 * size);
}

/** C's conversion to int, which cuts; NaN and negative zero become 0. */
function wholePixel(value: number): number {
  return Math.trunc(value) || 0;
}

/**
 * The boxes that SSD models of MediaPipe correct
 * (mediapipe/calculators/tflite/ssd_anchors_calculator.cc).
 */
import type { PictureSize } from '../detect/bounding-box.ts';

/** A box as shares of the picture. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What SsdAnchorsCalculatorOptions says of one family of models. */
export interface AnchorLayout {
  /** Of each layer; layers of equal stride behind each other are one, with the anchors of all. */
  readonly strides: readonly number[];
  /** Scales of the first and last layer with aspect ratios; left out for anchors as large as the picture. */
  readonly scales?: { readonly least: number; readonly largest: number; readonly ratios: readonly number[] };
  /** Anchors of one layer's cell where they are as large as the picture. */
  readonly fixed?: number;
}

/** modules/face_detection, palm_detection, pose_detection: the same boxes by the size of the picture. */
export const blazeLayouts: readonly AnchorLayout[] = [
  { strides: [8, 16, 16, 16], fixed: 2 },
  { strides: [16, 32, 32, 32], fixed: 2 },
  { strides: [8, 16, 32, 32, 32], fixed: 2 },
  { strides: [4], fixed: 1 },
];

/** graphs/object_detection: SSD of MobileNet, 1917 anchors of 300x300. */
export const mobileLayout: AnchorLayout = {
  strides: [16, 32, 64, 128, 256, 512],
  scales: { least: 0.2, largest: 0.95, ratios: [1, 2, 0.5, 3, 0.3333] },
};

/** Width and height of an anchor as shares. */
type Shape = readonly [width: number, height: number];

function shapesOf({ strides, scales, fixed = 0 }: AnchorLayout, layer: number): Shape[] {
  if (scales === undefined) return Array.from({ length: fixed }, (): Shape => [1, 1]);
  const { least, largest, ratios } = scales;
  const scaleOf = (index: number): number =>
    index === strides.length ? 1 : least + ((largest - least) * index) / (strides.length - 1);
  const shape = (scale: number, ratio: number): Shape => [scale * Math.sqrt(ratio), scale / Math.sqrt(ratio)];
  // reduce_boxes_in_lowest_layer.
  if (layer === 0) return [shape(0.1, 1), shape(scaleOf(0), 2), shape(scaleOf(0), 0.5)];
  const scale = scaleOf(layer);
  return [...ratios.map((ratio) => shape(scale, ratio)), shape(Math.sqrt(scale * scaleOf(layer + 1)), 1)];
}

/** All anchors for a picture, in the order of the model's outputs. */
export function mediapipeAnchors(layout: AnchorLayout, { width, height }: PictureSize): Anchor[] {
  const anchors: Anchor[] = [];
  const { strides } = layout;
  for (let layer = 0; layer < strides.length;) {
    const stride = strides[layer]!;
    const shapes: Shape[] = [];
    for (; strides[layer] === stride; layer++) shapes.push(...shapesOf(layout, layer));
    const [columns, rows] = [Math.ceil(width / stride), Math.ceil(height / stride)];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const centre = { x: (x + 0.5) / columns, y: (y + 0.5) / rows };
        for (const [w, h] of shapes) anchors.push({ ...centre, width: w, height: h });
      }
    }
  }
  return anchors;
}

/** How many anchors there are, without making them. */
export function anchorCount(layout: AnchorLayout, { width, height }: PictureSize): number {
  return layout.strides.reduce(
    (sum, stride, layer) =>
      sum + Math.ceil(width / stride) * Math.ceil(height / stride) * shapesOf(layout, layer).length,
    0,
  );
}

/**
 * The centres of the boxes that BlazeFace corrects, by the rule of MediaPipe's SsdAnchorsCalculator
 * (mediapipe/calculators/tflite/ssd_anchors_calculator.cc) with anchors of fixed size.
 */

/** A centre as shares of the model's input, 0 … 1. */
export interface AnchorCentre {
  readonly x: number;
  readonly y: number;
}

/**
 * Side of the model's input in strides of the first layer: 16 cells, which is a
 * stride of 8 at 128 and of 16 at 256.
 */
const cellsOfFirstLayer = 16;

/** Strides of the layers in strides of the first one (face_detection_short_range.pbtxt: 8, 16, 16, 16). */
const layerStrides = [1, 2, 2, 2];

/**
 * One anchor of each aspect ratio, of which there is one, and one of the scale
 * between this layer and the next.
 */
const anchorsOfLayer = 2;

/**
 * All centres in the order of the model's outputs: layer by layer, where layers of equal stride are one with
 * the anchors of all, row by row. They do not depend on the size of the input, since the grid does not: 512
 * of 16x16 cells and 384 of 8x8.
 */
export function ssdAnchors(): AnchorCentre[] {
  const centres: AnchorCentre[] = [];
  for (const stride of new Set(layerStrides)) {
    const layers = layerStrides.filter((other) => other === stride).length;
    const cells = Math.ceil(cellsOfFirstLayer / stride);
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        const centre = { x: (x + 0.5) / cells, y: (y + 0.5) / cells };
        for (let anchor = 0; anchor < layers * anchorsOfLayer; anchor++) centres.push(centre);
      }
    }
  }
  return centres;
}

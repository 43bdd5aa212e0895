/** Random images and plain references for tests of layers. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import { layerTable } from '../layer-table.ts';
import { runInStrips, testValues, type LayerRunner } from '../run-layer.test-support.ts';

function sizes(height: number, width: number, channels: number): fc.Arbitrary<ImageSize> {
  const side = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  return fc.record({ height: side(height), width: side(width), channels: side(channels) });
}

/** Images of any kind: odd ones of up to 20 channels, single pixels, wide and tall ones. */
export const imageSizes: fc.Arbitrary<ImageSize> = fc.oneof(
  { weight: 5, arbitrary: sizes(9, 13, 20) },
  { weight: 1, arbitrary: sizes(1, 1, 20) },
  { weight: 1, arbitrary: sizes(2, 97, 5) },
  { weight: 1, arbitrary: sizes(61, 2, 5) },
);

/** Rows of the strips that an image is cut into. */
export const stripPatterns = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

/** Runs of one property: a few, the machine is shared. */
export const runs = { numRuns: 40 };

/** Value of an image at a position. */
export function at(data: Float32Array, size: ImageSize, y: number, x: number, c: number): number {
  return data[(y * size.width + x) * size.channels + c]!;
}

/** An image of a size whose values a function gives. */
export function imageOf(size: ImageSize, value: (y: number, x: number, c: number) => number): Float32Array {
  const { height, width, channels } = size;
  const data = new Float32Array(height * width * channels);
  let index = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data[index++] = value(y, x, c);
  }
  return data;
}

/** Random values for an input of a spec, between -2 and 2. */
export function inputValues(size: ImageSize, seed = 1): Float32Array {
  return testValues(size.height * size.width * size.channels, seed).map((value) => 2 * value);
}

/** Runs the table's layer whole and in strips. */
export function runOp(
  runner: LayerRunner,
  spec: LayerSpec,
  images: readonly Float32Array[],
  pattern: readonly number[] = [1],
): Float32Array {
  return runInStrips(runner, layerTable.get(spec.node.op)!, spec, images, pattern);
}

/** Fails where a value differs by more than `tolerance` times the expected size or 1; NaN must be NaN. */
export function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, want] of expected.entries()) {
    const got = actual[index]!;
    if (Object.is(got, want) || (Number.isNaN(got) && Number.isNaN(want))) continue;
    const error = Math.abs(got - want) / Math.max(1, Math.abs(want));
    if (!(error <= tolerance)) throw new Error(`value ${index} is ${got}, not ${want}`);
  }
}

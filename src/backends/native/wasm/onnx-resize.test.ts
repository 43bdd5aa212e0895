/** Resize of ONNX in all its modes gives on the native backend what onnxruntime gives. */
import { describe, test } from 'vitest';
import {
  onnxFloats,
  onnxInts,
  type TestAttribute,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { compare, single } from './compare-onnxruntime.test-support.ts';

const none: TestTensor = { name: '', type: 1, dims: [], values: [] };
const scales = (...factors: number[]): TestTensor[] => [none, onnxFloats('s', [4], [1, 1, ...factors])];
const sizes = (...given: number[]): TestTensor[] => [none, none, onnxInts('s', [1, 4, ...given])];

const targets: Readonly<Record<string, TestTensor[]>> = {
  twice: scales(2, 2),
  'by a fraction': scales(1.7, 0.6),
  // In float32 the products are 13 and 5.
  'by sevenths': scales(13 / 7, 5 / 9),
  'to sizes': sizes(11, 5),
  'to one': sizes(1, 1),
};
const coordinates = [
  'half_pixel',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'half_pixel_symmetric',
];
const rounding = ['round_prefer_floor', 'round_prefer_ceil'];

/** Half-pixel positions may be whole numbers but for onnxruntime's rounding, which decides what is below. */
function nearestModes(coordinates: string): readonly string[] {
  return coordinates.startsWith('half') ? rounding : [...rounding, 'floor', 'ceil'];
}

async function resize(
  constants: readonly TestTensor[],
  attributes: Record<string, TestAttribute>,
): Promise<void> {
  await compare(single('Resize', { opset: 19, constants, attributes }), [1, 4, 7, 9], 2e-5);
}

describe.each(Object.entries(targets))('%s', (_name, constants) => {
  test.each(coordinates)('nearest, %s', async (coordinate_transformation_mode) => {
    for (const nearest_mode of nearestModes(coordinate_transformation_mode)) {
      await resize(constants, { mode: 'nearest', coordinate_transformation_mode, nearest_mode });
    }
  });

  test.each(coordinates)('linear, %s', async (coordinate_transformation_mode) => {
    await resize(constants, { mode: 'linear', coordinate_transformation_mode });
  });

  test.each(coordinates)('cubic, %s', async (coordinate_transformation_mode) => {
    await resize(constants, { mode: 'cubic', coordinate_transformation_mode });
    await resize(constants, {
      mode: 'cubic',
      coordinate_transformation_mode,
      cubic_coeff_a: { f: -0.5 },
      exclude_outside: 1,
    });
  });
});

test.each(['linear', 'cubic'])('%s with antialias', async (mode) => {
  await resize(sizes(3, 4), { mode, antialias: 1 });
});

test('a part of the picture, with a value beyond its edges', async () => {
  const roi = onnxFloats('r', [8], [0, 0, 0.2, 0.1, 1, 1, 1.3, 0.8]);
  const attributes = { coordinate_transformation_mode: 'tf_crop_and_resize', extrapolation_value: { f: 7 } };
  for (const mode of ['nearest', 'linear']) {
    await resize([roi, none, onnxInts('s', [1, 4, 6, 8])], { ...attributes, mode });
  }
});

test.each(['not_larger', 'not_smaller'])('the aspect is kept: %s', async (keep_aspect_ratio_policy) => {
  const constants = [none, none, onnxInts('s', [12, 13])];
  await resize(constants, { mode: 'nearest', axes: [2, 3], keep_aspect_ratio_policy });
});

/** Random windows of convolutions and pooling give on the native backend what onnxruntime gives. */
import fc from 'fast-check';
import { test } from 'vitest';
import type { TestAttribute } from '../../../model/onnx/onnx-writer.test-support.ts';
import { compare, single, weights } from './compare-onnxruntime.test-support.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(between(min, max), between(min, max));

/** One window: of auto_pad onnxruntime takes no dilations. */
const window = fc.record({
  kernel: pair(1, 4),
  strides: pair(1, 3),
  dilations: pair(1, 2),
  pads: fc.array(between(0, 2), { minLength: 4, maxLength: 4 }),
  auto_pad: fc.constantFrom('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
  size: pair(8, 13),
});
type Window = typeof window extends fc.Arbitrary<infer T> ? T : never;

function attributesOf({ strides, dilations, pads, auto_pad }: Window): Record<string, TestAttribute> {
  return auto_pad === 'NOTSET' ? { strides, dilations, pads } : { strides, auto_pad };
}

const runs = { numRuns: 60 };
const groups = fc.record({ group: between(1, 3), inputs: between(1, 3), outputs: between(1, 3) });

test('Conv', async () => {
  const run = async (
    given: Window,
    { group, inputs, outputs }: { group: number; inputs: number; outputs: number },
  ) => {
    const constants = [
      weights('w', [group * outputs, inputs, ...given.kernel]),
      weights('b', [group * outputs]),
    ];
    const shape = [1, group * inputs, ...given.size];
    await compare(
      single('Conv', { shape, constants, attributes: { ...attributesOf(given), group } }),
      shape,
      3e-5,
    );
  };
  await fc.assert(fc.asyncProperty(window, groups, run), runs);
});

test('ConvTranspose', async () => {
  // Pads that take away more than there is are refused.
  const transposed = window.map((given) => ({
    ...given,
    pads: given.pads.map((amount, at) => Math.min(amount, given.kernel[at % 2]! - 1)),
    dilations: [1, 1] as [number, number],
  }));
  const run = async (
    given: Window,
    { group, inputs, outputs }: { group: number; inputs: number; outputs: number },
  ) => {
    const constants = [weights('w', [group * inputs, outputs, ...given.kernel])];
    const shape = [1, group * inputs, ...given.size];
    const attributes = { ...attributesOf(given), group };
    await compare(single('ConvTranspose', { shape, constants, attributes }), shape, 3e-5);
  };
  await fc.assert(fc.asyncProperty(transposed, groups, run), runs);
});

test('MaxPool and AveragePool', async () => {
  // Pads must be smaller than the kernel. With auto_pad onnxruntime fails where strides are larger.
  const pooling = window.map((given) => {
    const [kernel, { strides }] = [given.kernel, given];
    const larger = [0, 1].map((at) => Math.max(kernel[at]!, strides[at]!)) as [number, number];
    const pads = given.pads.map((amount, at) => Math.min(amount, kernel[at % 2]! - 1));
    return given.auto_pad.startsWith('SAME') ? { ...given, kernel: larger } : { ...given, pads };
  });
  const options = fc.record({
    op: fc.constantFrom('MaxPool', 'AveragePool'),
    ceil_mode: between(0, 1),
    count_include_pad: between(0, 1),
  });
  const run = async (
    given: Window,
    { op, ceil_mode, count_include_pad }: { op: string; ceil_mode: number; count_include_pad: number },
  ) => {
    const counts = op === 'AveragePool' && given.auto_pad === 'NOTSET' ? { count_include_pad } : {};
    const attributes = { ...attributesOf(given), kernel_shape: given.kernel, ceil_mode, ...counts };
    const shape = [1, 3, ...given.size];
    await compare(single(op, { opset: 19, shape, attributes }), shape);
  };
  await fc.assert(fc.asyncProperty(pooling, options, run), { numRuns: 120 });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import { floats, LayerRunner, layerSpec, runInStrips, testValues } from '../run-layer.test-support.ts';
import { samePadding } from './conv2d-geometry.ts';
import { conv2dTransposeLayer } from './conv2d-transpose.ts';

const small = fc.integer({ min: 1, max: 6 });
const shapes = fc.record({
  height: fc.oneof(
    { weight: 4, arbitrary: small },
    { weight: 1, arbitrary: fc.integer({ min: 14, max: 18 }) },
  ),
  width: fc.oneof(small, fc.constant(1), fc.integer({ min: 20, max: 30 })),
  inputs: fc.integer({ min: 1, max: 9 }),
  outputs: fc.integer({ min: 1, max: 18 }),
  kernel: fc.tuple(small, small),
  stride: fc.integer({ min: 1, max: 3 }),
  same: fc.boolean(),
  /** Rows and columns that the convolution from output to input leaves over. */
  rest: fc.integer({ min: 0, max: 2 }),
  residual: fc.boolean(),
});

test.each(kernelBuilds)('any transposed convolution, %s build', async (build) => {
  const runner = await LayerRunner.of(build);
  fc.assert(
    fc.property(shapes, ({ height, width, inputs, outputs, kernel, stride, same, rest, residual }) => {
      const over = Math.min(rest, stride - 1);
      const length = (input: number, taps: number): number =>
        same ? input * stride - over : (input - 1) * stride + taps + over;
      const image = { height, width, channels: inputs };
      const output = {
        height: length(height, kernel[0]),
        width: length(width, kernel[1]),
        channels: outputs,
      };
      const weights = testValues(kernel[0] * kernel[1] * inputs * outputs, 1).map((v) => v / 3);
      const bias = testValues(outputs, 2);
      const spec = layerSpec(
        {
          op: 'Conv2DBackpropInput',
          attrs: {
            strides: { list: { i: [1, stride, stride, 1] } },
            padding: { s: same ? 'SAME' : 'VALID' },
          },
        },
        residual ? [image, output] : [image],
        output,
        { 1: floats([...kernel, outputs, inputs], weights) },
        { bias, activation: { kind: 'relu' }, residual: residual ? 1 : undefined },
      );
      const images = spec.inputs.map((s, at) => testValues(s.height * s.width * s.channels, 3 + at));
      const actual = runInStrips(runner, conv2dTransposeLayer, spec, images, [1, 2]);
      const top = same ? samePadding(output.height, height, kernel[0], stride, 1) : 0;
      const left = same ? samePadding(output.width, width, kernel[1], stride, 1) : 0;
      const sums = Float64Array.from({ length: actual.length }, (_, index) => bias[index % outputs]!);
      // The definition: each input pixel adds its window to the output.
      for (let index = 0; index < height * width * kernel[0] * kernel[1]; index++) {
        const kx = index % kernel[1];
        const ky = Math.floor(index / kernel[1]) % kernel[0];
        const pixel = Math.floor(index / (kernel[0] * kernel[1]));
        const y = Math.floor(pixel / width) * stride + ky - top;
        const x = (pixel % width) * stride + kx - left;
        if (y < 0 || x < 0 || y >= output.height || x >= output.width) continue;
        for (let o = 0; o < outputs; o++) {
          for (let i = 0; i < inputs; i++) {
            sums[(y * output.width + x) * outputs + o]! +=
              images[0]![pixel * inputs + i]! * weights[((ky * kernel[1] + kx) * outputs + o) * inputs + i]!;
          }
        }
      }
      for (const [index, sum] of sums.entries()) {
        const expected = Math.max(sum, 0) + (images[1]?.[index] ?? 0);
        expect(Math.abs(expected - actual[index]!)).toBeLessThan(1e-5);
      }
    }),
    { numRuns: 80 },
  );
});

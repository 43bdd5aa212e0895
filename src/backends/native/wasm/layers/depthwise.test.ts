import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { Activation } from '../../lowering/layer-spec.ts';
import { floats, LayerRunner, layerSpec, runInStrips, testValues } from '../run-layer.test-support.ts';
import { axisOf } from './conv2d-geometry.ts';
import { plainConvolution } from './conv2d-reference.test-support.ts';
import { depthwiseLayer } from './depthwise.ts';

/** Short sides, now and then a single pixel or a long one. */
function side(short: number, long: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: short }) },
    { weight: 1, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: long - 8, max: long }) },
  );
}

const shapes = fc.record({
  height: side(9, 24),
  width: side(20, 48),
  inputs: fc.integer({ min: 1, max: 19 }),
  multiplier: fc.integer({ min: 1, max: 5 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 12 }),
  residual: fc.boolean(),
  residualFirst: fc.boolean(),
  kind: fc.constantFrom('none', 'relu6', 'tanh', 'prelu'),
});

test.each(kernelBuilds)('any depthwise convolution with SAME padding, %s build', async (build) => {
  const runner = await LayerRunner.of(build);
  fc.assert(
    fc.property(
      shapes,
      ({ height, width, inputs, multiplier, kernel, stride, dilation, residual, residualFirst, kind }) => {
        const channels = inputs * multiplier;
        const output = { height: Math.ceil(height / stride), width: Math.ceil(width / stride), channels };
        const activation: Activation =
          kind === 'prelu' ? { kind, slopes: testValues(channels, 9) } : { kind: kind };
        const epilogue = {
          bias: testValues(channels, 2),
          activation,
          residual: residual ? 1 : undefined,
          residualFirst,
        };
        const weights = testValues(kernel[0] * kernel[1] * channels, 1).map((v) => v / 3);
        const image = { height, width, channels: inputs };
        const spec = layerSpec(
          {
            op: 'DepthwiseConv2dNative',
            attrs: {
              strides: { list: { i: [1, stride, stride, 1] } },
              dilations: { list: { i: [1, dilation, dilation, 1] } },
              padding: { s: 'SAME' },
            },
          },
          residual ? [image, output] : [image],
          output,
          { 1: floats([...kernel, inputs, multiplier], weights) },
          epilogue,
        );
        const images = spec.inputs.map((s, at) => testValues(s.height * s.width * s.channels, 3 + at));
        const actual = runInStrips(runner, depthwiseLayer, spec, images, [1, 2]);
        const expected = plainConvolution(
          {
            image,
            output,
            rows: axisOf(spec, 1, kernel[0]),
            columns: axisOf(spec, 2, kernel[1]),
            epilogue,
            ...(images[1] === undefined ? {} : { residual: images[1] }),
            channelsOf: (channel) => [Math.floor(channel / multiplier), Math.floor(channel / multiplier) + 1],
            weight: (ky, kx, _input, o) => weights[(ky * kernel[1] + kx) * channels + o]!,
          },
          images[0]!,
        );
        for (const [index, value] of expected.entries())
          expect(Math.abs(value - actual[index]!)).toBeLessThan(5e-6);
      },
    ),
    { numRuns: 60 },
  );
});

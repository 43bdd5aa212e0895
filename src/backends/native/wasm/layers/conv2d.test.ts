import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttrValue } from '../../../../graph/graph.ts';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { Activation, ImageSize, LayerSpec } from '../../lowering/layer-spec.ts';
import { floats, LayerRunner, layerSpec, runInStrips, testValues } from '../run-layer.test-support.ts';
import { conv2dLayer } from './conv2d.ts';
import { axisOf } from './conv2d-geometry.ts';
import { plainConvolution } from './conv2d-reference.test-support.ts';

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Top, bottom, left, right; undefined for SAME. */
  readonly pads: readonly [number, number, number, number] | undefined;
  readonly groups?: number;
  readonly activation?: Activation;
  readonly residual?: boolean;
  readonly residualFirst?: boolean;
  /** The second half of the channels has the negated weights of the first. */
  readonly doubled?: boolean;
}

/** Values a channel: those of the second half the negatives of the first. */
function doubled(values: Float32Array, outputs: number): Float32Array {
  return values.map((value, at) => (at % outputs < outputs / 2 ? value : -values[at - outputs / 2]!));
}

function outputLength(shape: Shape, axis: 0 | 1): number {
  const length = axis === 0 ? shape.height : shape.width;
  const [kernel, stride, dilation] = [shape.kernel[axis], shape.stride[axis], shape.dilation[axis]];
  if (shape.pads === undefined) return Math.ceil(length / stride);
  const padded = length + shape.pads[2 * axis]! + shape.pads[2 * axis + 1]!;
  return Math.floor((padded - (kernel - 1) * dilation - 1) / stride) + 1;
}

function specOf(shape: Shape): LayerSpec {
  const { height, width, inputs, outputs, kernel, stride, dilation, pads } = shape;
  const perGroup = inputs / (shape.groups ?? 1);
  const ints = (i: readonly number[]): AttrValue => ({ list: { i } });
  const attrs: Record<string, AttrValue> = {
    strides: ints([1, ...stride, 1]),
    dilations: ints([1, ...dilation, 1]),
    padding: { s: pads === undefined ? 'SAME' : 'EXPLICIT' },
    explicit_paddings: ints(pads === undefined ? [] : [0, 0, ...pads, 0, 0]),
  };
  const output = { height: outputLength(shape, 0), width: outputLength(shape, 1), channels: outputs };
  const scale = 1 / Math.sqrt(kernel[0] * kernel[1] * perGroup);
  const random = testValues(kernel[0] * kernel[1] * perGroup * outputs, 1).map((v) => v * scale);
  const [weights, bias] = [random, testValues(outputs, 2)].map((values) =>
    shape.doubled === true ? doubled(values, outputs) : values,
  ) as [Float32Array, Float32Array];
  return layerSpec(
    { op: 'Conv2D', attrs },
    [{ height, width, channels: inputs }, ...(shape.residual === true ? [output] : [])],
    output,
    { 1: floats([...kernel, perGroup, outputs], weights) },
    {
      bias,
      activation: shape.activation ?? { kind: 'none' },
      residual: shape.residual === true ? 1 : undefined,
      residualFirst: shape.residualFirst === true,
    },
  );
}

/** Largest difference from the reference; strips are compared bit by bit on the way. */
function difference(runner: LayerRunner, shape: Shape, pattern: readonly number[]): number {
  const spec = specOf(shape);
  const images = spec.inputs.map((size, at) => testValues(size.height * size.width * size.channels, 3 + at));
  const actual = runInStrips(runner, conv2dLayer, spec, images, pattern);
  const { data, shape: weightShape } = spec.constants.get(1)!;
  const [kernelRows, kernelColumns, perGroup, outputs] = weightShape as [number, number, number, number];
  const each = outputs / (shape.groups ?? 1);
  const expected = plainConvolution(
    {
      image: spec.inputs[0]!,
      output: spec.output,
      rows: axisOf(spec, 1, kernelRows),
      columns: axisOf(spec, 2, kernelColumns),
      epilogue: spec.epilogue,
      ...(images[1] === undefined ? {} : { residual: images[1] }),
      channelsOf: (output) => {
        const first = Math.floor(output / each) * perGroup;
        return [first, first + perGroup];
      },
      weight: (ky, kx, i, o) => Number(data[((ky * kernelColumns + kx) * perGroup + i) * outputs + o]),
    },
    images[0]!,
  );
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - actual[index]!)), 0);
}

const plain: Shape = {
  height: 9,
  width: 31,
  inputs: 5,
  outputs: 13,
  kernel: [3, 3],
  stride: [1, 1],
  dilation: [1, 1],
  pads: undefined,
};
/** Sums of up to 5000 products of size 1 / sqrt(5000), in float32. */
const tolerance = 2e-5;

describe.each(kernelBuilds)('%s build', (build) => {
  const cases: readonly [string, Partial<Shape>][] = [
    ['3x3', {}],
    ['1 to 64 channels, 5x5', { inputs: 1, outputs: 64, kernel: [5, 5] }],
    ['32 to 4 channels', { inputs: 32, outputs: 4, width: 50 }],
    ['32 to 1 channel, 5x5', { inputs: 32, outputs: 1, kernel: [5, 5] }],
    ['24 to 3 channels, 1x1', { inputs: 24, outputs: 3, kernel: [1, 1] }],
    ['stride 2', { inputs: 3, outputs: 16, stride: [2, 2], width: 64 }],
    ['dilated', { inputs: 24, outputs: 24, dilation: [4, 4] }],
    ['dilated further than the image', { dilation: [40, 100] }],
    ['one pixel', { height: 1, width: 1 }],
    ['even window, padded before only', { kernel: [2, 2], pads: [1, 0, 1, 0] }],
    ['without padding', { pads: [0, 0, 0, 0] }],
    ['more padding than image', { pads: [20, 3, 50, 7] }],
    ['groups', { inputs: 12, outputs: 18, groups: 3 }],
    ['residual', { residual: true, activation: { kind: 'relu' } }],
    ['residual of whole blocks', { residual: true, outputs: 16, width: 24 }],
    ...[1, 3, 4, 13, 16, 30].map((outputs): [string, Partial<Shape>] => [
      `residual before Relu, ${outputs} channels`,
      { residual: true, residualFirst: true, inputs: 4, outputs, activation: { kind: 'relu' } },
    ]),
    ...[2, 6, 8, 10, 16, 26, 48].map((outputs): [string, Partial<Shape>] => [
      `Relu of ${outputs / 2} channels and of their negatives`,
      { doubled: true, inputs: 4, outputs, activation: { kind: 'relu' } },
    ]),
    ['slopes', { activation: { kind: 'prelu', slopes: testValues(13, 8) } }],
    [
      'slopes in groups',
      { inputs: 12, outputs: 18, groups: 3, activation: { kind: 'prelu', slopes: testValues(18, 8) } },
    ],
    ['leaky', { outputs: 24, activation: { kind: 'leaky', alpha: 0.2 } }],
    ['clip', { activation: { kind: 'clip', min: -0.25, max: 0.5 } }],
    ...(['relu6', 'tanh', 'sigmoid', 'elu', 'softplus', 'hardswish', 'silu', 'gelu', 'mish'] as const).map(
      (kind): [string, Partial<Shape>] => [kind, { activation: { kind } }],
    ),
  ];
  test.each(cases)('%s', async (_name, change) => {
    const runner = await LayerRunner.of(build);
    expect(difference(runner, { ...plain, ...change }, [1])).toBeLessThan(tolerance);
  });

  const winograds: readonly [string, Partial<Shape>][] = [
    ['plain', {}],
    ['one pixel', { height: 1, width: 1 }],
    ['a column', { width: 1, height: 70 }],
    ['whole tiles', { height: 8, width: 24 }],
    ['channels of a half block', { inputs: 4, outputs: 12 }],
    ['without padding', { pads: [0, 0, 0, 0] }],
    ['more padding than image', { pads: [20, 3, 50, 7] }],
    ['dilated', { height: 21, width: 40, dilation: [3, 3] }],
    ['dilated further than the image', { height: 5, width: 7, dilation: [16, 16] }],
    ['residual', { residual: true, activation: { kind: 'relu' } }],
    ['residual before tanh', { residual: true, residualFirst: true, activation: { kind: 'tanh' } }],
    ['Relu of both signs', { doubled: true, activation: { kind: 'relu' } }],
    ['Relu of both signs of 12 channels', { doubled: true, outputs: 24, activation: { kind: 'relu' } }],
    ['slopes', { activation: { kind: 'prelu', slopes: testValues(16, 8) } }],
    ['tanh', { activation: { kind: 'tanh' } }],
    ['5x5', { kernel: [5, 5] }],
    ['5x5, dilated', { kernel: [5, 5], height: 21, width: 40, dilation: [3, 3] }],
  ];
  test.each(winograds)('by Winograd: %s', async (_name, change) => {
    const runner = await LayerRunner.of(build, 'winograd');
    const shape = { ...plain, inputs: 8, outputs: 16, ...change };
    expect(conv2dLayer(specOf(shape), runner).rowGroup).toBe((7 - shape.kernel[0]) * shape.dilation[0]);
    expect(difference(runner, shape, [1])).toBeLessThan(tolerance);
  });

  test('any shape by Winograd', async () => {
    const runner = await LayerRunner.of(build, 'winograd');
    const pad = fc.integer({ min: 0, max: 9 });
    const shapes = fc
      .record({
        height: fc.integer({ min: 1, max: 18 }),
        width: fc.integer({ min: 1, max: 30 }),
        inputs: fc.integer({ min: 1, max: 4 }).map((n) => 4 * n),
        outputs: fc.integer({ min: 1, max: 4 }).map((n) => 4 * n),
        step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
        pads: fc.option(fc.tuple(pad, pad, pad, pad), { nil: undefined }),
        residual: fc.boolean(),
        residualFirst: fc.boolean(),
        activation: fc.constantFrom<Activation>({ kind: 'none' }, { kind: 'elu' }),
        taps: fc.constantFrom(3, 5),
      })
      .map(({ step, taps, ...shape }): Shape => ({
        ...plain,
        ...shape,
        kernel: [taps, taps],
        dilation: [step, step],
      }));
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 3 }), (shape, groups) => {
        fc.pre(outputLength(shape, 0) > 0 && outputLength(shape, 1) > 0);
        expect(difference(runner, shape, [groups, 1])).toBeLessThan(tolerance);
      }),
      { numRuns: 40 },
    );
  });

  test('any shape', async () => {
    const runner = await LayerRunner.of(build);
    const pair = (most: number) =>
      fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }));
    const pad = fc.integer({ min: 0, max: 9 });
    const shapes = fc.record({
      height: fc.integer({ min: 1, max: 7 }),
      width: fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 20, max: 45 })),
      inputs: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 70 })),
      outputs: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 70 })),
      kernel: fc.oneof(pair(3), pair(9)),
      stride: fc.oneof(fc.constant([1, 1] as const), pair(3)),
      dilation: fc.oneof(fc.constant([1, 1] as const), pair(12)),
      pads: fc.option(fc.tuple(pad, pad, pad, pad), { nil: undefined }),
      residual: fc.boolean(),
      residualFirst: fc.boolean(),
      activation: fc.constantFrom<Activation>({ kind: 'none' }, { kind: 'elu' }),
    });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 3 }), (shape, rows) => {
        fc.pre(outputLength(shape, 0) > 0 && outputLength(shape, 1) > 0);
        expect(difference(runner, shape, [rows, 1])).toBeLessThan(tolerance);
      }),
      { numRuns: 60 },
    );
  });
});

test('a convolution of which one half is the negative of the other is computed by half', async () => {
  const runner = await LayerRunner.of('relaxed');
  const shape: Shape = { ...plain, outputs: 16, doubled: true, activation: { kind: 'relu' } };
  const [half, whole] = [{}, { activation: { kind: 'none' } as const }].map((change) => {
    const spec = specOf({ ...shape, ...change });
    const images = [testValues(9 * 31 * 5, 3)];
    return {
      values: runInStrips(runner, conv2dLayer, spec, images),
      multiplyAdds: conv2dLayer(spec, runner).multiplyAdds,
    };
  }) as [{ values: Float32Array; multiplyAdds: number }, { values: Float32Array; multiplyAdds: number }];
  expect(half.multiplyAdds).toBe(whole.multiplyAdds / 2);
  expect(half.values.every((value, at) => value === Math.max(0, whole.values[at]!))).toBe(true);
});

test.each([13, 24])(
  '1x1 over three tensors of %i pixels is that over their channels side by side',
  async (width) => {
    for (const [channels, outputs] of [
      [8, 12],
      [5, 3],
      [4, 1],
      [3, 16],
    ] as const) {
      const runner = await LayerRunner.of('relaxed');
      const joined = specOf({
        ...plain,
        width,
        inputs: 3 * channels,
        outputs,
        kernel: [1, 1],
        residual: true,
      });
      const [all, output] = joined.inputs as [ImageSize, ImageSize];
      const image = testValues(9 * width * 3 * channels, 5);
      const residual = testValues(9 * width * outputs, 6);
      const expected = runInStrips(runner, conv2dLayer, joined, [image, residual]);
      const parts = [0, 1, 2].map((part) =>
        image.filter((_, at) => Math.floor((at % (3 * channels)) / channels) === part),
      );
      const one = { ...all, channels };
      const spec: LayerSpec = {
        ...joined,
        inputs: [one, one, one, output],
        joined: 3,
        epilogue: { ...joined.epilogue, residual: 3 },
      };
      const actual = runInStrips(runner, conv2dLayer, spec, [...parts, residual], [2, 1]);
      const most = expected.reduce((worst, value, at) => Math.max(worst, Math.abs(value - actual[at]!)), 0);
      expect(most).toBeLessThan(2e-6);
    }
  },
);

test('weights that contradict the sizes are named', async () => {
  const runner = await LayerRunner.of('simd');
  const spec = specOf(plain);
  const wrong = { ...spec, inputs: [{ ...spec.inputs[0]!, channels: 7 }] };
  expect(() => conv2dLayer(wrong, runner)).toThrow(/'layer' \(Conv2D\) has weights for 5 input/);
});

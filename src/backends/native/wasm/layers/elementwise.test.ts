import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { ImageSize } from '../../lowering/layer-spec.ts';
import { floats, layerSpec, LayerRunner } from '../run-layer.test-support.ts';
import {
  at,
  expectClose,
  imageOf,
  imageSizes,
  inputValues,
  runOp,
  runs,
  stripPatterns,
} from './random-layer.test-support.ts';

const even = (v: number): number => {
  const low = Math.floor(v);
  return v - low === 0.5 ? low + (low & 1) : Math.round(v);
};

/** The series of the error function, which is 1 in float32 beyond 4. */
function erf(v: number): number {
  if (Math.abs(v) > 4) return Math.sign(v);
  let [term, total] = [v, v];
  for (let n = 1; n < 120; n++) {
    term *= (-v * v) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

const unary: Readonly<Record<string, (v: number) => number>> = {
  Relu: (v) => (v > 0 ? v : 0),
  Relu6: (v) => Math.min(v > 0 ? v : 0, 6),
  LeakyRelu: (v) => (v > 0 ? v : Math.fround(0.2) * v),
  Elu: (v) => (v >= 0 ? v : Math.expm1(v)),
  Selu: (v) => 1.0507009873554805 * (v >= 0 ? v : 1.6732632423543772 * Math.expm1(v)),
  Tanh: Math.tanh,
  Sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  Exp: Math.exp,
  Sqrt: Math.sqrt,
  Rsqrt: (v) => 1 / Math.sqrt(v),
  Square: (v) => v * v,
  Abs: Math.abs,
  Neg: (v) => -v,
  Reciprocal: (v) => 1 / v,
  Inv: (v) => 1 / v,
  LogicalNot: (v) => Number(v === 0),
  Erf: erf,
  Log1p: Math.log1p,
  Expm1: Math.expm1,
  Softsign: (v) => v / (1 + Math.abs(v)),
  Sign: Math.sign,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: even,
  Rint: even,
  FFmpegRound: (v) => Math.sign(v) * Math.round(Math.abs(v)),
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Asin: Math.asin,
  Acos: Math.acos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Asinh: Math.asinh,
  Acosh: Math.acosh,
  Atanh: Math.atanh,
  Softplus: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
};

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  AddV2: (a, b) => a + b,
  BiasAdd: (a, b) => a + b,
  Div: (a, b) => a / b,
  TruncateDiv: (a, b) => Math.trunc(Math.fround(a / b)),
  DivNoNan: (a, b) => (b === 0 ? 0 : a / b),
  Mod: (a, b) => a % b,
  TruncateMod: (a, b) => a % b,
  Atan2: Math.atan2,
  LogicalAnd: (a, b) => Number(a !== 0 && b !== 0),
  LogicalOr: (a, b) => Number(a !== 0 || b !== 0),
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
  SquaredDifference: (a, b) => (a - b) ** 2,
  Pow: (a, b) => a ** b,
  FloorDiv: (a, b) => Math.floor(Math.fround(a / b)),
  FloorMod: (a, b) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  FFmpegFloorMod: (a, b) => (Math.trunc(b) === 0 ? 0 : Math.trunc(a) % Math.trunc(b)),
  Greater: (a, b) => Number(a > b),
  GreaterEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessEqual: (a, b) => Number(a <= b),
  Equal: (a, b) => Number(a === b),
  NotEqual: (a, b) => Number(a !== b),
  Prelu: (a, b) => (a >= 0 ? a : a * b),
};

/** Of fate-dnn-layer-mathunary and -mathbinary (libavfilter/tests of FFmpeg 5.1). */
const fateUnary = [0.1, 0.5, 0.75, -3, 2.5, 2, -2.1, 7.8, 100];
const fateFirst = [-3, 2.5, 2, -2.1, 7.8, 100];
const fateSecond = [-1, 2, 3, -21, 8, 10];

const line = (values: readonly number[]): ImageSize => ({ height: 1, width: values.length, channels: 1 });

describe.each(kernelBuilds)('%s', (build) => {
  test.each(Object.keys(unary))('%s', async (op) => {
    const runner = await LayerRunner.of(build);
    const compute = unary[op]!;
    const attrs = { alpha: { f: Math.fround(0.2) } };
    const size = line(fateUnary);
    const given = Float32Array.from(fateUnary);
    const expected = Float32Array.from(given, compute);
    expectClose(runOp(runner, layerSpec({ op, attrs }, [size], size), [given]), expected, 1e-6);
    fc.assert(
      fc.property(imageSizes, stripPatterns, (random, pattern) => {
        const data = inputValues(random);
        const actual = runOp(runner, layerSpec({ op, attrs }, [random], random), [data], pattern);
        expectClose(actual, Float32Array.from(data, compute), 1e-6);
      }),
      { numRuns: 10 },
    );
  });

  test.each(Object.keys(binary))('%s as FFmpeg is tested: constant first, second, none', async (op) => {
    const runner = await LayerRunner.of(build);
    const compute = binary[op]!;
    const [first, second] = [Float32Array.from(fateFirst), Float32Array.from(fateSecond)];
    const size = line(fateFirst);
    const constant = Math.fround(7.28);
    const scalar = floats([], [constant]);
    const cases: [Float32Array, Float32Array][] = [
      [
        runOp(runner, layerSpec({ op }, [size], size, { 0: scalar }), [first]),
        first.map((v) => compute(constant, v)),
      ],
      [
        runOp(runner, layerSpec({ op }, [size], size, { 1: scalar }), [first]),
        first.map((v) => compute(v, constant)),
      ],
      [
        runOp(runner, layerSpec({ op }, [size, size], size), [first, second]),
        first.map((v, index) => compute(v, second[index]!)),
      ],
    ];
    for (const [actual, expected] of cases) expectClose(actual, expected, 1e-6);
    fc.assert(
      fc.property(imageSizes, stripPatterns, (random, pattern) => {
        const [one, other] = [inputValues(random, 1), inputValues(random, 2)];
        const spec = layerSpec({ op }, [random, random], random);
        const wanted = one.map((v, index) => compute(v, other[index]!));
        expectClose(runOp(runner, spec, [one, other], pattern), wanted, 1e-6);
      }),
      { numRuns: 10 },
    );
  });

  test('broadcasts along any axes, constants and inputs alike', async () => {
    const runner = await LayerRunner.of(build);
    const flags = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(imageSizes, flags, fc.boolean(), stripPatterns, (output, whole, constant, pattern) => {
        const part = (from: number): ImageSize => ({
          height: whole[from]! ? output.height : 1,
          width: whole[from + 1]! ? output.width : 1,
          channels: whole[from + 2]! ? output.channels : 1,
        });
        const [a, b] = [part(0), part(3)];
        const size = {
          height: Math.max(a.height, b.height),
          width: Math.max(a.width, b.width),
          channels: Math.max(a.channels, b.channels),
        };
        const [one, other] = [inputValues(a, 1), inputValues(b, 2)];
        const pick = (data: Float32Array, own: ImageSize, y: number, x: number, c: number): number =>
          at(
            data,
            own,
            Math.min(y, own.height - 1),
            Math.min(x, own.width - 1),
            Math.min(c, own.channels - 1),
          );
        const expected = imageOf(size, (y, x, c) => pick(one, a, y, x, c) - pick(other, b, y, x, c));
        const tensor = floats([b.height, b.width, b.channels], other);
        const actual = constant
          ? runOp(runner, layerSpec({ op: 'Sub' }, [a], size, { 1: tensor }), [one], pattern)
          : runOp(runner, layerSpec({ op: 'Sub' }, [a, b], size), [one, other], pattern);
        expect(actual).toEqual(expected);
        const chosen = imageOf(size, (y, x, c) =>
          pick(one, a, y, x, c) !== 0 ? pick(one, a, y, x, c) : pick(other, b, y, x, c),
        );
        for (const op of ['Select', 'SelectV2']) {
          const select = layerSpec({ op }, [a, a, b], size);
          expect(runOp(runner, select, [one, one, other], pattern)).toEqual(chosen);
        }
      }),
      runs,
    );
  });

  test('adds any number of inputs, casts and clips', async () => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(imageSizes, fc.integer({ min: 1, max: 4 }), stripPatterns, (size, count, pattern) => {
        const images = Array.from({ length: count }, (_, index) => inputValues(size, index + 1));
        const [first] = images as [Float32Array];
        const sum = first.map((_, index) => images.reduce((all, image) => all + image[index]!, 0));
        const spec = layerSpec(
          { op: 'AddN' },
          images.map(() => size),
          size,
        );
        expectClose(runOp(runner, spec, images, pattern), sum, 1e-6);
        const cast = (type: 'int32' | 'bool' | 'float32'): Float32Array =>
          runOp(runner, layerSpec({ op: 'Cast', attrs: { DstT: { type } } }, [size], size), [first], pattern);
        // Whole numbers are floats here too: a zero may have a sign.
        expectClose(cast('int32'), first.map(Math.trunc), 0);
        expect(cast('bool')).toEqual(first.map((v) => Number(v !== 0)));
        expect(cast('float32')).toEqual(first);
        const bounds = { 1: floats([], [-0.5]), 2: floats([], [1.25]) };
        const clip = layerSpec({ op: 'ClipByValue' }, [size], size, bounds);
        const clipped = first.map((v) => Math.min(Math.max(v, -0.5), 1.25));
        expect(runOp(runner, clip, [first], pattern)).toEqual(clipped);
      }),
      runs,
    );
  });

  test('maximum as TensorFlow: NaN stays NaN', async () => {
    const runner = await LayerRunner.of(build);
    const data = Float32Array.of(2.3, 2.2, -3, NaN, 7, 1);
    const size = { height: 1, width: 2, channels: 3 };
    const spec = layerSpec({ op: 'Maximum' }, [size], size, { 1: floats([], [2.3]) });
    expect(runOp(runner, spec, [data])).toEqual(Float32Array.of(2.3, 2.3, 2.3, NaN, 7, 2.3));
  });

  test('maximum as FFmpeg: NaN gives the constant', async () => {
    const runner = await LayerRunner.of(build);
    const data = Float32Array.of(2.3, 2.2, -3, NaN, 7, 1);
    const size = { height: 1, width: 2, channels: 3 };
    const spec = layerSpec({ op: 'FFmpegMaximum' }, [size], size, { 1: floats([], [2.3]) });
    expect(runOp(runner, spec, [data])).toEqual(Float32Array.of(2.3, 2.3, 2.3, 2.3, 7, 2.3));
  });

  test('bytes to floats and back: every byte, ties, infinities, NaN', async () => {
    const runner = await LayerRunner.of(build);
    const { kernels } = runner;
    const bytes = Uint8Array.from({ length: 259 }, (_, index) => index);
    const source = runner.allocate(bytes.length);
    const dest = runner.allocate(4 * bytes.length);
    new Uint8Array(kernels.memory.buffer).set(bytes, source);
    kernels.bytesToFloats(source, dest, bytes.length);
    const table = Float32Array.from(bytes, (byte) => byte * Math.fround(1 / 255));
    expect(runner.read(dest, bytes.length)).toEqual(table);
    const special = [NaN, Infinity, -Infinity, 1e30, -1e30, -0, 1, 1.0019, -0.5, 8.5e6, 2 ** 31];
    const ties = Array.from({ length: 300 }, (_, index) => (index - 20.5) / 255);
    const values = Float32Array.from([...special, ...ties, ...table]);
    const from = runner.upload(values);
    const to = runner.allocate(values.length);
    kernels.floatsToBytes(from, to, values.length);
    const expected = Uint8ClampedArray.from(values, (value) => Math.fround(255 * value));
    expect([...new Uint8Array(kernels.memory.buffer, to, values.length)]).toEqual([...expected]);
  });
});

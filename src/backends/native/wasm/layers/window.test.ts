import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { Epilogue, ImageSize } from '../../lowering/layer-spec.ts';
import { floats, ints, layerSpec, LayerRunner } from '../run-layer.test-support.ts';
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

const span = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i);

/** All values of a box of an image. */
function box(data: Float32Array, size: ImageSize, ys: number[], xs: number[], cs: number[]): number[] {
  return ys.flatMap((y) => xs.flatMap((x) => cs.map((c) => at(data, size, y, x, c))));
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

describe.each(kernelBuilds)('%s', (build) => {
  test.each(['MaxPool', 'AvgPool'])('%s of windows of any size', async (op) => {
    const runner = await LayerRunner.of(build);
    const small = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.tuple(imageSizes, small, small, small, fc.boolean(), stripPatterns),
        ([size, ky, kx, stride, given, pattern]) => {
          const same = given || ky > size.height || kx > size.width;
          const cut = (all: number, k: number): number => Math.ceil((same ? all : all - k + 1) / stride);
          const output = { ...size, height: cut(size.height, ky), width: cut(size.width, kx) };
          const before = (all: number, out: number, k: number): number =>
            same ? Math.max((out - 1) * stride + k - all, 0) >> 1 : 0;
          const inside = (o: number, k: number, all: number, out: number): number[] => {
            const first = o * stride - before(all, out, k);
            return span(Math.max(first, 0), Math.min(first + k, all));
          };
          const attrs = {
            ksize: { list: { i: [1, ky, kx, 1] } },
            strides: { list: { i: [1, stride, stride, 1] } },
            padding: { s: same ? 'SAME' : 'VALID' },
          };
          const data = inputValues(size);
          const expected = imageOf(output, (y, x, c) => {
            const ys = inside(y, ky, size.height, output.height);
            const xs = inside(x, kx, size.width, output.width);
            const values = box(data, size, ys, xs, [c]);
            return op === 'MaxPool' ? Math.max(...values) : sum(values) / values.length;
          });
          expectClose(
            runOp(runner, layerSpec({ op, attrs }, [size], output), [data], pattern),
            expected,
            1e-6,
          );
        },
      ),
      runs,
    );
  });

  test.each(['Mean', 'Sum', 'Max', 'Min', 'Prod'])('%s over any axes', async (op) => {
    const runner = await LayerRunner.of(build);
    const subsets = fc.subarray([1, 2, 3], { minLength: 1 });
    fc.assert(
      fc.property(imageSizes, subsets, fc.boolean(), stripPatterns, (size, axes, keep, pattern) => {
        const sizes = [1, size.height, size.width, size.channels];
        const kept = sizes.map((length, axis) => (axes.includes(axis) ? 1 : length));
        const shape = keep ? kept : kept.filter((_, axis) => !axes.includes(axis));
        const padded = [1, 1, 1, ...shape.slice(1)].slice(-3) as [number, number, number];
        const output = { height: padded[0], width: padded[1], channels: padded[2] };
        // Around 1, so that a product of many values has a size.
        const data = inputValues(size).map((v) => (op === 'Prod' ? 1 + v / 50 : v));
        const whole = { height: kept[1]!, width: kept[2]!, channels: kept[3]! };
        const expected = imageOf(whole, (...position) => {
          const [ys, xs, cs] = position.map((p, index) =>
            axes.includes(index + 1) ? span(0, sizes[index + 1]!) : [p],
          ) as [number[], number[], number[]];
          const values = box(data, size, ys, xs, cs);
          if (op === 'Max') return Math.max(...values);
          if (op === 'Min') return Math.min(...values);
          if (op === 'Prod') return values.reduce((product, v) => product * v, 1);
          return op === 'Sum' ? sum(values) : sum(values) / values.length;
        });
        const spec = layerSpec({ op }, [size], output, { 1: ints([axes.length], axes) });
        expectClose(runOp(runner, spec, [data], pattern), expected, op === 'Prod' ? 1e-4 : 1e-5);
      }),
      runs,
    );
  });

  test('resizes, by neighbours and bilinearly, with corners and centres', async () => {
    const runner = await LayerRunner.of(build);
    const side = fc.integer({ min: 1, max: 17 });
    const modes = fc.constantFrom('plain', 'align', 'half');
    fc.assert(
      fc.property(imageSizes, side, side, modes, stripPatterns, (size, height, width, mode, pattern) => {
        const output = { height, width, channels: size.channels };
        const attrs = { align_corners: { b: mode === 'align' }, half_pixel_centers: { b: mode === 'half' } };
        const scale = (all: number, out: number): number =>
          Math.fround(mode === 'align' && out > 1 ? (all - 1) / (out - 1) : all / out);
        const data = inputValues(size);
        const near = (o: number, all: number, out: number): number => {
          const position = Math.fround((mode === 'half' ? o + 0.5 : o) * scale(all, out));
          return Math.min(mode === 'align' ? Math.round(position) : Math.floor(position), all - 1);
        };
        const nearest = imageOf(output, (y, x, c) =>
          at(data, size, near(y, size.height, height), near(x, size.width, width), c),
        );
        const spec = { attrs, inputs: ['i', 's'] };
        const one = layerSpec({ op: 'ResizeNearestNeighbor', ...spec }, [size], output);
        expect(runOp(runner, one, [data], pattern)).toEqual(nearest);
        const position = (o: number, all: number, out: number): number =>
          Math.min(
            Math.max(mode === 'half' ? (o + 0.5) * scale(all, out) - 0.5 : o * scale(all, out), 0),
            all - 1,
          );
        const bilinear = imageOf(output, (y, x, c) => {
          const [py, px] = [position(y, size.height, height), position(x, size.width, width)];
          const [ty, tx] = [Math.floor(py), Math.floor(px)];
          const across = (row: number): number => {
            const left = at(data, size, row, tx, c);
            return left + (at(data, size, row, Math.min(tx + 1, size.width - 1), c) - left) * (px - tx);
          };
          return across(ty) + (across(Math.min(ty + 1, size.height - 1)) - across(ty)) * (py - ty);
        });
        const two = layerSpec({ op: 'ResizeBilinear', ...spec }, [size], output);
        expectClose(runOp(runner, two, [data], pattern), bilinear, 2e-5);
      }),
      runs,
    );
  });

  test('dense: bias, tanh, residual; weights of either order', async () => {
    const runner = await LayerRunner.of(build);
    const outputs = fc.integer({ min: 1, max: 19 });
    fc.assert(
      fc.property(imageSizes, outputs, fc.boolean(), stripPatterns, (size, depth, transposed, pattern) => {
        const output = { ...size, channels: depth };
        const [data, residual] = [inputValues(size, 1), inputValues(output, 2)];
        const weights = inputValues({ height: 1, width: size.channels, channels: depth }, 3);
        const bias = inputValues({ height: 1, width: 1, channels: depth }, 4);
        const epilogue: Epilogue = { bias, activation: { kind: 'tanh' }, residual: 1 };
        const shape = transposed ? [depth, size.channels] : [size.channels, depth];
        const weight = (k: number, o: number): number =>
          weights[transposed ? o * size.channels + k : k * depth + o]!;
        const node = { op: 'MatMul', attrs: { transpose_b: { b: transposed } } };
        const spec = layerSpec(node, [size, output], output, { 1: floats(shape, weights) }, epilogue);
        const expected = imageOf(output, (y, x, o) => {
          const products = span(0, size.channels).map((k) => at(data, size, y, x, k) * weight(k, o));
          return Math.tanh(sum(products) + bias[o]!) + at(residual, output, y, x, o);
        });
        expectClose(runOp(runner, spec, [data, residual], pattern), expected, 1e-5);
      }),
      runs,
    );
  });

  test('softmax, its logarithm, batch normalisation and CRelu', async () => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(imageSizes, stripPatterns, (size, pattern) => {
        const data = inputValues(size);
        const all = span(0, size.channels);
        const total = (y: number, x: number): number =>
          sum(all.map((c) => Math.exp(at(data, size, y, x, c))));
        const soft = imageOf(size, (y, x, c) => Math.exp(at(data, size, y, x, c)) / total(y, x));
        expectClose(runOp(runner, layerSpec({ op: 'Softmax' }, [size], size), [data], pattern), soft, 1e-6);
        const logarithm = imageOf(size, (y, x, c) => at(data, size, y, x, c) - Math.log(total(y, x)));
        const log = layerSpec({ op: 'LogSoftmax' }, [size], size);
        expectClose(runOp(runner, log, [data], pattern), logarithm, 1e-6);
        const [gamma, beta, mean, spread] = [1, 2, 3, 4].map((seed) =>
          inputValues({ height: 1, width: 1, channels: size.channels }, seed),
        ) as [Float32Array, Float32Array, Float32Array, Float32Array];
        const variance = spread.map((v) => v * v + 0.1);
        const constants = Object.fromEntries(
          [gamma, beta, mean, variance].map((v, index) => [index + 1, floats([v.length], v)]),
        );
        const attrs = { epsilon: { f: 1e-3 }, is_training: { b: false } };
        const normal = layerSpec({ op: 'FusedBatchNormV3', attrs }, [size], size, constants);
        const expected = imageOf(
          size,
          (y, x, c) =>
            ((at(data, size, y, x, c) - mean[c]!) * gamma[c]!) / Math.sqrt(variance[c]! + 1e-3) + beta[c]!,
        );
        expectClose(runOp(runner, normal, [data], pattern), expected, 1e-5);
        const doubled = { ...size, channels: 2 * size.channels };
        const crelu = imageOf(doubled, (y, x, c) => {
          const v = at(data, size, y, x, c % size.channels);
          return Math.max(c < size.channels ? v : -v, 0);
        });
        expect(runOp(runner, layerSpec({ op: 'CRelu' }, [size], doubled), [data], pattern)).toEqual(crelu);
      }),
      runs,
    );
  });
});

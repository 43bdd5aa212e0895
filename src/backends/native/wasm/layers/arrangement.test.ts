import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { ImageSize } from '../../lowering/layer-spec.ts';
import { layerTable } from '../layer-table.ts';
import { floats, ints, layerSpec, LayerRunner, noEpilogue } from '../run-layer.test-support.ts';
import {
  at,
  imageOf,
  imageSizes,
  inputValues,
  runOp,
  runs,
  stripPatterns,
} from './random-layer.test-support.ts';

const pads = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 6, maxLength: 6 });

function padded(size: ImageSize, p: readonly number[]): ImageSize {
  return {
    height: size.height + p[0]! + p[1]!,
    width: size.width + p[2]! + p[3]!,
    channels: size.channels + p[4]! + p[5]!,
  };
}

/** Where a padded index comes from, walking instead of computing; undefined for the constant. */
function origin(mode: string, index: number, size: number): number | undefined {
  if (index >= 0 && index < size) return index;
  if (mode === 'CONSTANT') return undefined;
  if (mode === 'EDGE') return Math.min(Math.max(index, 0), size - 1);
  const period = [...Array(size).keys()];
  const mirror = mode === 'REFLECT' ? period.slice(1, -1).reverse() : period.toReversed();
  const wave = [...period, ...mirror];
  return wave[((index % wave.length) + wave.length) % wave.length];
}

describe.each(kernelBuilds)('%s', (build) => {
  test.each(['CONSTANT', 'EDGE', 'REFLECT', 'SYMMETRIC'])('pads in mode %s', async (mode) => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(imageSizes, pads, stripPatterns, (size, given, pattern) => {
        const sizes = [size.height, size.height, size.width, size.width, size.channels, size.channels];
        const most = (s: number): number => (mode === 'REFLECT' ? s - 1 : mode === 'SYMMETRIC' ? s : 9);
        const p = given.map((pad, index) => Math.min(pad, most(sizes[index]!)));
        const output = padded(size, p);
        const list = [0, 0, ...p];
        const spec =
          mode === 'EDGE'
            ? layerSpec({ op: 'EdgePad', attrs: { paddings: { list: { i: list } } } }, [size], output)
            : mode === 'CONSTANT'
              ? layerSpec({ op: 'PadV2' }, [size], output, { 1: ints([4, 2], list), 2: floats([], [7.5]) })
              : layerSpec({ op: 'MirrorPad', attrs: { mode: { s: mode } } }, [size], output, {
                  1: ints([4, 2], list),
                });
        const data = inputValues(size);
        const expected = imageOf(output, (y, x, c) => {
          const row = origin(mode, y - p[0]!, size.height);
          const column = origin(mode, x - p[2]!, size.width);
          const channel = origin(mode, c - p[4]!, size.channels);
          if (row === undefined || column === undefined || channel === undefined) return 7.5;
          return at(data, size, row, column, channel);
        });
        expect(runOp(runner, spec, [data], pattern)).toEqual(expected);
        if (mode !== 'CONSTANT') return;
        const zeros = layerSpec({ op: 'Pad' }, [size], output, { 1: ints([4, 2], list) });
        const filled = expected.map((v) => (v === 7.5 ? 0 : v));
        expect(runOp(runner, zeros, [data], pattern)).toEqual(filled);
      }),
      runs,
    );
  });

  test('refuses a mirrored pad that is larger than the image', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 2, width: 2, channels: 1 };
    const spec = layerSpec({ op: 'MirrorPad', attrs: { mode: { s: 'REFLECT' } } }, [size], size, {
      1: ints([4, 2], [0, 0, 2, 0, 0, 0, 0, 0]),
    });
    expect(() => layerTable.get('MirrorPad')!(spec, runner)).toThrow(
      /pads 2 values in mode REFLECT by 2 and 0/,
    );
  });

  test('slices with strides of both signs', async () => {
    const runner = await LayerRunner.of(build);
    const steps = fc.tuple(
      fc.constantFrom(1, 2, -1),
      fc.constantFrom(1, 2, -1, -2),
      fc.constantFrom(1, 3, -1),
    );
    fc.assert(
      fc.property(imageSizes, steps, stripPatterns, (size, strides, pattern) => {
        const length = (all: number, step: number): number => Math.ceil(all / Math.abs(step));
        const output = {
          height: length(size.height, strides[0]),
          width: length(size.width, strides[1]),
          channels: length(size.channels, strides[2]),
        };
        const constants = {
          1: ints([4], [0, 0, 0, 0]),
          2: ints([4], [0, 0, 0, 0]),
          3: ints([4], [1, ...strides]),
        };
        const attrs = { begin_mask: { i: 15 }, end_mask: { i: 15 } };
        const data = inputValues(size);
        const back = (index: number, all: number, step: number): number =>
          step > 0 ? index * step : all - 1 + index * step;
        const expected = imageOf(output, (y, x, c) =>
          at(
            data,
            size,
            back(y, size.height, strides[0]),
            back(x, size.width, strides[1]),
            back(c, size.channels, strides[2]),
          ),
        );
        const spec = layerSpec({ op: 'StridedSlice', attrs }, [size], output, constants);
        expect(runOp(runner, spec, [data], pattern)).toEqual(expected);
      }),
      runs,
    );
  });

  test('takes a range of rows, columns and channels', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 5, width: 6, channels: 7 };
    const output = { height: 3, width: 2, channels: 5 };
    const constants = { 1: ints([4], [0, 1, 3, 2]), 2: ints([4], [-1, 3, 2, -1]) };
    const data = inputValues(size);
    const expected = imageOf(output, (y, x, c) => at(data, size, y + 1, x + 3, c + 2));
    expect(runOp(runner, layerSpec({ op: 'Slice' }, [size], output, constants), [data], [2])).toEqual(
      expected,
    );
  });

  test('takes a range of a tensor of rank 3, whose first axis is no batch', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 5, width: 6, channels: 7 };
    const output = { height: 2, width: 6, channels: 3 };
    const data = inputValues(size);
    const expected = imageOf(output, (y, x, c) => at(data, size, y + 3, x, c + 4));
    const shapes = { inputs: [[5, 6, 7]], output: [2, 6, 3] };
    const begin = ints([3], [3, 0, 4]);
    const sizes = { 1: begin, 2: ints([3], [2, -1, -1]) };
    const slice = layerSpec({ op: 'Slice' }, [size], output, sizes, noEpilogue, shapes);
    expect(runOp(runner, slice, [data], [1])).toEqual(expected);
    const ends = { 1: begin, 2: ints([3], [5, 6, 7]), 3: ints([3], [1, 1, 1]) };
    const strided = layerSpec({ op: 'StridedSlice' }, [size], output, ends, noEpilogue, shapes);
    expect(runOp(runner, strided, [data], [1])).toEqual(expected);
  });

  test.each(['height', 'width', 'channels'] as const)('joins along %s', async (axis) => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(imageSizes, fc.integer({ min: 1, max: 7 }), stripPatterns, (size, other, pattern) => {
        const second = { ...size, [axis]: other };
        const output = { ...size, [axis]: size[axis] + other };
        const [one, two] = [inputValues(size, 1), inputValues(second, 2)];
        const axes = { height: 1, width: 2, channels: 3 };
        const axisInput = ints([], [axes[axis]]);
        const spec = layerSpec({ op: 'ConcatV2' }, [size, second], output, { 2: axisInput });
        const expected = imageOf(output, (y, x, c) => {
          const index = { height: y, width: x, channels: c };
          if (index[axis] < size[axis]) return at(one, size, y, x, c);
          index[axis] -= size[axis];
          return at(two, second, index.height, index.width, index.channels);
        });
        expect(runOp(runner, spec, [one, two], pattern)).toEqual(expected);
        const old = layerSpec({ op: 'Concat' }, [size, second], output, { 0: axisInput });
        expect(runOp(runner, old, [one, two], pattern)).toEqual(expected);
      }),
      runs,
    );
  });

  test('moves depth to space and back', async () => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(imageSizes, fc.integer({ min: 1, max: 4 }), stripPatterns, (large, block, pattern) => {
        const small = { ...large, channels: large.channels * block * block };
        const output = { ...large, height: large.height * block, width: large.width * block };
        const data = inputValues(small);
        const attrs = { block_size: { i: block } };
        const space = imageOf(output, (y, x, c) => {
          const phase = (y % block) * block + (x % block);
          return at(data, small, Math.floor(y / block), Math.floor(x / block), phase * large.channels + c);
        });
        const there = layerSpec({ op: 'DepthToSpace', attrs }, [small], output);
        expect(runOp(runner, there, [data], pattern)).toEqual(space);
        const back = layerSpec({ op: 'SpaceToDepth', attrs }, [output], small);
        expect(runOp(runner, back, [space], pattern)).toEqual(data);
      }),
      runs,
    );
  });

  test('transposes and reshapes', async () => {
    const runner = await LayerRunner.of(build);
    const orders = fc.shuffledSubarray([1, 2, 3], { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(imageSizes, orders, stripPatterns, (size, order, pattern) => {
        const sizes = [size.height, size.width, size.channels];
        const [height, width, channels] = order.map((axis) => sizes[axis - 1]!) as [number, number, number];
        const output = { height, width, channels };
        const data = inputValues(size);
        const expected = imageOf(output, (...position) => {
          const [y, x, c] = [1, 2, 3].map((axis) => position[order.indexOf(axis)]!) as [
            number,
            number,
            number,
          ];
          return at(data, size, y, x, c);
        });
        const spec = layerSpec({ op: 'Transpose' }, [size], output, { 1: ints([4], [0, ...order]) });
        expect(runOp(runner, spec, [data], pattern)).toEqual(expected);
        for (const op of ['Reshape', 'Squeeze', 'ExpandDims', 'Flatten', 'Identity', 'StopGradient']) {
          expect(runOp(runner, layerSpec({ op }, [size], output), [data], pattern)).toEqual(data);
        }
      }),
      runs,
    );
  });
});

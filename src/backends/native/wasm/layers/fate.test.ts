/** The cases of pad, depth2space, avgpool and dense in libavfilter/tests/dnn-layer-*.c of FFmpeg 5.1. */
import { describe, expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { Epilogue } from '../../lowering/layer-spec.ts';
import { floats, ints, layerSpec, LayerRunner } from '../run-layer.test-support.ts';
import { at, expectClose, imageOf, inputValues, runOp } from './random-layer.test-support.ts';

const counting = (count: number): Float32Array => Float32Array.from({ length: count }, (_, index) => index);

describe.each(kernelBuilds)('%s', (build) => {
  test('pad: symmetric 4x4x3 by H[2,3] W[3,2], constant 728 by H[1,0] C[1,2]', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 4, width: 4, channels: 3 };
    const output = { height: 9, width: 9, channels: 3 };
    const paddings = { 1: ints([4, 2], [0, 0, 2, 3, 3, 2, 0, 0]) };
    const data = counting(48);
    const spec = layerSpec(
      { op: 'MirrorPad', attrs: { mode: { s: 'SYMMETRIC' } } },
      [size],
      output,
      paddings,
    );
    const rows = [1, 0, 0, 1, 2, 3, 3, 2, 1];
    const columns = [2, 1, 0, 0, 1, 2, 3, 3, 2];
    const expected = imageOf(output, (y, x, c) => at(data, size, rows[y]!, columns[x]!, c));
    expect(runOp(runner, spec, [data])).toEqual(expected);
    const small = { height: 2, width: 2, channels: 3 };
    const constants = { 1: ints([4, 2], [0, 0, 1, 0, 0, 0, 1, 2]), 2: floats([], [728]) };
    const constant = layerSpec({ op: 'PadV2' }, [small], { height: 3, width: 2, channels: 6 }, constants);
    const pixel = (first: number): number[] => [728, first, first + 1, first + 2, 728, 728];
    const filled = [...new Array<number>(12).fill(728), ...pixel(0), ...pixel(3), ...pixel(6), ...pixel(9)];
    expect(runOp(runner, constant, [counting(12)])).toEqual(Float32Array.from(filled));
  });

  test('depth2space: 5x3x4 by 2 to 10x6x1', async () => {
    const runner = await LayerRunner.of(build);
    const [size, output] = [
      { height: 5, width: 3, channels: 4 },
      { height: 10, width: 6, channels: 1 },
    ];
    const spec = layerSpec({ op: 'DepthToSpace', attrs: { block_size: { i: 2 } } }, [size], output);
    const result = runOp(runner, spec, [counting(60)]);
    expect([...result.slice(0, 12)]).toEqual([0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]);
  });

  test('avgpool: 2x2 in steps of 1, SAME and VALID', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 5, width: 6, channels: 3 };
    const data = inputValues(size);
    for (const padding of ['SAME', 'VALID']) {
      const output = padding === 'SAME' ? size : { height: 4, width: 5, channels: 3 };
      const window = { ksize: { list: { i: [1, 2, 2, 1] } }, strides: { list: { i: [1, 1, 1, 1] } } };
      const spec = layerSpec(
        { op: 'AvgPool', attrs: { ...window, padding: { s: padding } } },
        [size],
        output,
      );
      const expected = imageOf(output, (y, x, c) => {
        const ys = [y, y + 1].filter((row) => row < size.height);
        const xs = [x, x + 1].filter((column) => column < size.width);
        const taps = ys.flatMap((row) => xs.map((column) => at(data, size, row, column, c)));
        return taps.reduce((sum, tap) => sum + tap, 0) / taps.length;
      });
      expectClose(runOp(runner, spec, [data]), expected, 1e-6);
    }
  });

  test('dense: 3 to 3 channels with bias and tanh on 5x6', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 5, width: 6, channels: 3 };
    const data = inputValues(size, 5);
    const kernel = inputValues({ height: 1, width: 3, channels: 3 }, 6);
    const bias = Float32Array.of(-0.3654299, -1.5711838, -0.15546428);
    const epilogue: Epilogue = { bias, activation: { kind: 'tanh' }, residual: undefined };
    const node = { op: 'MatMul', attrs: { transpose_b: { b: true } } };
    const spec = layerSpec(node, [size], size, { 1: floats([3, 3], kernel) }, epilogue);
    const expected = imageOf(size, (y, x, o) => {
      const products = [0, 1, 2].map((k) => at(data, size, y, x, k) * kernel[3 * o + k]!);
      return Math.tanh(bias[o]! + products.reduce((sum, product) => sum + product, 0));
    });
    expectClose(runOp(runner, spec, [data]), expected, 1e-5);
  });
});

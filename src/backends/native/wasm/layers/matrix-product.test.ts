import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelBuilds } from '../kernels.test-support.ts';
import type { ImageSize } from '../../lowering/layer-spec.ts';
import { layerTable } from '../layer-table.ts';
import { floats, layerSpec, LayerRunner } from '../run-layer.test-support.ts';
import {
  at,
  expectClose,
  imageOf,
  inputValues,
  runOp,
  runs,
  stripPatterns,
} from './random-layer.test-support.ts';

const length = fc.integer({ min: 1, max: 19 });

/** Matrices of a batch, stored as they are or transposed; one for all images where `shared`. */
const products = fc.record({
  matrices: fc.integer({ min: 1, max: 5 }),
  rows: length,
  depth: length,
  columns: length,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  shared: fc.constantFrom('none', 'left', 'right'),
});

describe.each(kernelBuilds)('%s', (build) => {
  test.each(['both change', 'the left one is constant'])('products of which %s', async (which) => {
    const runner = await LayerRunner.of(build);
    fc.assert(
      fc.property(products, stripPatterns, (product, pattern) => {
        const { matrices, rows, depth, columns, transposeA, transposeB, shared } = product;
        const size = (count: number, one: number, other: number, turned: boolean): ImageSize => ({
          height: count,
          width: turned ? other : one,
          channels: turned ? one : other,
        });
        const a = size(shared === 'left' ? 1 : matrices, rows, depth, transposeA);
        const b = size(shared === 'right' ? 1 : matrices, depth, columns, transposeB);
        const output = { height: matrices, width: rows, channels: columns };
        const [left, right] = [inputValues(a, 1), inputValues(b, 2)];
        const value = (
          data: Float32Array,
          of: ImageSize,
          y: number,
          row: number,
          column: number,
          turned: boolean,
        ): number => {
          const image = of.height === 1 ? 0 : y;
          return turned ? at(data, of, image, column, row) : at(data, of, image, row, column);
        };
        const expected = imageOf(output, (y, row, column) => {
          let sum = 0;
          for (let k = 0; k < depth; k++) {
            sum += value(left, a, y, row, k, transposeA) * value(right, b, y, k, column, transposeB);
          }
          return sum;
        });
        const node = { op: 'BatchMatMulV2', attrs: { adj_x: { b: transposeA }, adj_y: { b: transposeB } } };
        const isConstant = which !== 'both change';
        const spec = isConstant
          ? layerSpec(node, [b], output, { 0: floats([a.height, a.width, a.channels], left) })
          : layerSpec(node, [a, b], output);
        expectClose(runOp(runner, spec, isConstant ? [right] : [left, right], pattern), expected, 1e-5);
      }),
      runs,
    );
  });

  test('refuses sizes that do not fit, and what is fused into a product', async () => {
    const runner = await LayerRunner.of(build);
    const size = { height: 1, width: 3, channels: 4 };
    const make = (op: string, b: ImageSize, attrs = {}): unknown =>
      layerTable.get(op)!(layerSpec({ op, attrs }, [size, b], { ...size, channels: 2 }), runner);
    const fits = { height: 1, width: 4, channels: 2 };
    expect(() => make('MatMul', { ...fits, width: 5 })).toThrow(/multiplies 3x4 with 5x2 into 3x2/);
    expect(() => make('MatMul', { ...fits, height: 2 })).toThrow(/multiplies 2 matrices into 1/);
    expect(() => make('_FusedMatMul', fits, { fused_ops: { list: { s: ['Relu'] } } })).toThrow(/fused/);
    expect(() => make('MatMul', fits)).not.toThrow();
  });
});

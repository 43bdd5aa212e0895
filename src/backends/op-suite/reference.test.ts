/** Holds the plain reference itself to values that TensorFlow's documentation and sources state. */
import { describe, expect, it } from 'vitest';
import type { DataType } from '../../graph/graph.ts';
import { graph, node } from '../../graph/graph-builder.test-support.ts';
import { constNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import { cast, type PlainTensor } from './reference-tensor.test-support.ts';
import { slideOf } from './reference-windows.test-support.ts';
import { runReference } from './run-reference.test-support.ts';

interface Operand {
  readonly shape?: readonly number[];
  readonly type?: DataType;
  readonly values: number | readonly number[];
}

const whole = (values: number | readonly number[], shape?: readonly number[]): Operand => ({
  values,
  type: 'int32',
  ...(shape === undefined ? {} : { shape }),
});
const real = (values: number | readonly number[], shape?: readonly number[]): Operand => ({
  values,
  ...(shape === undefined ? {} : { shape }),
});

/** The result of one op on constants. */
function resultOf(op: string, operands: readonly Operand[], attrs: ShortAttrs = {}): PlainTensor {
  const names = operands.map((_, index) => `c${index}`);
  const constants = operands.map(({ shape, type = 'float32', values }, index) =>
    constNode(names[index]!, tensorOf(type, values, shape)),
  );
  return runReference(graph(...constants, node('y', op, names, attrs)), {}, 'y');
}

describe('padding', () => {
  // The example of tf.nn's notes on padding (13 values, window 6, stride 5), and strides beyond the window.
  it.each([
    ['SAME', 13, 6, 5, 1, 3, 1],
    ['VALID', 13, 6, 5, 1, 2, 0],
    ['SAME', 72, 2, 3, 1, 24, 0],
    ['SAME', 8, 3, 4, 1, 2, 0],
    ['SAME', 5, 2, 1, 1, 5, 0],
    ['SAME', 7, 3, 1, 2, 7, 2],
    ['VALID', 9, 3, 1, 2, 5, 0],
  ] as const)('%s of %d values, window %d by %d, dilation %d: %d outputs, %d before', (...numbers) => {
    const [padding, input, taps, stride, dilation, output, before] = numbers;
    expect(slideOf(padding, input, { taps, stride, dilation })).toMatchObject({ output, before });
  });

  it('EXPLICIT', () => {
    expect(slideOf('EXPLICIT', 5, { taps: 3, stride: 2, dilation: 1 }, [2, 1])).toMatchObject({
      output: 3,
      before: 2,
    });
  });
});

describe('casts', () => {
  it.each([
    ['uint8', [256, 300, -1, 255.9, NaN, 3e9], [0, 44, 255, 255, 0, 0]],
    ['int8', [128, -129, 127, -1.9], [-128, 127, 127, -1]],
    ['int16', [32768, 70000, -32769], [-32768, 4464, 32767]],
    ['uint16', [65536, -1], [0, 65535]],
    ['int32', [2.9, -2.9, 3e9, NaN, -Infinity], [2, -2, -(2 ** 31), -(2 ** 31), -(2 ** 31)]],
    ['bool', [0, -0, 0.5, NaN, -2], [0, 0, 1, 1, 1]],
    ['float32', [0.1, 16777217], [Math.fround(0.1), 16777216]],
  ] as const)('to %s', (type, from, to) => {
    expect(from.map((value) => cast(type, value) + 0)).toEqual(to);
  });
});

describe('functions of two values', () => {
  it.each([
    // tf.math.floormod: the sign of the divisor; tf.truncatemod and tf.raw_ops.Mod: that of the dividend.
    ['FloorMod', real([-7, 7, -7, 7]), real([4, -4, -4, 4]), [1, -1, -3, 3]],
    ['Mod', real([-7, 7]), real([4, -4]), [-3, 3]],
    ['TruncateMod', real([-7, 7]), real([4, -4]), [-3, 3]],
    ['FFmpegFloorMod', real([-7.5, 7.5, 3]), real([4.5, -4, 0.5]), [-3, 3, 0]],
    ['FFmpegMaximum', real([NaN, 1, 3]), real([1, NaN, 2]), [1, NaN, 3]],
    ['FFmpegMinimum', real([NaN, 1, 3]), real([1, NaN, 2]), [NaN, 1, 2]],
    ['FloorDiv', real([-7, 7]), real([2, 2]), [-4, 3]],
    ['DivNoNan', real([3, -3, 0]), real([0, 2, 0]), [0, -1.5, 0]],
    ['SquaredDifference', real([3]), real([1]), [4]],
    ['Maximum', real([NaN, 1]), real([1, NaN]), [NaN, NaN]],
    ['Div', whole([-7, 7]), whole([2, 2]), [-3, 3]],
    ['TruncateDiv', whole([-7, 7]), whole([2, -2]), [-3, -3]],
    ['FloorDiv', whole([-7, 7]), whole([2, -2]), [-4, -4]],
    ['FloorMod', whole([-7, 7]), whole([4, -4]), [1, -1]],
    ['Mod', whole([-7, 7]), whole([4, -4]), [-3, 3]],
    ['Mul', whole([65536, 65537]), whole([65536, 65537]), [0, 131073]],
    ['AddV2', whole([2 ** 31 - 1]), whole([1]), [-(2 ** 31)]],
    ['Greater', real([1, NaN]), real([0, 0]), [1, 0]],
    ['NotEqual', real([NaN]), real([NaN]), [1]],
  ] as const)('%s', (op, one, other, expected) => {
    expect(resultOf(op, [one, other]).data).toEqual(expected);
  });
});

describe('functions of one value', () => {
  it.each([
    ['Relu', [-1, 0.5, NaN], [0, 0.5, NaN]],
    ['Relu6', [-1, 7, NaN], [0, 6, NaN]],
    ['LeakyRelu', [-1, 2, NaN], [-0.25, 2, NaN], { alpha: { f: 0.25 } }],
    ['Elu', [-1, 2], [Math.fround(-0.6321205588), 2]],
    ['Selu', [-1, 1], [Math.fround(-1.1113307378), Math.fround(1.0507009873)]],
    ['Sign', [-0.001, 0, 5, NaN], [-1, 0, 1, NaN]],
    // tf.round: "Rounds half to even", as the example of its page.
    ['Round', [0.9, 2.5, 2.3, 1.5, -4.5], [1, 2, 2, 2, -4]],
    ['FFmpegRound', [0.5, -0.5, 2.5, 1.4], [1, -1, 3, 1]],
    ['Softsign', [-1, 3], [-0.5, 0.75]],
    ['Softplus', [0], [Math.fround(0.6931471806)]],
    ['Erf', [0.5, -2, 3], [Math.fround(0.5204998778), Math.fround(-0.995322265), Math.fround(0.9999779095)]],
    ['Rsqrt', [4], [0.5]],
  ] as const)('%s', (op, from, to, attrs: ShortAttrs = {}) => {
    const { data } = resultOf(op, [real(from)], attrs);
    expect(data.map(Number.isNaN)).toEqual(to.map(Number.isNaN));
    for (const [index, want] of to.entries())
      if (!Number.isNaN(want)) expect(data[index]).toBeCloseTo(want, 6);
  });

  it('Square of whole numbers wraps', () => {
    expect(resultOf('Square', [whole([65537, -3])]).data).toEqual([131073, 9]);
  });
});

const picture = Array.from({ length: 9 }, (_, index) => index + 1);

describe('windows', () => {
  it('Conv2D adds weights times values, without values outside', () => {
    const attrs = { strides: [1, 2, 2, 1], padding: 'SAME' };
    const result = resultOf(
      'Conv2D',
      [real(picture, [1, 3, 3, 1]), real([1, 10, 100, 1000], [2, 2, 1, 1])],
      attrs,
    );
    expect(result).toEqual({ dtype: 'float32', shape: [1, 2, 2, 1], data: [5421, 603, 87, 9] });
  });

  it('DepthwiseConv2dNative keeps channels apart', () => {
    const attrs = { strides: [1, 1, 1, 1], padding: 'VALID' };
    const result = resultOf(
      'DepthwiseConv2dNative',
      [real([1, 2, 3, 4], [1, 1, 2, 2]), real([10, 1, 100, 2], [1, 1, 2, 2])],
      attrs,
    );
    expect(result.data).toEqual([10, 1, 200, 4, 30, 3, 400, 8]);
  });

  it('Conv2DBackpropInput spreads values', () => {
    const operands = [whole([1, 1, 5, 1]), real([1, 10, 100], [1, 3, 1, 1]), real([1, 2], [1, 1, 2, 1])];
    const result = resultOf('Conv2DBackpropInput', operands, { strides: [1, 1, 2, 1], padding: 'VALID' });
    expect(result.data).toEqual([1, 10, 102, 20, 200]);
  });

  it.each([
    ['MaxPool', [5, 6, 8, 9]],
    ['AvgPool', [3, 4.5, 7.5, 9]],
  ])('%s', (op, expected) => {
    const attrs = { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' };
    expect(resultOf(op, [real(picture, [1, 3, 3, 1])], attrs).data).toEqual(expected);
  });
});

describe('moving values', () => {
  // The examples of tf.nn.depth_to_space, tf.nn.space_to_batch, tf.pad, tf.cumsum and tf.strided_slice.
  const square = real([1, 2, 3, 4], [1, 2, 2, 1]);
  it.each([
    ['DepthToSpace', [real([1, 2, 3, 4], [1, 1, 1, 4])], { block_size: 2 }, [1, 2, 3, 4]],
    ['SpaceToDepth', [square], { block_size: 2 }, [1, 2, 3, 4]],
    ['SpaceToBatchND', [square, whole([2, 2]), whole([0, 0, 0, 0], [2, 2])], {}, [1, 2, 3, 4]],
    ['MirrorPad', [real([1, 2, 3]), whole([2, 1], [1, 2])], { mode: 'REFLECT' }, [3, 2, 1, 2, 3, 2]],
    ['MirrorPad', [real([1, 2, 3]), whole([2, 1], [1, 2])], { mode: 'SYMMETRIC' }, [2, 1, 1, 2, 3, 3]],
    ['Cumsum', [real([1, 2, 3]), whole(0)], { exclusive: true, reverse: true }, [5, 3, 0]],
    ['Cumsum', [real([1, 2, 3]), whole(0)], { exclusive: true }, [0, 1, 3]],
    ['StridedSlice', [real([1, 2, 3, 4, 5]), whole([-1]), whole([0]), whole([-2])], {}, [5, 3]],
    ['GatherNd', [real([1, 2, 3, 4], [2, 2]), whole([0, 1, 1, 0], [2, 2])], {}, [2, 3]],
    ['OneHot', [whole([0, 2]), whole(3), real(5), real(-1)], { axis: -1 }, [5, -1, -1, -1, -1, 5]],
    ['MatrixBandPart', [real(picture, [3, 3]), whole(1), whole(0)], {}, [1, 0, 0, 4, 5, 0, 0, 8, 9]],
    ['Transpose', [real([1, 2, 3, 4, 5, 6], [2, 3]), whole([1, 0])], {}, [1, 4, 2, 5, 3, 6]],
  ] as const)('%s', (op, operands, attrs, expected) => {
    expect(resultOf(op, operands, attrs).data).toEqual(expected);
  });
});

describe('one value of many', () => {
  it.each([
    ['Mean', [whole([5, -3, -4, -3], [4]), whole([0])], {}, [-1]],
    ['Sum', [whole([2 ** 30, 2 ** 30]), whole([0])], {}, [-(2 ** 31)]],
    ['Max', [real([1, NaN, 2]), whole([0])], {}, [NaN]],
    ['ArgMax', [real([1, 3, 3]), whole(0)], {}, [1]],
    ['TopKV2', [real([1, 3, 2, 3]), whole(3)], {}, [3, 3, 2]],
    ['Softmax', [real([0, 0])], {}, [0.5, 0.5]],
    ['MatMul', [real([1, 2, 3, 4], [2, 2]), real([1, 10, 100, 1000], [2, 2])], {}, [201, 2010, 403, 4030]],
    ['MatMul', [real([1, 2], [1, 2]), real([1, 10, 100, 1000], [2, 2])], { transpose_b: true }, [21, 2100]],
    ['CRelu', [real([1, -2])], {}, [1, 0, 0, 2]],
  ] as const)('%s', (op, operands, attrs, expected) => {
    expect(resultOf(op, operands, attrs).data.map((value) => value + 0)).toEqual(expected);
  });

  const row = real([0, 10, 20], [1, 1, 3, 1]);
  it.each([
    ['as of old', {}, [0, 5, 10, 15, 20, 20]],
    ['with aligned corners', { align_corners: true }, [0, 4, 8, 12, 16, 20]],
    ['with corners in the middle', { half_pixel_centers: true }, [0, 2.5, 7.5, 12.5, 17.5, 20]],
  ] as const)('ResizeBilinear %s', (_how, attrs, expected) => {
    const { data } = resultOf('ResizeBilinear', [row, whole([1, 6])], attrs);
    for (const [index, want] of expected.entries()) expect(data[index]).toBeCloseTo(want, 4);
  });

  it('ResizeNearestNeighbor', () => {
    expect(resultOf('ResizeNearestNeighbor', [row, whole([1, 2])]).data).toEqual([0, 10]);
    expect(resultOf('ResizeNearestNeighbor', [row, whole([1, 2])], { align_corners: true }).data).toEqual([
      0, 20,
    ]);
  });
});

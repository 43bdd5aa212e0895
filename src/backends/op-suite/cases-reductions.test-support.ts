/** Cases of ops that make one value of many: reductions, products, normalisations and resizes. */
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import type { ShortAttrs } from '../../graph/node-builder.ts';
import {
  castNode,
  fixed,
  listed,
  numbers,
  opCase,
  positive,
  special,
  typed,
  withNaN,
  type OpCase,
} from './op-case.test-support.ts';

const axesCases: readonly (readonly number[])[] = [[1], [2], [3], [-1], [1, 2], [1, 2, 3]];

function ofOneTensor(): OpCase[] {
  const one = (
    op: string,
    axes: readonly number[],
    keep: boolean,
    what: 'numbers' | 'NaN' | 'infinities',
  ): OpCase =>
    opCase(
      `${op}: over ${axes.join(', ')}${keep ? ', kept' : ''}, ${what}`,
      { dims: [1, 3, 4, 5], values: { numbers, NaN: withNaN, infinities: special }[what], tolerance: 1e-5 },
      () => [ints('axes', axes), typed('y', op, ['x', 'axes'], 'float32', { keep_dims: keep })],
    );
  const floatsOf = ['Mean', 'Sum', 'Max', 'Min', 'Prod'].flatMap((op) => [
    ...axesCases.map((axes, at) => one(op, axes, at % 2 === 0, 'numbers')),
    one(op, [1, 2], true, 'NaN'),
    one(op, [3], false, 'NaN'),
    one(op, [2], true, 'infinities'),
  ]);
  const wholeOf = ['Mean', 'Sum', 'Max', 'Min', 'Prod'].map((op) =>
    opCase(`${op}: int32 numbers`, { dims: [1, 3, 3, 2], values: listed(5, -3, 2, -7, 4) }, () => [
      castNode('i', 'x', 'int32'),
      ints('axes', [1]),
      typed('y', op, ['i', 'axes'], 'int32', { keep_dims: true }),
    ]),
  );
  const wraps = ['Sum', 'Prod'].map((op) =>
    opCase(`${op}: int32 wraps`, { dims: [1, 3, 3, 2], values: listed(2 ** 30, 2 ** 29, 65536) }, () => [
      castNode('i', 'x', 'int32'),
      ints('axes', [1]),
      typed('y', op, ['i', 'axes'], 'int32', { keep_dims: true }),
    ]),
  );
  const bools = ['All', 'Any'].map((op) =>
    opCase(`${op}: of a condition`, {}, () => [
      floats('zero', [], [0]),
      typed('above', 'Greater', ['x', 'zero']),
      ints('axes', [2]),
      typed('y', op, ['above', 'axes'], 'bool', { keep_dims: true }),
    ]),
  );
  const norms = [[1, 2], [3]].map((axes) => one('EuclideanNorm', axes, true, 'numbers'));
  const args = ['ArgMax', 'ArgMin'].flatMap((op) =>
    [1, 3].map((axis) =>
      opCase(`${op}: over ${axis}`, { dims: [1, 4, 3, 5], values: listed(1, 3, 3, -2, 0.5, -2, 2) }, () => [
        ints('axis', axis),
        typed('y', op, ['x', 'axis']),
      ]),
    ),
  );
  return [...floatsOf, ...wholeOf, ...wraps, ...bools, ...norms, ...args];
}

function products(): OpCase[] {
  const flat = (op: string, attrs: ShortAttrs, variant: string, weights: readonly number[]): OpCase =>
    opCase(`${op}: ${variant}`, { ...fixed([1, 1, 3, 7]), tolerance: 1e-5 }, () => [
      ints('shape', [3, 7]),
      typed('f', 'Reshape', ['x', 'shape']),
      floats('w', weights),
      typed('y', op, ['f', 'w'], 'float32', attrs),
    ]);
  return [
    flat('MatMul', {}, 'with weights', [7, 5]),
    flat('MatMul', { transpose_b: true }, 'with turned weights', [5, 7]),
    opCase('MatMul: NaN', { ...fixed([1, 1, 3, 7]), values: withNaN, tolerance: 1e-5 }, () => [
      ints('shape', [3, 7]),
      typed('f', 'Reshape', ['x', 'shape']),
      floats('w', [7, 5]),
      typed('y', 'MatMul', ['f', 'w']),
    ]),
    ...['Relu', 'Relu6', 'Elu', 'LeakyRelu', 'Sigmoid'].map((activation) =>
      opCase(
        `${activation}: behind MatMul, NaN`,
        {
          ...fixed([1, 1, 3, 7]),
          values: (chance, index) => (index === 9 ? NaN : numbers(chance, index)),
          tolerance: 1e-5,
        },
        () => [
          ints('shape', [3, 7]),
          typed('f', 'Reshape', ['x', 'shape']),
          floats('w', [7, 5]),
          typed('m', 'MatMul', ['f', 'w']),
          typed('y', activation, ['m']),
        ],
      ),
    ),
    opCase('_FusedMatMul: BiasAdd, Relu', { ...fixed([1, 1, 3, 7]), tolerance: 1e-5 }, () => [
      ints('shape', [3, 7]),
      typed('f', 'Reshape', ['x', 'shape']),
      floats('w', [7, 5]),
      floats('bias', [5]),
      typed('y', '_FusedMatMul', ['f', 'w', 'bias'], 'float32', {
        fused_ops: ['BiasAdd', 'Relu'],
        num_args: 1,
      }),
    ]),
    ...['BatchMatMul', 'BatchMatMulV2'].flatMap((op) => [
      opCase(`${op}: of two pictures`, { ...fixed([1, 2, 3, 4]), tolerance: 1e-5 }, () => [
        typed('a', 'Square', ['x']),
        typed('y', op, ['x', 'a'], 'float32', { adj_y: true }),
      ]),
    ]),
    ...['Softmax', 'LogSoftmax'].flatMap((op) => [
      opCase(`${op}: numbers`, { dims: [1, 2, 3, 7] }, () => [typed('y', op, ['x'])]),
      opCase(
        `${op}: NaN`,
        { dims: [1, 3, 3, 5], values: (chance, index) => (index === 7 ? NaN : numbers(chance, index)) },
        () => [typed('y', op, ['x'])],
      ),
      opCase(
        `${op}: an infinity`,
        { dims: [1, 3, 3, 5], values: (chance, index) => (index === 7 ? -Infinity : numbers(chance, index)) },
        () => [typed('y', op, ['x'])],
      ),
    ]),
    ...['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op) =>
      opCase(
        `${op}: numbers`,
        { dims: [1, 3, 4, 3], values: op === 'FusedBatchNorm' ? special : numbers },
        (chance) => [
          ...['scale', 'offset', 'mean', 'variance'].map((name) =>
            floats(
              name,
              [3],
              [0, 1, 2].map((index) => positive(chance, index)),
            ),
          ),
          typed('y', op, ['x', 'scale', 'offset', 'mean', 'variance'], 'float32', {
            epsilon: { f: 0.001 },
            is_training: false,
          }),
        ],
      ),
    ),
    opCase('LRN: two channels to each side', { dims: [1, 2, 3, 7] }, () => [
      typed('y', 'LRN', ['x'], 'float32', {
        depth_radius: 2,
        bias: { f: 1.5 },
        alpha: { f: 0.5 },
        beta: { f: 0.75 },
      }),
    ]),
    opCase('CRelu: as Concat of both signs', { dims: [1, 3, 4, 3], values: withNaN }, () => [
      typed('a', 'Relu', ['x']),
      typed('n', 'Neg', ['x']),
      typed('b', 'Relu', ['n']),
      ints('axis', 3),
      typed('y', 'ConcatV2', ['a', 'b', 'axis'], 'float32', { N: 2 }),
    ]),
    opCase('TopKV2: values', { dims: [1, 2, 3, 5] }, () => [
      ints('k', 3),
      typed('t', 'TopKV2', ['x', 'k']),
      typed('y', 'Identity', ['t']),
    ]),
    opCase('TopKV2: indices', { dims: [1, 2, 3, 5] }, () => [
      ints('k', 3),
      typed('t', 'TopKV2', ['x', 'k']),
      typed('y', 'Identity', ['t:1']),
    ]),
  ];
}

function resizes(): OpCase[] {
  const modes: readonly [string, ShortAttrs][] = [
    ['corners in the middle', { half_pixel_centers: true }],
    ['aligned corners', { align_corners: true }],
    ['as of old', {}],
  ];
  return ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op) =>
    modes.flatMap(([mode, attrs]) =>
      [
        [7, 10],
        [2, 3],
        [5, 4],
        [1, 1],
      ].map((size) =>
        opCase(`${op}: to ${size.join('x')}, ${mode}`, { dims: [1, 4, 5, 3], tolerance: 1e-5 }, () => [
          ints('size', size),
          typed('y', op, ['x', 'size'], 'float32', attrs),
        ]),
      ),
    ),
  );
}

export const reductionCases: readonly OpCase[] = [...ofOneTensor(), ...products(), ...resizes()];

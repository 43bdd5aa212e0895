/** Cases of the ops that treat values one by one. */
import type { DataType } from '../../graph/graph.ts';
import { floats, ints } from '../../graph/graph-builder.test-support.ts';
import { constNode, tensorOf, type ShortAttrs } from '../../graph/node-builder.ts';
import {
  castNode,
  listed,
  numbers,
  opCase,
  positive,
  small,
  special,
  typed,
  unit,
  type Chance,
  type OpCase,
  type Values,
} from './op-case.test-support.ts';
import {
  comparisons,
  floatFunctions,
  tests,
  unaryFunctions,
  wholeFunctions,
} from './reference-elementwise.test-support.ts';

const from1: Values = (chance) => 1 + positive(chance, 0);

/** Where a function is defined: numbers of both signs but for these. */
const domains: Readonly<Record<string, Values>> = {
  Acos: unit,
  Acosh: from1,
  Asin: unit,
  Atanh: unit,
  Log: positive,
  Log1p: positive,
  Rsqrt: positive,
  Sqrt: positive,
};

/** Halves and their neighbours, for what rounds and tells signs. */
const edges = listed(-3.5, -2.5, -1.5, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 1.5, 2.5, 3.5, 6, 7, 8.25);

/** What grows or oscillates is not asked beyond its accuracy. */
const tame = new Set(['Cos', 'Sin', 'Tan', 'Sinh', 'Cosh', 'Exp', 'Expm1']);

const unary: OpCase[] = Object.keys(unaryFunctions).flatMap((op) => {
  const attrs: ShortAttrs = op === 'LeakyRelu' ? { alpha: { f: 0.3 } } : {};
  const make = (
    variant: string,
    values: Values,
    attrs: ShortAttrs,
    dims?: [number, number, number, number],
  ): OpCase =>
    opCase(`${op}: ${variant}`, { values, ...(dims === undefined ? {} : { dims }) }, () => [
      typed('y', op, ['x'], 'float32', attrs),
    ]);
  const domain = domains[op] ?? numbers;
  return [
    make('numbers', domain, attrs),
    make('numbers of two images', domain, attrs, [2, 3, 5, 3]),
    make('edges', domains[op] === undefined ? edges : domain, attrs, [1, 4, 4, 1]),
    make('NaN', (chance, index) => (index % 5 === 2 ? NaN : domain(chance, index)), attrs),
    ...(tame.has(op) ? [] : [make('infinities and NaN', special, attrs, [1, 4, 5, 1])]),
  ];
});

const leaky: OpCase[] = [0, 1, 1.5].map((alpha) =>
  opCase(`LeakyRelu: alpha ${alpha}`, { values: listed(-2, -0.5, 0, 0.5, 2, NaN) }, () => [
    typed('y', 'LeakyRelu', ['x'], 'float32', { alpha: { f: alpha } }),
  ]),
);

const testCases: OpCase[] = Object.keys(tests)
  .filter((op) => op !== 'LogicalNot')
  .map((op) =>
    opCase(`${op}: infinities and NaN`, { dims: [1, 4, 5, 1], values: special }, () => [
      typed('y', op, ['x']),
    ]),
  );

/** Shapes of a second operand beside a picture [n, h, w, c]. */
const partners: readonly [string, (dims: readonly number[]) => number[]][] = [
  ['a number', () => []],
  ['a channel vector', ([, , , c]) => [c!]],
  ['a column of pixels', ([, h]) => [1, h!, 1, 1]],
  ['a row of pixels', ([, , w, c]) => [w!, c!]],
  ['a picture', ([, h, w, c]) => [1, h!, w!, c!]],
];

const binaryNames = Object.keys(floatFunctions).filter(
  (op) => !['BiasAdd', 'FFmpegFloorMod', 'Prelu'].includes(op),
);

function valuesOf(op: string): Values {
  return op === 'Pow' ? positive : numbers;
}

const binary: OpCase[] = binaryNames.flatMap((op) => [
  ...partners.map(([with_, shapeOf]) =>
    opCase(`${op}: with ${with_}`, { values: valuesOf(op) }, (chance, dims) => {
      const shape = shapeOf(dims);
      const count = shape.reduce((product, size) => product * size, 1);
      const values = Array.from({ length: count }, (_, index) => valuesOf(op)(chance, index));
      return [floats('c', shape, values), typed('y', op, ['x', 'c'])];
    }),
  ),
  opCase(`${op}: a number with a picture`, { values: valuesOf(op) }, () => [
    floats('c', [], [1.75]),
    typed('y', op, ['c', 'x']),
  ]),
  opCase(`${op}: of two pictures`, { values: valuesOf(op) }, () => [
    typed('turned', 'Abs', ['x']),
    typed('y', op, ['x', 'turned']),
  ]),
  opCase(`${op}: infinities and NaN`, { dims: [1, 4, 5, 1], values: special }, () => [
    floats('c', [], [1.5]),
    typed('y', op, ['x', 'c']),
  ]),
  opCase(`${op}: with NaN`, { dims: [1, 2, 3, 2] }, () => [
    floats('c', [2], [NaN, 1.5]),
    typed('y', op, ['x', 'c']),
  ]),
]);

const signed = listed(-7, -6, -5, -3.5, -1, -1e-7, 0, 1e-7, 1, 3.5, 5, 6, 7, 2.25, -2.25, 100);

/** Signs of remainders, and a divisor of 0. */
const divisions: OpCase[] = [
  'Div',
  'DivNoNan',
  'FFmpegFloorMod',
  'FloorDiv',
  'FloorMod',
  'Mod',
  'RealDiv',
  'TruncateMod',
].flatMap((op) =>
  [3, -3, 0.5].map((divisor) =>
    opCase(`${op}: by ${divisor}`, { dims: [1, 4, 4, 1], values: signed }, () => [
      floats('c', [], [divisor]),
      typed('y', op, ['x', 'c']),
    ]),
  ),
);

const bias: OpCase[] = ['BiasAdd', 'Prelu'].flatMap((op) =>
  ([numbers, special] as const).map((values, index) =>
    opCase(`${op}: ${index === 0 ? 'numbers' : 'infinities and NaN'}`, { dims: [1, 3, 3, 3], values }, () => [
      floats('c', [3], [0.25, -1.5, 2]),
      typed('y', op, ['x', 'c']),
    ]),
  ),
);

/** PReLU's slopes over other axes than the channels, as `shared_axes` of Keras makes them. */
const sharedSlopes: OpCase[] = partners
  .slice(2)
  .map(([what, shapeOf]) =>
    opCase(`Prelu: slopes of ${what}`, {}, (_chance, dims) => [
      floats('c', shapeOf(dims)),
      typed('y', 'Prelu', ['x', 'c']),
    ]),
  );

const comparisonCases: OpCase[] = Object.keys(comparisons)
  .filter((op) => !op.startsWith('Logical'))
  .flatMap((op) => [
    opCase(`${op}: edges`, { dims: [1, 4, 4, 1], values: edges }, () => [
      floats('c', [], [0.5]),
      typed('y', op, ['x', 'c']),
    ]),
    opCase(`${op}: infinities and NaN`, { dims: [1, 4, 5, 1], values: special }, () => [
      typed('turned', 'Square', ['x']),
      typed('y', op, ['x', 'turned']),
    ]),
    opCase(`${op}: whole numbers`, { values: small }, () => [
      castNode('i', 'x', 'int32'),
      ints('c', 3),
      typed('y', op, ['i', 'c'], 'int32'),
    ]),
  ]);

const conditions = (): ReturnType<typeof typed>[] => [
  floats('low', [], [-0.5]),
  floats('high', [], [0.5]),
  typed('above', 'Greater', ['x', 'low']),
  typed('below', 'Less', ['x', 'high']),
];

const conditionCases: OpCase[] = [
  ...['LogicalAnd', 'LogicalOr'].map((op) =>
    opCase(`${op}: of two conditions`, {}, () => [
      ...conditions(),
      typed('y', op, ['above', 'below'], 'bool'),
    ]),
  ),
  opCase('LogicalNot: of a condition', {}, () => [
    ...conditions(),
    typed('y', 'LogicalNot', ['above'], 'bool'),
  ]),
  ...['Select', 'SelectV2'].map((op) =>
    opCase(`${op}: between pictures`, { dims: [1, 4, 5, 1], values: special }, () => [
      ...conditions(),
      typed('turned', 'Neg', ['x']),
      typed('y', op, ['above', 'x', 'turned']),
    ]),
  ),
  opCase('SelectV2: between numbers', {}, () => [
    ...conditions(),
    typed('y', 'SelectV2', ['above', 'low', 'high']),
  ]),
  opCase('SelectV2: a picture or a channel vector', { dims: [1, 3, 5, 3] }, () => [
    ...conditions(),
    floats('c', [3]),
    typed('y', 'SelectV2', ['above', 'x', 'c']),
  ]),
];

const types: readonly DataType[] = ['float32', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'bool'];

const castCases: OpCase[] = types.flatMap((type) => [
  opCase(`Cast: to ${type} of small numbers`, { dims: [1, 4, 4, 1], values: edges }, () => [
    castNode('y', 'x', type),
  ]),
  opCase(
    `Cast: to ${type} beyond a byte`,
    { values: listed(256, 300, 255.9, -1, -129, 128, 1000, -300) },
    () => [castNode('y', 'x', type)],
  ),
  opCase(
    `Cast: to ${type} beyond 16 bits`,
    { values: listed(32768, 65536, 70000, -32769, -70000, 1e6) },
    () => [castNode('y', 'x', type)],
  ),
  opCase(
    `Cast: to ${type} beyond 32 bits, and NaN`,
    { values: listed(NaN, Infinity, -Infinity, 3e9, -3e9, 1e20) },
    () => [castNode('y', 'x', type)],
  ),
  opCase(`Cast: ${type} back to float32`, { dims: [1, 4, 4, 1], values: edges }, () => [
    castNode('i', 'x', type),
    castNode('y', 'i', 'float32', type),
  ]),
]);

/** Divisors that are not 0, and a negative one. */
const wholePartner = (chance: Chance): number => chance.pick([-7, -3, 2, 3, 5, 11]);

const wholeNames = Object.keys(wholeFunctions).filter((op) => !['BiasAdd', 'BitwiseAnd', 'Pow'].includes(op));

const whole: OpCase[] = wholeNames.flatMap((op) =>
  (['int32', 'uint8'] as const).flatMap((type) => [
    opCase(`${op}: ${type} numbers`, { values: small }, (chance, dims) => [
      castNode('i', 'x', type),
      constNode(
        'c',
        tensorOf(
          type,
          Array.from({ length: dims[3] }, () => wholePartner(chance)),
        ),
      ),
      typed('y', op, ['i', 'c'], type),
    ]),
  ]),
);

/** Whole numbers that leave their type; the results are exact as floats. */
const overflow: OpCase[] = [
  ...['Add', 'AddV2', 'Sub', 'Mul', 'SquaredDifference'].flatMap((op) => [
    opCase(`${op}: int32 wraps`, { values: listed(65536, -65536, 2 ** 30, -(2 ** 31), 4096, 3) }, () => [
      castNode('i', 'x', 'int32'),
      ints('c', 2 ** 30 + 2 ** 30 - 2 ** 20),
      typed('y', op, ['i', 'c'], 'int32'),
    ]),
    opCase(`${op}: uint8 wraps`, { values: listed(0, 1, 100, 200, 255, 128) }, () => [
      castNode('i', 'x', 'uint8'),
      constNode('c', tensorOf('uint8', 200)),
      typed('y', op, ['i', 'c'], 'uint8'),
    ]),
  ]),
  ...['Neg', 'Abs', 'Square'].map((op) =>
    opCase(`${op}: int32 wraps`, { values: listed(65536, -(2 ** 31), 2 ** 30, 5, -5) }, () => [
      castNode('i', 'x', 'int32'),
      typed('y', op, ['i'], 'int32'),
    ]),
  ),
  ...['Neg', 'Abs', 'Square', 'Sign', 'Relu', 'Relu6'].map((op) =>
    opCase(`${op}: int32 numbers`, { values: small }, () => [
      castNode('i', 'x', 'int32'),
      typed('y', op, ['i'], 'int32'),
    ]),
  ),
  opCase('AddN: int32 wraps', { values: listed(2 ** 30, -(2 ** 30), 2 ** 20) }, () => [
    castNode('i', 'x', 'int32'),
    typed('y', 'AddN', ['i', 'i', 'i'], 'int32'),
  ]),
  opCase('Sub: int32 beyond 2^24', { values: listed(2 ** 24, 2 ** 24 + 2) }, () => [
    castNode('i', 'x', 'int32'),
    ints('one', 1),
    ints('most', 2 ** 24),
    typed('a', 'Add', ['i', 'one'], 'int32'),
    typed('y', 'Sub', ['a', 'most'], 'int32'),
  ]),
  opCase('BitwiseAnd: int32 numbers', { values: small }, () => [
    castNode('i', 'x', 'int32'),
    ints('c', 0x55),
    typed('y', 'BitwiseAnd', ['i', 'c'], 'int32'),
  ]),
];

const others: OpCase[] = [
  opCase('AddN: of three pictures', {}, () => [
    typed('a', 'Abs', ['x']),
    typed('y', 'AddN', ['x', 'a', 'x']),
  ]),
  ...(['numbers', 'infinities and NaN'] as const).map((what) =>
    opCase(
      `ClipByValue: ${what}`,
      { dims: [1, 4, 5, 1], values: what === 'numbers' ? numbers : special },
      () => [
        floats('low', [], [-0.75]),
        floats('high', [], [1.25]),
        typed('y', 'ClipByValue', ['x', 'low', 'high']),
      ],
    ),
  ),
  ...['Identity', 'IdentityN', 'StopGradient', 'PreventGradient', 'Snapshot', 'CheckNumerics', 'Print'].map(
    (op) => opCase(`${op}: a picture`, {}, () => [typed('a', 'Neg', ['x']), typed('y', op, ['a'])]),
  ),
  ...['OnesLike', 'ZerosLike'].map((op) => opCase(`${op}: a picture`, {}, () => [typed('y', op, ['x'])])),
];

export const elementwiseCases: readonly OpCase[] = [
  ...unary,
  ...leaky,
  ...testCases,
  ...binary,
  ...divisions,
  ...bias,
  ...sharedSlopes,
  ...comparisonCases,
  ...conditionCases,
  ...castCases,
  ...whole,
  ...overflow,
  ...others,
];

/** Ops that tfjs-converter mixes up or does not know, from a graph to the result. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { DNNModule } from '../../dnn/contract/interface.ts';
import type { AttrValue, GraphNode } from '../../graph/graph.ts';
import { floats, graph, ints, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { nodeAssets } from './node-runtime.test-support.ts';
import { createTensorflowModule } from './tensorflow-module.ts';

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule(nodeAssets);
});

/** Runs the nodes from x to y on one row of numbers. */
async function run(values: readonly number[], ...nodes: readonly GraphNode[]): Promise<number[]> {
  const network = graph(placeholder('x', [1, 1, -1, 1]), ...nodes);
  const model = await tensorflow.loadModel({ graph: network, batchFree: true, input: 'x', outputs: ['y'] });
  const data = Float32Array.from(values);
  try {
    const [result] = await model.execute({ dims: [1, 1, data.length, 1], data });
    return [...result!.data];
  } finally {
    expect(model.strayTensors()).toBe(0);
    model.close();
  }
}

const int: AttrValue = { type: 'int32' };
const float: AttrValue = { type: 'float32' };
const whole = node('whole', 'Cast', ['x'], { SrcT: float, DstT: int });

it.each([
  ['Mod', [0.5, -0.5, 1.5, -2]],
  ['TruncateMod', [0.5, -0.5, 1.5, -2]],
  ['FloorMod', [0.5, 2, 1.5, 0.5]],
  ['Div', [2.2, -2.2, 0.6, -1.8].map(Math.fround)],
  ['TruncateDiv', [2, -2, 0, -1]],
  ['FloorDiv', [2, -3, 0, -2]],
])('%s of floats', async (op, expected) => {
  const result = await run([5.5, -5.5, 1.5, -4.5], floats('b', [], [2.5]), node('y', op, ['x', 'b']));
  expect(result).toEqual(expected);
});

it.each([
  ['FFmpegMaximum', [2.5, 2.5, 7], [NaN, 2.5, 7]],
  ['FFmpegMinimum', [NaN, 1, 2.5], [2.5, 1, 2.5]],
])('%s compares as C does where a value is NaN', async (op, before, behind) => {
  const number = floats('b', [], [2.5]);
  expect(await run([NaN, 1, 7], number, node('y', op, ['x', 'b']))).toEqual(before);
  expect(await run([NaN, 1, 7], number, node('y', op, ['b', 'x']))).toEqual(behind);
});

it.each([
  ['Mod', [1, -1, 1, -1]],
  ['TruncateMod', [1, -1, 1, -1]],
  ['FloorMod', [1, 2, 1, 2]],
  ['Div', [2, -2, 0, -1]],
  ['TruncateDiv', [2, -2, 0, -1]],
  ['FloorDiv', [2, -3, 0, -2]],
])('%s of integers', async (op, expected) => {
  const divided = node('y', op, ['whole', 'three'], { T: int });
  expect(await run([7, -7, 1, -4], whole, ints('three', 3), divided)).toEqual(expected);
});

it('an order of execution is no operand', async () => {
  expect(await run([7], ints('three', 3), whole, node('y', 'Mod', ['whole', 'three', '^whole']))).toEqual([
    1,
  ]);
});

it.each([
  ['uint8', [0, 44, 255, 200, 0]],
  ['int8', [0, 44, -1, -56, 0]],
  ['uint16', [256, 300, 65535, 200, 0]],
  ['int16', [256, 300, -1, 200, 0]],
  ['int32', [256, 300, -1, 200, 65536]],
] as const)('a cast to %s keeps the last bits', async (type, expected) => {
  const cast = node('y', 'Cast', ['x'], { SrcT: float, DstT: { type } });
  expect(await run([256, 300.9, -1.9, 200.5, 65536], cast)).toEqual(expected);
});

it('a division by 0 is an error that a frame fails with', async () => {
  const divided = node('y', 'Div', ['whole', 'zero'], { T: int });
  await expect(run([7], whole, ints('zero', 0), divided)).rejects.toMatchObject({
    code: 'DNN_GENERIC_ERROR',
    message: expect.stringContaining('an integer is divided by zero') as string,
  });
});

describe('integers of 8 and 16 bits wrap', () => {
  const wrapped = async (
    op: string,
    type: 'uint8' | 'int16',
    values: readonly number[],
  ): Promise<number[]> => {
    const cast = node('narrow', 'Cast', ['x'], { SrcT: float, DstT: { type } });
    return run(values, cast, node('y', op, ['narrow', 'narrow'], { T: { type } }));
  };
  it('when they are added, subtracted, multiplied', async () => {
    expect(await wrapped('AddV2', 'uint8', [200, 255, 1])).toEqual([144, 254, 2]);
    expect(await wrapped('Mul', 'uint8', [16, 17, 3])).toEqual([0, 33, 9]);
    expect(await wrapped('AddV2', 'int16', [32767, -32768, 5])).toEqual([-2, 0, 10]);
  });

  it('but not those of 32', async () => {
    expect(await run([200], whole, node('y', 'AddV2', ['whole', 'whole'], { T: int }))).toEqual([400]);
  });
});

it('ops run whose inputs the converter misreads', async () => {
  const mask = node('y', 'BitwiseAnd', ['whole', 'mask'], { T: int });
  expect(await run([13, -1], whole, ints('mask', 6), mask)).toEqual([4, 6]);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await run([1.5], node('y', 'Print', ['x', 'x'], { T: float }))).toEqual([1.5]);
  warn.mockRestore();
  const shaped = (shape: readonly number[] | null): GraphNode =>
    node('y', 'EnsureShape', ['x'], { T: float, shape: { shape } });
  expect(await run([1.5], shaped([1, 1, -1, 1]))).toEqual([1.5]);
  expect(await run([1.5], shaped(null))).toEqual([1.5]);
  await expect(run([1.5], shaped([1, 1, 2, 1]))).rejects.toThrow('[1, 1, 1, 1] is not [1, 1, 2, 1]');
});

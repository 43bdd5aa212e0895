/** Ops that tfjs-converter mixes up or does not know, from a graph to the result. */
import { beforeAll, expect, it } from 'vitest';
import type { DNNModule } from '../../dnn/contract/interface.ts';
import type { AttrValue, GraphNode } from '../../graph/graph.ts';
import { floats, graph, ints, node, placeholder } from '../../graph/graph-builder.test-support.ts';
import { createTensorflowModule } from './tensorflow-module.ts';

const binaries = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';

let tensorflow: DNNModule;
beforeAll(async () => {
  tensorflow = await createTensorflowModule({
    simdWasmURL: `${binaries}-simd.wasm`,
    wasmURL: `${binaries}.wasm`,
  });
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

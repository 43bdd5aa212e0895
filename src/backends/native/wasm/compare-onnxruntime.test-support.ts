/** Compares models of ONNX on the native backend with onnxruntime. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import type { Tensor } from '../../../graph/graph.ts';
import { loadModel } from '../../../model/load-model.ts';
import {
  onnxFloats,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestAttribute,
  type TestModel,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { runAnyGraph } from './run-any-graph.test-support.ts';

/** Sixteenths from -2 on, the same for every seed. */
export function values(count: number, seed = 1): number[] {
  let state = seed * 7919 + 17;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return ((state >> 8) % 65) / 16 - 2;
  });
}

function size(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

/** Floats that follow from the seed. */
export const weights = (name: string, shape: readonly number[], seed = 2): TestTensor =>
  onnxFloats(name, shape, values(size(shape), seed));

/** Compares the outputs y of both for an input x. @param tolerance relative to values beyond 1. */
export async function compare(model: TestModel, shape: readonly number[], tolerance = 1e-5): Promise<void> {
  const bytes = writeOnnx(model);
  const x: Tensor = { dtype: 'float32', shape, data: Float32Array.from(values(size(shape), 5)) };
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = { x: new OrtTensor('float32', x.data as Float32Array, shape) };
  const expected = (await session.run(feeds))['y']!;
  await session.release();
  const graph = await loadModel('m.onnx', () => Promise.resolve(bytes));
  const [given] = await runAnyGraph(graph, { x }, ['y']);
  const wanted = Array.from(expected.data as ArrayLike<number | bigint>, Number);
  expect(given!.length).toBe(wanted.length);
  const worst = wanted.reduce((most, value, at) => {
    const [a, b] = [value, given![at]!];
    return Object.is(a, b) ? most : Math.max(most, Math.abs(a - b) / Math.max(1, Math.abs(a)) || Infinity);
  }, 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** What a model of one node has. */
export interface Single {
  readonly shape?: readonly number[];
  readonly attributes?: Readonly<Record<string, TestAttribute>>;
  readonly constants?: readonly TestTensor[];
  readonly opset?: number;
  readonly domain?: string;
  /** Element type of the output. */
  readonly type?: number;
}

/** A model of one node; constants are its further inputs, one without a name is left out. */
export function single(
  op: string,
  { shape = [1, 4, 7, 9], attributes = {}, constants = [], opset, domain, type = 1 }: Single = {},
): TestModel {
  const inputs = ['x', ...constants.map(({ name }) => name)];
  return {
    ...(opset === undefined ? {} : { opset }),
    ...(domain === undefined ? {} : { opsets: { [domain]: 1 } }),
    graph: {
      inputs: [onnxValue('x', shape)],
      outputs: [onnxValue('y', [], type)],
      constants: constants.filter(({ name }) => name !== ''),
      nodes: [{ ...onnxNode(op, inputs, 'y', attributes), ...(domain === undefined ? {} : { domain }) }],
    },
  };
}

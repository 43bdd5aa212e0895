/** Runs layers of OpenVINO models on both backends, for tests. */
import { expect } from 'vitest';
import type { DNNData, DNNModule } from '../dnn/contract/interface.ts';
import { feedChannelsLast } from '../graph/feed-channels-last.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { loadModel } from '../model/load-model.ts';
import {
  parameter,
  readingIr,
  result,
  writeIr,
  type TestLayer,
} from '../model/openvino/openvino-writer.test-support.ts';
import { nativeModel } from './native/wasm/native-model.test-support.ts';
import { at, fill, type Nchw } from './nchw-reference.test-support.ts';
import { createTensorflowModule } from './tensorflow/tensorflow-module.ts';

const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';

let started: Promise<DNNModule> | undefined;

function tensorflow(): Promise<DNNModule> {
  started ??= createTensorflowModule({ simdWasmURL: `${wasm}-simd.wasm`, wasmURL: `${wasm}.wasm` });
  return started;
}

/** A result of 4 dimensions as it comes from a backend, with channels first. */
function channelsFirst({ data, dims: [, height, width, channels] }: DNNData): Nchw {
  return fill(channels, height, width, (c, y, x) => data[(y * width + x) * channels + c]!);
}

/**
 * Runs layers from x to y on both backends, which must agree; a result of 4 dimensions
 * comes back with channels first.
 */
export async function run(
  layers: readonly TestLayer[],
  input: Nchw,
  on: readonly string[] = ['native', 'tensorflow'],
): Promise<Nchw> {
  const names = { input: 'x', outputs: ['y'] };
  const read = await loadModel('m.xml', readingIr(writeIr([...layers, result('y')])));
  const { graph, batchFree } = optimizeGraph(feedChannelsLast(read, { ...names, pictures: true }), names);
  const [, channels, height, width] = input.shape;
  const data = new Float32Array(input.data.length);
  for (let index = 0; index < data.length; index++) {
    const [c, pixel] = [index % channels, Math.floor(index / channels)];
    data[index] = at(input, c, Math.floor(pixel / width), pixel % width);
  }
  const results: Nchw[] = [];
  for (const backend of on) {
    const spec = { graph, batchFree, ...names };
    const model = backend === 'native' ? nativeModel(spec) : await (await tensorflow()).loadModel(spec);
    const [output] = await model.execute({ data, dims: [1, height, width, channels] });
    results.push(channelsFirst(output!));
    model.close();
  }
  for (const other of results.slice(1)) close(results[0]!, other);
  return results[0]!;
}

export function close(one: Nchw, other: Nchw, tolerance = 2e-5): void {
  expect(one.shape).toEqual(other.shape);
  const worst = one.data.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - other.data[index]!)),
    0,
  );
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** The shape of the file's input: that of the image, or open in height and width. */
export function fed({ shape }: Nchw, open = false): TestLayer {
  return parameter('x', open ? [1, shape[1], -1, -1] : shape);
}

export function pattern(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => ((index * 37 + 11) % 19) / 16 - 0.5);
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

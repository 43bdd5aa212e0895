/**
 * Runs the default models for detection and classification, and compares them
 * with tfjs's own reading of them.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io, tensor4d } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNativeModule } from '../src/backends/native/native-module.ts';
import { createTensorflowModule } from '../src/backends/tensorflow/tensorflow-module.ts';
import type { DNNData, DNNModel, DNNModule } from '../src/dnn/contract/interface.ts';
import { getInput, resolveInputName, resolveOutputName } from '../src/dnn/contract/model-io.ts';
import { optimizeGraph } from '../src/graph/optimize-graph.ts';
import { loadModel } from '../src/model/load-model.ts';
import { buildKernels, kernelFiles } from './build-kernels.mjs';
import { copyDetectionModels, detectionModels, readLabels } from './copy-detection-models.mjs';

/** Whole networks on one core, beside other tests: in milliseconds. */
const patience = 180_000;

const folder = mkdtempSync(join(tmpdir(), 'detection-models-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let tensorflow: DNNModule;
let native: DNNModule;
let paths: readonly string[];
beforeAll(async () => {
  const binaries = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';
  tensorflow = await createTensorflowModule({
    simdWasmURL: `${binaries}-simd.wasm`,
    wasmURL: `${binaries}.wasm`,
  });
  await buildKernels();
  const url = (name: string): string =>
    `data:application/wasm;base64,${readFileSync(kernelFiles[name]!).toString('base64')}`;
  native = createNativeModule({ simdKernelsURL: url('simd.wasm'), relaxedKernelsURL: url('relaxed.wasm') });
  paths = await copyDetectionModels(folder);
});

interface Case {
  readonly name: (typeof detectionModels)[number];
  /** As a user writes them. */
  readonly input: string;
  readonly outputs: readonly string[];
  readonly declared: readonly number[];
  readonly dtype: string;
  readonly dims: DNNData['dims'];
  /** What the network takes, of a byte. */
  readonly value: (byte: number) => number;
  /** Of each output. */
  readonly results: readonly DNNData['dims'][];
}

const around0 = (byte: number): number => byte / 127.5 - 1;
const asIs = (byte: number): number => byte;

const cases: readonly Case[] = [
  {
    name: 'blazeface',
    input: 'input:0',
    outputs: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
    declared: [1, 256, 256, 3],
    dtype: 'float32',
    dims: [1, 256, 256, 3],
    value: around0,
    results: [
      [1, 1, 512, 1],
      [1, 1, 384, 1],
      [1, 1, 512, 16],
      [1, 1, 384, 16],
    ],
  },
  {
    name: 'emotion',
    input: 'input_1:0',
    outputs: ['Identity:0'],
    declared: [-1, 64, 64, 1],
    dtype: 'float32',
    dims: [1, 64, 64, 1],
    value: around0,
    results: [[1, 1, 1, 7]],
  },
  {
    name: 'centernet',
    input: 'tower_0/images',
    outputs: ['tower_0/detections', 'tower_0/wh'],
    declared: [1, 512, 512, 3],
    dtype: 'float32',
    dims: [1, 512, 512, 3],
    value: asIs,
    results: [
      [1, 1, 100, 6],
      [1, 128, 128, 4],
    ],
  },
  {
    name: 'handtrack',
    input: 'input_tensor:0',
    outputs: ['Identity_5:0', 'Identity_4:0', 'Identity_2:0', 'Identity_1:0'],
    declared: [1, -1, -1, 3],
    dtype: 'uint8',
    dims: [1, 200, 264, 3],
    value: asIs,
    results: [
      [1, 1, 1, 1],
      [1, 1, 1, 100],
      [1, 1, 1, 100],
      [1, 1, 100, 4],
    ],
  },
];

/** Soft blobs of different colours on a gradient, with some noise: bytes. */
function picture({ dims: [, height, width, channels], dims }: Case): DNNData {
  let state = 7;
  const data = Float32Array.from({ length: height * width * channels }, (_, index) => {
    const channel = index % channels;
    const [x, y] = [
      (Math.floor(index / channels) % width) / width,
      Math.floor(index / channels / width) / height,
    ];
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const blob = Math.exp(-30 * ((x - 0.4) ** 2 + (y - 0.5) ** 2)) * (150 - 40 * channel);
    return Math.min(255, Math.floor(60 * x + 40 * y + blob + state / 2 ** 28));
  });
  return { data, dims };
}

function inputOf(model: Case): DNNData {
  const { data, dims } = picture(model);
  return { data: data.map(model.value), dims };
}

async function load(backend: DNNModule, { name, ...names }: Case): Promise<DNNModel> {
  const graph = await loadModel(join(folder, `${name}.json`), (path) => Promise.resolve(readFileSync(path)));
  const input = resolveInputName(graph, names.input);
  const outputs = names.outputs.map((output) => resolveOutputName(graph, output));
  const { dims, dtype } = getInput(graph, names.input);
  expect({ dims, dtype }).toEqual({ dims: names.declared, dtype: names.dtype });
  const { graph: optimised, batchFree } = optimizeGraph(graph, { input, outputs });
  return backend.loadModel({ graph: optimised, batchFree, input, outputs });
}

/** The outputs, by tfjs-converter's own reading of the files. */
async function evaluateAlone(
  { name, input, outputs, dtype }: Case,
  { data, dims }: DNNData,
): Promise<Float32Array[]> {
  const { modelTopology, weightsManifest } = JSON.parse(
    readFileSync(join(folder, `${name}.json`), 'utf8'),
  ) as { modelTopology: object; weightsManifest: io.WeightsManifestConfig };
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer;
  const model = await loadGraphModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const fed = tensor4d(data, [...dims], dtype === 'uint8' ? 'int32' : 'float32');
  const names = outputs.map((output) => output.replace(/:0$/, ''));
  const run = name === 'handtrack' ? model.executeAsync.bind(model) : model.execute.bind(model);
  const result = await run({ [input.replace(/:0$/, '')]: fed }, names);
  const tensors = Array.isArray(result) ? result : [result];
  const values = tensors.map((tensor) => Float32Array.from(tensor.dataSync()));
  for (const tensor of [...tensors, fed]) tensor.dispose();
  model.dispose();
  return values;
}

/** The largest difference, as a part of the largest value. */
function difference(values: Float32Array, expected: Float32Array): number {
  expect(values.length).toBe(expected.length);
  let [worst, most] = [0, 0];
  for (const [index, value] of values.entries()) {
    worst = Math.max(worst, Math.abs(value - expected[index]!));
    most = Math.max(most, Math.abs(expected[index]!));
  }
  return worst / most;
}

describe.each(cases)('$name on the tensorflow backend', (model) => {
  it('gives what tfjs gives by itself, in the expected sizes', { timeout: patience }, async () => {
    const loaded = await load(tensorflow, model);
    const input = inputOf(model);
    const outputs = await loaded.execute(input);
    expect(loaded.strayTensors()).toBe(0);
    loaded.close();
    expect(outputs.map(({ dims }) => dims)).toEqual(model.results);
    const expected = await evaluateAlone(model, input);
    for (const [index, { data }] of outputs.entries()) {
      expect(data.every(Number.isFinite)).toBe(true);
      expect(new Set(data).size).toBeGreaterThan(data.length === 1 ? 0 : 1);
      // Where the passes leave a graph alone, bit for bit.
      if (model.name === 'handtrack') expect(data).toEqual(expected[index]);
      else expect(difference(data, expected[index]!)).toBeLessThan(1e-5);
    }
  });
});

it('handtrack keeps no tensor from run to run, whatever the size', { timeout: patience }, async () => {
  const handtrack = cases.at(-1)!;
  const loaded = await load(tensorflow, handtrack);
  for (let run = 0; run < 5; run++) {
    await loaded.execute(inputOf({ ...handtrack, dims: [1, 40 + run, 64, 3] }));
    expect(loaded.strayTensors()).toBe(0);
  }
  loaded.close();
});

it('handtrack finds as many boxes as its first output says, the best of all anchors first', async () => {
  const handtrack = cases.at(-1)!;
  const anchors = 'StatefulPartitionedCall/Postprocessor/Slice';
  const loaded = await load(tensorflow, { ...handtrack, outputs: [...handtrack.outputs, anchors] });
  const [number, scores, classes, boxes, raw] = await loaded.execute(inputOf(handtrack));
  loaded.close();
  const count = number!.data[0]!;
  expect(count).toBe(100);
  expect(scores!.data[0]).toBe(raw!.data.reduce((most, score) => Math.max(most, score), 0));
  expect([...scores!.data]).toEqual([...scores!.data].sort((a, b) => b - a));
  const labels = (await readLabels())['handtrack-labels.txt']!;
  // The weights are of 8 bits, the numbers of the classes among them: 1.988 is class 2.
  for (const id of classes!.data.map(Math.round)) expect(labels[id]).toMatch(/^(?!background)[a-z]+$/);
  for (const edge of boxes!.data) expect(edge >= 0 && edge <= 1).toBe(true);
});

describe.each(cases.filter(({ name }) => name === 'blazeface' || name === 'emotion'))('$name', (model) => {
  it('gives the same on the native backend', async () => {
    const [one, other] = [await load(native, model), await load(tensorflow, model)];
    const [outputs, expected] = [await one.execute(inputOf(model)), await other.execute(inputOf(model))];
    one.close();
    other.close();
    for (const [index, { data, dims }] of outputs.entries()) {
      expect(dims).toEqual(expected[index]!.dims);
      expect(difference(data, expected[index]!.data)).toBeLessThan(1e-5);
    }
  });
});

it('centernet’s map of sizes is the same on the native backend', { timeout: patience }, async () => {
  const model = { ...cases[2]!, outputs: ['tower_0/wh'] };
  const [one, other] = [await load(native, model), await load(tensorflow, model)];
  const [[sizes], [expected]] = [await one.execute(inputOf(model)), await other.execute(inputOf(model))];
  one.close();
  other.close();
  expect(sizes!.dims).toEqual([1, 128, 128, 4]);
  expect(difference(sizes!.data, expected!.data)).toBeLessThan(1e-4);
});

describe('the files', () => {
  it('labels stand in the order of the classes', async () => {
    const labels = await readLabels();
    expect(labels['emotion-labels.txt']).toEqual('angry disgust fear happy sad surprise neutral'.split(' '));
    expect(labels['coco-labels.txt']).toHaveLength(80);
    expect(labels['coco-labels.txt']!.slice(0, 2)).toEqual(['person', 'bicycle']);
    expect(labels['coco-labels.txt']!.at(-1)).toBe('toothbrush');
    expect(readFileSync(join(folder, 'coco-labels.txt'), 'utf8').split('\n')).toEqual([
      ...labels['coco-labels.txt']!,
      '',
    ]);
  });

  it('say where they come from', () => {
    const note = readFileSync(join(folder, 'detection-models.txt'), 'utf8');
    for (const name of detectionModels) expect(note).toMatch(new RegExp(`^${name}: https://`, 'm'));
    expect(note).toMatch(/MIT License/);
  });

  it('are left alone where they are right and made again where they are not', async () => {
    const weights = join(folder, 'emotion.bin');
    const before = statSync(paths[0]!).mtimeMs;
    writeFileSync(weights, 'half a file');
    expect(await copyDetectionModels(folder)).toEqual(paths);
    expect(statSync(paths[0]!).mtimeMs).toBe(before);
    expect(statSync(weights).size).toBe(820_516);
  });
});

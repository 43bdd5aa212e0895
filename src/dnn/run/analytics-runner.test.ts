import { expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { AnalyticsRunner, type AnalyticsPostProc } from './analytics-runner.ts';
import type { AnalyticsInput } from '../contract/analytics-spec.ts';
import type { DNNData, DNNModel } from '../contract/interface.ts';

const input: AnalyticsInput = { width: 2, height: 2, channels: 3, order: 'rgb', mean: 0, scale: 1 };

/** Gives one output that `answer` makes of the input. */
function model(answer: (input: DNNData) => DNNData): DNNModel & { readonly inputs: DNNData[] } {
  const inputs: DNNData[] = [];
  return {
    inputs,
    execute: (tensor) => {
      inputs.push({ data: tensor.data.slice(), dims: tensor.dims });
      return Promise.resolve([answer(tensor)]);
    },
    memoryBytes: () => 1000,
    strayTensors: () => 0,
    close: () => undefined,
  };
}

/** The first value of each frame, as a tensor of rank 2 with leading ones. */
const firstValues = ({ data, dims: [n, height, width, channels] }: DNNData): DNNData => ({
  data: Float32Array.from({ length: n }, (_, index) => data[index * height * width * channels]!),
  dims: [1, 1, n, 1],
});

/** The label says what the frame's own output was. */
const echo: AnalyticsPostProc = ([output], frame, size) => ({
  kind: 'classify',
  classification: {
    label: `${[...output!.data].join(',')} of [${output!.dims.join(',')}], ${frame.width}x${frame.height} in ${size.width}x${size.height}`,
    confidence: { num: 1, den: 1 },
  },
});

function red(value: number, width: number, height: number) {
  const frame = allocateFrame('rgb24', width, height, value);
  frame.data[0]!.forEach((_, i, all) => (all[i] = i % 3 === 0 ? value : 0));
  return frame;
}

const labels = (results: Awaited<ReturnType<AnalyticsRunner['run']>>['outputs']) =>
  results.map((result) => (result.kind === 'classify' ? result.classification?.label : undefined));

test('frames of several sizes share one call of a model whose batch is free', async () => {
  const network = model(firstValues);
  const runner = new AnalyticsRunner(network, input, true, echo);
  const frames = [red(10, 4, 4), red(20, 6, 2), red(30, 2, 2)];
  const { outputs: results, spent, memoryBytes } = await runner.run(frames);
  expect(network.inputs.map(({ dims }) => dims)).toEqual([[3, 2, 2, 3]]);
  expect(labels(results)).toEqual([
    '10 of [1,1,1,1], 4x4 in 2x2',
    '20 of [1,1,1,1], 6x2 in 2x2',
    '30 of [1,1,1,1], 2x2 in 2x2',
  ]);
  expect(spent).toEqual(frames.map(({ buffer }) => buffer));
  expect(memoryBytes).toBe(1000 + 4 * 36);
});

test('a fixed batch, and sizes that differ where the model takes any, run one by one', async () => {
  const fixed = model(firstValues);
  await new AnalyticsRunner(fixed, input, false, echo).run([red(1, 2, 2), red(2, 2, 2)]);
  expect(fixed.inputs.map(({ dims }) => dims[0])).toEqual([1, 1]);
  const free = model(firstValues);
  const runner = new AnalyticsRunner(free, { ...input, width: -1, height: -1 }, true, echo);
  const { outputs: results } = await runner.run([red(1, 2, 2), red(2, 4, 2)]);
  expect(free.inputs.map(({ dims }) => dims)).toEqual([
    [1, 2, 2, 3],
    [1, 2, 4, 3],
  ]);
  expect(labels(results)).toEqual(['1 of [1,1,1,1], 2x2 in 2x2', '2 of [1,1,1,1], 4x2 in 4x2']);
});

test('mean and scale as OpenVINO means them', async () => {
  const network = model(firstValues);
  await new AnalyticsRunner(network, { ...input, mean: 127.5, scale: 127.5 }, true, echo).run([
    red(255, 2, 2),
  ]);
  expect([...network.inputs[0]!.data.subarray(0, 3)]).toEqual([1, -1, -1]);
});

test('an output that does not tell the frames apart is refused', async () => {
  const network = model(() => ({ data: new Float32Array(7), dims: [1, 1, 1, 7] }));
  const runner = new AnalyticsRunner(network, input, true, echo);
  const error = await runner.run([red(1, 2, 2), red(2, 2, 2)]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(
    failure(() => {
      throw error as Error;
    }).message,
  ).toContain('[1, 1, 1, 7] for 2 frames');
  // The next request runs.
  expect((await runner.run([red(1, 2, 2)])).outputs).toHaveLength(1);
  runner.close();
  await expect(runner.run([red(1, 2, 2)])).rejects.toThrow('closed');
});

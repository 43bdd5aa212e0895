import { expect, test } from 'vitest';
import { isAnswerOf, type RunnerAnswer, type RunnerRequest } from '../../dnn/run/runner-kinds.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { callWorker } from './call-worker.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';

const figures = { spent: [], msExecute: 1, msIo: 0, memoryBytes: 0, strayTensors: 0 };

test.each([
  [{ slot: 1, part: 0, parts: 1 }, 1],
  [{ slot: 4, part: 0, parts: 1 }, 1],
  [{ slot: 1, part: 1, parts: 2 }, 0],
])('the worker of %j is %i of 3', async (localIndex, wanted) => {
  const frame = allocateFrame('gray', 2, 1, 0);
  const sent: RunnerRequest<'analyse'> = { kind: 'analyse', items: [frame], outBuffers: [] };
  const calls: (readonly [number, RunnerRequest])[] = [];
  const pool = {
    size: 3,
    run: (worker: number, request: RunnerRequest): Promise<RunnerAnswer> => {
      calls.push([worker, request]);
      return Promise.resolve({ ...figures, kind: 'analyse', outputs: [{ kind: 'classify' }] });
    },
  };
  const workers = { pool, buffers: new BufferPool(1), meter: new DnnStageMeter() };
  const outputs = await callWorker({ ...localIndex, serial: 1, items: [frame] }, sent, [], workers);
  expect(outputs).toEqual([{ kind: 'classify' }]);
  expect(calls).toEqual([[wanted, sent]]);
});

test('an answer of another kind than the request is refused, and its buffers are counted as lost', async () => {
  const buffers = new BufferPool(1);
  const frame = allocateFrame('gray', 2, 1, 0);
  const taken = buffers.take(2);
  const answer: RunnerAnswer = { ...figures, kind: 'analyse', outputs: [] };
  expect(isAnswerOf('process', answer)).toBe(false);
  const workers = {
    pool: { size: 1, run: () => Promise.resolve(answer) },
    buffers,
    meter: new DnnStageMeter(),
  };
  const call = callWorker(
    { slot: 0, serial: 1, items: [frame], part: 0, parts: 1 },
    { kind: 'process', items: [], outBuffers: [] },
    [taken],
    workers,
  );
  await expect(call).rejects.toMatchObject({
    code: 'EINVAL',
    message: 'A request to process was answered by a worker that is to analyse.',
  });
  expect(buffers.outstanding).toBe(0);
});

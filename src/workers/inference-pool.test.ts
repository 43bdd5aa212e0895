/** The pool and its workers over MessageChannels, with Comlink and the worker's own code at the other end. */
import { expect, test, vi } from 'vitest';
import { DnnError } from '../base/errors.ts';
import type { AnalyticsSpec } from '../dnn/contract/analytics-spec.ts';
import type { DNNModel, FrameSize } from '../dnn/contract/interface.ts';
import { isAnswerOf } from '../dnn/run/runner-kinds.ts';
import { firstBytes, infer, picturesOf, TestHost } from './pool-host.test-support.ts';
import { startPool } from './start-pool.test-support.ts';
import { WorkerClient } from './worker-client.ts';

test('requests run side by side in the workers that they were sent to, and end in any order', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host, { size: 3 });
  expect([pool.size, pool.device]).toEqual([3, 'thread 0']);
  expect(host.started.map(({ label }) => label)).toEqual([0, 1, 2].map((slot) => `test inference ${slot}`));
  const ended: number[] = [];
  const requests = [0, 1, 2].map(async (worker) => {
    const bytes = await infer(pool, worker, 10 * worker, 10 * worker + 1);
    ended.push(worker);
    return bytes;
  });
  const models = host.started.map(({ model }) => model);
  await vi.waitFor(() => {
    expect(models.map(({ running }) => running.length)).toEqual([1, 1, 1]);
  });
  for (const worker of [2, 0, 1]) {
    models[worker]!.answer();
    await requests[worker];
  }
  expect(ended).toEqual([2, 0, 1]);
  expect(await Promise.all(requests)).toEqual([
    [255, 254],
    [245, 244],
    [235, 234],
  ]);
  pool.terminate();
});

test('requests to one worker run one after another', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const { model } = host.started[0]!;
  const requests = [1, 2, 3].map((value) => infer(pool, 0, value));
  for (const request of requests) {
    await vi.waitFor(() => {
      expect(model.running).toHaveLength(1);
    });
    model.answer();
    await request;
  }
  expect(await Promise.all(requests)).toEqual([[254], [253], [252]]);
  pool.terminate();
});

test('buffers are transferred to the worker and come back, those of the frames as spent', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const { request, travelling } = picturesOf(7, 8);
  const bytes = travelling[0]!.byteLength;
  const answering = pool.run(0, request, travelling);
  await vi.waitFor(() => {
    expect(travelling.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0, 0]);
    expect(host.started[0]!.model.running).toHaveLength(1);
  });
  host.started[0]!.model.answer();
  const answer = await answering;
  expect(firstBytes(answer)).toEqual([248, 247]);
  expect(answer.spent.map(({ byteLength }) => byteLength)).toEqual([bytes, bytes]);
  expect(answer.spent.map((buffer) => new Uint8Array(buffer)[0])).toEqual([7, 8]);
  expect(answer.memoryBytes).toBeGreaterThan(100);
  pool.terminate();
});

test('the worker keeps no buffer that it answers with', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const inWorker: Uint8Array[] = [];
  Object.assign(host.started[0]!.model, {
    takesBytes: () => Promise.resolve(true),
    executeBytes: (images: readonly Uint8Array[], _size: FrameSize, out: readonly Uint8Array[]) => {
      images.forEach((image, index) => {
        out[index]!.set(image.map((value) => 255 - value));
      });
      inWorker.push(...images, ...out);
      return Promise.resolve();
    },
  } satisfies Partial<DNNModel>);
  const { request, travelling } = picturesOf(7, 8);
  const answer = await pool.run(0, request, travelling);
  expect(firstBytes(answer)).toEqual([248, 247]);
  expect(inWorker.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0, 0]);
  pool.terminate();
});

const spec: AnalyticsSpec = {
  input: { width: 4, height: 2, channels: 1, order: 'rgb', mean: 0, scale: 255 },
  options: { kind: 'classify', confidence: 0.5, labels: ['dark', 'bright'] },
};

test('workers that are to analyse do, and refuse what is of another kind', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host, { task: { kind: 'analyse', setup: spec } });
  const { request, travelling } = picturesOf(255);
  const { frame } = request.items[0]!;
  const answering = pool.run(0, { kind: 'analyse', items: [frame], outBuffers: [] }, [frame.buffer]);
  await vi.waitFor(() => {
    expect(host.started[0]!.model.running).toHaveLength(1);
  });
  const { outcome } = host.started[0]!.model.running.shift()!;
  outcome.resolve([{ data: Float32Array.of(0.25, 0.75), dims: [1, 1, 1, 2] }]);
  const answer = await answering;
  if (!isAnswerOf('analyse', answer)) throw new Error(answer.kind);
  expect(answer.outputs).toMatchObject([{ kind: 'classify', classification: { label: 'bright' } }]);
  expect(answer.spent.map(({ byteLength }) => byteLength)).toEqual([8]);
  await expect(pool.run(0, picturesOf(1).request, travelling.slice(1))).rejects.toMatchObject({
    code: 'EINVAL',
    message: 'A request to process came to a worker that is to analyse.',
  });
  pool.terminate();
});

test('what the model throws comes with its code and details, and its worker goes on', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const { model } = host.started[0]!;
  const failing = infer(pool, 0, 1);
  const next = infer(pool, 0, 2);
  await vi.waitFor(() => {
    expect(model.running).toHaveLength(1);
  });
  model.fail(new DnnError('ENOMEM', 'no memory for layer 3', { layer: 3 }));
  await expect(failing).rejects.toBeInstanceOf(DnnError);
  await expect(failing).rejects.toMatchObject({
    code: 'ENOMEM',
    message: 'no memory for layer 3',
    details: { layer: 3 },
  });
  await vi.waitFor(() => {
    expect(model.running).toHaveLength(1);
  });
  model.answer();
  expect(await next).toEqual([253]);
  expect(pool.respawns).toBe(0);
  pool.terminate();
});

test('what the model plans and what its rows cost is asked of a worker', async () => {
  const { pool } = await startPool(new TestHost(), { size: 2 });
  const geometry = { format: 'gray', width: 4, height: 2, outWidth: 4, outHeight: 2 } as const;
  expect(await pool.plannedBytes(geometry)).toEqual({ arenaBytes: 1234, tensorBytes: 4 * (8 + 8) });
  const rows = [
    { from: 0, to: 4 },
    { from: 4, to: 10 },
  ];
  expect(await pool.rowShares(geometry, { width: 4, height: 10 }, rows)).toEqual([0.4, 0.6]);
  pool.terminate();
});

test('a model that one worker cannot load is the failure of the pool, and no worker is left', async () => {
  const before = WorkerClient.alive;
  const host = new TestHost((serial) => {
    if (serial === 1) throw new DnnError('ENOSYS', 'no kernel for Foo', { ops: ['Foo'] });
  });
  const starting = startPool(host, { size: 3 });
  await expect(starting).rejects.toBeInstanceOf(DnnError);
  await expect(starting).rejects.toMatchObject({ code: 'ENOSYS', details: { ops: ['Foo'] } });
  expect([host.started.length, host.alive, WorkerClient.alive]).toEqual([3, 0, before]);
});

test('shrink ends the workers beyond, and leaves the others to their requests', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host, { size: 3 });
  const kept = infer(pool, 0, 1);
  const lost = infer(pool, 2, 2);
  await vi.waitFor(() => {
    expect(host.started[0]!.model.running).toHaveLength(1);
    expect(host.started[2]!.model.running).toHaveLength(1);
  });
  pool.shrink(1);
  expect([pool.size, host.alive]).toEqual([1, 1]);
  await expect(lost).rejects.toMatchObject({ name: 'AbortError' });
  await expect(infer(pool, 1, 3)).rejects.toThrow('worker 1 of a pool of 1 workers');
  host.started[0]!.model.answer();
  expect(await kept).toEqual([254]);
  // Ended workers are no lost ones.
  expect([pool.respawns, host.started.length]).toEqual([0, 3]);
  pool.terminate();
});

test('terminate rejects what runs, what waits and what comes', async () => {
  const before = WorkerClient.alive;
  const host = new TestHost();
  const { pool, lines } = await startPool(host, { size: 2 });
  const calls = [infer(pool, 0, 1), infer(pool, 0, 2), infer(pool, 1, 3)];
  await vi.waitFor(() => {
    expect(host.started[1]!.model.running).toHaveLength(1);
  });
  const reason = new Error('the job was stopped');
  pool.terminate(reason);
  pool.terminate(new Error('a second time'));
  calls.push(infer(pool, 0, 4));
  for (const call of calls) await expect(call).rejects.toBe(reason);
  const geometry = { format: 'gray', width: 4, height: 2, outWidth: 4, outHeight: 2 } as const;
  await expect(pool.plannedBytes(geometry)).rejects.toBe(reason);
  // Give a life lock the time to be noticed, which must not start workers.
  await new Promise(setImmediate);
  expect([host.started.length, host.alive, WorkerClient.alive, lines]).toEqual([2, 0, before, []]);
});

test('a signal ends workers that are loading, at once and with its reason', async () => {
  const host = new TestHost(() => new Promise(() => undefined));
  const abort = new AbortController();
  const starting = startPool(host, { size: 3, signal: abort.signal });
  starting.catch(() => undefined); // awaited below
  await vi.waitFor(() => {
    expect(host.loading).toHaveLength(3);
  });
  const reason = new Error('stopped');
  abort.abort(reason);
  expect(host.alive).toBe(0);
  await expect(starting).rejects.toBe(reason);
  expect(host.started).toHaveLength(3);
});

test('a signal that has aborted starts nothing; later it ends the pool, unless that has ended', async () => {
  const host = new TestHost();
  await expect(startPool(host, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
    'too late',
  );
  expect(host.started).toHaveLength(0);

  const abort = new AbortController();
  const removed = vi.spyOn(abort.signal, 'removeEventListener');
  const [{ pool }, ended] = [
    await startPool(host, { signal: abort.signal }),
    await startPool(host, { signal: abort.signal }),
  ];
  ended.pool.terminate();
  expect(removed).toHaveBeenCalledTimes(1);
  const running = infer(pool, 0, 1);
  const reason = new Error('stopped');
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(host.alive).toBe(0);
});

/**
 * Workers that are lost: in the middle of a request, while they load, again and again, and without a word.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import { RequestLost } from '../dnn/schedule/request-lost.ts';
import { infer, TestHost, type StartedWorker } from './pool-host.test-support.ts';
import { RequestWatchdog } from './request-watchdog.ts';
import { manualClock } from './request-watchdog.test-support.ts';
import { startPool } from './start-pool.test-support.ts';
import { WorkerClient } from './worker-client.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Waits until the worker's model runs a request. */
async function running(host: TestHost, serial: number): Promise<StartedWorker> {
  await vi.waitFor(() => {
    expect(host.started[serial]?.model.running).toHaveLength(1);
  });
  return host.started[serial]!;
}

/** Ways to lose a worker, and what is said of each. */
const losses: readonly [string, (worker: StartedWorker) => void, string][] = [
  ['an error', ({ thread }) => thread.fail('unreachable executed'), 'failed: unreachable executed'],
  [
    'a garbled message',
    ({ thread }) => {
      thread.garble();
    },
    'sent a message that could not be read',
  ],
  [
    'an end without a word',
    ({ thread }) => {
      thread.terminate();
    },
    'died',
  ],
];

describe.each(losses)('%s', (_, lose, message) => {
  test('loses the requests of its worker alone, and another one takes its place', async () => {
    const before = WorkerClient.alive;
    const host = new TestHost();
    const { pool, lines } = await startPool(host, { size: 2 });
    const lost = [infer(pool, 0, 1), infer(pool, 0, 2)];
    const other = infer(pool, 1, 3);
    const worker = await running(host, 0);
    await running(host, 1);
    lose(worker);
    for (const request of lost) {
      await expect(request).rejects.toBeInstanceOf(RequestLost);
      await expect(request).rejects.toMatchObject({
        code: 'DNN_GENERIC_ERROR',
        message: `test inference 0 ${message}`,
        loss: 'died',
        canRetry: true,
      });
    }
    expect(worker.thread.isTerminated).toBe(true);
    const again = infer(pool, 0, 4);
    (await running(host, 2)).model.answer();
    expect(await again).toEqual([251]);
    host.started[1]!.model.answer();
    expect(await other).toEqual([252]);
    expect([pool.respawns, pool.size, host.started.length, host.alive]).toEqual([1, 2, 3, 2]);
    expect(WorkerClient.alive).toBe(before + 2);
    expect(lines).toEqual([
      `warning: test inference 0 ${message}; a new worker takes its place (1 of at most 6)`,
    ]);
    pool.terminate();
    expect(WorkerClient.alive).toBe(before);
  });

  test('while the model loads gives way to another worker', async () => {
    const loading = createDeferred<undefined>();
    const host = new TestHost((serial) => (serial === 0 ? loading.promise : undefined));
    const starting = startPool(host);
    await vi.waitFor(() => {
      expect(host.loading).toEqual([0]);
    });
    lose(host.started[0]!);
    const { pool, lines } = await starting;
    expect([pool.device, pool.respawns, host.alive]).toEqual(['thread 1', 1, 1]);
    expect(lines[0]).toContain(`test inference 0 ${message}; a new worker takes its place`);
    pool.terminate();
  });
});

test('a crash that a test asks for is noticed as one', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const request = infer(pool, 0, 1);
  await running(host, 0);
  await pool.crash(0);
  await expect(request).rejects.toMatchObject({ message: 'test inference 0 died', canRetry: true });
  pool.terminate();
});

test('a worker that dies between two requests is replaced before the next one', async () => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  host.started[0]!.thread.terminate();
  await vi.waitFor(() => {
    expect(pool.respawns).toBe(1);
  });
  const request = infer(pool, 0, 1);
  (await running(host, 1)).model.answer();
  expect(await request).toEqual([254]);
  pool.terminate();
});

test('a worker that fails in several ways is lost once', async () => {
  const host = new TestHost();
  const { pool, lines } = await startPool(host);
  const request = infer(pool, 0, 1);
  const { thread } = await running(host, 0);
  thread.fail('first');
  thread.garble();
  thread.fail('last');
  await expect(request).rejects.toMatchObject({ message: 'test inference 0 failed: first' });
  expect([pool.respawns, host.started.length, lines.length]).toEqual([1, 2, 1]);
  pool.terminate();
  host.started[1]!.thread.fail('too late');
  expect([host.started.length, lines.length]).toEqual([2, 1]);
});

test('a replacement that cannot load the model is lost like any other', async () => {
  const host = new TestHost((serial) => {
    if (serial === 1) throw new DnnError('ENOMEM', 'no memory for the weights');
  });
  const { pool, lines } = await startPool(host);
  host.started[0]!.thread.fail('first');
  const request = infer(pool, 0, 1);
  (await running(host, 2)).model.answer();
  expect(await request).toEqual([254]);
  expect(pool.respawns).toBe(2);
  expect(lines[1]).toBe(
    'warning: test inference 0 could not start: no memory for the weights; a new worker takes its place (2 of at most 3)',
  );
  pool.terminate();
});

test('a model that kills its workers does not start them for ever', async () => {
  const before = WorkerClient.alive;
  const host = new TestHost();
  const { pool, lines } = await startPool(host, { mostRespawns: 1 });
  for (const serial of [0, 1]) {
    const request = infer(pool, 0, serial);
    (await running(host, serial)).thread.fail('again');
    await expect(request).rejects.toMatchObject({ loss: 'died', canRetry: serial === 0 });
  }
  const message = 'test inference 0 failed: again';
  expect(lines).toEqual([
    `warning: ${message}; a new worker takes its place (1 of at most 1)`,
    `error: ${message}; 1 workers were started in place of lost ones, no more are`,
  ]);
  // Whoever comes later hears the same, at once.
  await expect(infer(pool, 0, 2)).rejects.toMatchObject({ message, canRetry: false });
  expect([host.started.length, WorkerClient.alive]).toEqual([2, before]);
  pool.terminate();
});

const geometry = { format: 'gray', width: 4, height: 2, outWidth: 4, outHeight: 2 } as const;

test.each([
  ['what the model plans', 'plannedBytes', { arenaBytes: 1234, tensorBytes: 64 }],
  ['what its rows cost', 'rowShares', [1]],
] as const)('%s is asked of the next worker where one dies over it', async (_, call, wanted) => {
  const host = new TestHost();
  const { pool } = await startPool(host);
  const { model, thread } = host.started[0]!;
  const dying = vi.fn(() => {
    thread.fail('asked too much');
    return Promise.reject(new Error('too late'));
  });
  model.arenaBytes = dying;
  model.rowShares = dying;
  const answer =
    call === 'plannedBytes'
      ? pool.plannedBytes(geometry)
      : pool.rowShares(geometry, { width: 4, height: 10 }, [{ from: 0, to: 10 }]);
  expect(await answer).toEqual(wanted);
  expect(dying).toHaveBeenCalledTimes(1);
  expect([pool.respawns, pool.device]).toEqual([1, 'thread 0']);
  pool.terminate();
});

describe('a worker that hangs', () => {
  test('over a request is ended by the watchdog, which watches one request at a time', async () => {
    const clock = manualClock();
    const watchdog = new RequestWatchdog({ expectedMsPerItem: 1, leastMs: 2000, clock });
    const host = new TestHost();
    const { pool, lines } = await startPool(host, { watchdog });
    const requests = [infer(pool, 0, 1), infer(pool, 0, 2, 3)];
    const { model, thread } = await running(host, 0);
    expect(clock.running).toBe(1);
    clock.pass(1500);
    model.answer();
    expect(await requests[0]).toEqual([254]);
    await running(host, 0);
    await vi.waitFor(() => {
      expect(clock.running).toBe(1);
    });
    // An item took 1500 ms, so two of them may take 60 s.
    clock.pass(59_500);
    await new Promise(setImmediate);
    expect(thread.isTerminated).toBe(false);
    clock.pass(500);
    await expect(requests[1]).rejects.toBeInstanceOf(RequestLost);
    await expect(requests[1]).rejects.toMatchObject({
      message: 'test inference 0 gave no answer for 2 frames in 60 s and was ended',
      loss: 'hung',
      canRetry: true,
    });
    expect([thread.isTerminated, clock.running, lines.length]).toEqual([true, 0, 1]);
    const again = infer(pool, 0, 4);
    (await running(host, 1)).model.answer();
    expect(await again).toEqual([251]);
    pool.terminate();
    expect(clock.running).toBe(0);
  });

  test('over its model is ended after two minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const never = createDeferred<undefined>();
    const host = new TestHost((serial) => (serial === 0 ? never.promise : undefined));
    const starting = startPool(host);
    while (host.loading.length === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(119_999);
    expect(host.started[0]!.thread.isTerminated).toBe(false);
    vi.advanceTimersByTime(1);
    expect(host.started[0]!.thread.isTerminated).toBe(true);
    const { pool, lines } = await starting;
    expect([pool.device, vi.getTimerCount()]).toEqual(['thread 1', 0]);
    expect(lines[0]).toContain('test inference 0 did not load its model in 120 s; a new worker');
    pool.terminate();
  });
});

test('a pool that is ended while a worker loads has that reason, and starts no other', async () => {
  const reason = new DnnError('ENOSYS', 'no kernel for Foo');
  const never = createDeferred<undefined>();
  const host = new TestHost((serial) => {
    if (serial === 1) throw reason;
    return never.promise;
  });
  await expect(startPool(host, { size: 2 })).rejects.toMatchObject({ code: 'ENOSYS' });
  await new Promise(setImmediate);
  expect([host.started.length, host.alive]).toEqual([2, 0]);
});

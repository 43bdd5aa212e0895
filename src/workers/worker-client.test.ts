/** The client over a MessageChannel, with Comlink at both ends. */
import { expect, test, vi } from 'vitest';
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import { livingLocks, livingWorker } from './living-worker.test-support.ts';
import { PortWorker } from './port-worker.test-support.ts';
import { WorkerClient } from './worker-client.ts';

interface TestApi {
  add(a: number, b: number): Promise<number>;
  refuse(): Promise<never>;
  /** Answers when the test says so, which may be never. */
  hang(): Promise<string>;
}

function start() {
  const hanging = createDeferred<string>();
  const worker = PortWorker.offering({
    add: (a: number, b: number) => a + b,
    refuse: () => Promise.reject(new DnnError('ENOSYS', 'no kernel for Foo', { ops: ['Foo', 'Bar'] })),
    hang: () => hanging.promise,
  } satisfies Record<keyof TestApi, unknown>);
  return { worker, hanging, client: new WorkerClient<TestApi>(worker, 'test worker') };
}

test('calls are answered, each with its own', async () => {
  const { client, hanging } = start();
  const slow = client.call((api) => api.hang());
  const sums = await Promise.all([1, 2, 3].map((n) => client.call((api) => api.add(n, 10))));
  expect(sums).toEqual([11, 12, 13]);
  hanging.resolve('late');
  expect(await slow).toBe('late');
  client.terminate();
});

test('what the worker throws comes with its code and details', async () => {
  const { client } = start();
  const call = client.call((api) => api.refuse());
  await expect(call).rejects.toBeInstanceOf(DnnError);
  await expect(call).rejects.toMatchObject({
    code: 'ENOSYS',
    message: 'no kernel for Foo',
    details: { ops: ['Foo', 'Bar'] },
  });
  // The connection stands.
  expect(await client.call((api) => api.add(1, 1))).toBe(2);
  client.terminate();
});

test.each<[string, (worker: PortWorker) => void, string]>([
  ['an error', (worker) => worker.fail('out of memory'), 'test worker failed: out of memory'],
  [
    'a script that is not there',
    (worker) => worker.fail(''),
    'test worker failed: its script could not be loaded',
  ],
  [
    'a garbled message',
    (worker) => {
      worker.garble();
    },
    'test worker sent a message that could not be read',
  ],
])('%s ends the worker; calls before and after fail with it', async (_, break_, message) => {
  const before = WorkerClient.alive;
  const { client, worker } = start();
  expect(WorkerClient.alive).toBe(before + 1);
  const pending = [1, 2].map(() => client.call((api) => api.hang()));
  break_(worker);
  const calls = [...pending, client.call((api) => api.add(1, 1))];
  for (const call of calls) {
    await expect(call).rejects.toBeInstanceOf(DnnError);
    await expect(call).rejects.toMatchObject({
      code: 'DNN_GENERIC_ERROR',
      message,
      details: { worker: 'test worker' },
    });
  }
  expect(worker.isTerminated).toBe(true);
  expect(WorkerClient.alive).toBe(before);
});

test('an error of the worker is not reported by the browser as well', () => {
  const { worker } = start();
  expect(worker.fail('out of memory')).toBe(false);
});

test('who starts the worker may say what its failure means', async () => {
  const reason = new DnnError('EIO', 'the disk is gone');
  const worker = PortWorker.offering({});
  const heard: string[] = [];
  const client = new WorkerClient<TestApi>(worker, 'test worker', (what) => {
    heard.push(what);
    return reason;
  });
  const call = client.call((api) => api.hang());
  worker.fail('first');
  worker.garble();
  await expect(call).rejects.toBe(reason);
  // Of the failures behind the first one nothing comes any more.
  await expect(client.call((api) => api.hang())).rejects.toBe(reason);
  expect(heard[0]).toBe('failed: first');
});

test('terminate rejects what is pending and what comes, with the first reason', async () => {
  const before = WorkerClient.alive;
  const { client, worker, hanging } = start();
  const pending = client.call((api) => api.hang());
  const reason = new Error('not needed any more');
  client.terminate(reason);
  client.terminate(new Error('a second time'));
  hanging.resolve('too late');
  await expect(pending).rejects.toBe(reason);
  await expect(client.call((api) => api.add(1, 1))).rejects.toBe(reason);
  expect(worker.isTerminated).toBe(true);
  expect(WorkerClient.alive).toBe(before);
});

test('without a reason it is an AbortError', async () => {
  const { client } = start();
  const pending = client.call((api) => api.hang());
  client.terminate();
  await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
});

test('a crash is told to nobody', async () => {
  const before = WorkerClient.alive;
  const { client, worker } = start();
  let settled = 0;
  const count = (): void => void (settled += 1);
  client.call((api) => api.hang()).then(count, count);
  client.crash();
  client.call((api) => api.add(1, 1)).then(count, count);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(worker.isTerminated).toBe(true);
  expect([settled, WorkerClient.alive]).toEqual([0, before + 1]);
  client.terminate();
});

test('a worker that dies without a word rejects what is pending and what comes', async () => {
  const before = WorkerClient.alive;
  const living = livingWorker<TestApi>({ hang: () => new Promise(() => undefined) }, 'living worker');
  const { client, worker } = living;
  const pending = client.call((api) => api.hang());
  await living.die();
  await expect(pending).rejects.toBeInstanceOf(DnnError);
  const error = { message: 'living worker died', details: { worker: 'living worker' } };
  expect(await client.ended).toMatchObject(error);
  await expect(client.call((api) => api.add(1, 1))).rejects.toMatchObject(error);
  expect(worker.isTerminated).toBe(true);
  expect(WorkerClient.alive).toBe(before);
});

test('whoever ended a worker waits for its lock no more, and is told its own reason', async () => {
  const { client } = livingWorker<TestApi>({ add: (a: number, b: number) => a + b }, 'living worker');
  expect(await client.call((api) => api.add(1, 2))).toBe(3);
  await vi.waitFor(() => {
    expect(Object.values(livingLocks.waiting)).toEqual([1]);
  });
  const reason = new Error('enough');
  client.terminate(reason);
  expect(await client.ended).toBe(reason);
  await vi.waitFor(() => {
    expect(livingLocks.waiting).toEqual({});
  });
});

test('the cause of what a worker throws comes with it', async () => {
  const cause = new DOMException('full', 'QuotaExceededError');
  const failure = new DnnError('ENOMEM', 'no room', { bytes: 5 }, { cause });
  const client = new WorkerClient<TestApi>(
    PortWorker.offering({ refuse: () => Promise.reject(failure) }),
    'x',
  );
  await expect(client.call((api) => api.refuse())).rejects.toMatchObject({
    code: 'ENOMEM',
    cause: { name: 'QuotaExceededError', message: 'full' },
  });
  client.terminate();
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeferred } from '../../base/deferred.ts';
import { DnnError } from '../../base/errors.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import * as spawn from '../../workers/spawn.ts';
import { CodecWorkers } from './codec-workers.ts';

/** One that was started. */
interface Started {
  readonly client: ReturnType<typeof spawn.spawnCodecWorker>;
  /** What the worker's failure is where it fails now. */
  readonly failed: () => Error;
  readonly end: () => void;
  readonly terminate: ReturnType<typeof vi.fn>;
}

let started: Started[];

beforeEach(() => {
  started = [];
  vi.spyOn(spawn, 'spawnCodecWorker').mockImplementation((_assets, _label, failure) => {
    const ended = createDeferred<unknown>();
    const terminate = vi.fn();
    const client = { ended: ended.promise, terminate } as unknown as Started['client'];
    const end = (): void => {
      ended.resolve(undefined);
    };
    started.push({ client, failed: () => failure('died'), end, terminate });
    return client;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const failure = (what: string): DnnError => new DnnError('EIO', `the decoder worker ${what}`);

test('a worker that was prepared is taken, and fails in the words of its taker', () => {
  const workers = new CodecWorkers({} as AssetUrls);
  workers.prepare(1);
  workers.prepare(1);
  expect(started).toHaveLength(1);
  expect(started[0]!.failed().message).toBe('the codec worker died');
  expect(workers.take('decoder worker', failure)).toBe(started[0]!.client);
  expect(started[0]!.failed().message).toBe('the decoder worker died');
  expect(workers.take('decoder worker', failure)).toBe(started[1]!.client);
  workers.end();
  expect(started.every(({ terminate }) => terminate.mock.calls.length === 0)).toBe(true);
});

test('one that has ended before is not given to anybody', async () => {
  const workers = new CodecWorkers({} as AssetUrls);
  workers.prepare(2);
  started[0]!.end();
  await Promise.resolve();
  expect(workers.take('decoder worker', failure)).toBe(started[1]!.client);
});

test('those that nobody takes end, and no more are prepared', () => {
  const workers = new CodecWorkers({} as AssetUrls);
  workers.prepare(2);
  workers.end();
  workers.prepare(1);
  expect(started).toHaveLength(2);
  expect(started.every(({ terminate }) => terminate.mock.calls.length === 1)).toBe(true);
});

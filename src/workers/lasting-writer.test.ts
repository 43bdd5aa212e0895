import { expect, test, vi } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { FrameRing } from '../media/frame-ring.ts';
import { createOutputChannel } from '../media/output/output-channel.ts';
import { LastingWriter } from './lasting-writer.ts';
import { livingWorker, type LivingWorker } from './living-worker.test-support.ts';
import { packError } from './packed-error.ts';
import type { WriterApi, WriterOutputs, WriterResult } from './writer-api.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const spool = { folder: 'folder', run: 'run' };
const kept: WriterResult = { files: [{ path: '/a.mkv', size: 4 }] };

interface Fixture {
  readonly writer: LastingWriter;
  /** Those that were started. */
  readonly workers: LivingWorker<WriterApi>[];
  readonly ring: FrameRing;
  /** What was to be recovered. */
  readonly recovered: WriterOutputs[];
}

/** A writer that never ends by itself. */
function begin(recover: () => Promise<WriterResult>, more: Partial<WriterOutputs & WriterApi> = {}): Fixture {
  const { answer = () => Promise.resolve(), ...outputs } = more;
  const recovered: WriterOutputs[] = [];
  const api: WriterApi = {
    run: never,
    answer,
    recover: (wanted) => {
      recovered.push(wanted);
      return recover();
    },
  };
  const workers: LivingWorker<WriterApi>[] = [];
  const start = () => {
    workers.push(livingWorker<WriterApi>(api, 'The writer worker'));
    return workers.at(-1)!.client;
  };
  const channel = createOutputChannel();
  const all = { targets: new Map(), spool, ...outputs };
  const writer = new LastingWriter(start, channel, all, undefined);
  return { writer, workers, ring: new FrameRing(channel.requests), recovered };
}

test('where the writer dies another one finishes its files, and ffmpeg waits for nobody', async () => {
  const http = { url: 'http://localhost/out' };
  const targets = new Map([['/a.mkv', http]]);
  const { writer, workers, ring, recovered } = begin(() => Promise.resolve(kept), { targets });
  await workers[0]!.die();
  await expect.poll(() => ring.readerClosed).toBe(true);
  const { files, lost } = await writer.finish();
  expect(files).toEqual(kept.files);
  expect(lost).toMatchObject({
    code: 'DNN_GENERIC_ERROR',
    message: 'The writer worker died What it wrote is kept: /a.mkv (4 bytes).',
    cause: { message: 'The writer worker died' },
  });
  expect(recovered).toEqual([{ targets, spool }]);
  expect(workers.map(({ worker }) => worker.isTerminated)).toEqual([true, true]);
});

test('a file that cannot be finished is named beside those that are', async () => {
  const failure = packError(new DnnError('EIO', '/b.mkv: not open'));
  const { writer, workers } = begin(() => Promise.resolve({ ...kept, failure }));
  await workers[0]!.die();
  const { files, lost } = await writer.finish();
  expect(files).toEqual(kept.files);
  expect(lost?.message).toMatch(/kept: \/a\.mkv \(4 bytes\)\. \/b\.mkv: not open$/);
});

test('where nothing can be kept the error says why', async () => {
  const { writer, workers } = begin(() => Promise.reject(new Error('no journal')));
  await workers[0]!.die();
  await expect(writer.finish()).rejects.toThrow(
    'The writer worker died Nothing that it wrote could be kept: no journal',
  );
  expect(workers[1]!.worker.isTerminated).toBe(true);
});

test('nothing is recovered of what was in memory, nor after an abort', async () => {
  const inMemory = begin(() => Promise.resolve(kept), { spool: undefined });
  await inMemory.workers[0]!.die();
  await expect(inMemory.writer.finish()).rejects.toThrow('The writer worker died');
  const aborted = begin(() => Promise.resolve(kept));
  aborted.writer.abort();
  await expect(aborted.writer.finish()).rejects.toMatchObject({ name: 'AbortError' });
  expect([inMemory.workers, aborted.workers].map(({ length }) => length)).toEqual([1, 1]);
});

test('a writer that is stuck is ended, and its files are finished too', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { writer } = begin(() => Promise.resolve(kept), { answer: never });
    vi.advanceTimersByTime(125_000);
    const { files, lost } = await writer.finish();
    expect(files).toEqual(kept.files);
    expect(lost?.message).toMatch(/^The writer worker hung: it has not answered for 120 s and was ended/);
  } finally {
    vi.useRealTimers();
  }
});

import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { EventSink } from '../../media/output/event-sink.ts';
import { FileStore } from '../../media/file-store.ts';
import { FrameRing } from '../../media/frame-ring.ts';
import { packError } from '../../workers/packed-error.ts';
import { livingWorker, type LivingWorker } from '../../workers/living-worker.test-support.ts';
import type { WriterApi, WriterResult } from '../../workers/writer-api.ts';
import { eventOutputs, streamOutputs, type OutputCollector } from './output-collector.ts';

/** Tells of a run that writes these files. */
function tellRun(collector: OutputCollector, files: Readonly<Record<string, string>>): void {
  const sink = new EventSink((event) => collector.onOutput?.(event));
  Object.entries(files).forEach(([path, text], index) => {
    sink.create(index, path);
    sink.write(index, 0, new TextEncoder().encode(text));
    sink.close(index);
  });
}

function collectingStream(): { stream: WritableStream<Uint8Array>; text: () => string } {
  const parts: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({
    write: (part) => {
      parts.push(part);
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString() };
}

test('outputs of a core go to their targets, the others to the store', async () => {
  const store = new FileStore();
  const [file, stdout] = [collectingStream(), collectingStream()];
  const outputs = [
    { path: 'a.mkv', target: file.stream },
    { path: '-', target: stdout.stream },
  ];
  const collector = eventOutputs({ outputs, defaultOutput: undefined, cwd: '/job' }, store);
  tellRun(collector, { '/job/a.mkv': 'film', 'pipe:1': 'bytes', '/job/b.mkv': 'other' });
  await collector.finish();
  expect([file.text(), stdout.text()]).toEqual(['film', 'bytes']);
  expect([...store.files()].map(({ path }) => path)).toEqual(['/job/b.mkv']);
});

test('a target that fails is an error with its reason; the other outputs are kept', async () => {
  const store = new FileStore();
  const target = new WritableStream<Uint8Array>({
    write: () => {
      throw new DOMException('the quota is used up', 'QuotaExceededError');
    },
  });
  const outputs = [{ path: '/a.mkv', target }];
  const collector = eventOutputs({ outputs, defaultOutput: undefined, cwd: '/' }, store);
  tellRun(collector, { '/a.mkv': 'film', '/b.mkv': 'other', 'pipe:1': 'bytes' });
  await expect(collector.finish()).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/^The output could not be written: \/a\.mkv: No space.*used up/) as string,
    cause: { code: 'ENOSPC', details: { path: '/a.mkv' }, cause: { name: 'QuotaExceededError' } },
  });
  expect([...store.files()].map(({ path }) => path)).toEqual(['/b.mkv', '/pipe:1']);
});

describe('outputs that a writer worker writes', () => {
  const request = { outputs: [], defaultOutput: undefined, cwd: '/' };

  function collect(run: () => Promise<WriterResult>): {
    readonly output: OutputCollector;
    readonly store: FileStore;
    readonly started: LivingWorker<WriterApi>;
    readonly ring: FrameRing;
  } {
    const api: WriterApi = { run, answer: () => Promise.resolve(), recover: run };
    const started = livingWorker<WriterApi>(api, 'writer worker');
    const store = new FileStore();
    const output = streamOutputs(request, store, undefined, () => started.client);
    const { coreOutputs } = output;
    if (coreOutputs.mode !== 'channel') throw new Error('no channel');
    return { output, store, started, ring: new FrameRing(coreOutputs.channel.requests) };
  }

  test('are in the store once they are complete, also where another one failed', async () => {
    const full = new DnnError('ENOSPC', '/b.mkv: full', { path: '/b.mkv' });
    const files = [{ path: '/a.mkv', size: 4, blob: new Blob(['film']) }];
    const { output, store, started } = collect(() => Promise.resolve({ files, failure: packError(full) }));
    await expect(output.finish()).rejects.toMatchObject({
      code: 'EIO',
      message: 'The output could not be written: /b.mkv: full',
      cause: { code: 'ENOSPC', details: { path: '/b.mkv' } },
    });
    expect([...store.files()].map(({ path }) => path)).toEqual(['/a.mkv']);
    expect(started.worker.isTerminated).toBe(true);
  });

  test('end with an error where the writer dies, and ffmpeg waits for nobody', async () => {
    const { output, started, ring } = collect(() => new Promise(() => undefined));
    const finished = output.finish();
    finished.catch(() => undefined); // awaited below
    expect(ring.readerClosed).toBe(false);
    await started.die();
    await expect(finished).rejects.toMatchObject({
      code: 'DNN_GENERIC_ERROR',
      message: 'writer worker died',
    });
    expect([ring.readerClosed, ring.closeCode, ring.closeReason]).toEqual([
      true,
      'EIO',
      'writer worker died',
    ]);
  });
});

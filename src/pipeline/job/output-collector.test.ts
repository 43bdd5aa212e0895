import { expect, test } from 'vitest';
import { reportPath, stdoutFile, stdoutPath } from '../../media/core-options.ts';
import type { FfmpegCore } from '../../media/ffmpeg-core.ts';
import { FileStore } from '../../media/file-store.ts';
import { memoryOutputs } from './output-collector.ts';

/** A core whose run left these files. */
function coreWith(files: Readonly<Record<string, string>>): FfmpegCore {
  const paths = Object.keys(files).map((path) => (path === stdoutFile ? stdoutPath : path));
  return {
    report: () =>
      Promise.resolve({ files: [...paths, reportPath].map((path) => ({ path, size: 0 })), faults: [] }),
    readFile: (path: string) => Promise.resolve(new TextEncoder().encode(files[path])),
  } as unknown as FfmpegCore;
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
  const collector = memoryOutputs({ outputs, defaultOutput: undefined, cwd: '/job' }, store);
  await collector.collect(coreWith({ '/job/a.mkv': 'film', [stdoutFile]: 'bytes', '/job/b.mkv': 'other' }));
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
  const collector = memoryOutputs({ outputs, defaultOutput: undefined, cwd: '/' }, store);
  await collector.collect(coreWith({ '/a.mkv': 'film', '/b.mkv': 'other', [stdoutFile]: 'bytes' }));
  await expect(collector.finish()).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/^The output could not be written: \/a\.mkv: No space.*used up/) as string,
    cause: { code: 'ENOSPC', details: { path: '/a.mkv' }, cause: { name: 'QuotaExceededError' } },
  });
  expect([...store.files()].map(({ path }) => path)).toEqual(['/b.mkv', '/pipe:1']);
});

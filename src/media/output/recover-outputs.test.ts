import { afterEach, expect, test, vi } from 'vitest';
import { openSink, type CoreSink } from './core-sink.ts';
import { FrameRing } from '../frame-ring.ts';
import { memoryFolder, type MemoryFolder } from './memory-folder.test-support.ts';
import type { OutputTargets } from './open-output.ts';
import { OpfsFile } from './opfs-file.ts';
import { createOutputChannel } from './output-channel.ts';
import { journalBytes, OutputJournal, type SpoolRun } from './output-journal.ts';
import type { OutputResult } from './output-result.ts';
import { OutputWriter } from './output-writer.ts';
import { recoverOutputs } from './recover-outputs.ts';

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const none: OutputTargets = { targets: new Map() };

afterEach(() => {
  vi.unstubAllGlobals();
});

interface Death {
  readonly folder: MemoryFolder;
  readonly spool: SpoolRun;
  readonly journal: Uint8Array;
}

/** A writer that is gone once it has done what a core says. */
async function die(say: (sink: CoreSink) => void, outputs = none): Promise<Death> {
  const folder = memoryFolder();
  const spool = { folder: folder.handle, run: 'run' };
  const channel = createOutputChannel();
  const fail = (errno: number): never => {
    throw new Error(`errno ${errno}`);
  };
  const journal = await OutputJournal.create(spool, 0);
  void new OutputWriter(channel, { ...outputs, spool }, undefined, journal).run();
  say(openSink({ mode: 'channel', channel }, undefined, fail));
  await expect.poll(() => new FrameRing(channel.requests).available).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  folder.letGo();
  return { folder, spool, journal: await journalBytes(spool) };
}

async function recover({ journal, spool }: Death, outputs = none): Promise<OutputResult> {
  return recoverOutputs(journal, { ...outputs, spool });
}

const texts = ({ files }: OutputResult): Promise<(readonly [string, number, string])[]> =>
  Promise.all(files.map(async ({ path, size, blob }) => [path, size, (await blob?.text()) ?? ''] as const));

/** Files that are written over, cut, renamed, replaced and removed. */
function busy(sink: CoreSink): void {
  sink.create(1, '/a');
  sink.create(2, '/list.tmp');
  sink.write(1, 0, bytes('hello world'));
  sink.write(2, 0, bytes('a long first list'));
  sink.close(2);
  sink.rename(2, '/list');
  sink.write(1, 6, bytes('WORLD'));
  sink.create(3, '/list.tmp');
  sink.write(3, 0, bytes('second'));
  sink.rename(3, '/list');
  sink.unlink(2);
  sink.create(4, '/gone');
  sink.write(4, 0, bytes('gone'));
  sink.unlink(4);
  sink.truncate(1, 8);
  sink.create(5, '/empty');
}

test('what a writer wrote is found under its last paths, and what is empty is no file', async () => {
  const death = await die(busy);
  const result = await recover(death);
  expect(result.error).toBeUndefined();
  expect(await texts(result)).toEqual([
    ['/a', 8, 'hello WO'],
    ['/list', 6, 'second'],
  ]);
  const kept = result.files.map(({ spoolName }) => spoolName);
  expect(death.folder.names().toSorted()).toEqual([...kept, 'run.journal'].toSorted());
});

test('a journal that is cut off anywhere tells what came before', async () => {
  const death = await die((sink) => {
    sink.create(1, '/a');
    sink.write(1, 0, bytes('0123456789abcdefghij'));
    sink.write(1, 20, bytes('more'));
  });
  const sizes = new Set<number>();
  for (let length = 0; length <= death.journal.length; length++) {
    const cut = death.journal.subarray(0, length);
    const files = memoryFolder();
    const file = new OpfsFile(files.handle, 'run.1');
    await file.write(0, bytes('0123456789abcdefghijmore'));
    file.rest();
    const result = await recover({ ...death, journal: cut, spool: { folder: files.handle, run: 'run' } });
    expect(result.error).toBeUndefined();
    sizes.add(result.files[0]?.size ?? 0);
  }
  expect([...sizes]).toEqual([0, 20, 24]);
});

/** A server that keeps files as `HttpTarget` says, and what was asked of it but reads. */
function stubServer(): { readonly files: Map<string, Uint8Array>; readonly asked: string[] } {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: URL, init: { method: string; body?: Uint8Array<ArrayBuffer> }) => {
    const query = url.searchParams;
    const path = query.get('path')!;
    const stored = files.get(path);
    if (init.method === 'GET') {
      if (stored === undefined) return Promise.resolve(new Response('not open', { status: 404 }));
      const offset = Number(query.get('offset'));
      return Promise.resolve(new Response(stored.slice(offset, offset + Number(query.get('length')))));
    }
    asked.push(url.search);
    if (init.body !== undefined) files.set(path, init.body.slice());
    const newPath = query.get('rename');
    if (newPath !== null) files.set(newPath, files.get(path)!);
    return Promise.resolve(new Response());
  });
  return { files, asked };
}

test('a file at a server that took the place of another one is finished once, under its last path', async () => {
  const { asked } = stubServer();
  const outputs = { targets: new Map(), fallback: { url: 'http://localhost/out' } };
  const death = await die((sink) => {
    for (const id of [1, 2]) {
      sink.create(id, '/list.tmp');
      sink.write(id, 0, bytes(id === 1 ? 'a long first list' : 'second'));
      sink.close(id);
      sink.rename(id, '/list');
    }
  }, outputs);
  asked.length = 0;
  const result = await recover(death, outputs);
  expect(result).toEqual({ files: [{ path: '/list', size: 6 }] });
  expect(asked).toEqual(['?path=%2Flist&truncate=6', '?path=%2Flist&finish=6']);
});

test('a file at a server is finished with the bytes that came there, one that it closed is left alone', async () => {
  const { files, asked } = stubServer();
  const outputs = { targets: new Map(), fallback: { url: 'http://localhost/out' } };
  const death = await die((sink) => {
    sink.create(1, '/a');
    sink.write(1, 0, bytes('sent'));
    sink.close(1);
    sink.write(1, 4, bytes(' and not sent'));
    sink.create(2, '/closed');
    sink.write(2, 0, bytes('whole'));
    sink.close(2);
  }, outputs);
  files.delete('/closed');
  asked.length = 0;
  const result = await recover(death, outputs);
  expect(result.files).toEqual([{ path: '/a', size: 4 }]);
  expect(asked).toEqual(['?path=%2Fa&truncate=4', '?path=%2Fa&finish=4']);
  expect(result.error).toMatchObject({ code: 'EIO', details: { path: '/closed' } });
});

test('a run whose journal finds no space goes on without it', async () => {
  const folder = memoryFolder({ fullAt: 100 });
  const journal = await OutputJournal.create({ folder: folder.handle, run: 'run' });
  const channel = createOutputChannel();
  const sink = openSink({ mode: 'channel', channel }, undefined, () => {
    throw new Error('closed');
  });
  busy(sink);
  new FrameRing(channel.requests).end();
  const result = await new OutputWriter(channel, none, undefined, journal).run();
  expect(result.error).toBeUndefined();
  expect(result.files.map(({ path }) => path)).toEqual(['/a', '/list', '/empty']);
  await journal.remove();
  expect(folder.names()).toEqual([]);
});

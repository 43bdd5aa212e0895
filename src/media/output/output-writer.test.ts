import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { openSink, type CoreSink } from './core-sink.ts';
import { FrameRing } from '../frame-ring.ts';
import { MemoryFile } from './memory-file.ts';
import type { OutputTargets } from './open-output.ts';
import { createOutputChannel, encodeHeader, OutputOp } from './output-channel.ts';
import type { OutputTarget } from './output-target.ts';
import type { OutputResult } from './output-result.ts';
import { OutputWriter } from './output-writer.ts';

const none: OutputTargets = { targets: new Map() };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Lets a core's sink say something, then the writer work it off. */
async function write(say: (sink: CoreSink) => void, outputs = none): Promise<OutputResult> {
  const channel = createOutputChannel();
  const fail = (errno: number): never => {
    throw new Error(`errno ${errno}`);
  };
  say(openSink({ mode: 'channel', channel }, undefined, fail));
  new FrameRing(channel.requests).end();
  return new OutputWriter(channel, outputs).run();
}

async function text(result: OutputResult, index = 0): Promise<string> {
  return result.files[index]!.blob!.text();
}

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

test('a memory file behaves like an array that grows', async () => {
  const operation = fc.oneof(
    fc.record({ write: fc.nat(3_000_000), length: fc.integer({ min: 1, max: 300_000 }) }),
    fc.record({ truncate: fc.nat(3_000_000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 6 }), async (operations) => {
      const file = new MemoryFile();
      let model = new Uint8Array(0);
      const resize = (size: number): void => {
        const next = new Uint8Array(size);
        next.set(model.subarray(0, size));
        model = next;
      };
      operations.forEach((op, index) => {
        if ('truncate' in op) {
          resize(op.truncate);
          file.truncate(op.truncate);
          return;
        }
        const part = new Uint8Array(op.length).fill(index + 1);
        if (op.write + op.length > model.length) resize(op.write + op.length);
        model.set(part, op.write);
        file.write(op.write, part);
      });
      const back = new Uint8Array(model.length + 10);
      expect(file.read(0, back)).toBe(model.length);
      expect(Buffer.compare(back.subarray(0, model.length), model)).toBe(0);
      const blob = await file.finish();
      expect(Buffer.compare(new Uint8Array(await blob.arrayBuffer()), model)).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test('interleaved files, positions, renames and removals', async () => {
  const result = await write((sink) => {
    sink.create(1, '/a');
    sink.create(2, '/b.tmp');
    sink.write(1, 0, bytes('hello world'));
    sink.write(2, 0, bytes('second'));
    sink.write(1, 6, bytes('WORLD'));
    sink.close(1);
    sink.create(3, '/gone');
    sink.unlink(3);
    sink.write(3, 0, bytes('to a file that is unlinked'));
    sink.rename(2, '/b');
    sink.truncate(1, 8);
  });
  expect(result.error).toBeUndefined();
  expect(result.files.map(({ path, size }) => [path, size])).toEqual([
    ['/a', 8],
    ['/b', 6],
  ]);
  expect(await text(result, 0)).toBe('hello WO');
  expect(await text(result, 1)).toBe('second');
});

test('a read sees every write before it', async () => {
  const channel = createOutputChannel();
  const ring = new FrameRing(channel.requests);
  const path = bytes('/a');
  const send = (part: Uint8Array): void => {
    expect(ring.tryWrite(part)).toBe(part.length);
  };
  send(encodeHeader({ op: OutputOp.create, file: 1, offset: 0, length: path.length }));
  send(path);
  send(encodeHeader({ op: OutputOp.write, file: 1, offset: 3, length: 4 }));
  send(bytes('data'));
  send(encodeHeader({ op: OutputOp.read, file: 1, offset: 0, length: 100 }));
  ring.end();
  await new OutputWriter(channel, none).run();
  const words = new Int32Array(channel.reply, 0, 2);
  expect([...words]).toEqual([1, 7]);
  expect(new Uint8Array(channel.reply, 8, 7)).toEqual(bytes('\0\0\0data'));
});

test('streams get a complete file, standard output as it comes', async () => {
  for (const path of ['/out.mp4', 'pipe:1']) {
    const parts: Uint8Array[] = [];
    const stream = new WritableStream<Uint8Array>({
      write: (part) => {
        parts.push(part);
      },
    });
    const outputs = { targets: new Map<string, OutputTarget>([[path, stream]]) };
    const result = await write((sink) => {
      sink.create(1, path);
      sink.write(1, 0, bytes('one '));
      sink.write(1, 4, bytes('two'));
    }, outputs);
    expect(result).toEqual({ files: [{ path, size: 7 }] });
    expect(Buffer.concat(parts).toString()).toBe('one two');
    expect(parts.length).toBe(path === 'pipe:1' ? 2 : 1);
  }
});

test('a target that fails closes the channel with its reason; other files are finished', async () => {
  const channel = createOutputChannel();
  const stream = new WritableStream<Uint8Array>({
    write: () => {
      throw new DOMException('the quota is used up', 'QuotaExceededError');
    },
  });
  const fail = (errno: number): never => {
    throw new Error(`errno ${errno}`);
  };
  const sink = openSink({ mode: 'channel', channel }, undefined, fail);
  sink.create(1, '/a');
  sink.write(1, 0, bytes('kept'));
  sink.create(2, 'pipe:1');
  sink.write(2, 0, bytes('lost'));
  // The channel stays open, as it is while ffmpeg still works.
  const result = await new OutputWriter(channel, { targets: new Map([['pipe:1', stream]]) }).run();
  expect(result.error?.code).toBe('ENOSPC');
  expect(result.error?.message).toMatch(/pipe:1.*No space.*quota is used up/);
  expect(result.error?.cause).toMatchObject({ name: 'QuotaExceededError' });
  expect(await text(result)).toBe('kept');
  expect(() => {
    sink.write(1, 4, bytes('more'));
  }).toThrow('errno 51');
  expect(() => sink.read(1, 0, new Uint8Array(1))).toThrow('errno 51');
});

test('a core that dies leaves its files as complete as they got', async () => {
  const channel = createOutputChannel();
  const ring = new FrameRing(channel.requests);
  ring.tryWrite(encodeHeader({ op: OutputOp.create, file: 1, offset: 0, length: 2 }));
  ring.tryWrite(bytes('/a'));
  ring.tryWrite(encodeHeader({ op: OutputOp.write, file: 1, offset: 0, length: 9 }));
  ring.tryWrite(bytes('cut'));
  ring.break('ffmpeg crashed');
  const result = await new OutputWriter(channel, none).run();
  expect(result.error).toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/ffmpeg crashed/) as string,
  });
  expect(result.files.map(({ path, size }) => [path, size])).toEqual([['/a', 0]]);
});

test('records of random bytes end in an error, not in a hang', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 500 }), async (noise) => {
      const channel = createOutputChannel(4096);
      const ring = new FrameRing(channel.requests);
      ring.tryWrite(noise);
      ring.end();
      const { files } = await new OutputWriter(channel, none).run();
      expect(files.length).toBeLessThan(20);
    }),
    { numRuns: 100 },
  );
});

test('an HTTP target gets ordered batches, reads, the end, and reports a full disk', async () => {
  const requests: string[] = [];
  const stored = new Uint8Array(3_000_000);
  vi.stubGlobal('fetch', async (url: URL, init: { method: string; body?: Uint8Array<ArrayBuffer> }) => {
    const query = url.searchParams;
    requests.push(`${init.method} ${query.toString()} ${init.body?.length ?? '-'}`);
    if (query.get('path') === '/full') return new Response('disk full', { status: 507 });
    const offset = Number(query.get('offset'));
    if (init.body !== undefined)
      stored.set(new Uint8Array(await new Response(init.body).arrayBuffer()), offset);
    return new Response(stored.slice(offset, offset + Number(query.get('length') ?? 0)));
  });
  const outputs: OutputTargets = { targets: new Map(), fallback: { url: 'http://localhost/out?key=1' } };
  const content = Uint8Array.from({ length: 1_500_000 }, (_, index) => index % 251);
  const result = await write((sink) => {
    sink.create(1, '/a');
    for (let at = 0; at < content.length; at += 50_000) sink.write(1, at, content.subarray(at, at + 50_000));
    sink.write(1, 0, bytes('head'));
    sink.close(1);
  }, outputs);
  expect(result).toEqual({ files: [{ path: '/a', size: 1_500_000 }] });
  expect(requests).toEqual([
    'POST key=1&path=%2Fa&offset=0 1048576',
    'POST key=1&path=%2Fa&offset=1048576 451424',
    'POST key=1&path=%2Fa&offset=0 4',
    'POST key=1&path=%2Fa&finish=1500000 -',
  ]);
  expect(Buffer.compare(stored.subarray(4, content.length), content.subarray(4))).toBe(0);
  const full = await write((sink) => {
    sink.create(1, '/full');
    sink.write(1, 0, bytes('x'));
  }, outputs);
  expect(full.error).toMatchObject({
    code: 'ENOSPC',
    message: expect.stringMatching(/\/full.*disk full/) as string,
    cause: { code: 'ENOSPC', details: { path: '/full', status: 507 } },
  });
});

test('what a core is told of a failed target is its code, whatever the words are', async () => {
  for (const [code, errno] of [
    ['EIO', 29],
    ['ENOSPC', 51],
  ] as const) {
    const channel = createOutputChannel();
    const stream = new WritableStream<Uint8Array>({
      write: () => {
        throw new DnnError(code, 'ENOSPC: EIO: words that look like codes');
      },
    });
    const fail = (number: number): never => {
      throw new Error(`errno ${number}`);
    };
    const sink = openSink({ mode: 'channel', channel }, undefined, fail);
    sink.create(1, 'pipe:1');
    sink.write(1, 0, bytes('lost'));
    const result = await new OutputWriter(channel, { targets: new Map([['pipe:1', stream]]) }).run();
    expect(result.error).toMatchObject({ code, details: { path: 'pipe:1' }, cause: { code } });
    expect(() => {
      sink.close(1);
    }).toThrow(`errno ${errno}`);
  }
});

/** A server that keeps files as `HttpTarget` says. */
function stubServer(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  vi.stubGlobal('fetch', (url: URL, init: { method: string; body?: Uint8Array<ArrayBuffer> }) => {
    const query = url.searchParams;
    const path = query.get('path')!;
    const offset = Number(query.get('offset'));
    const stored = files.get(path) ?? new Uint8Array();
    const newPath = query.get('rename');
    if (init.method === 'DELETE' || newPath !== null) files.delete(path);
    if (newPath !== null) files.set(newPath, stored);
    if (init.body !== undefined)
      files.set(
        path,
        new Uint8Array([
          ...stored.subarray(0, offset),
          ...init.body,
          ...stored.subarray(offset + init.body.length),
        ]),
      );
    return Promise.resolve(new Response(stored.slice(offset, offset + Number(query.get('length') ?? 0))));
  });
  return files;
}

/** A list that is written anew beside its file and takes its place, twice, as the hls muxer does it. */
function replaceTwice(sink: CoreSink, path: string): void {
  sink.create(1, `${path}.tmp`);
  sink.write(1, 0, bytes('a long first list'));
  sink.close(1);
  sink.rename(1, path);
  sink.create(2, `${path}.tmp`);
  sink.write(2, 0, bytes('second'));
  sink.close(2);
  sink.rename(2, path);
  sink.unlink(1);
}

test('a file that takes the place of another one has its bytes, at every kind of target', async () => {
  const kept = await write((sink) => {
    replaceTwice(sink, '/list');
  });
  expect(kept.files.map(({ path, size }) => [path, size])).toEqual([['/list', 6]]);
  expect(await text(kept)).toBe('second');

  const files = stubServer();
  const http = { url: 'http://localhost/out' };
  const sent = await write(
    (sink) => {
      replaceTwice(sink, '/list');
      sink.create(3, '/list.tmp');
      sink.write(3, 0, bytes('not yet'));
    },
    { targets: new Map(), fallback: http },
  );
  expect(sent.error).toBeUndefined();
  expect(sent.files.map(({ path, size }) => [path, size])).toEqual([
    ['/list', 6],
    ['/list.tmp', 7],
  ]);
  expect([...files].map(([path, content]) => [path, new TextDecoder().decode(content)])).toEqual([
    ['/list', 'second'],
    ['/list.tmp', 'not yet'],
  ]);
});

test('a file that gets the path of another target goes there', async () => {
  const files = stubServer();
  const parts: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({
    write: (part) => {
      parts.push(part);
    },
  });
  const http = { url: 'http://localhost/out' };
  const outputs = { targets: new Map<string, OutputTarget>([['/list', stream]]), fallback: http };
  const result = await write((sink) => {
    replaceTwice(sink, '/list');
  }, outputs);
  expect(result).toEqual({ files: [{ path: '/list', size: 6 }] });
  expect(Buffer.concat(parts).toString()).toBe('second');
  expect([...files.keys()]).toEqual([]);
});

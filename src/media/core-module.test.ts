/** The real core in Node, extended as in the browser: inputs, pipes, outputs, stop and reuse. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test, vi } from 'vitest';
import { CoreControl } from './core-control.ts';
import { coreEventOf, type CoreOutputEvent } from './core-event.ts';
import { type Core, type FsStream, Mode } from './core-fs.ts';
import createExtendedCore, { extendCore } from './core-module.ts';
import type { CoreMountOptions, CoreReport } from './core-options.ts';
import type { CoreLog } from './ffmpeg-core.ts';
import { createFrameRing, FrameRing } from './frame-ring.ts';
import { MemoryFile } from './output/memory-file.ts';
import {
  createOutputChannel,
  decodeHeader,
  headerLength,
  type OutputChannelBuffers,
  OutputOp,
  type OutputRecord,
  OutputReply,
  payloadLength,
} from './output/output-channel.ts';
import { OutputFiles } from './output/output-files.ts';
import { OutputWriter } from './output/output-writer.ts';

interface NodeCore extends Core {
  FS: Core['FS'] & {
    mount: (type: unknown, options: unknown, folder: string) => void;
    unmount: (folder: string) => void;
    readFile: (path: string, options?: object) => Uint8Array | string;
    writeFile: (path: string, data: Uint8Array) => void;
    readdir: (path: string) => string[];
    stat: (path: string) => { mode: number };
    open: (path: string, flags: string) => FsStream;
    read: (stream: FsStream, into: Int8Array, offset: number, length: number, at: number) => number;
    write: (stream: FsStream, bytes: Int8Array, offset: number, length: number, at: number) => number;
    llseek: (stream: FsStream, offset: number, whence: number) => number;
    truncate: (path: string, size: number) => void;
  };
  exec: (...args: string[]) => number;
  ffprobe: (...args: string[]) => number;
  reset: () => void;
  setLogger: (logger: (log: CoreLog) => void) => void;
}

/** Node reads a Blob only asynchronously; this stands in for the three members that WORKERFS uses. */
function syncBlob(bytes: Uint8Array<ArrayBuffer>): Blob {
  const slice = (start?: number, end?: number): Blob => syncBlob(bytes.slice(start, end));
  return { syncBytes: bytes, size: bytes.length, slice } as unknown as Blob;
}

let core: NodeCore;
const lines: string[] = [];
/** What the core told beside its lines. */
let events: CoreOutputEvent[] = [];
let onLine: (line: string) => void = () => undefined;

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  Object.assign(globalThis, {
    self: { location: { href: '' } },
    FileReaderSync: class {
      readAsArrayBuffer(blob: { syncBytes: Uint8Array }): ArrayBuffer {
        return blob.syncBytes.slice().buffer;
      }
    },
  });
  const file = require.resolve('@ffmpeg/core').replace('/umd/', '/esm/');
  const module = (await import(/* @vite-ignore */ file)) as { default: (s: object) => Promise<NodeCore> };
  core = await module.default({ wasmBinary: readFileSync(file.replace(/js$/, 'wasm')) });
  extendCore(core);
  core.setLogger((log) => {
    const event = coreEventOf(log);
    if (event?.kind === 'output') events.push(structuredClone(event));
    if (event === undefined) lines.push(log.message);
    onLine(log.message);
  });
}, 60_000);

let mounted = false;
function mount(options: Partial<CoreMountOptions>): void {
  if (mounted) core.FS.unmount('/pipes');
  events = [];
  mounted = true;
  const all = { cwd: '/', inputs: [], pipes: [], outputs: { mode: 'events' }, ...options };
  core.FS.mount(core.FS.filesystems['DNNFS'], all, '/pipes');
}

function ffmpeg(command: string): number {
  lines.length = 0;
  core.exec('-stdin', '-hide_banner', ...command.split(' '));
  const code = core.ret;
  core.reset();
  return code;
}

function report(): CoreReport {
  return JSON.parse(core.FS.readFile('/pipes/.outputs', { encoding: 'utf8' }) as string) as CoreReport;
}

const testSource = '-f lavfi -i testsrc=size=64x48:rate=25';

/** A short clip, made by the core itself. */
function clip(): Uint8Array<ArrayBuffer> {
  mount({});
  expect(ffmpeg(`${testSource} -t 1 -c:v mpeg4 /clip.avi`)).toBe(0);
  return core.FS.readFile('/clip.avi') as Uint8Array<ArrayBuffer>;
}

/** Runs with a channel that is large enough for everything, then lets the writer work it off. */
async function throughWriter(command: string, options: Partial<CoreMountOptions> = {}) {
  const channel = createOutputChannel(2 ** 22);
  mount({ ...options, outputs: { mode: 'channel', channel } });
  const code = ffmpeg(command);
  new FrameRing(channel.requests).end();
  const result = await new OutputWriter(channel, { targets: new Map() }).run();
  return { code, result };
}

test('inputs at their own paths, relative to cwd, through frame pipes', () => {
  const blob = syncBlob(clip());
  const ring = createFrameRing(2 ** 20);
  mount({
    cwd: '/job/out',
    inputs: [{ path: '/job/in/clip.avi', blob }],
    pipes: [{ name: 'frames', direction: 'write', ring }],
  });
  expect(ffmpeg('-i ../in/clip.avi -f rawvideo -pix_fmt gray /pipes/frames'), lines.join('\n')).toBe(0);
  expect(new FrameRing(ring).available).toBe(25 * 64 * 48);
  expect(core.FS.stat('/pipes/frames').mode & Mode.typeMask).toBe(Mode.fifo);

  new FrameRing(ring).end();
  mount({ pipes: [{ name: 'frames', direction: 'read', ring }] });
  expect(ffmpeg('-f rawvideo -pix_fmt gray -s 64x48 -i /pipes/frames -f framecrc /crc.txt')).toBe(0);
  expect(report().files.map((file) => file.path)).toEqual(['/crc.txt']);
  expect((core.FS.readFile('/crc.txt', { encoding: 'utf8' }) as string).split('\n').length).toBe(25 + 7);
});

test('ffprobe tells how it ended, every time', () => {
  const probe = (path: string): number => {
    core.ffprobe(path);
    const code = core.ret;
    core.reset();
    return code;
  };
  const blob = syncBlob(clip());
  mount({ inputs: [{ path: '/clip.avi', blob }] });
  expect([probe('/clip.avi'), probe('/absent.avi'), probe('/clip.avi')]).toEqual([0, 1, 0]);
});

test('outputs through the channel equal those in memory', async () => {
  const command = `${testSource} -t 1 -c:v mpeg4 -bitexact`;
  mount({});
  expect(ffmpeg(`${command} /a.mp4`)).toBe(0);
  const expected = core.FS.readFile('/a.mp4') as Uint8Array;
  const { code, result } = await throughWriter(`${command} /a.mp4`);
  expect(code).toBe(0);
  expect(result.error).toBeUndefined();
  expect(result.files.map(({ path, size }) => [path, size])).toEqual([['/a.mp4', expected.length]]);
  expect(new Uint8Array(await result.files[0]!.blob!.arrayBuffer())).toEqual(new Uint8Array(expected));
  expect(report().files).toEqual([{ path: '/a.mp4', size: expected.length }]);
});

test('image sequences, renamed files and segments', async () => {
  const images = await throughWriter(`${testSource} -t 0.4 -atomic_writing 1 /img%03d.png`);
  expect(images.code, lines.join('\n')).toBe(0);
  const names = images.result.files.map((file) => file.path);
  expect(names).toEqual(Array.from({ length: 10 }, (_, i) => `/img${String(i + 1).padStart(3, '0')}.png`));
  const bytes = new Uint8Array(await images.result.files[9]!.blob!.arrayBuffer());
  expect([...bytes.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);

  const segments = await throughWriter(
    `${testSource} -t 2 -c:v mpeg4 -g 5 -f hls -hls_time 0.4 -hls_list_size 2 -hls_flags delete_segments /s.m3u8`,
  );
  expect(segments.code, lines.join('\n')).toBe(0);
  const left = segments.result.files.map((file) => file.path);
  expect(left).toContain('/s.m3u8');
  expect(left).not.toContain('/s0.ts');
});

test('standard output is binary-safe', async () => {
  const { code, result } = await throughWriter(`${testSource} -t 0.2 -f rawvideo -pix_fmt rgb24 -`, {
    stdout: 'output',
  });
  expect(code).toBe(0);
  expect(result.files.map(({ path, size }) => [path, size])).toEqual([['pipe:1', 5 * 64 * 48 * 3]]);

  mount({ stdout: 'output' });
  expect(ffmpeg(`${testSource} -t 0.2 -f rawvideo -pix_fmt rgb24 -`)).toBe(0);
  expect(report().files).toEqual([{ path: 'pipe:1', size: 5 * 64 * 48 * 3 }]);
  const written = new Uint8Array(await result.files[0]!.blob!.arrayBuffer());
  const kept = new OutputFiles({ targets: new Map() });
  for (const { record, payload } of events) await kept.apply(record, payload);
  const [file] = (await kept.finish()).files;
  expect(Buffer.compare(new Uint8Array(await file!.blob!.arrayBuffer()), written)).toBe(0);
});

test('an input that is written to keeps its Blob', () => {
  const bytes = clip();
  const before = bytes.slice();
  mount({ inputs: [{ path: '/clip.avi', blob: syncBlob(bytes) }], outputs: { mode: 'events' } });
  // Refused by ffmpeg itself, as natively.
  expect(ffmpeg('-i /clip.avi -c copy /clip.avi')).not.toBe(0);
  expect(ffmpeg(`${testSource} -t 0.2 -c:v mpeg4 -f avi /clip.avi`)).toBe(0);
  expect(report().files.map((file) => file.path)).toEqual(['/clip.avi']);
  expect(core.FS.readFile('/clip.avi')).not.toEqual(before);
  expect(bytes).toEqual(before);
});

test('two passes: logs of the first run are inputs of the second', async () => {
  const pass = (n: number): string =>
    `${testSource} -t 0.4 -c:v libx264 -preset ultrafast -b:v 50k -pass ${n} -f null -`;
  const first = await throughWriter(pass(1));
  expect(first.code, lines.join('\n')).toBe(0);
  const names = first.result.files.map((file) => file.path);
  expect(names).toContain('/ffmpeg2pass-0.log');
  const inputs = await Promise.all(
    first.result.files.map(async ({ path, blob }) => ({
      path,
      blob: syncBlob(new Uint8Array(await blob!.arrayBuffer())),
    })),
  );
  expect((await throughWriter(pass(2), { inputs })).code, lines.join('\n')).toBe(0);
  // The first pass again: it replaces logs that are inputs.
  const again = await throughWriter(pass(1), { inputs });
  expect(again.code).toBe(0);
  expect(again.result.files.map((file) => file.path).sort()).toEqual(names.sort());
});

/** A writer that works whenever the core blocks, since both share this thread. */
function writeWhileBlocked(channel: OutputChannelBuffers): MemoryFile {
  const ring = new FrameRing(channel.requests);
  const reply = new OutputReply(channel.reply);
  const file = new MemoryFile();
  let pending = new Uint8Array(0);
  const take = (count: number): Uint8Array | undefined => {
    if (pending.length < count) return undefined;
    const part = pending.slice(0, count);
    pending = pending.slice(count);
    return part;
  };
  let record: OutputRecord | undefined;
  const work = (): void => {
    const into = new Uint8Array(ring.capacity);
    const count = ring.tryRead(into);
    pending = new Uint8Array(Buffer.concat([pending, into.subarray(0, count)]));
    for (;;) {
      const header = record === undefined ? take(headerLength) : undefined;
      if (header !== undefined) record = decodeHeader(header);
      const payload = record === undefined ? undefined : take(payloadLength(record));
      if (record === undefined || payload === undefined) return;
      if (record.op === OutputOp.write) file.write(record.offset, payload);
      if (record.op === OutputOp.read) {
        const answer = new Uint8Array(record.length);
        reply.answer(answer.subarray(0, file.read(record.offset, answer)));
      }
      record = undefined;
    }
  };
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    work();
    return 'ok';
  });
  return file;
}

test('an output is read back while it is written, through a ring smaller than the file', async () => {
  const command =
    '-f lavfi -i testsrc=size=64x48 -t 4 -c:v rawvideo -pix_fmt rgb24 -bitexact -movflags +faststart /a.mov';
  mount({});
  expect(ffmpeg(command)).toBe(0);
  const expected = core.FS.readFile('/a.mov') as Uint8Array;
  expect(expected.length).toBeGreaterThan(600_000);
  const channel = createOutputChannel(2 ** 16);
  mount({ outputs: { mode: 'channel', channel } });
  const file = writeWhileBlocked(channel);
  try {
    expect(ffmpeg(command), lines.join('\n')).toBe(0);
    Atomics.wait(new Int32Array(channel.reply), 0, 0);
  } finally {
    vi.restoreAllMocks();
  }
  expect(Buffer.compare(Buffer.from(await (await file.finish()).arrayBuffer()), expected)).toBe(0);
});

test('reads see the writes that came after what they fetched ahead', () => {
  const channel = createOutputChannel(2 ** 16);
  mount({ outputs: { mode: 'channel', channel } });
  writeWhileBlocked(channel);
  try {
    const stream = core.FS.open('/x', 'w+');
    const put = (at: number, ...values: number[]): number =>
      core.FS.write(stream, Int8Array.from(values), 0, values.length, at);
    const get = (at: number, length: number): number[] => {
      const into = new Int8Array(length);
      return [...into.subarray(0, core.FS.read(stream, into, 0, length, at))];
    };
    put(0, 1, 2, 3, 4, 5, 6);
    expect(get(0, 2)).toEqual([1, 2]);
    put(1, 20, 30);
    expect(get(0, 6)).toEqual([1, 20, 30, 4, 5, 6]);
    put(5, 60, 70);
    expect(get(4, 10)).toEqual([5, 60, 70]);
    core.FS.truncate('/x', 3);
    expect(get(0, 10)).toEqual([1, 20, 30]);
    expect(core.FS.llseek(stream, 0, 2)).toBe(3);
    expect(() => core.FS.llseek(stream, -4, 2)).toThrow();
    core.FS.close(stream);
  } finally {
    vi.restoreAllMocks();
  }
});

test('discard accepts and forgets', () => {
  mount({ outputs: { mode: 'discard' } });
  expect(ffmpeg(`${testSource} -t 1 -c:v mpeg4 -movflags +faststart /a.mp4`)).toBe(0);
  expect(report().files[0]!.size).toBeGreaterThan(1000);
});

test('a stop finishes the file', async () => {
  const control = new CoreControl();
  const channel = createOutputChannel(2 ** 24);
  mount({ control: control.memory, outputs: { mode: 'channel', channel } });
  onLine = (line) => {
    if (/frame= *[1-9]/.test(line)) control.requestQuit();
  };
  // Ten hours of video: only the stop can end it in the time of this test.
  expect(ffmpeg(`-stats_period 0.05 ${testSource} -t 36000 -c:v mpeg4 /a.mp4`)).toBe(0);
  onLine = () => undefined;
  new FrameRing(channel.requests).end();
  const { files } = await new OutputWriter(channel, { targets: new Map() }).run();
  const bytes = new Uint8Array(await files[0]!.blob!.arrayBuffer());
  mount({ inputs: [{ path: '/a.mp4', blob: syncBlob(bytes) }] });
  expect(ffmpeg('-i /a.mp4 -f null -')).toBe(0);
  expect(control.heapBytes).toBe(core.HEAPU8.length);
  expect(control.bytesWritten).toBeGreaterThan(0);
});

test('pipes that end early, break, or wait while a stop is asked for', () => {
  const input = '-f rawvideo -pix_fmt gray -s 64x48 -i /pipes/frames';
  const broken = createFrameRing(2 ** 16);
  new FrameRing(broken).tryWrite(new Uint8Array(64 * 48 * 2));
  new FrameRing(broken).break('the decoder crashed');
  mount({ pipes: [{ name: 'frames', direction: 'read', ring: broken }] });
  ffmpeg(`${input} -f null -`);
  expect(lines.join('\n')).toMatch(/I\/O error/);
  expect(lines.join('\n')).toMatch(/frame= *2/);

  const closed = createFrameRing(2 ** 16);
  new FrameRing(closed).closeReader();
  mount({ pipes: [{ name: 'frames', direction: 'write', ring: closed }] });
  expect(ffmpeg(`${testSource} -t 5 -f rawvideo /pipes/frames`)).not.toBe(0);
  expect(lines.join('\n')).toMatch(/Broken pipe/);

  const control = new CoreControl();
  control.requestQuit();
  mount({
    control: control.memory,
    pipes: [{ name: 'frames', direction: 'read', ring: createFrameRing(2 ** 16) }],
  });
  ffmpeg(`${input} -f null -`);
});

test('an error of the writer reaches ffmpeg', () => {
  const channel = createOutputChannel();
  new FrameRing(channel.requests).closeReader('quota', 'ENOSPC');
  mount({ outputs: { mode: 'channel', channel } });
  expect(ffmpeg(`${testSource} -t 1 -c:v mpeg4 /a.avi`)).not.toBe(0);
  expect(lines.join('\n')).toMatch(/No space left/);
});

test('a core is reused', () => {
  const blob = syncBlob(clip());
  mount({});
  const fresh = core.FS.readdir('/').sort();
  expect(fresh).toEqual(['.', '..', 'dev', 'home', 'pipes', 'proc', 'tmp']);
  let heap = 0;
  for (let run = 0; run < 30; run++) {
    mount({
      inputs: [{ path: `/in/${run}.avi`, blob }],
      directories: ['/out'],
      outputs: { mode: 'discard' },
    });
    expect(ffmpeg(`-i /in/${run}.avi -c:v libx264 -preset ultrafast /out/${run}.mp4`)).toBe(0);
    if (run === 4) heap = core.HEAPU8.length;
  }
  expect(core.HEAPU8.length).toBe(heap);
  mount({});
  expect(core.FS.readdir('/').sort()).toEqual(fresh);
});

test('the real core is found by the URL that the stock worker was given', async () => {
  const url = `data:text/javascript,${encodeURIComponent('export default async (settings) => { throw settings; };')}`;
  const settings = {
    mainScriptUrlOrBlob: `https://page.test/core-module.js#${encodeURIComponent(url)}#e30=`,
  };
  await expect(createExtendedCore(settings)).rejects.toBe(settings);
  const stock = { mainScriptUrlOrBlob: 'https://page.test/ffmpeg-core.js#e30=' };
  await expect(createExtendedCore(stock)).rejects.toThrow('after a #');
});

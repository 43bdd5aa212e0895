/** The real core in Node, extended as in the browser: inputs, pipes, outputs, stop and reuse. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import { CoreControl } from './core-control.ts';
import type { Core } from './core-fs.ts';
import { extendCore } from './core-module.ts';
import type { CoreMountOptions, CoreReport } from './core-options.ts';
import { createFrameRing, FrameRing } from './frame-ring.ts';
import { createOutputChannel } from './output/output-channel.ts';
import { OutputWriter } from './output/output-writer.ts';

interface NodeCore extends Core {
  FS: Core['FS'] & {
    mount: (type: unknown, options: unknown, folder: string) => void;
    unmount: (folder: string) => void;
    readFile: (path: string, options?: object) => Uint8Array | string;
    writeFile: (path: string, data: Uint8Array) => void;
    readdir: (path: string) => string[];
  };
  exec: (...args: string[]) => number;
  ret: number;
  reset: () => void;
  setLogger: (logger: (line: { message: string }) => void) => void;
}

/** Node reads a Blob only asynchronously; this stands in for the three members that WORKERFS uses. */
function syncBlob(bytes: Uint8Array<ArrayBuffer>): Blob {
  const slice = (start?: number, end?: number): Blob => syncBlob(bytes.slice(start, end));
  return { syncBytes: bytes, size: bytes.length, slice } as unknown as Blob;
}

let core: NodeCore;
const lines: string[] = [];
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
  core.setLogger(({ message }) => {
    lines.push(message);
    onLine(message);
  });
}, 60_000);

let mounted = false;
function mount(options: Partial<CoreMountOptions>): void {
  if (mounted) core.FS.unmount('/pipes');
  mounted = true;
  const all = { cwd: '/', inputs: [], pipes: [], outputs: { mode: 'memory' }, ...options };
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
    cwd: '/work/out',
    inputs: [{ path: '/work/in/clip.avi', blob }],
    pipes: [{ name: 'frames', direction: 'write', ring }],
  });
  expect(ffmpeg('-i ../in/clip.avi -f rawvideo -pix_fmt gray /pipes/frames'), lines.join('\n')).toBe(0);
  expect(new FrameRing(ring).available).toBe(25 * 64 * 48);

  new FrameRing(ring).end();
  mount({ pipes: [{ name: 'frames', direction: 'read', ring }] });
  expect(ffmpeg('-f rawvideo -pix_fmt gray -s 64x48 -i /pipes/frames -f framecrc /crc.txt')).toBe(0);
  expect(report().files.map((file) => file.path)).toEqual(['/crc.txt']);
  expect((core.FS.readFile('/crc.txt', { encoding: 'utf8' }) as string).split('\n').length).toBe(25 + 7);
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
});

test('an input that is written to keeps its Blob', () => {
  const bytes = clip();
  const before = bytes.slice();
  mount({ inputs: [{ path: '/clip.avi', blob: syncBlob(bytes) }], outputs: { mode: 'memory' } });
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
  new FrameRing(channel.requests).closeReader('ENOSPC: quota');
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

/**
 * FfmpegCore's own logic, with the browser-only class FFmpeg replaced; the real
 * one runs in the browser specs.
 */
import { beforeEach, expect, test, vi } from 'vitest';
import type { CoreMountOptions } from './core-options.ts';
import { FfmpegCore } from './ffmpeg-core.ts';
import { createFrameRing, FrameRing, type FrameRingBuffer, RingState } from './frame-ring.ts';
import { holdLifeLock } from './life-lock.ts';
import { createOutputChannel } from './output/output-channel.ts';
import { WebLocks } from './web-locks.test-support.ts';

const stock = vi.hoisted(() => ({
  load: vi.fn(),
  exec: vi.fn(),
  mount: vi.fn(),
  unmount: vi.fn(),
  terminate: vi.fn(),
  on: vi.fn(),
  off: vi.fn(),
}));
vi.mock('@ffmpeg/ffmpeg', () => ({
  FFmpeg: function FFmpeg(this: object) {
    Object.assign(this, stock);
  },
}));

const urls = {
  coreModuleURL: 'http://x/module.js',
  coreURL: 'http://x/core.js',
  wasmURL: 'http://x/core.wasm',
  classWorkerURL: 'http://x/worker.js',
};
let written: FrameRingBuffer;
let read: FrameRingBuffer;
let options: CoreMountOptions;

beforeEach(() => {
  vi.resetAllMocks();
  stock.load.mockResolvedValue(true);
  stock.mount.mockResolvedValue(true);
  stock.unmount.mockResolvedValue(true);
  [written, read] = [createFrameRing(1), createFrameRing(1)];
  options = {
    cwd: '/',
    inputs: [],
    pipes: [
      { name: 'o', direction: 'write', ring: written },
      { name: 'i', direction: 'read', ring: read },
    ],
    outputs: { mode: 'channel', channel: createOutputChannel(1) },
  };
});

function channelState(): RingState {
  if (options.outputs.mode !== 'channel') throw new Error('no channel');
  return new FrameRing(options.outputs.channel.requests).state;
}

async function loaded(): Promise<FfmpegCore> {
  const core = await FfmpegCore.load(urls);
  await core.mount(options);
  return core;
}

test('the module learns the core from its own URL; the stop key is listened for', async () => {
  stock.exec.mockResolvedValue(0);
  const core = await loaded();
  expect(stock.load).toHaveBeenCalledWith({
    coreURL: 'http://x/module.js#http%3A%2F%2Fx%2Fcore.js',
    wasmURL: urls.wasmURL,
    classWorkerURL: urls.classWorkerURL,
  });
  expect(await core.exec(['-version'])).toBe(0);
  expect(stock.exec).toHaveBeenCalledWith(['-stdin', '-version']);
  expect(new FrameRing(written).state).toBe(RingState.ended);
  expect(new FrameRing(read).readerClosed).toBe(true);
  expect(channelState()).toBe(RingState.ended);
  await core.mount(options);
  expect(stock.unmount).toHaveBeenCalledTimes(1);
});

test('a compiled core goes to the worker with what stock is told', async () => {
  const compiled = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  await FfmpegCore.load(urls, { compiled: Promise.resolve(compiled) });
  expect(stock.load).toHaveBeenCalledWith(expect.objectContaining({ wasmURL: urls.wasmURL, compiled }));
});

test('an exit code breaks what ffmpeg wrote and keeps its outputs', async () => {
  stock.exec.mockResolvedValue(1);
  const core = await loaded();
  expect(await core.exec([])).toBe(1);
  expect(new FrameRing(written).state).toBe(RingState.broken);
  expect(new FrameRing(written).reason).toMatch(/exit code 1/);
  expect(channelState()).toBe(RingState.ended);
  expect(core.alive).toBe(true);
});

test('a crash, an abort and a terminated core reject and break the pipes', async () => {
  const endings: [prepare: () => void, after: (core: FfmpegCore) => void, message: RegExp][] = [
    [
      () => stock.exec.mockRejectedValue('RuntimeError: unreachable'),
      () => undefined,
      /ffmpeg crashed.*unreachable/,
    ],
    [() => stock.exec.mockResolvedValue(-1), () => undefined, /out of memory/],
    [
      // Stock never settles once its worker is gone.
      () => stock.exec.mockReturnValue(new Promise(() => undefined)),
      (core) => {
        core.terminate();
      },
      /terminated/,
    ],
  ];
  for (const [prepare, after, message] of endings) {
    prepare();
    const core = await loaded();
    const run = core.exec([]);
    after(core);
    await expect(run).rejects.toMatchObject({
      code: 'EIO',
      message: expect.stringMatching(message) as string,
    });
    expect(core.alive).toBe(false);
    expect(new FrameRing(written).reason).toMatch(message);
    expect(new FrameRing(read).closeReason).toMatch(message);
    expect(channelState()).toBe(RingState.broken);
    await expect(core.mount(options)).rejects.toMatchObject({ code: 'EIO' });
    written = createFrameRing(1);
    read = createFrameRing(1);
    options = {
      ...options,
      pipes: [
        { name: 'o', direction: 'write', ring: written },
        { name: 'i', direction: 'read', ring: read },
      ],
      outputs: { mode: 'channel', channel: createOutputChannel(1) },
    };
  }
  expect(stock.terminate).toHaveBeenCalledTimes(3);
});

test('a load that fails, hangs or is stopped ends its worker', async () => {
  stock.load.mockRejectedValueOnce('TypeError: Failed to fetch');
  await expect(FfmpegCore.load(urls)).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/core\.js.*Failed to fetch/) as string,
  });
  await expect(
    FfmpegCore.load(urls, { compiled: Promise.reject(new Error('the server answers 404')) }),
  ).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/did not load.*core\.wasm.*answers 404/) as string,
  });
  expect(stock.load).toHaveBeenCalledTimes(1);
  stock.load.mockReturnValue(new Promise(() => undefined));
  await expect(FfmpegCore.load(urls, { timeout: 1 })).rejects.toMatchObject({
    message: expect.stringMatching(/did not load within 0.001 s.*core\.wasm/) as string,
  });
  const abort = new AbortController();
  const load = FfmpegCore.load(urls, { signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  await expect(load).rejects.toThrow('no longer wanted');
  const compiling = new AbortController();
  const never = new Promise<WebAssembly.Module>(() => undefined);
  const early = FfmpegCore.load(urls, { signal: compiling.signal, compiled: never });
  compiling.abort(new Error('not even compiled'));
  await expect(early).rejects.toThrow('not even compiled');
  expect(stock.terminate).toHaveBeenCalledTimes(5);
});

test('lines that mean nothing to a user are left out of the log', async () => {
  const core = await FfmpegCore.load(urls);
  const lines: string[] = [];
  const stop = core.onLog((log) => lines.push(log.message));
  const listener = stock.on.mock.calls.at(-1)![1] as (log: { type: string; message: string }) => void;
  for (const message of ['frame=1', 'Press [q] to stop, [?] for help', 'Aborted()']) {
    listener({ type: 'stderr', message });
  }
  expect(lines).toEqual(['frame=1']);
  stop();
  expect(stock.off).toHaveBeenCalledWith('log', listener);
});

test('a worker that dies rejects what waits for it, names its owner and breaks the pipes', async () => {
  const origin = new WebLocks();
  const worker = origin.realm();
  vi.stubGlobal('navigator', { locks: origin.realm() });
  const core = await loaded();
  const tell = stock.on.mock.calls[0]![1] as (log: object) => void;
  await holdLifeLock('its life', worker);
  tell({ type: 'core', message: '', event: { kind: 'life', lock: 'its life' } });
  stock.exec.mockReturnValue(new Promise(() => undefined));
  core.owner = 'The encode stage';
  const running = core.exec(['-version']);
  worker.end();
  await expect(running).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/^The encode stage's worker died, .*run the command again\.$/) as string,
  });
  expect(core.alive).toBe(false);
  expect(new FrameRing(written).reason).toMatch(/worker died/);
  vi.unstubAllGlobals();
});

test('a core that is ended waits for no life any more', async () => {
  const origin = new WebLocks();
  vi.stubGlobal('navigator', { locks: origin.realm() });
  const core = await loaded();
  const tell = stock.on.mock.calls[0]![1] as (log: object) => void;
  await holdLifeLock('its life', origin.realm());
  tell({ type: 'core', message: '', event: { kind: 'life', lock: 'its life' } });
  await vi.waitFor(() => {
    expect(origin.waiting).toEqual({ 'its life': 1 });
  });
  core.terminate();
  await vi.waitFor(() => {
    expect(origin.waiting).toEqual({ 'its life': 0 });
  });
  vi.unstubAllGlobals();
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncoderFrame, EncodeSetup } from '../codec-contract.ts';
import { KernelSource } from '../kernel-source.ts';
import { EncoderSession } from './encoder-session.ts';
import { fakeEncoders, type FakeEncoders, type FakeVideoEncoder } from './web-codecs.test-support.ts';

let encoders: FakeEncoders;
let session: EncoderSession;

beforeEach(() => {
  encoders = fakeEncoders();
  session = new EncoderSession(new KernelSource());
});

afterEach(async () => {
  await session.closeEncoder();
  expect(encoders.openFrames).toBe(0);
  expect(encoders.made.map(({ state }) => state)).toEqual(encoders.made.map(() => 'closed'));
  vi.unstubAllGlobals();
});

const setup: EncodeSetup = {
  codec: 'vp8',
  width: 16,
  height: 8,
  inputFormat: 'yuv420p',
  pixelFormat: 'yuv420p',
  colors: {},
  timeBase: { num: 1001, den: 30_000 },
  frameRate: { num: 30_000, den: 1001 },
  rate: { kind: 'bitrate', bitsPerSecond: 1e6 },
  keyInterval: 250,
  latencyMode: 'quality',
};
const frame = (pts: number, forceKey = false): EncoderFrame => ({
  pts,
  buffer: new ArrayBuffer(192),
  forceKey,
});

/** The encoder of the stream, behind those that only tried. */
const encoder = (): FakeVideoEncoder => encoders.made.at(-1)!;

async function encodeAll(frames: readonly EncoderFrame[]): Promise<EncodedPacket[]> {
  const packets = [];
  for (const each of frames) packets.push(...(await session.encode([each])).packets);
  packets.push(...(await session.finishEncoding()).packets);
  return packets;
}

test('packets have the pts of their frames, whatever microseconds they are', async () => {
  await session.beginEncoding(setup);
  const times = [-7, -6, 0, 1, 2, 3, 17, 1_000_003, 9_007_199_254];
  const packets = await encodeAll(times.map((pts) => frame(pts)));
  expect(packets.map(({ pts }) => pts)).toEqual(times);
  expect(packets.map(({ data }) => new Uint8Array(data)[0])).toEqual(times.map((_, index) => index));
  expect(encoder().config).toMatchObject({ framerate: 30_000 / 1001, bitrate: 1e6, bitrateMode: 'variable' });
});

test('ticks finer than microseconds keep their own times', async () => {
  await session.beginEncoding({ ...setup, timeBase: { num: 1, den: 90_000_000 } });
  const packets = await encodeAll([5, 6, 7, 8].map((pts) => frame(pts)));
  expect(packets.map(({ pts }) => pts)).toEqual([5, 6, 7, 8]);
});

test('key frames come by number and by wish, and each starts the count anew', async () => {
  await session.beginEncoding({ ...setup, keyInterval: 4 });
  const packets = await encodeAll(Array.from({ length: 14 }, (_, pts) => frame(pts, pts === 6)));
  expect(packets.flatMap(({ pts, isKey }) => (isKey ? [pts] : []))).toEqual([0, 4, 6, 10]);
});

test('calls wait while the queue is full, in order, and buffers come back', async () => {
  const waiting: number[] = [];
  await session.beginEncoding(setup);
  encoders.onFrame = (_, { timestamp }) => waiting.push(timestamp);
  const buffers = Array.from({ length: 5 }, (_, pts) => frame(pts));
  const first = session.encode(buffers.slice(0, 4));
  const second = session.encode(buffers.slice(4));
  await vi.waitFor(() => {
    expect(waiting).toHaveLength(3);
  });
  encoder().give(waiting[0]!);
  const result = await first;
  expect(result.packets.map(({ pts }) => pts)).toEqual([0]);
  expect(result.buffers).toEqual(buffers.slice(0, 4).map(({ buffer }) => buffer));
  expect(result.heldBytes).toBe(3 * 192);
  expect(waiting).toHaveLength(4);
  encoder().dequeue();
  expect((await second).packets).toEqual([]);
  const finished = session.finishEncoding();
  for (const timestamp of waiting.slice(1)) encoder().give(timestamp);
  expect((await finished).packets.map(({ pts }) => pts)).toEqual([1, 2, 3, 4]);
});

test('a failure at the first frame is another one than later, and names the pts', async () => {
  await session.beginEncoding(setup);
  encoders.onFrame = (one) => {
    one.fail('no more');
  };
  await session.encode([frame(40)]);
  await expect(session.encode([frame(41)])).rejects.toMatchObject({
    code: 'ENOSYS',
    message: "The browser's vp8 encoder failed at pts 41: no more",
    details: { pts: 41 },
  });

  encoders.onFrame = undefined;
  await session.beginEncoding(setup);
  await session.encode([frame(7)]);
  encoders.onFrame = (one) => {
    one.fail('gone');
  };
  await session.encode([frame(8)]);
  await expect(session.finishEncoding()).rejects.toMatchObject({
    code: 'EIO',
    message: "The browser's vp8 encoder failed behind pts 8: gone",
  });
});

test('frames out of order are refused', async () => {
  await session.beginEncoding(setup);
  await session.encode([frame(4)]);
  await expect(session.encode([frame(4)])).rejects.toThrow('have to come in order: pts 4 after 4');
});

test('a close ends calls that wait', async () => {
  await session.beginEncoding(setup);
  encoders.onFrame = () => undefined;
  const waiting = session.encode(Array.from({ length: 9 }, (_, pts) => frame(pts)));
  const next = session.encode([frame(9)]);
  await vi.waitFor(() => {
    expect(encoder().frames).toHaveLength(3);
  });
  await session.closeEncoder();
  await expect(waiting).rejects.toThrow('The encoder was closed.');
  await expect(next).rejects.toThrow('No encoder is open');
});

test('a description comes with the facts', async () => {
  encoders.onFrame = (one, { timestamp }) => {
    one.give(timestamp, Uint8Array.of(1, 100, 0, 30).buffer);
  };
  const { codec, description } = await session.beginEncoding({ ...setup, codec: 'h264' });
  expect(codec).toBe('avc1.640014');
  expect([...new Uint8Array(description!)]).toEqual([1, 100, 0, 30]);
});

test('a profile in which frames come out of order is left for the next one', async () => {
  encoders.onFrame = (one, { timestamp }, index) => {
    const reorders = !one.config!.codec.startsWith('avc1.42');
    if (!reorders || index === 0 || index === 7) one.give(timestamp);
    else if (index % 2 === 0) for (const each of [index, index - 1]) one.give(one.frames[each]!.timestamp);
  };
  const { codec } = await session.beginEncoding({ ...setup, codec: 'h264', latencyMode: 'realtime' });
  expect(codec).toBe('avc1.42e014');
});

test('one that refuses all says why, and what it would encode', async () => {
  encoders.onConfigure = (one, { codec, width }) => {
    if (codec.startsWith('av01') || width > 4096)
      queueMicrotask(() => {
        one.fail('too much of it.');
      });
  };
  const av1 = { ...setup, codec: 'av1', profile: 'main', pixelFormat: 'yuv420p10le' } as const;
  await expect(session.beginEncoding(av1)).rejects.toMatchObject({
    code: 'ENOSYS',
    message:
      'The browser does not encode av1 of 16x8 in yuv420p10le (too much of it): use -c:v vp9_webcodecs.',
  });
  await expect(session.beginEncoding({ ...setup, width: 8192, height: 128 })).rejects.toThrow(
    'use scale=4096:64.',
  );
});

test('frames in rgb24 are converted by their matrix', async () => {
  const yuvOf = async (colorSpace?: string): Promise<readonly number[]> => {
    await session.beginEncoding({ ...setup, inputFormat: 'rgb24', colors: { colorSpace } });
    const buffer = new Uint8Array(3 * 16 * 8).map((_, i) => [52, 131, 40][i % 3]!).buffer;
    expect((await session.encode([{ pts: 0, buffer }])).buffers).toEqual([buffer]);
    const planes = encoder().frames[0]!.data;
    expect(planes).toHaveLength(192);
    return [0, 127, 128, 159, 160, 191].map((at) => planes[at]!);
  };
  // What ffmpeg makes of it.
  expect(await yuvOf()).toEqual([99, 99, 100, 100, 100, 100]);
  expect(await yuvOf('bt709')).toEqual([108, 108, 96, 96, 97, 97]);
});

test('a buffer that is too small for a frame that is converted is refused', async () => {
  await session.beginEncoding({ ...setup, inputFormat: 'rgb24' });
  await expect(session.encode([frame(0)])).rejects.toThrow(
    'A frame of 16x8 in rgb24 has 384 bytes, this one 192.',
  );
});

test('formats between which nothing converts are refused', async () => {
  const begun = session.beginEncoding({
    ...{ ...setup, codec: 'av1', inputFormat: 'rgb24', pixelFormat: 'yuv444p' },
  });
  await expect(begun).rejects.toThrow('A codec worker does not convert rgb24 to yuv444p: let ffmpeg do it.');
});

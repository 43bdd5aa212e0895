import { expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteSource } from './byte-source.ts';
import { memorySource } from './memory-stream.ts';
import { audioAndGrayNut, bigEndianPfmNut, pipeModeNut, rgb24Nut } from './nut-fixtures.ts';
import { NutReader } from './nut-reader.ts';
import { appendPacket } from './packet.ts';

async function framesOf(reader: NutReader): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let frame = await reader.next(); frame !== null; frame = await reader.next()) {
    frames.push(frame);
  }
  return frames;
}

const hexOf = (frame: Frame) => Buffer.from(frame.buffer).toString('hex');
const open = (bytes: Uint8Array, chunk?: number) => NutReader.open(memorySource(bytes, chunk));
const patched = (bytes: Uint8Array, offset: number, ...values: number[]) => {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
};

test.each([1, 7, Infinity])('reads what ffmpeg wrote, %d byte(s) at a time', async (chunk) => {
  const reader = await open(rgb24Nut, chunk);
  expect(reader.stream).toEqual({
    format: 'rgb24',
    width: 4,
    height: 2,
    sampleAspectRatio: { num: 40, den: 33 },
    timeBase: { num: 1, den: 60000 },
    frameRate: { num: 30000, den: 1001 },
  });
  const frames = await framesOf(reader);
  expect(frames.map(({ pts }) => pts)).toEqual([0, 2002]);
  expect(frames.map(hexOf)).toEqual([
    '000000ff000000ff00ffff00ff00007fff0000ffff8000ff',
    '000000ff000000ff00ffff00ff080077ff0000f7ff8800ff',
  ]);
  expect(await reader.next()).toBeNull();
});

test('PFM of either byte order becomes grayf32le, top row first', async () => {
  const reader = await open(bigEndianPfmNut);
  expect(reader.stream).toMatchObject({
    format: 'grayf32le',
    width: 3,
    height: 2,
    sampleAspectRatio: { num: 1, den: 1 },
  });
  const frames = await framesOf(reader);
  expect(frames.map(hexOf)).toEqual(['8000803da3f8a23e918c103fa3f8a23e918c103fa4e0233e']);
});

test('other streams are skipped', async () => {
  const reader = await open(audioAndGrayNut);
  expect(reader.stream).toMatchObject({ format: 'gray', frameRate: { num: 50, den: 1 } });
  const frames = await framesOf(reader);
  expect(frames.map(({ pts }) => pts)).toEqual([0, 1024, 2048]);
  expect(frames.map(hexOf)).toEqual(['004c96e24cbcb343', '004c96e24fbab045', '004c96e252b9ad46']);
});

test('reads version 4 without syncpoints', async () => {
  const frames = await framesOf(await open(pipeModeNut));
  expect(frames.map(hexOf)).toEqual(['000001b605060708', 'fffa010203040506']);
  expect(frames.map(({ pts }) => pts)).toEqual([0, 2048]);
});

test('the payload goes straight into the buffer that the caller gives', async () => {
  const payload = new ArrayBuffer(24);
  const source = memorySource(rgb24Nut, 1);
  const targets: ArrayBuffer[] = [];
  const watched: ByteSource = {
    read(into) {
      targets.push(into.buffer);
      return source.read(into);
    },
  };
  const reader = await NutReader.open(watched);
  const sizes: number[] = [];
  const frame = await reader.next((bytes) => {
    sizes.push(bytes);
    return payload;
  });
  expect(sizes).toEqual([24]);
  expect(frame?.buffer).toBe(payload);
  expect(targets.filter((buffer) => buffer === payload)).toHaveLength(24);
});

test('a stream cut within a frame gives every whole frame, then says where', async () => {
  const secondFrameEnds = 319 - 26;
  const reader = await open(rgb24Nut.subarray(0, secondFrameEnds - 5));
  expect((await reader.next())?.pts).toBe(0);
  const cut = {
    code: 'EIO',
    message: expect.stringContaining('cut at byte 288: 5 more byte(s) of the frame of pts 2002') as string,
    details: { offset: 288, part: 'frame of pts 2002', missing: 5 },
  };
  await expect(reader.next()).rejects.toMatchObject(cut);
  await expect(reader.next()).rejects.toMatchObject(cut);
});

test('a cut anywhere is an end between two parts or EIO', async () => {
  let cleanEnds = 0;
  for (let length = 0; length < rgb24Nut.length; length++) {
    const attempt = open(rgb24Nut.subarray(0, length)).then(framesOf);
    const outcome = await attempt.then(
      (frames) => frames.length,
      (error: unknown) => error,
    );
    if (typeof outcome === 'number') cleanEnds++;
    else expect(outcome).toMatchObject({ code: expect.stringMatching(/^E(IO|INVAL)$/) as string });
  }
  // After: stream header, two info packets, syncpoint, each frame. Before: headers are missing.
  expect(cleanEnds).toBe(6);
});

test.each([
  { name: 'no NUT', bytes: patched(rgb24Nut, 3, 0x20), message: 'byte 0: this is no NUT stream' },
  { name: 'start code', bytes: patched(rgb24Nut, 27, 0), message: 'start code, byte 25: 0x4e4d00561f5f04ad' },
  { name: 'version', bytes: patched(rgb24Nut, 34, 9), message: 'version is 9, expected 3 to 4' },
  { name: 'damaged header', bytes: patched(rgb24Nut, 60, 1), message: 'the stream is damaged' },
  { name: 'unused frame code', bytes: patched(rgb24Nut, 240, 0xff), message: 'frame code 255 is not in use' },
])('refuses bytes that are no valid NUT: $name', async ({ bytes, message }) => {
  const attempt = open(bytes).then(framesOf);
  await expect(attempt).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(message) as string,
    details: { offset: expect.any(Number) as number },
  });
});

test('errors of the source pass through and stay', async () => {
  const broken = new Error('the pipe broke');
  const source = memorySource(rgb24Nut.subarray(0, 280), 40);
  const reader = await NutReader.open({
    read: async (into) => {
      const count = await source.read(into);
      if (count === 0) throw broken;
      return count;
    },
  });
  expect((await reader.next())?.pts).toBe(0);
  await expect(reader.next()).rejects.toBe(broken);
  await expect(reader.next()).rejects.toBe(broken);
});

test('a stream without raw video names the tags that it has', async () => {
  // The tag becomes XYZ\x18, and the checksum with it.
  const start = rgb24Nut.findIndex((_, i) => rgb24Nut[i] === 0x4e && rgb24Nut[i + 1] === 0x53);
  const length = rgb24Nut[start + 8]!;
  const fields = rgb24Nut.slice(start + 9, start + 9 + length - 4);
  fields.set([0x58, 0x59, 0x5a], 3);
  const changed = new ByteBuffer();
  changed.append(rgb24Nut.subarray(0, start));
  appendPacket(changed, 'stream header', fields);
  await expect(open(changed.bytes)).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('tags found: "XYZ\\u0018"') as string,
  });
});

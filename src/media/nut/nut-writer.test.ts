import { expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { allocateFrame, frameFromBuffer } from '../../frame/plane-layout.ts';
import { memorySource, MemorySink } from './memory-stream.ts';
import { NutReader } from './nut-reader.ts';
import type { NutStream } from './nut-stream.ts';
import { NutWriter } from './nut-writer.ts';

const stream: NutStream = {
  format: 'gray',
  width: 4,
  height: 2,
  sampleAspectRatio: { num: 40, den: 33 },
  timeBase: { num: 1, den: 25 },
  frameRate: { num: 25, den: 1 },
};

function grayFrame(pts: number, first = 0): Frame {
  const bytes = Uint8Array.from({ length: 8 }, (_, i) => first + i);
  return frameFromBuffer('gray', 4, 2, pts, bytes.buffer);
}

/**
 * ffmpeg 5.1 reads this with `-f nut -i` as gray, 4x2, SAR 40:33, 25 fps, time base 1/25, pts 0 and 300, and
 * the bytes 0 to 7 and 16 to 23.
 */
const written = [
  '6e75742f6d756c74696d6564696120636f6e7461696e6572004e4d7a561f5f04ad32040001828000010119c000060001',
  '0000000169060001000000016806000100000001c000060001000000817c0002e28382d44e5311405bf2f9db16000004',
  '593830300007190000000402282100943f198f4e49ab68b596ba781c01000000010c725f6672616d655f726174650204',
  '32352f3120f07be94e4be4adeeca4569060000000000000181000817eb9808000102030405060701832c08fb9595db10',
  '11121314151617',
].join('');

test('writes the bytes that ffmpeg was seen to read', async () => {
  const sink = new MemorySink();
  const writer = await NutWriter.open(sink, stream);
  await writer.writeFrame(grayFrame(0));
  await writer.writeFrame(grayFrame(300, 16));
  await writer.finish();
  expect(Buffer.from(sink.bytes).toString('hex')).toBe(written);
});

test('headers, then one write a small frame; a large payload is not copied', async () => {
  const sink = new MemorySink();
  const small = await NutWriter.open(sink, stream);
  await small.writeFrame(grayFrame(0));
  await small.finish();
  expect(sink.writes).toHaveLength(2);

  const large = new MemorySink();
  const writer = await NutWriter.open(large, { ...stream, format: 'yuv420p', width: 161, height: 121 });
  const frame = allocateFrame('yuv420p', 161, 121, 0);
  await writer.writeFrame(frame);
  expect(large.writes).toHaveLength(3);
  expect(large.writes[2]?.buffer).toBe(frame.buffer);
  expect(large.writes[2]?.length).toBe(frame.buffer.byteLength);
});

test('planes that do not follow each other are written one by one', async () => {
  const sink = new MemorySink();
  const writer = await NutWriter.open(sink, { ...stream, format: 'yuv444p', width: 64, height: 64 });
  // At the offsets of a contiguous frame, but each in a buffer of its own.
  const planes = [3, 1, 2].map((value, i) =>
    new Uint8Array(3 * 4096).fill(value).subarray(i * 4096, (i + 1) * 4096),
  );
  const frame = { ...allocateFrame('yuv444p', 64, 64, 5), data: planes };
  await writer.writeFrame(frame);
  expect(sink.writes.slice(2)).toEqual(planes);
  const read = await (await NutReader.open(memorySource(sink.bytes))).next();
  expect(read?.data).toEqual(planes);
});

test('a stream without frames can be read', async () => {
  const sink = new MemorySink();
  const writer = await NutWriter.open(sink, stream);
  await writer.finish();
  await writer.finish();
  const reader = await NutReader.open(memorySource(sink.bytes));
  expect(reader.stream).toEqual(stream);
  expect(await reader.next()).toBeNull();
});

test('a time base is reduced, an unknown aspect ratio stays unknown, a missing rate missing', async () => {
  const sink = new MemorySink();
  const rest: NutStream = { ...stream };
  delete (rest as { frameRate?: unknown }).frameRate;
  await NutWriter.open(sink, {
    ...rest,
    timeBase: { num: 1001, den: 30030 },
    sampleAspectRatio: { num: 0, den: 1 },
  });
  const reader = await NutReader.open(memorySource(sink.bytes));
  expect(reader.stream).toEqual({
    ...rest,
    timeBase: { num: 1, den: 30 },
    sampleAspectRatio: { num: 0, den: 1 },
  });
});

test.each([
  { change: { timeBase: { num: 0, den: 1 } }, message: 'time base 0/1' },
  { change: { timeBase: { num: 1, den: 2 ** 32 } }, message: 'time base 1/4294967296' },
  { change: { timeBase: { num: NaN, den: 1 } }, message: 'time base NaN/1' },
  { change: { sampleAspectRatio: { num: -1, den: 1 } }, message: 'sample aspect ratio -1/1' },
  { change: { frameRate: { num: 25, den: 0 } }, message: 'frame rate 25/0' },
  { change: { width: 0 }, message: 'Picture size 0x2 is invalid' },
])('refuses a stream that NUT cannot hold: $message', async ({ change, message }) => {
  const sink = new MemorySink();
  await expect(NutWriter.open(sink, { ...stream, ...change })).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(message) as string,
  });
  expect(sink.writes).toHaveLength(0);
});

test('pts may repeat but not decrease, and are never negative', async () => {
  const writer = await NutWriter.open(new MemorySink(), stream);
  await writer.writeFrame(grayFrame(7));
  await writer.writeFrame(grayFrame(7));
  const refused = (frame: Frame) => expect(writer.writeFrame(frame)).rejects;
  await refused(grayFrame(6)).toMatchObject({ code: 'EINVAL', details: { pts: 6 } });
  await refused(grayFrame(-1)).toThrow('pts -1 cannot be written as NUT');
  await refused(grayFrame(2 ** 53)).toThrow('cannot be written as NUT');
  await refused(grayFrame(7.5)).toThrow('cannot be written as NUT');
  await writer.writeFrame(grayFrame(8));
  await writer.finish();
  await refused(grayFrame(9)).toThrow('after the end of the NUT stream');
});

test('a frame of another kind is refused before anything is written', async () => {
  const sink = new MemorySink();
  const writer = await NutWriter.open(sink, stream);
  const refused = (frame: Frame) =>
    expect(writer.writeFrame(frame)).rejects.toMatchObject({ code: 'EINVAL' });
  await refused(allocateFrame('rgb24', 4, 2, 0));
  await refused(allocateFrame('gray', 2, 4, 0));
  await refused({ ...grayFrame(0), linesize: [8] });
  await refused({ ...grayFrame(0), data: [new Uint8Array(7)] });
  await refused({ ...grayFrame(0), data: [] });
  expect(sink.writes).toHaveLength(1);
});

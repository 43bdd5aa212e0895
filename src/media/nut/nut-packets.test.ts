import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { crc32 } from './crc32.ts';
import type { EncodedPacket } from './encoded-packet.ts';
import type { EncodedStream } from './encoded-stream.ts';
import { memorySource, MemorySink } from './memory-stream.ts';
import { h264Nut, rgb24Nut, vp8AlphaNut } from './nut-fixtures.ts';
import { NutPacketReader } from './nut-packet-reader.ts';
import { NutPacketWriter } from './nut-packet-writer.ts';

const hexOf = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('hex');
const open = (bytes: Uint8Array, chunk?: number) => NutPacketReader.open(memorySource(bytes, chunk));

async function packetsOf(reader: NutPacketReader): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = [];
  for (let packet = await reader.next(); packet !== null; packet = await reader.next()) packets.push(packet);
  return packets;
}

async function written(stream: EncodedStream, packets: readonly EncodedPacket[]): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = await NutPacketWriter.open(sink, stream);
  for (const packet of packets) await writer.writePacket(packet);
  await writer.finish();
  return sink.bytes;
}

const vp9: EncodedStream = {
  tag: 'VP90',
  width: 63,
  height: 33,
  sampleAspectRatio: { num: 40, den: 33 },
  timeBase: { num: 1001, den: 30000 },
  frameRate: { num: 30000, den: 1001 },
  decodeDelay: 0,
};

function packetOf(pts: number, isKey: boolean, size: number): EncodedPacket {
  return { pts, isKey, data: Uint8Array.from({ length: size }, (_, i) => pts + i).buffer };
}

test.each([1, 7, Infinity])('reads H.264 with B-frames, %d byte(s) at a time', async (chunk) => {
  const reader = await open(h264Nut, chunk);
  const { extradata, ...stream } = reader.stream;
  expect(stream).toEqual({
    tag: 'avc1',
    width: 16,
    height: 16,
    sampleAspectRatio: { num: 1, den: 1 },
    timeBase: { num: 1, den: 51200 },
    frameRate: { num: 25, den: 1 },
    decodeDelay: 2,
  });
  const parameterSets =
    '00000001' + '6764000aacd95ec044000003000400000300c83c489658' + '0000000168ebe3cb22c0';
  expect(hexOf(extradata!)).toBe(parameterSets);
  const packets = await packetsOf(reader);
  expect(packets.map(({ pts }) => pts)).toEqual([4096, 10240, 6144, 8192, 12288]);
  expect(packets.map(({ isKey }) => isKey)).toEqual([true, false, false, false, false]);
  expect(packets.map(({ data }) => data.byteLength)).toEqual([60, 12, 12, 12, 18]);
  expect(hexOf(packets[0]!.data).startsWith(parameterSets)).toBe(true);
  expect(hexOf(packets[4]!.data)).toBe('00000001419a6449a84168994c0857fffec1');
  expect(await reader.next()).toBeNull();
});

test('side data is no part of a packet', async () => {
  const reader = await open(vp8AlphaNut);
  expect(reader.stream).toMatchObject({ tag: 'VP80', width: 16, height: 16, decodeDelay: 0 });
  expect(reader.stream.extradata).toBeUndefined();
  const packets = await packetsOf(reader);
  expect(packets.map(({ pts, isKey }) => [pts, isKey])).toEqual([
    [0, true],
    [2560, false],
  ]);
  expect(packets.map(({ data }) => data.byteLength)).toEqual([57, 17]);
  expect(hexOf(packets[1]!.data)).toBe('b101000510ac00180018582ff400080000');
});

test('raw video is a stream of its tag', async () => {
  const reader = await open(rgb24Nut);
  expect(reader.stream.tag).toBe('RGB\x18');
  expect((await packetsOf(reader)).map(({ data }) => data.byteLength)).toEqual([24, 24]);
});

test('a stream cut within a packet gives every whole packet, then says where', async () => {
  const reader = await open(h264Nut.subarray(0, 370));
  expect((await reader.next())?.pts).toBe(4096);
  expect((await reader.next())?.pts).toBe(10240);
  const cut = { code: 'EIO', details: { offset: 370, part: 'packet of pts 6144' } };
  await expect(reader.next()).rejects.toMatchObject(cut);
  await expect(reader.next()).rejects.toMatchObject(cut);
});

test('a large size is not believed without a checksum, a huge one never', async () => {
  const append = async (before: Uint8Array, hasChecksum: boolean, ...values: number[]) => {
    const header = new ByteBuffer();
    values.forEach((value) => {
      header.varlen(value);
    });
    if (hasChecksum) header.u32(crc32(0, header.bytes));
    return packetsOf(await open(Uint8Array.of(...before, ...header.bytes)));
  };
  const mine = await written(vp9, [packetOf(1, true, 5)]);
  // Frame code 2 of ffmpeg's table has pts and size and no checksum.
  const cases = [append(mine, true, 1, 130, 2 ** 29), append(h264Nut.subarray(0, 363), false, 2, 0, 2 ** 17)];
  for (const attempt of cases) {
    await expect(attempt).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringMatching(/a packet of \d+ bytes is not plausible/) as string,
    });
  }
});

/**
 * ffmpeg 5.1 copies this with `-probesize 32 -analyzeduration 0 -fpsprobesize 0 -f nut -i - -c:v copy` as VP9
 * of 63x33, SAR 40:33, 30000/1001 fps: pts 0, 1 and 300, sizes 5, 3 and 0, the first one a key frame.
 */
const copied = [
  '6e75742f6d756c74696d6564696120636f6e7461696e6572004e4d7a561f5f04ad3504000182800001876981ea30c000',
  '0600010000000169060001000000016806000100000001c000060001000000817c0002fa5023964e5311405bf2f9db16',
  '0000045650393000071d0000003f21282100c1d2a1204e49ab68b596ba782201000000010c725f6672616d655f726174',
  '65020a33303030302f31303031b0f3aaca4e4be4adeeca4569060000000000000181000526261edb0001020304028101',
  '038ece20db01020302832c00bdeaca0d',
].join('');

test('writes what ffmpeg was seen to copy', async () => {
  const bytes = await written(vp9, [packetOf(0, true, 5), packetOf(1, false, 3), packetOf(300, false, 0)]);
  expect(Buffer.from(bytes).toString('hex')).toBe(copied);
});

test('what is written is read: any order of pts, size and chunking', async () => {
  const packet = fc.record({
    pts: fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 2 ** 50 })),
    isKey: fc.boolean(),
    data: fc
      .oneof(fc.nat(50), fc.nat(9000), fc.nat(300_000))
      .map((size) => new Uint8Array(size).fill(7).buffer),
  });
  const stream = fc.record({
    tag: fc.constantFrom('H264', 'HEVC', 'VP80', 'VP90', 'AV01', 'av01', 'x\0\xff\x18'),
    width: fc.integer({ min: 1, max: 20000 }),
    height: fc.integer({ min: 1, max: 20000 }),
    sampleAspectRatio: fc.constantFrom({ num: 0, den: 1 }, { num: 40, den: 33 }),
    timeBase: fc.constantFrom({ num: 1, den: 90000 }, { num: 1001, den: 30000 }),
    decodeDelay: fc.integer({ min: 1, max: 16 }),
  });
  const extradata = fc.uint8Array({ minLength: 1, maxLength: 6000 });
  await fc.assert(
    fc.asyncProperty(
      stream,
      fc.option(extradata, { nil: undefined }),
      fc.array(packet, { maxLength: 5 }),
      fc.constantFrom(13, 4096, Infinity),
      async (rest, extra, packets, chunk) => {
        const whole = { ...rest, ...(extra && { extradata: extra.slice().buffer }) };
        const reader = await open(await written(whole, packets), chunk);
        expect(reader.stream).toEqual(whole);
        expect(await packetsOf(reader)).toEqual(packets);
      },
    ),
    { numRuns: 100 },
  );
});

test('a payload of megabytes is written as it is, without a copy', async () => {
  const sink = new MemorySink();
  const writer = await NutPacketWriter.open(sink, vp9);
  const data = new ArrayBuffer(3 << 20);
  await writer.writePacket({ pts: 0, isKey: true, data });
  await writer.writePacket(packetOf(1, false, 9));
  expect(sink.writes.map(({ length }) => length).slice(2)).toEqual([3 << 20, 17]);
  expect(sink.writes[2]?.buffer).toBe(data);
});

test('pts go down only in a stream with decode delay', async () => {
  const writer = await NutPacketWriter.open(new MemorySink(), vp9);
  await writer.writePacket(packetOf(7, true, 1));
  await expect(writer.writePacket(packetOf(6, false, 1))).rejects.toMatchObject({
    code: 'EINVAL',
    message: 'packet of pts 6 after pts 7, in a stream without decode delay',
  });
  await expect(writer.writePacket(packetOf(-1, false, 1))).rejects.toThrow('pts -1 cannot be written as NUT');
  await writer.finish();
  await expect(writer.writePacket(packetOf(8, false, 1))).rejects.toThrow('after the end');
});

test.each([
  { change: { tag: 'VP9' }, message: 'the tag "VP9"' },
  { change: { tag: 'VP9€' }, message: 'the tag "VP9€"' },
  { change: { width: 0 }, message: 'picture size 0x33' },
  { change: { timeBase: { num: 0, den: 1 } }, message: 'time base 0/1' },
  { change: { sampleAspectRatio: { num: 1.5, den: 1 } }, message: 'sample aspect ratio 1.5/1' },
])('refuses a stream that NUT cannot hold: $message', async ({ change, message }) => {
  await expect(NutPacketWriter.open(new MemorySink(), { ...vp9, ...change })).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(message) as string,
  });
});

/** Reads to the end and checks that it ends: with packets, or a DnnError that says where. */
async function readsOrExplains(bytes: Uint8Array): Promise<void> {
  try {
    const packets = await packetsOf(await open(bytes));
    // Beginnings that are left out and stand in the header may make them longer.
    const total = packets.reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(total).toBeLessThanOrEqual(bytes.length + 255 * packets.length);
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
    expect(['EINVAL', 'EIO']).toContain(error.code);
    expect(error.details['offset']).toBeTypeOf('number');
    expect(error.details['offset']).toBeLessThanOrEqual(bytes.length);
  }
}

test('damaged bytes end in packets or an error', async () => {
  const change = fc.record({ at: fc.nat(600), value: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(h264Nut, vp8AlphaNut),
      fc.oneof(fc.constant(600), fc.integer({ min: 190, max: 440 })),
      fc.uint8Array({ maxLength: 60 }),
      fc.array(change, { maxLength: 3 }),
      async (nut, keep, tail, changes) => {
        const bytes = Uint8Array.of(...nut.subarray(0, keep), ...tail);
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        await readsOrExplains(bytes);
      },
    ),
    { numRuns: 2000 },
  );
});

import { expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { ByteReader } from './byte-reader.ts';
import { crc32 } from './crc32.ts';
import { FrameFlag } from './frame-code.ts';
import { readFrameHeader, readSyncpoint } from './frame-header.ts';
import { memorySource } from './memory-stream.ts';
import { NutReader } from './nut-reader.ts';
import { appendPacket, fileId } from './packet.ts';

const {
  KEY,
  EOR,
  CODED_PTS,
  STREAM_ID,
  SIZE_MSB,
  CHECKSUM,
  RESERVED,
  SM_DATA,
  HEADER_IDX,
  MATCH_TIME,
  CODED,
} = FrameFlag;
const text = (value: string) => new TextEncoder().encode(value);

/** Fields in NUT's `v`, with byte runs where a Uint8Array stands. */
function fields(...values: readonly (number | Uint8Array)[]): ByteBuffer {
  const buffer = new ByteBuffer();
  for (const value of values) {
    if (typeof value === 'number') buffer.varlen(value);
    else buffer.append(value);
  }
  return buffer;
}

/**
 * A stream of 2x1 gray (two bytes a frame), time bases 1/25 and 1/1000, the second one the
 * video's; stream 0 is another. Code 1 is all-explicit, 2 has the size 2 and pts_delta 3, 3 the
 * same with the elision header "AB" (size 4).
 */
function streamWith(...parts: readonly (ByteBuffer | Uint8Array)[]): Uint8Array {
  const stream = new ByteBuffer();
  stream.append(fileId);
  const codes = [
    [CODED | KEY, 6, 0, 1, 1, 0, 0, 1],
    [CODED | KEY | CODED_PTS, 6, 0, 1, 1, 0, 0, 1],
    [KEY, 6, 5, 1, 1, 2, 0, 1],
    [KEY, 8, 5, 1, 1, 2, 0, 1, 0, 1],
    [FrameFlag.INVALID, 6, 0, 1, 0, 0, 0, 251],
  ].flat();
  const main = fields(4, 0, 2, 32768, 2, 1, 25, 1, 1000, ...codes, 1, 2, text('AB'), 0);
  appendPacket(stream, 'main header', main.bytes);
  const common = [7, 1000, 0, 0, 0];
  appendPacket(stream, 'stream header', fields(0, 0, 4, text('H264'), 0, ...common, 64, 64, 0, 0, 0).bytes);
  appendPacket(stream, 'stream header', fields(1, 0, 4, text('Y800'), 1, ...common, 2, 1, 0, 0, 0).bytes);
  for (const part of parts) stream.append(part instanceof ByteBuffer ? part.bytes : part);
  return stream.bytes;
}

/** A syncpoint at `value` units of time base `timeBase`. */
function syncpoint(value: number, timeBase: number): ByteBuffer {
  const packet = new ByteBuffer();
  appendPacket(packet, 'syncpoint', fields(value * 2 + timeBase, 0).bytes);
  return packet;
}

async function read(bytes: Uint8Array): Promise<(readonly [pts: number, payload: string])[]> {
  const reader = await NutReader.open(memorySource(bytes));
  const result: (readonly [number, string])[] = [];
  for (let frame: Frame | null; (frame = await reader.next()) !== null;) {
    result.push([frame.pts, new TextDecoder().decode(frame.buffer)]);
  }
  return result;
}

/**
 * Code 1 with these flags on top of KEY and CODED_PTS; the fields follow in the order of the specification.
 */
const explicit = (flags: number, ...rest: readonly (number | Uint8Array)[]) => fields(1, flags, ...rest);

test('pts: full, from its low bits around the last one, and by difference', async () => {
  const withSize = SIZE_MSB;
  const bytes = streamWith(
    syncpoint(40, 0), // 40/25 s are 1600/1000 s
    fields(2, text('ab')), // 1600 + 3
    explicit(withSize, 128 + 5000, 2, text('cd')),
    explicit(withSize, 5000 % 128, 2, text('ef')),
    explicit(withSize, (5000 + 64) % 128, 2, text('gh')),
    explicit(withSize, (5064 - 63) % 128, 2, text('ij')),
    explicit(withSize, 128 + 2 ** 52, 2, text('kl')),
    fields(2, text('mn')),
  );
  expect(await read(bytes)).toEqual([
    [1603, 'ab'],
    [5000, 'cd'],
    [5000, 'ef'],
    [5064, 'gh'],
    [5001, 'ij'],
    [2 ** 52, 'kl'],
    [2 ** 52 + 3, 'mn'],
  ]);
});

test('the lowest full pts is 0, however far the last one is', async () => {
  // nut.txt: coded_pts from 1 << msb_pts_shift on is that much more than the pts.
  const bytes = streamWith(syncpoint(40, 0), explicit(SIZE_MSB, 128, 2, text('ab')), fields(2, text('cd')));
  expect(await read(bytes)).toEqual([
    [0, 'ab'],
    [3, 'cd'],
  ]);
});

test('a syncpoint of a finer time base is rounded down', async () => {
  const timeBases = [
    { num: 1, den: 1000 },
    { num: 1, den: 25 },
  ];
  const main = {
    version: 3,
    streamCount: 2,
    maxDistance: 32768,
    timeBases,
    frameCodes: [],
    elisionHeaders: [],
  };
  const streams = timeBases.map((timeBase, streamId) => ({
    header: { streamId, tag: '', timeBase, msbPtsShift: 7, video: undefined },
    lastPts: -1,
  }));
  const reader = new ByteReader(memorySource(fields(2 * 999, 0).bytes));
  await readSyncpoint(reader, main, streams);
  expect(streams.map(({ lastPts }) => lastPts)).toEqual([999, 24]); // 24.975
});

test('every optional field has its place', async () => {
  const flags = STREAM_ID | SIZE_MSB | MATCH_TIME | HEADER_IDX | RESERVED;
  const header = explicit(flags | CHECKSUM, 1, 128 + 9, 4, 5, 0, 2, 77, 300);
  const checksum = new ByteBuffer();
  checksum.u32(crc32(0, header.bytes));
  const size = text('ab');
  const frames = streamWith(explicit(flags, 1, 128 + 9, 2, 5, 0, 2, 77, 300), size);
  expect(await read(frames)).toEqual([[9, 'ab']]);
  const tooLong = streamWith(header, checksum, text('abcd'));
  await expect(read(tooLong)).rejects.toThrow('4 bytes of payload, expected 2 for gray of 2x1');
  const damaged = streamWith(header, text('1234abcd'));
  await expect(read(damaged)).rejects.toThrow('the stream is damaged');
});

test('what was elided is put back', async () => {
  expect(await read(streamWith(fields(3), fields(2, text('cd')), fields(3)))).toEqual([
    [3, 'AB'],
    [6, 'cd'],
    [9, 'AB'],
  ]);
});

test('nothing is elided from frames of more than 4096 bytes', async () => {
  const elisionHeaders = [new Uint8Array(), text('AB')];
  const frameCodes = [
    { flags: 0, streamId: 0, sizeMul: 1, sizeLsb: 4096, ptsDelta: 0, reservedCount: 0, headerIdx: 1 },
  ];
  const timeBase = { num: 1, den: 25 };
  const main = {
    version: 3,
    streamCount: 1,
    maxDistance: 32768,
    timeBases: [timeBase],
    frameCodes,
    elisionHeaders,
  };
  const stream = { header: { streamId: 0, tag: '', timeBase, msbPtsShift: 7, video: undefined }, lastPts: 0 };
  const read = (sizeLsb: number) => {
    const codes = [{ ...frameCodes[0]!, sizeLsb }];
    return readFrameHeader(
      new ByteReader(memorySource(new Uint8Array())),
      { ...main, frameCodes: codes },
      [stream],
      0,
    );
  };
  expect(await read(4096)).toMatchObject({ size: 4094, elided: text('AB') });
  expect(await read(4097)).toMatchObject({ size: 4097, elided: new Uint8Array() });
});

test('side data and metadata before the payload are skipped', async () => {
  const signed = (value: number) => (value > 0 ? 2 * value - 1 : -2 * value);
  const side = fields(
    ...[2, 4, text('Skip'), signed(12)],
    ...[3, text('raw'), signed(-2), 1, text('x'), 3, text('\0\x01\x02')],
    ...[3, 1, text('a'), signed(-1), 2, text('zz'), 1, text('b'), signed(-3), 5, 1, text('c'), signed(-9), 7],
  );
  const frame = fields(
    explicit(SM_DATA | SIZE_MSB, 128 + 1, side.bytes.length + 2).bytes,
    side.bytes,
    text('ab'),
  );
  expect(await read(streamWith(frame))).toEqual([[1, 'ab']]);
  const lying = fields(explicit(SM_DATA | SIZE_MSB, 128 + 1, 6).bytes, 1, 100, text('abcdef'));
  await expect(read(streamWith(lying))).rejects.toThrow('a value of 100 bytes goes beyond byte');
});

test('frames of other streams and ends of streams are passed over', async () => {
  const other = explicit(STREAM_ID | SIZE_MSB, 0, 128, 5, text('xxxxx'));
  const end = explicit(EOR, 128 + 50);
  expect(await read(streamWith(other, fields(2, text('ab')), other, end))).toEqual([[3, 'ab']]);
});

// The payload is judged behind the frame header, all else at the frame code.
test.each([
  { name: 'stream', part: explicit(STREAM_ID, 7, 128), message: 'stream 7 of 2' },
  { name: 'elision header', part: explicit(HEADER_IDX, 128, 5), message: 'there is no elision header 5' },
  { name: 'size', part: explicit(SIZE_MSB | HEADER_IDX, 128, 1, 1), message: 'a frame of 1 bytes' },
  { name: 'reserved fields', part: explicit(RESERVED, 128, 9999), message: '9999 reserved fields' },
  { name: 'frame code', part: fields(5), message: 'frame code 5 is not in use' },
  {
    name: 'payload size',
    part: explicit(SIZE_MSB, 128, 2 ** 52),
    message: '4503599627370496 bytes of payload, expected 2',
  },
])('refuses a wrong $name and says at which byte', async ({ part, message }) => {
  const offset = streamWith().length;
  await expect(read(streamWith(part, text('abcdefgh')))).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(message) as string,
    details: { offset: message.includes('payload') ? offset + part.bytes.length : offset },
  });
});

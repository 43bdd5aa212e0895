import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodedStream } from '../../media/nut/encoded-stream.ts';
import { readStreamFacts } from './stream-facts.ts';
import { streamVector, streamVectorNames, type StreamVectorName } from './stream-vectors.test-support.ts';

const factsOf = (name: StreamVectorName) => {
  const { stream, packet } = streamVector(name);
  return readStreamFacts(stream, packet);
};
const patched = (buffer: ArrayBuffer, change: (bytes: Uint8Array) => unknown): ArrayBuffer => {
  const bytes = new Uint8Array(buffer.slice());
  change(bytes);
  return bytes.buffer;
};

/** Profile, level, format, size and aspect ratio are what ffprobe 5.1 says, but for grey AV1. */
test.each([
  ['avcc', 'avc1.64000a', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['annexb', 'avc1.42c00a', 'yuv420p', '64x48', '0,0,0,0', '40:33'],
  ['422-10', 'avc1.7a000a', 'yuv422p10le', '64x48', '0,0,0,0', '7:5'],
  ['444', 'avc1.f4000a', 'yuv444p', '60x46', '0,0,4,2', '1:1'],
  ['h264-gray', 'avc1.64000a', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['h264-rgb', 'avc1.f4000a', undefined, '64x48', '0,0,0,0', '1:1'],
  ['mbaff', 'avc1.640015', 'yuv420p', '64x40', '0,0,0,24', '5:6'],
  ['crop', 'avc1.64000a', 'yuv420p', '56x44', '6,4,2,0', '1:1'],
  ['lists', 'avc1.64000a', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['recovery', 'avc1.64000a', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['second-id', 'avc1.4d400a', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['hvcc', 'hvc1.1.6.L30.90', 'yuv420p', '64x48', '0,0,0,0', '1:1'],
  ['hevc-annexb', 'hev1.4.10.L30.9D.8', 'yuv422p10le', '64x48', '0,0,0,0', '40:33'],
  ['hevc-444', 'hev1.4.10.L30.9E.8', 'yuv444p', '64x48', '0,0,0,0', '1:1'],
  ['hevc-rgb', 'hev1.4.10.L30.9E.8', undefined, '64x48', '0,0,0,0', '1:1'],
  ['hevc-odd', 'hev1.1.6.L30.90', 'yuv420p', '62x46', '0,0,2,2', '92:93'],
  ['vp8', 'vp8', 'yuv420p', '61x47', '0,0,0,0', ''],
  ['vp9-yuv420p', 'vp09.00.10.08', 'yuv420p', '61x47', '0,0,0,0', ''],
  ['vp9-yuv422p', 'vp09.01.10.08.02', 'yuv422p', '61x47', '0,0,0,0', ''],
  ['vp9-yuv440p', 'vp09.01.10.08', undefined, '61x47', '0,0,0,0', ''],
  ['vp9-gbrp', 'vp09.01.10.08.03', undefined, '61x47', '0,0,0,0', ''],
  ['vp9-yuv420p10le', 'vp09.02.10.10', 'yuv420p10le', '61x47', '0,0,0,0', ''],
  ['vp9-yuv444p12le', 'vp09.03.10.12.03', undefined, '61x47', '0,0,0,0', ''],
  ['av1', 'av01.0.00M.08', 'yuv420p', '61x47', '0,0,0,0', ''],
  ['av1-444', 'av01.1.00M.08', 'yuv444p', '64x48', '0,0,0,0', ''],
  ['av1-422-12', 'av01.2.00M.12', undefined, '64x48', '0,0,0,0', ''],
  ['av1-10', 'av01.0.00M.10', 'yuv420p10le', '64x48', '0,0,0,0', ''],
  ['av1-rgb', 'av01.1.00M.08', undefined, '64x48', '0,0,0,0', ''],
  ['av1-gray', 'av01.0.00M.08', 'yuv420p', '64x48', '0,0,0,0', ''],
  ['av1-still', 'av01.0.00M.08', 'yuv420p', '64x48', '0,0,0,0', ''],
] as const)('%s is %s: %s, %s', (name, codecString, pixelFormat, size, crop, aspect) => {
  const { width, height, ...facts } = factsOf(name);
  expect(facts).toMatchObject({ codecString, pixelFormat, isRandomAccess: true });
  expect(`${width}x${height}`).toBe(size);
  const { left, top, right, bottom } = facts.crop;
  expect([left, top, right, bottom].join()).toBe(crop);
  const { sampleAspectRatio } = facts;
  expect(sampleAspectRatio ? `${sampleAspectRatio.num}:${sampleAspectRatio.den}` : '').toBe(aspect);
});

test.each([
  ['av1', undefined, undefined],
  ['av1-rgb', 'gbr', 'bt709'],
] as const)('%s tells the colours that ffmpeg here cannot tell', (name, colorSpace, colorPrimaries) => {
  expect(factsOf(name).colors).toMatchObject({ colorSpace, colorPrimaries });
  expect(factsOf(name).colors?.colorRange).toBe(name === 'av1' ? 'tv' : 'pc');
});

test('a description goes with packets that have lengths, and with them alone', () => {
  const names = streamVectorNames.filter((name) => factsOf(name).description !== undefined);
  expect(names).toEqual(['avcc', 'crop', 'hvcc']);
  const { stream, packet } = streamVector('avcc');
  expect(readStreamFacts(stream, packet).description).toBe(stream.extradata);
});

test('a decoder cannot start without a parameter set, or at a picture that is no IDR', () => {
  const { stream, packet } = streamVector('annexb');
  const bytes = new Uint8Array(packet.data);
  const startOf = (type: number): number =>
    bytes.findIndex((byte, i) => (byte & 31) === type && bytes[i - 1] === 1 && bytes[i - 2] === 0) - 3;
  const facts = (data: ArrayBuffer) => readStreamFacts(stream, { ...packet, data });
  expect(facts(packet.data.slice(startOf(5)))).toMatchObject({ width: 64, isRandomAccess: false });
  expect(facts(packet.data.slice(startOf(8)))).toMatchObject({ width: 64, isRandomAccess: false });
  expect(facts(packet.data.slice(0, startOf(5)))).toMatchObject({ width: 64, isRandomAccess: false });
  const notIdr = patched(packet.data, (data) => (data[startOf(5) + 3] = 0x41));
  expect(facts(notIdr)).toMatchObject({ width: 64, isRandomAccess: false });
});

test('CRA pictures, after which others may not decode, are no start', () => {
  const { stream, packet } = streamVector('hvcc');
  const lengthSize = 4;
  expect(new Uint8Array(packet.data)[lengthSize]).toBe(20 << 1);
  for (const [type, isRandomAccess] of [
    [19, true],
    [21, false],
    [16, false],
  ] as const) {
    const data = patched(packet.data, (bytes) => (bytes[lengthSize] = type << 1));
    expect(readStreamFacts(stream, { ...packet, data }).isRandomAccess).toBe(isRandomAccess);
  }
});

test('the parameter sets that the slice names count, not the first ones', () => {
  const { stream } = streamVector('mbaff');
  const { packet } = streamVector('second-id');
  expect(readStreamFacts(stream, packet)).toMatchObject({ codecString: 'avc1.4d400a', isRandomAccess: true });
});

test('packets in between have the size of the stream', () => {
  const inter = (tag: string, ...bytes: number[]): [EncodedStream, EncodedPacket] => [
    { ...streamVector('vp8').stream, tag },
    { pts: 0, isKey: false, data: Uint8Array.from(bytes).buffer },
  ];
  const notKey = { width: 64, height: 48, isRandomAccess: false };
  expect(readStreamFacts(...inter('VP80', 0xb1, 1, 0))).toMatchObject({ ...notKey, codecString: 'vp8' });
  // A frame that is not a key frame, and one that shows another again.
  expect(readStreamFacts(...inter('VP90', 0x86, 0))).toMatchObject({
    ...notKey,
    codecString: 'vp09.00.10.08',
  });
  expect(readStreamFacts(...inter('VP90', 0x88))).toMatchObject(notKey);
});

test('av1C is a description where packets have no sequence header', () => {
  const { stream, packet } = streamVector('av1');
  const units = new Uint8Array(packet.data);
  const frame = units.findIndex((byte) => byte === 0x32);
  const data = units.slice(frame).buffer;
  const facts = readStreamFacts(stream, { ...packet, data });
  expect(facts).toMatchObject({ width: 61, height: 47, isRandomAccess: true });
  expect(facts.description).toBe(stream.extradata);
  const { extradata, ...bare } = stream;
  expect(extradata).toBeDefined();
  expect(() => readStreamFacts(bare, { ...packet, data })).toThrow('has a sequence header');
  // frame_type 1 is an inter frame.
  const inter = patched(packet.data, (bytes) => (bytes[frame + 2] = 0x30));
  expect(readStreamFacts(stream, { ...packet, data: inter }).isRandomAccess).toBe(false);
});

test.each([
  ['annexb', (bytes: Uint8Array): unknown => bytes.fill(0xff, 0, 4), 'H.264 packet, byte 0: no start code'],
  ['avcc', (bytes: Uint8Array): unknown => (bytes[1] = 9), 'NAL unit, byte 0: its'],
  ['vp8', (bytes: Uint8Array): unknown => (bytes[3] = 0), 'VP8 frame header, byte 3: no start code'],
  [
    'vp9-yuv420p',
    (bytes: Uint8Array): unknown => (bytes[0] = 0),
    'VP9 frame header, byte 0: no frame marker',
  ],
  ['vp9-yuv420p', (bytes: Uint8Array): unknown => (bytes[1] = 0), 'VP9 frame header, byte 3: no sync code'],
  ['av1', (bytes: Uint8Array): unknown => (bytes[0] = 0xff), 'AV1 packet, byte 0: no header of a unit'],
] as const)('damage is told with its place: %s', (name, change, message) => {
  const { stream, packet } = streamVector(name);
  const data = patched(packet.data, change);
  expect(() => readStreamFacts(stream, { ...packet, data })).toThrow(message);
});

test('codecs that browsers do not have are refused', () => {
  const { stream, packet } = streamVector('vp8');
  expect(() => readStreamFacts({ ...stream, tag: 'mp4v' }, packet)).toThrow(
    expect.objectContaining({ code: 'ENOSYS', message: expect.stringContaining('"mp4v"') as string }),
  );
});

/** Facts, or a DnnError that says where. */
function readsOrExplains(stream: EncodedStream, packet: EncodedPacket): void {
  try {
    const { width, height } = readStreamFacts(stream, packet);
    expect(width).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
    expect(error.code).toBe('EINVAL');
    const most = Math.max(packet.data.byteLength, stream.extradata?.byteLength ?? 0);
    expect(error.details['offset']).toBeLessThanOrEqual(most);
    expect(error.message).not.toContain('\n');
  }
}

test('damaged streams end in facts or an error', () => {
  const change = fc.record({ at: fc.nat(200), value: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(
      fc.constantFrom(...streamVectorNames),
      fc.array(change, { maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      fc.nat(150),
      (name, inExtradata, inPacket, length) => {
        const { stream, packet } = streamVector(name);
        const apply = (changes: typeof inPacket) => (bytes: Uint8Array) => {
          for (const { at, value } of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        };
        const extradata = patched(stream.extradata ?? new ArrayBuffer(), apply(inExtradata));
        const data = patched(packet.data, apply(inPacket)).slice(0, length);
        readsOrExplains({ ...stream, extradata }, { ...packet, data });
      },
    ),
    { numRuns: 4000 },
  );
});

test('any bytes end in facts or an error', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('avc1', 'H264', 'HEVC', 'hvc1', 'VP80', 'VP90', 'AV01', 'av01'),
      fc.constantFrom([], [0, 0, 1, 0x67], [0, 0, 0, 1, 0x42, 1], [1], [0x81], [0x0a]),
      fc.uint8Array({ maxLength: 80 }),
      fc.option(fc.uint8Array({ maxLength: 80 })),
      (tag, beginning, rest, extra) => {
        const { stream } = streamVector('vp8');
        const data = Uint8Array.of(...beginning, ...rest).buffer;
        const extradata = extra && Uint8Array.of(...beginning, ...extra).buffer;
        readsOrExplains({ ...stream, tag, ...(extradata && { extradata }) }, { pts: 0, isKey: true, data });
      },
    ),
    { numRuns: 4000 },
  );
});

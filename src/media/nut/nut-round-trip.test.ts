import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { framePixelFormats } from '../../frame/pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { memorySource, MemorySink } from './memory-stream.ts';
import { audioAndGrayNut, bigEndianPfmNut, pipeModeNut, rgb24Nut } from './nut-fixtures.ts';
import { NutReader } from './nut-reader.ts';
import type { NutStream } from './nut-stream.ts';
import { NutWriter } from './nut-writer.ts';

const term = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

const streams: fc.Arbitrary<NutStream> = fc.record({
  format: fc.constantFrom(...framePixelFormats),
  width: fc.integer({ min: 1, max: 70 }),
  height: fc.integer({ min: 1, max: 70 }),
  sampleAspectRatio: fc.record({ num: term, den: term }),
  timeBase: fc.record({ num: term, den: term }),
});

function noise(format: NutStream['format'], width: number, height: number, pts: number, seed: number): Frame {
  const bytes = new Uint8Array(frameLayout(format, width, height).size);
  let state = seed;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return frameFromBuffer(format, width, height, pts, bytes.buffer);
}

async function framesOf(reader: NutReader): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let frame = await reader.next(); frame !== null; frame = await reader.next()) frames.push(frame);
  return frames;
}

test('what is written is read: every format, size, pts and chunking', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams,
      fc.array(fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 2 ** 50 })), { maxLength: 4 }),
      fc.constantFrom(1, 13, 4096, Infinity),
      fc.nat(),
      async (stream, steps, chunk, seed) => {
        let pts = 0;
        const frames = steps.map((step) =>
          noise(stream.format, stream.width, stream.height, (pts += step), seed),
        );
        const sink = new MemorySink();
        const writer = await NutWriter.open(sink, stream);
        for (const frame of frames) await writer.writeFrame(frame);
        await writer.finish();

        const reader = await NutReader.open(memorySource(sink.bytes, chunk));
        const divisor = gcd(stream.timeBase.num, stream.timeBase.den);
        const timeBase = { num: stream.timeBase.num / divisor, den: stream.timeBase.den / divisor };
        expect(reader.stream).toEqual({ ...stream, timeBase });
        const read = await framesOf(reader);
        expect(read.map((frame) => frame.pts)).toEqual(frames.map((frame) => frame.pts));
        read.forEach((frame, i) => {
          expect(Buffer.compare(Buffer.from(frame.buffer), Buffer.from(frames[i]!.buffer))).toBe(0);
        });
      },
    ),
    { numRuns: 150 },
  );
});

/** Reads to the end and checks that it ends: with whole frames, or a DnnError that says where. */
async function readsOrExplains(bytes: Uint8Array): Promise<void> {
  let allocated = 0;
  try {
    const reader = await NutReader.open(memorySource(bytes));
    const { format, width, height } = reader.stream;
    const { size } = frameLayout(format, width, height);
    // A damaged size may be plausible: do not let the test itself allocate it.
    if (size > 2 ** 20) return;
    const allocate = (length: number) => {
      allocated += length;
      return new ArrayBuffer(length);
    };
    while ((await reader.next(allocate)) !== null) {
      expect(allocated).toBeLessThanOrEqual(bytes.length + 2048);
    }
  } catch (error) {
    if (!(error instanceof DnnError)) throw error;
    expect(['EINVAL', 'EIO']).toContain(error.code);
    expect(error.details['offset']).toBeTypeOf('number');
    expect(error.details['offset']).toBeLessThanOrEqual(bytes.length);
    expect(error.message).not.toContain('\n');
  }
}

const fixtures = [rgb24Nut, bigEndianPfmNut, audioAndGrayNut, pipeModeNut];

test('random bytes behind a good beginning end in frames or an error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...fixtures),
      fc.nat(700),
      fc.uint8Array({ maxLength: 300 }),
      (nut, keep, tail) => readsOrExplains(Uint8Array.of(...nut.subarray(0, keep), ...tail)),
    ),
    { numRuns: 1500 },
  );
});

test('changed bytes end in frames or an error', async () => {
  const change = fc.record({ at: fc.nat(653), value: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fixtures), fc.array(change, { maxLength: 4 }), (nut, changes) => {
      const bytes = nut.slice();
      for (const { at, value } of changes) bytes[at % bytes.length] = value;
      return readsOrExplains(bytes);
    }),
    { numRuns: 1500 },
  );
});

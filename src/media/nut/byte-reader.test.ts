import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteBuffer } from './byte-buffer.ts';
import { ByteReader } from './byte-reader.ts';
import { crc32 } from './crc32.ts';
import { memorySource } from './memory-stream.ts';

const readerOf = (...bytes: number[]) => new ByteReader(memorySource(Uint8Array.from(bytes)));

test('the checksum is the CRC-32 of POSIX without length and inversion', () => {
  expect(crc32(0, new TextEncoder().encode('123456789'))).toBe(0x89a1897f);
  expect(crc32(crc32(0, Uint8Array.of(1, 2)), Uint8Array.of(3))).toBe(crc32(0, Uint8Array.of(1, 2, 3)));
});

test('numbers have the bytes that the specification gives them', async () => {
  const buffer = new ByteBuffer();
  [0, 127, 128, 48000].forEach((value) => {
    buffer.varlen(value);
  });
  [0, 1, -1, 2, -2].forEach((value) => {
    buffer.signed(value);
  });
  buffer.u32(0xfffefdfc);
  const bytes = [0, 0x7f, 0x81, 0, 0x82, 0xf7, 0, 0, 1, 2, 3, 4, 0xff, 0xfe, 0xfd, 0xfc];
  expect([...buffer.bytes]).toEqual(bytes);

  const reader = readerOf(...bytes);
  for (const value of [0, 127, 128, 48000]) expect(await reader.varlen()).toBe(value);
  for (const value of [0, 1, -1, 2, -2]) expect(await reader.signed()).toBe(value);
  expect(await reader.u32()).toBe(0xfffefdfc);
  expect(await reader.atEnd()).toBe(true);
});

test('every safe integer comes back, however the source chops the bytes', async () => {
  const half = Math.floor(Number.MAX_SAFE_INTEGER / 2);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ v: fc.maxSafeNat(), s: fc.integer({ min: -half, max: half }) }), {
        maxLength: 300,
      }),
      fc.integer({ min: 1, max: 9 }),
      async (values, chunk) => {
        const buffer = new ByteBuffer();
        for (const { v, s } of values) {
          buffer.varlen(v);
          buffer.signed(s);
        }
        const reader = new ByteReader(memorySource(buffer.bytes, chunk));
        for (const { v, s } of values) {
          expect(await reader.varlen()).toBe(v);
          expect(await reader.signed()).toBe(s);
        }
        expect(reader.position).toBe(buffer.bytes.length);
      },
    ),
    { numRuns: 50 },
  );
});

test('the checksum counts what was consumed, in reads and skips', async () => {
  const bytes = Uint8Array.from({ length: 9000 }, (_, i) => i % 251);
  const reader = new ByteReader(memorySource(bytes));
  await reader.skip(10);
  reader.beginChecksum();
  await reader.skip(6000);
  await reader.u8();
  expect(reader.checksum).toBe(crc32(0, bytes.subarray(10, 6011)));
});

test('a number that is too large is refused where it begins', async () => {
  const tooLarge = [0x90, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
  await expect(readerOf(1, ...tooLarge).skip(1)).resolves.toBeUndefined();
  const reader = readerOf(1, ...tooLarge);
  await reader.u8();
  await expect(reader.varlen()).rejects.toMatchObject({ code: 'EINVAL', details: { offset: 1 } });
  await expect(readerOf(...tooLarge).skipVarlen()).resolves.toBeUndefined();
  const endless = new Array<number>(11).fill(0x80);
  await expect(readerOf(...endless).skipVarlen()).rejects.toMatchObject({ code: 'EINVAL' });
});

test('a source that ends early is a cut stream, with the place', async () => {
  const reader = readerOf(1, 2, 3);
  reader.part = 'main header';
  await reader.u8();
  await expect(reader.readInto(new Uint8Array(5))).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringMatching(/cut at byte 3: 3 more byte\(s\) of the main header expected/) as string,
    details: { offset: 3, missing: 3 },
  });
  await expect(readerOf(1).u32()).rejects.toMatchObject({ code: 'EIO', details: { offset: 1 } });
  await expect(readerOf(0x80).varlen()).rejects.toMatchObject({ code: 'EIO' });
});

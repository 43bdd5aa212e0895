import { expect, test } from 'vitest';
import { ByteBuffer } from './byte-buffer.ts';
import { ByteReader } from './byte-reader.ts';
import { memorySource } from './memory-stream.ts';
import { appendPacket, readPacket, readStartCode } from './packet.ts';

async function read(
  bytes: Uint8Array,
  readFields: (reader: ByteReader) => Promise<unknown>,
): Promise<unknown> {
  const reader = new ByteReader(memorySource(bytes));
  await reader.u8();
  const kind = await readStartCode(reader);
  return readPacket(reader, kind, () => readFields(reader));
}

function packet(fieldBytes: number): Uint8Array {
  const target = new ByteBuffer();
  appendPacket(
    target,
    'index',
    Uint8Array.from({ length: fieldBytes }, (_, i) => i),
  );
  return target.bytes;
}

test.each([0, 4092, 4093, 100000])('a packet of %d bytes of fields comes back', async (length) => {
  const sum = async (reader: ByteReader) => {
    let total = 0;
    for (let i = 0; i < length; i++) total += await reader.u8();
    return total;
  };
  const expected = Array.from({ length }, (_, i) => i % 256).reduce((a, b) => a + b, 0);
  expect(await read(packet(length), sum)).toBe(expected);
});

test('fields that nobody reads are skipped, and still checked', async () => {
  const bytes = packet(10);
  expect(await read(bytes, () => Promise.resolve('unread'))).toBe('unread');
  bytes[12]! ^= 1;
  await expect(read(bytes, () => Promise.resolve())).rejects.toThrow(
    /byte 19: the checksum is 0x\w+ but the bytes/,
  );
});

test('the length of a long packet is checked before it is believed', async () => {
  const bytes = packet(5000);
  bytes[8]! ^= 1;
  await expect(read(bytes, () => Promise.resolve())).rejects.toThrow(/byte 10: the header checksum is/);
});

test('fields must end within their packet', async () => {
  await expect(read(packet(10), (reader) => reader.skip(11))).rejects.toThrow(
    'go beyond the end of the packet',
  );
  const tooShort = packet(0);
  tooShort[8] = 3;
  await expect(read(tooShort, () => Promise.resolve())).rejects.toThrow('a packet of 3 bytes has no room');
});

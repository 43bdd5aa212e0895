/** NUT packets (nut.txt, "packet_header" and "packet_footer"): start codes, length, checksums. */
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteReader } from './byte-reader.ts';
import { crc32 } from './crc32.ts';

/** What every NUT stream begins with. */
export const fileId = new TextEncoder().encode('nut/multimedia container\0');

/** The first byte of every start code, which therefore is no frame code. */
export const START_CODE_FIRST_BYTE = 0x4e;

/** 'N', a letter, and 48 bits that are unlikely in data. */
const startCodes = {
  'main header': Uint8Array.of(0x4e, 0x4d, 0x7a, 0x56, 0x1f, 0x5f, 0x04, 0xad),
  'stream header': Uint8Array.of(0x4e, 0x53, 0x11, 0x40, 0x5b, 0xf2, 0xf9, 0xdb),
  syncpoint: Uint8Array.of(0x4e, 0x4b, 0xe4, 0xad, 0xee, 0xca, 0x45, 0x69),
  index: Uint8Array.of(0x4e, 0x58, 0xdd, 0x67, 0x2f, 0x23, 0xe6, 0x4e),
  'info packet': Uint8Array.of(0x4e, 0x49, 0xab, 0x68, 0xb5, 0x96, 0xba, 0x78),
} as const;

export type PacketKind = keyof typeof startCodes;

const packetKinds = Object.keys(startCodes) as PacketKind[];
/** Packets longer than this have a checksum of their header too. */
const LONG_PACKET = 4096;
const CHECKSUM_BYTES = 4;

/**
 * Reads the rest of a start code after its first byte.
 *
 * @throws DnnError `EINVAL` for eight bytes that are no start code.
 */
export async function readStartCode(reader: ByteReader): Promise<PacketKind> {
  reader.part = 'start code';
  const offset = reader.position - 1;
  const code = new Uint8Array(8);
  code[0] = START_CODE_FIRST_BYTE;
  for (let i = 1; i < code.length; i++) {
    code[i] = await reader.u8();
  }
  const kind = packetKinds.find((name) => startCodes[name].every((byte, i) => byte === code[i]));
  if (kind === undefined) {
    const hex = Array.from(code, (byte) => byte.toString(16).padStart(2, '0')).join('');
    throw reader.invalid(`0x${hex} is no start code of NUT`, offset);
  }
  return kind;
}

/**
 * Reads one packet after its start code: its fields by `readFields`, which gets the offset of the packet's
 * end, then reserved bytes and checksum.
 *
 * @throws DnnError `EINVAL` for fields that do not fit into the packet, or a checksum that does not hold.
 */
export async function readPacket<Fields>(
  reader: ByteReader,
  kind: PacketKind,
  readFields: (end: number) => Fields | Promise<Fields>,
): Promise<Fields> {
  reader.part = kind;
  reader.beginChecksum(crc32(0, startCodes[kind]));
  const lengthOffset = reader.position;
  const length = await reader.varlen();
  if (length > LONG_PACKET) {
    await checkChecksum(reader, 'header checksum');
  }
  reader.beginChecksum();
  const end = reader.position + length - CHECKSUM_BYTES;
  if (length < CHECKSUM_BYTES) {
    throw reader.invalid(`a packet of ${length} bytes has no room for its checksum`, lengthOffset);
  }
  const fields = await readFields(end);
  if (reader.position > end) {
    throw reader.invalid(`the fields go beyond the end of the packet at byte ${end}`);
  }
  await reader.skip(end - reader.position);
  await checkChecksum(reader, 'checksum');
  return fields;
}

/**
 * Reads a checksum of what was consumed since `beginChecksum`.
 * @throws DnnError `EINVAL` if it does not hold.
 */
export async function checkChecksum(reader: ByteReader, name: string): Promise<void> {
  const computed = reader.checksum;
  const offset = reader.position;
  const stored = await reader.u32();
  if (stored !== computed) {
    throw reader.invalid(
      `the ${name} is 0x${stored.toString(16)} but the bytes give 0x${computed.toString(16)}: the stream is damaged`,
      offset,
    );
  }
}

/** Appends one packet with `fields` as its content. */
export function appendPacket(target: ByteBuffer, kind: PacketKind, fields: Uint8Array): void {
  const header = new ByteBuffer();
  const length = fields.length + CHECKSUM_BYTES;
  header.append(startCodes[kind]);
  header.varlen(length);
  if (length > LONG_PACKET) {
    header.u32(crc32(0, header.bytes));
  }
  target.append(header.bytes);
  target.append(fields);
  target.u32(crc32(0, fields));
}

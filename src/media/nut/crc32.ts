/**
 * NUT's checksum: CRC-32 of polynomial 0x04C11DB7, most significant bit first,
 * start value 0, no final inversion.
 */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c11db7 : 0);
  }
  return remainder;
});

/** Continues checksum `crc` (0 to begin) over one byte; the result is unsigned. */
export function crc32Byte(crc: number, byte: number): number {
  return ((crc << 8) ^ table[(crc >>> 24) ^ byte]!) >>> 0;
}

/** Continues checksum `crc` (0 to begin) over `bytes`; the result is unsigned. */
export function crc32(crc: number, bytes: Uint8Array): number {
  let sum = crc;
  for (const byte of bytes) {
    sum = crc32Byte(sum, byte);
  }
  return sum;
}

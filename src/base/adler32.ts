/** Adler-32 (RFC 1950). */

const modulus = 65_521;
/** Bytes after which the second sum has to be reduced, so that it stays below 2^32. */
const chunk = 5552;

/** @param start 1 by the RFC; libavutil's users begin with 0 (libavutil/adler32.c). */
export function adler32(bytes: Uint8Array, start = 1): number {
  let low = start & 0xffff;
  let high = start >>> 16;
  for (let begin = 0; begin < bytes.length; begin += chunk) {
    const end = Math.min(bytes.length, begin + chunk);
    for (let index = begin; index < end; index++) {
      low += bytes[index]!;
      high += low;
    }
    low %= modulus;
    high %= modulus;
  }
  return ((high << 16) | low) >>> 0;
}

/** The checksum of a frame as `ffmpeg -f framecrc` prints it; mirrors libavutil/adler32.c. */

/** The largest prime below 65536. */
const base = 65521;
/** So many bytes cannot leave 32 bits. */
const mostAtOnce = 3800;

/** Adler-32 of the bytes, beginning with 0 as framecrc does (libavformat/framecrcenc.c), not with 1. */
export function frameChecksum(bytes: Uint8Array): number {
  let [sum, sumOfSums] = [0, 0];
  for (let start = 0; start < bytes.length; start += mostAtOnce) {
    const end = Math.min(bytes.length, start + mostAtOnce);
    for (let at = start; at < end; at++) {
      sum += bytes[at]!;
      sumOfSums += sum;
    }
    sum %= base;
    sumOfSums %= base;
  }
  return sumOfSums * 65536 + sum;
}

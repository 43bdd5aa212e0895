/**
 * PFM pictures as grayf32's way through NUT (libavcodec/pnm.c · ff_pnm_decode_header, pnmdec.c ·
 * pnm_decode_frame, pnmenc.c · pnm_encode_frame): a text header, then rows of float32. FFmpeg
 * 5.1, whose packets these are, reads and writes them from the top down, though other programs'
 * PFM files begin with the bottom row.
 */
import { DnnError } from '../../base/errors.ts';

/** A header is no longer than this: "Pf", two sizes below 2^31, a scale. */
export const MAX_PFM_HEADER = 64;

/** The header of a little-endian picture. */
export function pfmHeader(width: number, height: number): Uint8Array {
  return new TextEncoder().encode(`Pf\n${width} ${height}\n-1.0\n`);
}

/**
 * Whether a picture with this header is big-endian.
 *
 * @throws DnnError `EINVAL` for a header that is none, a size other than `width` x
 * `height`, or a scale other than 1.
 */
export function isBigEndianPfm(header: Uint8Array, width: number, height: number): boolean {
  const text = String.fromCharCode(...header);
  const match = /^Pf\s+(\d+)\s+(\d+)\s+([-+]?\d+(?:\.\d+)?)\s$/.exec(text);
  if (match === null) {
    const shown = JSON.stringify(text.slice(0, MAX_PFM_HEADER));
    throw new DnnError('EINVAL', `PFM header ${shown} is not of the form "Pf\\nWIDTH HEIGHT\\nSCALE\\n"`);
  }
  if (Number(match[1]) !== width || Number(match[2]) !== height) {
    throw new DnnError('EINVAL', `PFM picture of ${match[1]}x${match[2]} in a stream of ${width}x${height}`);
  }
  const scale = Number(match[3]);
  if (Math.abs(scale) !== 1) {
    throw new DnnError('EINVAL', `PFM scale ${match[3]}: only 1 and -1 are supported`);
  }
  return scale > 0;
}

/** Turns big-endian float32 into little-endian, in place. */
export function swapFloatBytes(pixels: Uint8Array): void {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.length);
  for (let offset = 0; offset < pixels.length; offset += 4) {
    view.setUint32(offset, view.getUint32(offset, false), true);
  }
}

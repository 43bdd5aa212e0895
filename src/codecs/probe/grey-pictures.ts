/** Grey pictures by which encoders are tried: each has a brightness of its own, and noise that costs bits. */
import { frameLayout } from '../../frame/plane-layout.ts';
import { pixelFormatDescriptor, type PixelFormat } from '../../frame/pixel-format.ts';

/** Small, and yet large enough for encoders in hardware. */
export const pictureWidth = 320;
export const pictureHeight = 192;
/** More than the B-frames that encoders put in a row. */
export const pictureCount = 8;

/** Luma steps of 8 bits from one picture to the next: more than a lossy encoder is wrong by. */
const step = 14;
const darkest = 64;
/** Noise goes so far to either side; its mean is 0. */
const noise = 24;

/** Mean luma of a picture, in steps of 8 bits of limited range. */
export function meanLuma(index: number): number {
  return darkest + step * index;
}

/** @returns tightly packed planes; the chroma is neutral. */
export function greyPicture(format: PixelFormat, index: number): ArrayBuffer {
  const { planes, size } = frameLayout(format, pictureWidth, pictureHeight);
  const { bytesPerSample } = pixelFormatDescriptor(format);
  const bytes = new ArrayBuffer(size);
  const samples = bytesPerSample === 1 ? new Uint8Array(bytes) : new Uint16Array(bytes);
  // Formats of more bits have 10.
  const scale = bytesPerSample === 1 ? 1 : 4;
  samples.fill(128 * scale);
  const lumaSamples = planes[0]!.width * planes[0]!.height;
  let seed = index + 1;
  for (let at = 0; at < lumaSamples; at += 2) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const offset = ((seed >>> 16) % (2 * noise + 1)) - noise;
    samples[at] = (meanLuma(index) + offset) * scale;
    samples[at + 1] = (meanLuma(index) - offset) * scale;
  }
  return bytes;
}

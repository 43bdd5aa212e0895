/**
 * Frames made by a formula, so that the same bytes can be given to ffmpeg as rawvideo, and a
 * short name for what became of them.
 */
import { crc32 } from 'node:zlib';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';

/** A frame whose bytes follow no pattern of the format; grayf32 has values from 0 to 1. */
export function formulaFrame(format: PixelFormat, width: number, height: number): Frame {
  const frame = allocateFrame(format, width, height, 0);
  const byte = (index: number): number => (index * 37 + (index >> 5) * 11) & 255;
  if (format === 'grayf32le') {
    new Float32Array(frame.buffer).forEach((_, index, samples) => (samples[index] = byte(index) / 255));
  } else {
    new Uint8Array(frame.buffer).forEach((_, index, samples) => (samples[index] = byte(index)));
  }
  return frame;
}

export function checksum(frame: Frame): string {
  return crc32(new Uint8Array(frame.buffer)).toString(16).padStart(8, '0');
}

/** Packed 24-bit pixels and gray as 32-bit pixels for a canvas: R, G, B, 255 in memory. */
import type { PixelFormat } from '../pixel-format.ts';

/** Alpha of a little-endian 32-bit pixel; every engine with WebAssembly is little-endian in practice. */
const opaque = 0xff000000;

/** The formats of which plane 0 is a whole picture of bytes. */
export type BytePixels = Extract<PixelFormat, 'rgb24' | 'bgr24' | 'gray'>;

/**
 * Writes every pixel of a tightly packed plane as one 32-bit pixel. Both stay the caller's.
 *
 * @param target has as many elements as the plane has pixels.
 */
export function toRgbx(format: BytePixels, plane: Uint8Array, target: Uint32Array): void {
  if (format === 'gray') grayToRgbx(plane, target);
  else if (format === 'rgb24' && plane.byteOffset % 4 === 0) wordsToRgbx(plane, target);
  else bytesToRgbx(plane, target, format === 'rgb24' ? 0 : 2);
}

/** Four pixels are three words: a third of the loads and stores that single bytes take. */
function wordsToRgbx(plane: Uint8Array, target: Uint32Array): void {
  const groups = Math.floor(target.length / 4);
  const words = new Uint32Array(plane.buffer, plane.byteOffset, 3 * groups);
  for (let group = 0, from = 0, to = 0; group < groups; group++, from += 3, to += 4) {
    const first = words[from]!;
    const second = words[from + 1]!;
    const third = words[from + 2]!;
    target[to] = first | opaque;
    target[to + 1] = (first >>> 24) | (second << 8) | opaque;
    target[to + 2] = (second >>> 16) | (third << 16) | opaque;
    target[to + 3] = (third >>> 8) | opaque;
  }
  const done = 4 * groups;
  bytesToRgbx(plane.subarray(3 * done), target.subarray(done), 0);
}

/** @param red index of red in the three bytes of a pixel. */
function bytesToRgbx(plane: Uint8Array, target: Uint32Array, red: 0 | 2): void {
  for (let pixel = 0, at = 0; pixel < target.length; pixel++, at += 3) {
    target[pixel] = plane[at + red]! | (plane[at + 1]! << 8) | (plane[at + 2 - red]! << 16) | opaque;
  }
}

function grayToRgbx(plane: Uint8Array, target: Uint32Array): void {
  for (let pixel = 0; pixel < target.length; pixel++) {
    target[pixel] = (plane[pixel]! * 0x010101) | opaque;
  }
}

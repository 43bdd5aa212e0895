/**
 * 32-bit pixels of a picture (R, G, B and a byte that does not count) as plane 0 of packed RGB, or as gray.
 */
import type { BytePixels } from './rgb-to-rgbx.ts';

/**
 * Writes every 32-bit pixel in the format. Gray is full range: 0.299 R + 0.587 G + 0.114 B, rounded to the
 * nearest integer. Both stay the caller's.
 *
 * @param target tightly packed, of as many pixels.
 */
export function fromRgbx(format: BytePixels, pixels: Uint32Array, target: Uint8Array): void {
  if (format === 'gray') rgbxToGray(pixels, target);
  else if (format === 'rgb24' && target.byteOffset % 4 === 0) rgbxToWords(pixels, target);
  else rgbxToBytes(pixels, target, format === 'rgb24' ? 0 : 2);
}

/** Three words are four pixels. */
function rgbxToWords(pixels: Uint32Array, target: Uint8Array): void {
  const groups = Math.floor(pixels.length / 4);
  const words = new Uint32Array(target.buffer, target.byteOffset, 3 * groups);
  for (let group = 0, from = 0, to = 0; group < groups; group++, from += 4, to += 3) {
    const second = pixels[from + 1]!;
    const third = pixels[from + 2]!;
    words[to] = (pixels[from]! & 0xffffff) | (second << 24);
    words[to + 1] = ((second >>> 8) & 0xffff) | (third << 16);
    words[to + 2] = ((third >>> 16) & 0xff) | (pixels[from + 3]! << 8);
  }
  const done = 4 * groups;
  rgbxToBytes(pixels.subarray(done), target.subarray(3 * done), 0);
}

/** @param red index of red in the three bytes of a pixel. */
function rgbxToBytes(pixels: Uint32Array, target: Uint8Array, red: 0 | 2): void {
  for (let index = 0, at = 0; index < pixels.length; index++, at += 3) {
    const pixel = pixels[index]!;
    target[at + red] = pixel;
    target[at + 1] = pixel >>> 8;
    target[at + 2 - red] = pixel >>> 16;
  }
}

function rgbxToGray(pixels: Uint32Array, target: Uint8Array): void {
  for (let index = 0; index < pixels.length; index++) {
    const pixel = pixels[index]!;
    const sum = 299 * (pixel & 0xff) + 587 * ((pixel >>> 8) & 0xff) + 114 * ((pixel >>> 16) & 0xff);
    target[index] = (sum + 500) / 1000;
  }
}

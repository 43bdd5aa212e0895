/**
 * rgb24 and bgr24 of the same size: a copy, or red and blue exchanged
 * (libswscale/rgb2rgb.c · rgb24tobgr24_c).
 */
import type { Frame } from '../frame.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';

export const copyRgb: PackedRgbConverter = {
  convert: ({ data, width, height }: Frame, dst: Uint8Array) => {
    dst.set(data[0]!.subarray(0, 3 * width * height));
  },
};

export const exchangeRedAndBlue: PackedRgbConverter = {
  convert: ({ data, width, height }: Frame, dst: Uint8Array) => {
    const src = data[0]!;
    for (let at = 0; at < 3 * width * height; at += 3) {
      dst[at] = src[at + 2]!;
      dst[at + 1] = src[at + 1]!;
      dst[at + 2] = src[at]!;
    }
  },
};

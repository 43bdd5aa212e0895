import { expect, it } from 'vitest';
import { adler32 } from './adler32.ts';

it('is that of RFC 1950, over any length', () => {
  expect(adler32(new TextEncoder().encode('Wikipedia'))).toBe(0x11e60398);
  expect(adler32(new Uint8Array(0))).toBe(1);
  // zlib.adler32(b'\xff' * 1000003), and the same from 0.
  const long = new Uint8Array(1_000_003).fill(255);
  expect([adler32(long), adler32(long, 0)]).toEqual([0xe395e4bb, 0xa071e4ba]);
});

it('is from 0 what ffmpeg prints of a frame', () => {
  // ffmpeg -f lavfi -i color=gray:s=160x90:d=0.04,format=gray -f framecrc -
  expect(adler32(new Uint8Array(160 * 90).fill(126), 0)).toBe(0x6b0db115);
  expect(adler32(new Uint8Array(), 0)).toBe(0);
});

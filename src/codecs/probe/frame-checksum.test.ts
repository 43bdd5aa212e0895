import { expect, test } from 'vitest';
import { frameChecksum } from './frame-checksum.ts';

test('checksums are those that ffmpeg prints', () => {
  // ffmpeg -f lavfi -i color=gray:s=160x90:d=0.04,format=gray -f framecrc -
  expect(frameChecksum(new Uint8Array(160 * 90).fill(126))).toBe(0x6b0db115);
  expect(frameChecksum(new Uint8Array())).toBe(0);
});

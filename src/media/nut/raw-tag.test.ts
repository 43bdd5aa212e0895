import { expect, test } from 'vitest';
import { framePixelFormats, isDeep } from '../../frame/pixel-format.ts';
import { formatOfTag, rawTags } from './raw-tag.ts';

/** What ffmpeg 5.1 writes: -f lavfi -i testsrc2=s=6x4 -frames:v 1 -pix_fmt FORMAT -c:v rawvideo -f nut */
test('the tags of more than 8 bits are the bytes that ffmpeg writes', () => {
  const bytes = framePixelFormats.filter(isDeep).map((format) => [...Buffer.from(rawTags[format], 'latin1')]);
  expect(bytes).toEqual([
    [0x59, 0x33, 0x0b, 0x0a],
    [0x59, 0x33, 0x0a, 0x0a],
    [0x59, 0x33, 0x00, 0x0a],
    [0x59, 0x33, 0x0b, 0x0c],
    [0x59, 0x33, 0x0a, 0x0c],
    [0x59, 0x33, 0x00, 0x0c],
    [0x59, 0x33, 0x0b, 0x10],
    [0x59, 0x33, 0x0a, 0x10],
    [0x59, 0x33, 0x00, 0x10],
    [0x59, 0x31, 0x00, 0x0a],
    [0x59, 0x31, 0x00, 0x10],
    [0x52, 0x47, 0x42, 0x30],
    [0x47, 0x33, 0x00, 0x0a],
    [0x47, 0x33, 0x00, 0x0c],
    [0x47, 0x33, 0x00, 0x10],
  ]);
});

test('each tag leads back to its format, and no other one to any', () => {
  expect(framePixelFormats.map((format) => formatOfTag(rawTags[format]))).toEqual(framePixelFormats);
  for (const tag of ['IYUV', 'GREY']) expect(formatOfTag(tag)).toBeDefined();
  for (const tag of ['H264', 'Y3\x00\x0e', '', 'toString']) expect(formatOfTag(tag)).toBeUndefined();
});

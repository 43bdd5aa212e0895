import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { framePixelFormats } from './pixel-format.ts';
import { allocateFrame, frameFromBuffer, frameLayout } from './plane-layout.ts';

/**
 * Bytes of a frame as FFmpeg writes it, sizes 1x1, 2x2, 3x5, 5x7, 91x61:
 *   ffmpeg -f lavfi -i testsrc2=s=96x64 -vf scale=W:H,format=FORMAT -frames:v 1 -f rawvideo - | wc -c
 */
const nativeBytes = {
  rgb24: [3, 12, 45, 105, 16653],
  bgr24: [3, 12, 45, 105, 16653],
  gray: [1, 4, 15, 35, 5551],
  grayf32le: [4, 16, 60, 140, 22204],
  yuv420p: [3, 6, 27, 59, 8403],
  yuv422p: [3, 8, 35, 77, 11163],
  yuv444p: [3, 12, 45, 105, 16653],
  yuv410p: [3, 6, 19, 43, 6287],
  yuv411p: [3, 8, 25, 63, 8357],
  nv12: [3, 6, 27, 59, 8403],
  yuv420p10le: [6, 12, 54, 118, 16806],
  yuv422p10le: [6, 16, 70, 154, 22326],
  yuv444p10le: [6, 24, 90, 210, 33306],
  yuv420p12le: [6, 12, 54, 118, 16806],
  yuv422p12le: [6, 16, 70, 154, 22326],
  yuv444p12le: [6, 24, 90, 210, 33306],
  yuv420p16le: [6, 12, 54, 118, 16806],
  yuv422p16le: [6, 16, 70, 154, 22326],
  yuv444p16le: [6, 24, 90, 210, 33306],
  gray10le: [2, 8, 30, 70, 11102],
  gray16le: [2, 8, 30, 70, 11102],
  rgb48le: [6, 24, 90, 210, 33306],
  gbrp10le: [6, 24, 90, 210, 33306],
  gbrp12le: [6, 24, 90, 210, 33306],
  gbrp16le: [6, 24, 90, 210, 33306],
};
const sizes = [
  [1, 1],
  [2, 2],
  [3, 5],
  [5, 7],
  [91, 61],
] as const;

describe('frameLayout', () => {
  test.each(framePixelFormats)('%s has the size of rawvideo, its planes follow each other', (format) => {
    expect(sizes.map(([width, height]) => frameLayout(format, width, height).size)).toEqual(
      nativeBytes[format],
    );
    for (const [width, height] of sizes) {
      const { planes, size } = frameLayout(format, width, height);
      let end = 0;
      for (const plane of planes) {
        expect(plane.offset).toBe(end);
        end += plane.linesize * plane.height;
      }
      expect(end).toBe(size);
    }
  });

  test('chroma is rounded up; a pixel of nv12 chroma is a pair', () => {
    expect(frameLayout('yuv410p', 91, 61).planes).toEqual([
      { offset: 0, linesize: 91, width: 91, height: 61 },
      { offset: 5551, linesize: 23, width: 23, height: 16 },
      { offset: 5919, linesize: 23, width: 23, height: 16 },
    ]);
    expect(frameLayout('nv12', 3, 5).planes[1]).toEqual({ offset: 15, linesize: 4, width: 2, height: 3 });
  });

  test.each([
    [0, 4],
    [4, 0],
    [-2, 4],
    [1.5, 4],
    [NaN, 4],
    [Infinity, 4],
    [16384, 16384],
    [1, 0x7fffffff],
  ])('refuses %d x %d', (width, height) => {
    expect(() => frameLayout('gray', width, height)).toThrow(DnnError);
    expect(() => allocateFrame('gray', width, height, 0)).toThrow(
      `Picture size ${width}x${height} is invalid.`,
    );
  });

  // The largest square that av_image_check_size lets through: (8 * 16255 + 1024) * (16255 + 128) < 2^31 - 1.
  test('accepts what FFmpeg accepts', () => {
    expect(frameLayout('gray', 16255, 16255).size).toBe(16255 ** 2);
    expect(() => frameLayout('gray', 16257, 16257)).toThrow(DnnError);
  });
});

describe('frameFromBuffer', () => {
  test('planes are views of the buffer', () => {
    const buffer = Uint8Array.from({ length: 27 }, (_, i) => i).buffer;
    const frame = frameFromBuffer('yuv420p', 3, 5, 42, buffer);
    expect(frame.buffer).toBe(buffer);
    expect(frame.pts).toBe(42);
    expect(frame.linesize).toEqual([3, 2, 2]);
    expect(frame.data.map((plane) => plane.length)).toEqual([15, 6, 6]);
    expect(frame.data.map((plane) => plane[0])).toEqual([0, 15, 21]);
    expect(frame.data.every((plane) => plane.buffer === buffer)).toBe(true);
  });

  test.each([26, 28, 0])('refuses a buffer of %d bytes for 27', (bytes) => {
    expect(() => frameFromBuffer('yuv420p', 3, 5, 42, new ArrayBuffer(bytes))).toThrow(
      `A yuv420p frame of 3x5 has 27 bytes, not ${bytes} (pts 42).`,
    );
  });
});

test('allocateFrame gives a frame of zeros with a buffer of its own', () => {
  const frame = allocateFrame('nv12', 5, 7, -1);
  expect(frame.buffer.byteLength).toBe(59);
  expect(frame.data.map((plane) => plane.length)).toEqual([35, 24]);
  expect(frame.data.every((plane) => plane.every((sample) => sample === 0))).toBe(true);
});

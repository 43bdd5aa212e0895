import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { scaleDeepPlane } from '../../frame/deep-plane-scale.ts';
import type { Frame } from '../../frame/frame.ts';
import { framePixelFormats, pixelFormatDescriptor } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { PlaneScaler } from '../../frame/plane-scale.ts';
import { copyUvPlanes } from './copy-uv-planes.ts';

/**
 * Fills every plane with mod(90+37*X+101*Y+7*X*Y, 256), X counting bytes; plane 2 is the complement of that.
 */
function paint(frame: Frame): Frame {
  for (const [index, plane] of frame.data.entries()) {
    const linesize = frame.linesize[index]!;
    plane.forEach((_, i) => {
      const x = i % linesize;
      const y = (i - x) / linesize;
      const value = 90 + 37 * x + 101 * y + 7 * x * y;
      plane[i] = index === 2 ? ~value : value;
    });
  }
  return frame;
}

describe('frames of one size', () => {
  test.each(framePixelFormats)('%s: chroma is copied, plane 0 is left alone', (format) => {
    const from = paint(allocateFrame(format, 7, 5, 0));
    const to = allocateFrame(format, 7, 5, 0);
    copyUvPlanes(from, to);
    if (!pixelFormatDescriptor(format).isRgb) expect(to.data.slice(1)).toEqual(from.data.slice(1));
    expect(to.data[0]!.every((sample) => sample === 0)).toBe(true);
  });
});

describe('frames of two sizes', () => {
  // ffmpeg -f lavfi -i "color=s=5x4,format=gray,geq=lum='mod(90+37*X+101*Y+7*X*Y,256)'" -frames:v 1 -f
  // rawvideo - | ffmpeg -cpuflags 0 -f rawvideo -pix_fmt gray -s 5x4 -i - -vf scale=9:6:flags=bicubic -f
  // rawvideo - | od -v -An -tu1 -w9
  // prettier-ignore
  const planar = [
    78, 90, 112, 148, 175, 192, 217, 236, 251,
    136, 155, 182, 143, 94, 112, 140, 161, 178,
    166, 190, 221, 136, 38, 59, 89, 113, 132,
    52, 70, 101, 118, 123, 145, 180, 206, 227,
    81, 99, 133, 171, 196, 152, 123, 158, 181,
    131, 151, 187, 227, 253, 143, 50, 94, 118,
  ];

  test('yuv420p from 9x7 to 17x12: chroma sizes are rounded up, each plane is scaled on its own', () => {
    const to = allocateFrame('yuv420p', 17, 12, 0);
    copyUvPlanes(paint(allocateFrame('yuv420p', 9, 7, 0)), to);
    expect([...to.data[1]!]).toEqual(planar);
    expect(to.data[2]).not.toEqual(to.data[1]);
    expect([...to.data[2]!].every((sample, i) => Math.abs(255 - sample - planar[i]!) <= 1)).toBe(true);
    expect(to.data[0]!.every((sample) => sample === 0)).toBe(true);
  });

  test('yuv420p10le from 9x7 to 17x12: each chroma plane is scaled with the samples of 10 bits', () => {
    const from = allocateFrame('yuv420p10le', 9, 7, 0);
    const to = allocateFrame('yuv420p10le', 17, 12, 0);
    new Uint16Array(from.buffer).forEach((_, i, all) => (all[i] = (90 + 37 * i * i) % 1024));
    copyUvPlanes(from, to);
    for (const plane of [1, 2]) {
      const [src, dst] = [from.data[plane]!, to.data[plane]!].map(
        ({ buffer, byteOffset, length }) => new Uint16Array(buffer, byteOffset, length / 2),
      );
      const wanted = { samples: new Uint16Array(54), width: 9, height: 6 };
      scaleDeepPlane({ samples: src!, width: 5, height: 4 }, wanted, 10);
      expect([...dst!]).toEqual([...wanted.samples]);
      expect(Math.max(...dst!)).toBeGreaterThan(255);
    }
    expect(to.data[0]!.every((sample) => sample === 0)).toBe(true);
  });

  // ffmpeg -f lavfi -i "color=s=12x5,format=gray,geq=lum='mod(90+37*X+101*Y+7*X*Y,256)'" -frames:v 1 -f
  // rawvideo - | ffmpeg -cpuflags 0 -f rawvideo -pix_fmt ya8 -s 6x5 -i - -vf
  // crop=5:4:0:0,scale=7:5:flags=bicubic -f rawvideo - | od -v -An -tu1 -w14; and 128 in the column and the
  // row that FFmpeg leaves unwritten.
  // prettier-ignore
  const nv12 = [
    79, 115, 127, 185, 199, 161, 245, 12, 95, 58, 72, 130, 141, 177, 128, 128,
    170, 213, 100, 148, 75, 98, 145, 118, 164, 187, 115, 163, 51, 93, 128, 128,
    115, 163, 87, 145, 103, 116, 175, 95, 154, 166, 125, 182, 107, 154, 128, 128,
    55, 113, 118, 142, 188, 133, 205, 71, 143, 89, 134, 158, 163, 220, 128, 128,
    128, 204, 211, 108, 224, 75, 113, 171, 208, 59, 175, 72, 80, 154, 128, 128,
    128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  ];

  test('nv12 from 11x9 to 15x11: pairs are scaled, sizes rounded down, the last column and row are neutral', () => {
    const to = allocateFrame('nv12', 15, 11, 0);
    copyUvPlanes(paint(allocateFrame('nv12', 11, 9, 0)), to);
    expect([...to.data[1]!]).toEqual(nv12);
  });

  test.each([
    [1, 6, 2, 12],
    [6, 1, 12, 2],
    [6, 6, 1, 3],
  ])('nv12 from %ix%i to %ix%i has no chroma to scale: neutral', (width, height, dstWidth, dstHeight) => {
    const to = allocateFrame('nv12', dstWidth, dstHeight, 0);
    copyUvPlanes(paint(allocateFrame('nv12', width, height, 0)), to);
    expect(to.data[1]!.every((sample) => sample === 128)).toBe(true);
  });

  test('each of many geometries in turn gets its own scaler', () => {
    for (const width of [9, 10, 11, 12, 13, 14, 9]) {
      const from = paint(allocateFrame('yuv444p', 8, 5, 0));
      const to = allocateFrame('yuv444p', width, 6, 0);
      copyUvPlanes(from, to);
      const expected = new Uint8Array(width * 6);
      new PlaneScaler({ width: 8, height: 5 }, { width, height: 6 }, 1).scale(
        from.data[1]!,
        8,
        expected,
        width,
      );
      expect(to.data[1]).toEqual(expected);
    }
  });

  test('formats without chroma are left alone', () => {
    const to = allocateFrame('rgb24', 8, 8, 0);
    copyUvPlanes(paint(allocateFrame('rgb24', 4, 4, 0)), to);
    expect(new Uint8Array(to.buffer).every((sample) => sample === 0)).toBe(true);
  });
});

describe('refusals', () => {
  const frame = allocateFrame('yuv420p', 4, 4, 5);

  test('two formats', () => {
    expect(() => {
      copyUvPlanes(frame, allocateFrame('yuv422p', 4, 4, 5));
    }).toThrow('Cannot copy chroma of a yuv420p frame to a yuv422p frame (pts 5).');
  });

  test.each([
    { ...frame, width: 8 },
    { ...frame, height: -4 },
    { ...frame, data: frame.data.slice(0, 2) },
    { ...frame, linesize: [4, 2, 3] },
  ])('a frame that is not what it says %#', (broken) => {
    expect(() => {
      copyUvPlanes(broken, frame);
    }).toThrow(DnnError);
    expect(() => {
      copyUvPlanes(frame, broken);
    }).toThrow(DnnError);
  });
});

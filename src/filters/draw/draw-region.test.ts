import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { pixelFormats, type PixelFormat } from '../../frame/pixel-format.ts';
import { allocateFrame } from '../../frame/plane-layout.ts';
import { colorComponents } from './color-components.ts';
import { parseColor, type Color } from './color.ts';
import type { Box } from './box.ts';
import { drawRegion } from './draw-region.ts';
import { checksum, formulaFrame } from './formula-frame.test-support.ts';

const color = (text: string): Color | 'invert' =>
  text === 'invert' ? text : parseColor(sourceText(text), 'drawbox', 'color');

const boxes: Box[] = [
  { x: 5, y: 3, w: 17, h: 11 },
  { x: -4, y: -3, w: 12, h: 9 },
  { x: 30, y: 15, w: 20, h: 20 },
  { x: 9, y: 14, w: 5, h: 4 },
];
const colors = ['black', 'red@0.5', '0x3a7f91c4', 'invert'];
const thicknesses = [1, 3, Infinity];

/**
 * crc32 of what FFmpeg 5.1 makes of the formula frame of 37x23, per format: each colour with each thickness.
 *   ffmpeg -cpuflags 0 -f rawvideo -pix_fmt FORMAT -s 37x23 -i - -f rawvideo -vf
 *     drawbox=5:3:17:11:COLOR:T,drawbox=-4:-3:12:9:COLOR:T,drawbox=30:15:20:20:COLOR:T,
 *     drawbox=9:14:5:4:COLOR:T -
 */
const fromFFmpeg: Partial<Record<PixelFormat, string>> = {
  rgb24:
    'aa730536 d1300179 08db9725 7a21b2fa d9c4e0d6 fd7d0c8b 67caf895 8b73f848 6c8785db b3d71545 d22de7a5 d60de80f',
  bgr24:
    'aa730536 d1300179 08db9725 249a4a3a 3d4c225d a87c92a1 6375a2a2 ea5788e2 a8047e87 b3d71545 d22de7a5 d60de80f',
  yuv420p:
    'ef430e94 20ecfc6b da857e97 963a509e 31e3e9c1 bcab63c9 cbe1005d a85fdb6d fd45fce8 ad419643 a9df5267 7304264d',
  yuv422p:
    '44a39d63 fd853c55 dfb85254 d91ca075 b35b3529 3998c1ce 4c716310 00e5fd8a d9c84335 8d5e0b7b e6cd6b91 5c099d6e',
  yuv444p:
    '265a9a7c df960291 406c9746 f93f6f76 00d8e6af 41113dd2 3f9f7e7a 0a75515f d77f8f12 b41b3fa6 2cfb7bdc a6ce70fe',
  yuv410p:
    'cd35de43 a47dcb3c 85a1bf45 f3f5914d 5005f6e7 1039268f 170cf676 ae59fb54 0edff763 bdba09c3 69cb12bd c8d1416d',
  yuv411p:
    '6cc97040 e2e6a920 99b880ed 6cb7a6f6 c2c125e9 444e13be ff559c84 f8414d55 9ffc638e 0bffe750 5aa68228 c21b2ae0',
};

describe('against ffmpeg', () => {
  test.each(Object.keys(fromFFmpeg) as PixelFormat[])('%s', (format) => {
    const sums = colors.flatMap((name) =>
      thicknesses.map((thickness) => {
        const frame = formulaFrame(format, 37, 23);
        for (const box of boxes) drawRegion(frame, box, thickness, color(name));
        return checksum(frame);
      }),
    );
    expect(sums.join(' ')).toBe(fromFFmpeg[format]);
  });
});

const someBox = fc.record({
  x: fc.integer({ min: -30, max: 40 }),
  y: fc.integer({ min: -30, max: 40 }),
  w: fc.integer({ min: 0, max: 50 }),
  h: fc.integer({ min: 0, max: 50 }),
});
const someColor = fc.oneof(
  fc.constant('invert' as const),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
);
const someThickness = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constant(Infinity));
const someFormat = fc.constantFrom(...pixelFormats);
const size = { width: 19, height: 13 };

describe('any box', () => {
  test('changes no sample without a pixel of its edge', () => {
    fc.assert(
      fc.property(someFormat, someBox, someThickness, someColor, (format, box, thickness, paint) => {
        const before = formulaFrame(format, size.width, size.height);
        const after = formulaFrame(format, size.width, size.height);
        drawRegion(after, box, thickness, paint);
        const old = colorComponents(before);
        colorComponents(after).forEach((component, index) => {
          const touched = new Set<number>();
          for (let y = Math.max(0, box.y); y < Math.min(size.height, box.y + box.h); y++) {
            for (let x = Math.max(0, box.x); x < Math.min(size.width, box.x + box.w); x++) {
              const distances = [x - box.x, y - box.y, box.x + box.w - 1 - x, box.y + box.h - 1 - y];
              if (Math.min(...distances) >= thickness) continue;
              const row = component.offset + (y >> component.log2Height) * component.stride;
              touched.add(row + (x >> component.log2Width) * component.step);
            }
          }
          component.samples.forEach((value, offset) => {
            const isOurs = (offset - component.offset) % component.step === 0;
            if (isOurs && !touched.has(offset)) expect(value).toBe(old[index]!.samples[offset]);
          });
        });
      }),
    );
  });

  test('outside of the frame, or of no size, changes nothing', () => {
    for (const format of pixelFormats) {
      for (const box of [
        { x: 19, y: 0, w: 5, h: 5 },
        { x: 0, y: 13, w: 5, h: 5 },
        { x: -5, y: 0, w: 5, h: 5 },
        { x: 0, y: -5, w: 5, h: 5 },
        { x: 3, y: 3, w: 0, h: 5 },
        { x: 3, y: 3, w: 5, h: 0 },
      ]) {
        const frame = formulaFrame(format, size.width, size.height);
        drawRegion(frame, box, Infinity, [255, 255, 255, 255]);
        expect(frame.data).toEqual(formulaFrame(format, size.width, size.height).data);
      }
    }
  });

  test('in an opaque colour puts its values there, whatever was there', () => {
    fc.assert(
      fc.property(
        someFormat,
        someBox,
        fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
        (format, box, rgb) => {
          const frame = formulaFrame(format, size.width, size.height);
          const blank = allocateFrame(format, size.width, size.height, 0);
          drawRegion(frame, box, Infinity, [...rgb, 255]);
          drawRegion(blank, box, Infinity, [...rgb, 255]);
          const filled = colorComponents(blank);
          colorComponents(frame).forEach((component, index) => {
            for (let y = Math.max(0, box.y); y < Math.min(size.height, box.y + box.h); y++) {
              for (let x = Math.max(0, box.x); x < Math.min(size.width, box.x + box.w); x++) {
                const row = component.offset + (y >> component.log2Height) * component.stride;
                const offset = row + (x >> component.log2Width) * component.step;
                expect(component.samples[offset]).toBeCloseTo(filled[index]!.samples[offset]!, 6);
              }
            }
          });
        },
      ),
    );
  });
});

describe('formats that the drawbox of FFmpeg does not take', () => {
  const planes = (format: PixelFormat, paint: Color | 'invert'): readonly Uint8Array[] => {
    const frame = allocateFrame(format, 37, 23, 0);
    frame.data.forEach((plane, index) => {
      if (format === 'grayf32le') return;
      plane.fill(index === 0 ? 90 : 160);
    });
    if (format === 'grayf32le') new Float32Array(frame.buffer).fill(90 / 255);
    for (const box of boxes) drawRegion(frame, box, 2, paint);
    return frame.data;
  };

  test.each(colors)(
    'nv12 has the chroma of yuv420p side by side, gray its luma, grayf32 255ths of it: %s',
    (name) => {
      const paint = color(name);
      const [luma, u, v] = planes('yuv420p', paint);
      const [nv12Luma, uv] = planes('nv12', paint);
      expect(nv12Luma).toEqual(luma);
      expect(uv).toEqual(interleave(u!, v!));
      expect(planes('gray', paint)[0]).toEqual(luma);
      const floats = new Float32Array(planes('grayf32le', paint)[0]!.buffer);
      floats.forEach((value, index) => {
        // Bytes lose their fraction, once for each of the boxes that overlap here.
        expect(Math.abs(value * 255 - luma![index]!)).toBeLessThan(2);
      });
    },
  );
});

function interleave(u: Uint8Array, v: Uint8Array): Uint8Array {
  const both = new Uint8Array(2 * u.length);
  u.forEach((value, index) => {
    both[2 * index] = value;
    both[2 * index + 1] = v[index]!;
  });
  return both;
}

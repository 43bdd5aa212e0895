import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import type { Frame } from '../../frame/frame.ts';
import { pixelFormats, type PixelFormat } from '../../frame/pixel-format.ts';
import { blendMask, blendRectangle, type Mask } from './blend.ts';
import { parseColor, type Color } from './color.ts';
import { checksum, formulaFrame } from './formula-frame.test-support.ts';

const colors = ['black', 'red@0.5', '0x3a7f91c4'];

function checksums(format: PixelFormat, draw: (frame: Frame, color: Color) => void): string {
  return colors
    .map((name) => {
      const frame = formulaFrame(format, 37, 23);
      draw(frame, parseColor(sourceText(name), 'drawtext', 'boxcolor'));
      return checksum(frame);
    })
    .join(' ');
}

/**
 * crc32 of what FFmpeg 5.1 makes of the formula frame of 37x23. The letter n is 10x9 pixels large in this
 *   font. ffmpeg -cpuflags 0 -f rawvideo -pix_fmt FORMAT -s 37x23 -i - -f rawvideo -vf
 *   drawtext=text=n:fontsize=16:fontcolor=black@0:box=1:boxcolor=COLOR:boxborderw=0:x=-3:y=2,… -
 */
const rectangles = {
  rgb24: '5b3ae4ef 15e96c5e ebd50d38',
  bgr24: '5b3ae4ef 687c6fd9 febc4034',
  gray: '949f2959 9fcda774 574f540b',
  yuv420p: '7b5e5f6c bee21270 90b2ae6b',
  yuv422p: '55e30bfa 59893af3 0040637b',
  yuv444p: 'df6d04e1 89a8190b 6f966cc0',
  yuv410p: '1a5c0db0 f29a5f74 c5033969',
  yuv411p: 'f5aa9e4b 614ad430 2a230f50',
  nv12: '6b420286 05b716f3 a5f1608a',
};

test.each(Object.keys(rectangles) as (keyof typeof rectangles)[])(
  'a rectangle as ffmpeg draws it: %s',
  (format) => {
    const sums = checksums(format, (frame, color) => {
      for (const [x, y, border] of [
        [-3, 2, 0],
        [5, 5, 1],
        [31, 17, 2],
        [14, -9, 3],
      ] as const) {
        blendRectangle(frame, { x: x - border, y: y - border, w: 10 + 2 * border, h: 9 + 2 * border }, color);
      }
    });
    expect(sums).toBe(rectangles[format]);
  },
);

/**
 * The letter z of FreeType, `drawtext=text=z:fontsize=12`, and below what FFmpeg 5.1 makes of it, as above.
 */
const letter = [
  [88, 255, 255, 255, 255, 200],
  [0, 0, 0, 8, 203, 102],
  [0, 0, 0, 165, 149, 0],
  [0, 0, 119, 192, 4, 0],
  [0, 75, 221, 20, 0, 0],
  [40, 230, 47, 0, 0, 0],
  [124, 255, 255, 255, 255, 200],
];
const letterMask: Mask = { width: 6, height: 7, coverage: (x, y) => letter[y]![x]! };

const letters = {
  rgb24: '3a963684 303686e3 c1aba5c2',
  bgr24: '3a963684 134c8ed1 3f392127',
  gray: '87f922af 19911a2f 215d89de',
  yuv420p: 'd620e099 1c9ab1a7 8be16933',
  yuv422p: 'e73d865c f12fedfe 95d24f6d',
  yuv444p: '6bfadda2 e867b999 92d9d01c',
  yuv410p: '07a95e4f 6e91f16b e4d6d1bd',
  yuv411p: '22c33da3 52e3de44 021e5b35',
  nv12: '457bfaf0 080265bd ee9fd7c2',
};

test.each(Object.keys(letters) as (keyof typeof letters)[])('a letter as ffmpeg draws it: %s', (format) => {
  const sums = checksums(format, (frame, color) => {
    for (const [x, y] of [
      [-3, 2],
      [5, 5],
      [33, 19],
      [14, -3],
    ] as const) {
      blendMask(frame, letterMask, x, y, color);
    }
  });
  expect(sums).toBe(letters[format]);
});

describe('edges', () => {
  test('grayf32 is gray in 255ths, but for the rounding', () => {
    const gray = formulaFrame('gray', 37, 23);
    const floats = formulaFrame('grayf32le', 37, 23);
    for (const frame of [gray, floats]) {
      blendRectangle(frame, { x: 3, y: -2, w: 20, h: 9 }, [200, 10, 90, 77]);
      blendMask(frame, letterMask, 30, 15, [255, 255, 255, 255]);
    }
    new Float32Array(floats.buffer).forEach((value, index) => {
      expect(Math.abs(value * 255 - gray.data[0]![index]!)).toBeLessThan(1);
    });
  });

  test.each(pixelFormats)('%s: what is outside, or of no size, draws nothing', (format) => {
    const frame = formulaFrame(format, 19, 13);
    for (const [x, y] of [
      [19, 0],
      [0, 13],
      [-7, 0],
      [0, -7],
    ] as const) {
      blendRectangle(frame, { x, y, w: 7, h: 7 }, [255, 255, 255, 255]);
      blendMask(frame, letterMask, x, y, [255, 255, 255, 255]);
    }
    blendRectangle(frame, { x: 3, y: 3, w: 0, h: 5 }, [255, 255, 255, 255]);
    blendRectangle(frame, { x: 3, y: 3, w: 5, h: -1 }, [255, 255, 255, 255]);
    expect(frame.data).toEqual(formulaFrame(format, 19, 13).data);
  });
});

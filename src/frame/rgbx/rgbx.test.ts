import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRgbx, type BytePixels } from './rgb-to-rgbx.ts';
import { fromRgbx } from './rgbx-to-rgb.ts';
import { rgbxToYuv420p } from './rgbx-to-yuv420p.ts';
import { yuv420ToRgb24 } from './yuv420-to-rgb24.ts';
import { yuvToRgb } from './yuv-matrix.ts';

const formats: readonly BytePixels[] = ['rgb24', 'bgr24', 'gray'];

/** The bytes of 32-bit pixels. */
function bytesOf(pixels: Uint32Array): number[] {
  return [...new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)];
}

test('each format becomes R, G, B, 255, at any length and alignment', () => {
  const property = fc.property(
    fc.constantFrom(...formats),
    fc.uint8Array({ maxLength: 90 }),
    fc.integer({ min: 0, max: 5 }),
    (format, values, offset) => {
      const step = format === 'gray' ? 1 : 3;
      const pixels = Math.floor(values.length / step);
      const plane = new Uint8Array(values.length + offset).subarray(offset, offset + pixels * step);
      plane.set(values.subarray(0, pixels * step));
      const made = new Uint32Array(pixels);
      toRgbx(format, plane, made);
      const expected = Array.from({ length: pixels }, (_, i) => {
        const [a, b, c] =
          format === 'gray' ? [plane[i], plane[i], plane[i]] : plane.subarray(3 * i, 3 * i + 3);
        return format === 'bgr24' ? [c, b, a, 255] : [a, b, c, 255];
      });
      expect(bytesOf(made)).toEqual(expected.flat());

      // And back, whatever the fourth byte is; gray of equal R, G and B is that value.
      for (let i = 0; i < made.length; i++) made[i] = (made[i]! & 0xffffff) | (i << 24);
      const back = new Uint8Array(plane.length + offset).subarray(offset);
      fromRgbx(format, made, back);
      expect([...back]).toEqual([...plane]);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

/** The colours of BT.601 and BT.709 bars in limited range, as ITU-R BT.601 and BT.709 give them. */
const primaries = [
  { rgb: [255, 0, 0], bt601: [81, 90, 240], bt709: [63, 102, 240] },
  { rgb: [0, 255, 0], bt601: [145, 54, 34], bt709: [173, 42, 26] },
  { rgb: [0, 0, 255], bt601: [41, 240, 110], bt709: [32, 240, 118] },
  { rgb: [255, 255, 255], bt601: [235, 128, 128], bt709: [235, 128, 128] },
  { rgb: [0, 0, 0], bt601: [16, 128, 128], bt709: [16, 128, 128] },
] as const;

function expectNear(actual: Iterable<number>, expected: Iterable<number>, tolerance: number): void {
  const [one, other] = [[...actual], [...expected]];
  expect(one).toHaveLength(other.length);
  one.forEach((value, i) => {
    expect(
      Math.abs(value - other[i]!),
      `value ${i} of ${one.join(' ')}, not ${other.join(' ')}`,
    ).toBeLessThanOrEqual(tolerance);
  });
}

test.each(primaries)(
  'YUV of $rgb in both matrices, full range, planes and pairs of chroma',
  ({ rgb, bt601, bt709 }) => {
    for (const [matrix, [y, u, v]] of [
      ['smpte170m', bt601],
      ['bt709', bt709],
    ] as const) {
      const one = { width: 3, height: 1, y: new Uint8Array(3).fill(y) };
      const target = new Uint8Array(9);
      const colors = yuvToRgb({ matrix, fullRange: false });
      yuv420ToRgb24(
        { ...one, u: Uint8Array.of(u, u), v: Uint8Array.of(v, v), step: 1 },
        colors,
        target,
        'rgb',
      );
      expectNear(target, [...rgb, ...rgb, ...rgb], 3);
      const uv = Uint8Array.of(u, v, u, v);
      yuv420ToRgb24({ ...one, u: uv, v: uv.subarray(1), step: 2 }, colors, target, 'bgr');
      const bgr = rgb.toReversed();
      expectNear(target, [...bgr, ...bgr, ...bgr], 3);
    }
    const full = yuvToRgb({ matrix: 'smpte170m', fullRange: true });
    const gray = new Uint8Array(3);
    yuv420ToRgb24(
      { width: 1, height: 1, y: Uint8Array.of(200), u: Uint8Array.of(128), v: Uint8Array.of(128), step: 1 },
      full,
      gray,
      'rgb',
    );
    expect([...gray]).toEqual([200, 200, 200]);

    const planes = [new Uint8Array(1), new Uint8Array(1), new Uint8Array(1)] as const;
    const [r, g, b] = rgb;
    rgbxToYuv420p(Uint32Array.of(r | (g << 8) | (b << 16) | (7 << 24)), 1, 1, planes);
    expectNear(
      planes.flatMap(([value]) => [value!]),
      bt601,
      1,
    );
  },
);

/** What [y, u, v] become by the tags; ITU-R BT.601, BT.709 and BT.2020, Chromium where there is no matrix. */
const tagged: readonly (readonly [
  tags: Parameters<typeof yuvToRgb>[0],
  yuv: readonly [number, number, number],
  rgb: readonly [number, number, number],
])[] = [
  [{ matrix: 'smpte170m', fullRange: false }, [97, 106, 194], [200, 50, 50]],
  [{ matrix: 'bt470bg', fullRange: false }, [97, 106, 194], [200, 50, 50]],
  [{ matrix: 'bt709', fullRange: false }, [86, 113, 194], [200, 50, 50]],
  [{ matrix: 'bt2020-ncl', fullRange: false }, [93, 110, 194], [200, 50, 50]],
  [{ matrix: 'smpte170m', fullRange: true }, [95, 103, 203], [200, 50, 50]],
  [{ matrix: 'bt709', fullRange: true }, [82, 111, 203], [200, 50, 50]],
  [{ matrix: 'bt709', fullRange: null }, [86, 113, 194], [200, 50, 50]],
  // No matrix: BT.601 in limited range, also for 720 rows and more, and where the range says full.
  [{}, [97, 106, 194], [200, 50, 50]],
  [{ matrix: null, fullRange: null }, [97, 106, 194], [200, 50, 50]],
  [{ matrix: null, fullRange: false }, [145, 54, 34], [0, 255, 0]],
  [{ matrix: null, fullRange: true }, [95, 103, 203], [212, 41, 41]],
  [{ matrix: 'unknown', fullRange: true }, [97, 106, 194], [200, 50, 50]],
  [{ matrix: 'toString' }, [97, 106, 194], [200, 50, 50]],
];

test.each(tagged)('the tags %j turn %j into %j', (tags, [y, u, v], rgb) => {
  const target = new Uint8Array(3);
  const planes = { y: Uint8Array.of(y), u: Uint8Array.of(u), v: Uint8Array.of(v) };
  yuv420ToRgb24({ width: 1, height: 1, ...planes, step: 1 }, yuvToRgb(tags), target, 'rgb');
  expectNear(target, rgb, 2);
});

test('each chroma sample counts for its own block of pixels, odd edges included', () => {
  const [width, height] = [5, 3];
  const y = Uint8Array.from({ length: 15 }, (_, i) => 20 + 13 * i);
  const u = Uint8Array.from({ length: 6 }, (_, i) => 110 + 7 * i);
  const v = Uint8Array.from({ length: 6 }, (_, i) => 150 - 9 * i);
  const target = new Uint8Array(45);
  yuv420ToRgb24({ width, height, y, u, v, step: 1 }, yuvToRgb({ matrix: 'smpte170m' }), target, 'rgb');
  const clip = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const level = (255 / 219) * (y[row * width + column]! - 16);
      const chroma = (row >> 1) * 3 + (column >> 1);
      const [blue, red] = [(255 / 224) * (u[chroma]! - 128), (255 / 224) * (v[chroma]! - 128)];
      const expected = [level + 1.402 * red, level - 0.344136 * blue - 0.714136 * red, level + 1.772 * blue];
      const at = 3 * (row * width + column);
      expectNear(target.subarray(at, at + 3), expected.map(clip), 1);
    }
  }
});

test('RGB to YUV and back is the same picture where it has no detail', () => {
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { minLength: 4, maxLength: 4 }),
    (blocks) => {
      // Four blocks of 2x2 pixels, the last row and column cut off.
      const rgb = Array.from({ length: 9 }, (_, i) => blocks[2 * (Math.floor(i / 3) >> 1) + ((i % 3) >> 1)]!);
      const pixels = Uint32Array.from(rgb, ([r, g, b]) => r | (g << 8) | (b << 16));
      const planes = [new Uint8Array(9), new Uint8Array(4), new Uint8Array(4)] as const;
      rgbxToYuv420p(pixels, 3, 3, planes);
      const target = new Uint8Array(27);
      const [y, u, v] = planes;
      yuv420ToRgb24(
        { width: 3, height: 3, y, u, v, step: 1 },
        yuvToRgb({ matrix: 'smpte170m' }),
        target,
        'rgb',
      );
      expectNear(target, rgb.flat(), 4);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

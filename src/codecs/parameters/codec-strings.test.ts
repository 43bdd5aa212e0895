import { expect, test } from 'vitest';
import type { CodecName } from '../codec-contract.ts';
import { codecStrings, type CodecChoice } from './codec-strings.ts';

const choice = (
  codec: CodecName,
  width: number,
  height: number,
  more: Partial<CodecChoice> = {},
): CodecChoice => ({
  codec,
  width,
  height,
  pixelFormat: 'yuv420p',
  frameRate: { num: 30, den: 1 },
  rate: { kind: 'bitrate', bitsPerSecond: 1e6 },
  ...more,
});
const bits = (bitsPerSecond: number): Partial<CodecChoice> => ({ rate: { kind: 'bitrate', bitsPerSecond } });
const sixty = { frameRate: { num: 60, den: 1 } };

test.each([
  ['h264', 176, 144, bits(100e3), 'avc1.64000b'],
  ['h264', 176, 144, {}, 'avc1.640014'],
  ['h264', 640, 360, {}, 'avc1.64001e'],
  ['h264', 1280, 720, {}, 'avc1.64001f'],
  ['h264', 1280, 720, sixty, 'avc1.640020'],
  // Of fewer samples than 1280x720, but of more macroblocks.
  ['h264', 1282, 718, {}, 'avc1.640020'],
  ['h264', 1920, 1080, {}, 'avc1.640028'],
  ['h264', 1080, 1920, {}, 'avc1.640028'],
  ['h264', 1920, 1080, bits(30e6), 'avc1.640029'],
  ['h264', 1920, 1080, sixty, 'avc1.64002a'],
  ['h264', 3840, 2160, {}, 'avc1.640033'],
  ['h264', 3840, 2160, { frameRate: { num: 120, den: 1 } }, 'avc1.64003c'],
  ['h264', 7680, 4320, {}, 'avc1.64003c'],
  // A strip that is longer than its area asks for.
  ['h264', 4096, 64, {}, 'avc1.640028'],
  ['h264', 4112, 64, {}, 'avc1.64002a'],
  ['hevc', 1920, 1080, {}, 'hvc1.1.6.L120.B0'],
  ['hevc', 3840, 2160, { ...sixty, pixelFormat: 'yuv420p10le' }, 'hvc1.2.4.L153.B0'],
  ['vp8', 1920, 1080, {}, 'vp8'],
  ['vp9', 1280, 720, {}, 'vp09.00.31.08'],
  ['vp9', 1920, 1080, { rate: { kind: 'quantizer', quantizer: 30 } }, 'vp09.00.40.08'],
  ['vp9', 3840, 2160, { pixelFormat: 'yuv420p10le' }, 'vp09.02.50.10'],
  ['vp9', 640, 360, { pixelFormat: 'yuv444p' }, 'vp09.01.21.08.03'],
  ['av1', 1280, 720, {}, 'av01.0.05M.08'],
  ['av1', 1920, 1080, sixty, 'av01.0.09M.08'],
  ['av1', 3840, 2160, bits(35e6), 'av01.0.13M.08'],
  ['av1', 640, 360, { pixelFormat: 'yuv444p' }, 'av01.1.01M.08'],
] as const)('%s of %dx%d, %j: %s', (codec, width, height, more, expected) => {
  expect(codecStrings(choice(codec, width, height, more))[0]).toBe(expected);
});

test('profiles follow one another, each with the higher levels first, then with the lower ones', () => {
  expect(codecStrings(choice('h264', 3840, 2160))).toEqual(
    ['6400', '4d00', '42e0'].flatMap((profile) =>
      ['33', '34', '3c', '3d', '3e'].map((level) => `avc1.${profile}${level}`),
    ),
  );
  const fast = choice('h264', 3840, 2160, { profile: 'main', frameRate: { num: 120, den: 1 } });
  expect(codecStrings(fast).map((string) => string.slice(-2))).toEqual(['3c', '3d', '3e', '34', '33']);
  const tooFast = choice('av1', 8192, 4352, { frameRate: { num: 1000, den: 1 } });
  expect(codecStrings(tooFast)[0]).toBe('av01.0.18M.08');
});

test('FFmpeg names the profiles', () => {
  const first = (codec: CodecName, profile: string) => codecStrings(choice(codec, 64, 64, { profile }))[0];
  expect(first('h264', 'baseline')).toBe('avc1.42e014');
  expect(first('h264', 'constrained_baseline')).toBe('avc1.42e014');
  expect(first('vp9', '0')).toBe('vp09.00.20.08');
  expect(first('av1', 'main')).toBe('av01.0.00M.08');
});

test('refuses what a codec does not have, with what to write', () => {
  expect(() => codecStrings(choice('h264', 64, 64, { profile: 'high444' }))).toThrow(
    '-profile:v high444 is none of h264_webcodecs; it has high, main, baseline.',
  );
  expect(() => codecStrings(choice('h264', 64, 64, { pixelFormat: 'yuv444p' }))).toThrow(
    'h264_webcodecs does not encode yuv444p: write -pix_fmt yuv420p, or -c:v vp9_webcodecs or -c:v av1_webcodecs.',
  );
  expect(() => codecStrings(choice('vp9', 64, 64, { pixelFormat: 'yuv444p', profile: '0' }))).toThrow(
    'vp9_webcodecs does not encode yuv444p with -profile:v 0: write -pix_fmt yuv420p',
  );
  expect(() => codecStrings(choice('h264', 20_480, 4320))).toThrow("more than the codec's highest level");
  expect(() => codecStrings(choice('vp9', 17_000, 64))).toThrow("more than the codec's highest level");
});

import { expect, test } from 'vitest';
import { resultFormats, resultQualities } from './result-wish.ts';
import { videoChoices, type KnownEncoder } from './video-choices.ts';

const encoder = (codec: KnownEncoder['codec'], more: Partial<KnownEncoder> = {}): KnownEncoder => ({
  codec,
  pixelFormats: ['yuv420p'],
  rateControl: ['bitrate'],
  ...more,
});
const quantized = encoder('vp9', { rateControl: ['bitrate', 'quantizer'] });

test.each([
  ['mp4', 'good', undefined, '-c:v h264_webcodecs -bits_per_pixel 0.1 -pix_fmt yuv420p'],
  ['mkv', 'smaller', [encoder('h264')], '-c:v h264_webcodecs -bits_per_pixel 0.05 -pix_fmt yuv420p'],
  ['mp4', 'best', [quantized], '-c:v libx264 -preset veryfast -crf 14 -pix_fmt yuv420p'],
  ['webm', 'good', [quantized], '-c:v vp9_webcodecs -crf 29 -pix_fmt yuv420p'],
  ['webm', 'good', [encoder('vp9')], '-c:v vp9_webcodecs -bits_per_pixel 0.07 -pix_fmt yuv420p'],
  ['webm', 'best', [encoder('vp8')], '-c:v vp8_webcodecs -bits_per_pixel 0.2 -pix_fmt yuv420p'],
] as const)('%s, %s with %j: %s', (format, quality, known, words) => {
  expect(videoChoices(format, quality, known)[0].words).toBe(words);
});

test('an encoder of which nothing came back is no choice; none of the browser is left', () => {
  const broken = [encoder('h264', { pixelFormats: [] }), encoder('vp9', { pixelFormats: ['yuv420p10le'] })];
  for (const format of resultFormats) {
    const choices = videoChoices(format, 'good', broken);
    expect(choices.map(({ codec }) => codec)).toEqual([undefined]);
  }
});

test("every format has ffmpeg's own encoder as the last choice, in 4:2:0 as all others", () => {
  for (const format of resultFormats) {
    for (const quality of resultQualities) {
      const choices = videoChoices(format, quality, undefined);
      expect(choices.at(-1)).not.toHaveProperty('codec');
      expect(choices.every(({ words }) => words.endsWith('-pix_fmt yuv420p'))).toBe(true);
      expect(new Set(choices.map(({ title }) => title)).size).toBe(choices.length);
    }
  }
});

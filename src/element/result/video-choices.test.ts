import { expect, test } from 'vitest';
import { resultFormats, resultQualities } from './result-wish.ts';
import { isPossible, videoChoices } from './video-choices.ts';

test.each([
  ['mp4', 'good', '-c:v h264_webcodecs -bits_per_pixel 0.12 -pix_fmt yuv420p'],
  ['mkv', 'smaller', '-c:v h264_webcodecs -bits_per_pixel 0.06 -pix_fmt yuv420p'],
  ['webm', 'best', '-c:v vp9_webcodecs -crf 29 -pix_fmt yuv420p'],
] as const)('%s, %s: %s', (format, quality, words) => {
  expect(videoChoices(format, quality)[0].words).toBe(words);
});

test('what takes the place of what', () => {
  const codecs = (format: (typeof resultFormats)[number]) =>
    videoChoices(format, 'good').map(({ browser, words }) => browser?.codec ?? words.split(' ')[1]);
  expect(codecs('mp4')).toEqual(['h264', 'libx264']);
  expect(codecs('mkv')).toEqual(codecs('mp4'));
  expect(codecs('webm')).toEqual(['vp9', 'vp9', 'vp8', 'libvpx']);
});

test("every format has ffmpeg's own encoder as the last choice, in 4:2:0 as all others", () => {
  for (const format of resultFormats) {
    for (const quality of resultQualities) {
      const choices = videoChoices(format, quality);
      expect(choices.at(-1)).not.toHaveProperty('browser');
      expect(choices.every(({ words }) => words.endsWith('-pix_fmt yuv420p'))).toBe(true);
      expect(new Set(choices.map(({ words }) => words)).size).toBe(choices.length);
    }
  }
});

test('a better word never spends less, whoever encodes', () => {
  /** More for more bits: of a rate the rate, of a quality that counts down its negative. */
  const spent = (words: string): number => {
    const [, name, value] = /-(bits_per_pixel|crf) ([\d.]+)/.exec(words)!;
    return name === 'crf' ? -Number(value) : Number(value);
  };
  for (const format of resultFormats) {
    const [smaller, good, best] = resultQualities.map((quality) =>
      videoChoices(format, quality).map(({ words }) => spent(words)),
    );
    expect(good!.every((each, index) => each > smaller![index]! && each < best![index]!)).toBe(true);
  }
});

test('which of them a browser has', () => {
  const encoder = (codec: 'vp8' | 'vp9', more: object) => ({
    ...{ name: `${codec}_webcodecs`, codec, pixelFormats: [], rateControl: ['bitrate' as const] },
    ...more,
  });
  const found = [
    encoder('vp9', { pixelFormats: ['yuv420p'] }),
    encoder('vp8', { pixelFormats: [], reason: 'it loses frames' }),
  ];
  expect(videoChoices('webm', 'good').map((choice) => isPossible(choice, found))).toEqual([
    ...[false, true, false, true],
  ]);
  expect(videoChoices('mp4', 'good').map((choice) => isPossible(choice, []))).toEqual([false, true]);
});

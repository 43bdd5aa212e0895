import { expect, test } from 'vitest';
import { quantizerOfCrf } from './crf-quantizers.ts';

test.each(['vp9', 'av1'] as const)('%s: worse quality is a larger quantiser, within its range', (codec) => {
  const quantizers = Array.from({ length: 127 }, (_, half) => quantizerOfCrf(codec, half / 2));
  expect(quantizers.every((quantizer, at) => at === 0 || quantizer > quantizers[at - 1]!)).toBe(true);
  expect(quantizers[0]).toBe(0);
  expect(quantizers.at(-1)).toBeLessThanOrEqual(63);
});

test('between two measured values it is on the line between them', () => {
  expect(quantizerOfCrf('vp9', 30)).toBe(25.1);
  expect(quantizerOfCrf('vp9', 32.5)).toBeCloseTo(27.4);
  expect(quantizerOfCrf('av1', 61.5)).toBeCloseTo(45.9);
});

test.each([-1, 63.5, NaN, Infinity])('-crf %d is refused, with the range', (crf) => {
  expect(() => quantizerOfCrf('av1', crf)).toThrow(
    `-crf ${crf} is out of range: av1_webcodecs takes 0 (best) to 63.`,
  );
});

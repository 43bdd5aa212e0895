import { expect, test } from 'vitest';
import { parseSimpleFilterchain } from '../../../filtergraph/parse-filtergraph.ts';
import { isDnnFilter } from '../../../filters/filters.ts';
import type { PixelFormat } from '../../../frame/pixel-format.ts';
import { conversionSteps } from '../../command/conversion-steps.ts';
import { cutFilterchain } from '../../command/plan-filterchain.ts';
import type { LocalFilter } from '../local-filter.ts';
import { scalingWords, settleLinks, type SettledLinks } from './settle-links.ts';

/** Doubles frames. */
const filter = (...pixelFormats: readonly PixelFormat[]): LocalFilter => ({
  ...{ text: 'dnn_processing=…', pixelFormats, detects: false, takes: () => true },
  linkBehind: ({ format, width, height }) => ({ format, width: 2 * width, height: 2 * height }),
});

/** @param text with filters of one kind only. */
function settle(
  text: string,
  filters: readonly LocalFilter[],
  format: PixelFormat = 'yuv420p',
): SettledLinks {
  expect(parseSimpleFilterchain(text)).toBeDefined();
  const cut = cutFilterchain(text, ({ name }) => isDnnFilter(name.text));
  const steps = [...filters, undefined].map((_, index) => conversionSteps(cut, index));
  const decoded = { format, width: 8, height: 6 };
  return settleLinks({ decoded, sampleAspectRatio: { num: 4, den: 3 }, filters, steps, encoded: 'yuv420p' });
}

const unscaled = { sampleAspectRatio: { num: 4, den: 3 }, scaled: [] };

test('what is asked for as rgb24 is converted where it is decoded, and back where it is encoded', () => {
  const settled = settle('format=rgb24,dnn_processing=a,format=yuv420p', [filter('rgb24', 'yuv420p')]);
  expect(settled).toEqual({
    convertTo: 'rgb24',
    head: { format: 'rgb24', width: 8, height: 6 },
    before: [{ format: 'rgb24', width: 8, height: 6, ...unscaled }],
    behind: { format: 'rgb24', width: 16, height: 12, ...unscaled },
  });
  expect(scalingWords(settled)).toBeUndefined();
});

test('a format that the filter takes stays', () => {
  const both = filter('rgb24', 'yuv420p');
  const settled = settle('format=yuv420p|rgb24,dnn_processing=a,null,dnn_processing=b', [both, both]);
  expect(settled).toMatchObject({ convertTo: undefined, behind: { format: 'yuv420p' } });
  expect(settled.before.map(({ width }) => width)).toEqual([8, 16]);
});

test('frames are scaled before, between and behind filters, and the picture keeps its shape', () => {
  const both = filter('yuv420p');
  const text =
    'scale=4:6,dnn_processing=a,scale=-1:24,scale=10:10,dnn_processing=b,format=yuv420p,scale=iw:2*ih';
  const { head, before, behind, ...settled } = settle(text, [both, both]);
  expect(head).toEqual({ format: 'yuv420p', width: 8, height: 6 });
  expect(before).toMatchObject([
    { width: 4, height: 6, scaled: [{ width: 4, height: 6 }], sampleAspectRatio: { num: 8, den: 3 } },
    {
      ...{ width: 10, height: 10, sampleAspectRatio: { num: 16, den: 9 } },
      scaled: [
        { width: 16, height: 24 },
        { width: 10, height: 10 },
      ],
    },
  ]);
  expect(behind).toMatchObject({ width: 20, height: 40, sampleAspectRatio: { num: 32, den: 9 } });
  expect(scalingWords({ head, before, behind, ...settled })).toBeUndefined();
});

test('frames are converted before they are scaled, whatever stands first, and that is said', () => {
  const settled = settle('scale=4:4,format=rgb24,dnn_processing=a', [filter('rgb24', 'yuv420p')]);
  expect(settled).toMatchObject({
    convertTo: 'rgb24',
    head: { format: 'rgb24', width: 8, height: 6 },
    before: [{ format: 'rgb24', width: 4, height: 4 }],
    behind: { width: 8, height: 8, scaled: [] },
  });
  expect(scalingWords(settled)).toContain('scales rgb24 channel by channel');
});

test('a scale to the same size is none', () => {
  expect(settle('scale=iw:ih,dnn_processing=a', [filter('yuv420p')]).before[0]!.scaled).toEqual([]);
});

test('a filter that takes rgb24 alone gets it', () => {
  expect(settle('dnn_processing=a', [filter('rgb24')]).convertTo).toBe('rgb24');
});

test('scale takes frames of 8 bits', () => {
  expect(() => settle('scale=4:4,dnn_processing=a', [filter()], 'yuv420p10le')).toThrow(
    'scale to 4x4 takes frames of 8 bits, and these are yuv420p10le',
  );
  expect(() => settle('scale=99999:99999,dnn_processing=a', [filter()])).toThrow(
    'Picture size 99999x99999 is invalid.',
  );
});

test.each([
  ['hflip,dnn_processing=a', 'yuv420p', 'hflip is a filter of ffmpeg'],
  ['format=gray,dnn_processing=a', 'yuv420p', 'format=gray would need a conversion of yuv420p 8x6'],
  ['format=rgb24,dnn_processing=a', 'yuv420p10le', 'a conversion of yuv420p10le'],
  ['dnn_processing=a,format=yuv444p', 'yuv420p', 'format=yuv444p would need a conversion of yuv420p 16x12'],
  ['scale=4:4,dnn_processing=a,scale=9:9:flags=lanczos', 'yuv420p', 'flags=lanczos'],
  ['scale=4:4,dnn_processing=a', 'yuv420p10le', 'yuv420p10le'],
  ['sws_flags=bilinear;dnn_processing=a', 'yuv420p', "sws_flags=bilinear is for ffmpeg's scaler"],
] as const)('%s of %s is refused', (text, format, reason) => {
  expect(() => settle(text, [filter('rgb24', 'yuv420p')], format)).toThrow(reason);
});

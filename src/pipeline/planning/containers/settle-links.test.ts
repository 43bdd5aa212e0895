import { expect, test } from 'vitest';
import { parseSimpleFilterchain } from '../../../filtergraph/parse-filtergraph.ts';
import { isDnnFilter } from '../../../filters/filters.ts';
import type { PixelFormat } from '../../../frame/pixel-format.ts';
import { conversionSteps } from '../../command/conversion-steps.ts';
import { cutFilterchain } from '../../command/plan-filterchain.ts';
import type { LocalFilter } from '../local-filter.ts';
import { settleLinks, type SettledLinks } from './settle-links.ts';

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
  return settleLinks({ decoded: { format, width: 8, height: 6 }, filters, steps, encoded: 'yuv420p' });
}

test('what is asked for as rgb24 is converted where it is decoded, and back where it is encoded', () => {
  const settled = settle('format=rgb24,dnn_processing=a,format=yuv420p', [filter('rgb24', 'yuv420p')]);
  expect(settled).toEqual({
    convertTo: 'rgb24',
    before: [{ format: 'rgb24', width: 8, height: 6 }],
    behind: { format: 'rgb24', width: 16, height: 12 },
  });
});

test('a format that the filter takes stays', () => {
  const both = filter('rgb24', 'yuv420p');
  const settled = settle('format=yuv420p|rgb24,dnn_processing=a,null,dnn_processing=b', [both, both]);
  expect(settled).toMatchObject({ convertTo: undefined, behind: { format: 'yuv420p' } });
  expect(settled.before.map(({ width }) => width)).toEqual([8, 16]);
});

test('a filter that takes rgb24 alone gets it', () => {
  expect(settle('dnn_processing=a', [filter('rgb24')]).convertTo).toBe('rgb24');
});

test.each([
  ['hflip,dnn_processing=a', 'yuv420p', 'hflip is a filter of ffmpeg'],
  ['format=gray,dnn_processing=a', 'yuv420p', 'format=gray would need a conversion of yuv420p 8x6'],
  ['format=rgb24,dnn_processing=a', 'yuv420p10le', 'a conversion of yuv420p10le'],
  ['dnn_processing=a,format=yuv444p', 'yuv420p', 'format=yuv444p would need a conversion of yuv420p 16x12'],
  ['sws_flags=bilinear;dnn_processing=a', 'yuv420p', "sws_flags=bilinear is for ffmpeg's scaler"],
] as const)('%s of %s is refused', (text, format, reason) => {
  expect(() => settle(text, [filter('rgb24', 'yuv420p')], format)).toThrow(reason);
});

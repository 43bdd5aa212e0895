/**
 * FFmpeg's DNN filters, row by row: what stock ffmpeg's own filters give in the same tab is what ours give, and what has
 * no counterpart there is worked out by hand. Cases are data in e2e/conformance.
 */
import { byteCases, chainCases } from './conformance/byte-cases.ts';
import { formatCases } from './conformance/format-cases.ts';
import { layerCases } from './conformance/layer-cases.ts';
import { mathCases } from './conformance/math-cases.ts';
import { optionCases } from './conformance/option-cases.ts';
import type { PictureCase } from './conformance/picture-case.ts';
import { record, type ConformanceResult } from './conformance/record.ts';
import { runOption } from './conformance/run-option.ts';
import { runPicture } from './conformance/run-picture.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const pictureGroups: Readonly<Record<string, readonly PictureCase[]>> = {
  formats: formatCases,
  layers: layerCases,
  math: mathCases,
  bytes: byteCases,
  chains: chainCases,
};

function expectPassed(results: readonly ConformanceResult[]): void {
  for (const { passed, title, filter, format, backend, note, largest, identical, samples } of results) {
    const where = [filter, format, backend, title].filter((word) => word !== undefined).join(', ');
    expect
      .soft(passed, `${where}: ${note ?? `${identical} of ${samples} identical, the most by ${largest}`}`)
      .toBe(true);
  }
}

for (const [group, cases] of Object.entries(pictureGroups)) {
  test(`frames are those of stock ffmpeg: ${group}`, async ({ page }, info) => {
    test.setTimeout(600_000);
    const ffmpeg = new FFmpegPage(page);
    await ffmpeg.open('/e2e/stock.html');
    const results: ConformanceResult[] = [];
    for (const one of cases) results.push(...(await runPicture(ffmpeg, one)));
    await record(group, results, info);
    expectPassed(results);
    await ffmpeg.expectNothingHeld();
  });
}

test('options are read by the tables of FFmpeg', async ({ page }, info) => {
  test.setTimeout(600_000);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open('/e2e/stock.html');
  const results: ConformanceResult[] = [];
  for (const one of optionCases) results.push(await runOption(ffmpeg, one));
  await record('options', results, info);
  expectPassed(results);
});

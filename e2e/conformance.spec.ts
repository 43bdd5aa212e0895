/**
 * FFmpeg's DNN filters, row by row: what stock ffmpeg's own filters give in the same tab is what ours give,
 * and what has no counterpart there is worked out by hand. Cases are data in e2e/conformance.
 */
import { byteCases, chainCases } from './conformance/byte-cases.ts';
import { classifyCases } from './conformance/classify-cases.ts';
import { runDetection } from './conformance/detection-case.ts';
import { detectionCases } from './conformance/detection-cases.ts';
import { errorCases } from './conformance/error-cases.ts';
import { explainedRows } from './conformance/explained-rows.ts';
import { ffmpegBugs } from './conformance/ffmpeg-bugs.ts';
import { formatCases } from './conformance/format-cases.ts';
import { layerCases } from './conformance/layer-cases.ts';
import { mathCases } from './conformance/math-cases.ts';
import { optionCases } from './conformance/option-cases.ts';
import type { PictureCase } from './conformance/picture-case.ts';
import { record, recordCoverage, type ConformanceResult } from './conformance/record.ts';
import { allRows } from './conformance/rows.ts';
import { runError } from './conformance/run-error.ts';
import { runOption } from './conformance/run-option.ts';
import { runPicture } from './conformance/run-picture.ts';
import { srDerainCases } from './conformance/sr-derain-cases.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const pictureGroups: Readonly<Record<string, readonly PictureCase[]>> = {
  formats: formatCases,
  layers: layerCases,
  math: mathCases,
  bytes: byteCases,
  chains: chainCases,
  'sr-derain': srDerainCases,
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

/** Groups of one kind of case each, and what runs one of them. */
const otherGroups: Readonly<Record<string, readonly ((ffmpeg: FFmpegPage) => Promise<ConformanceResult>)[]>> =
  {
    options: optionCases.map((one) => (ffmpeg) => runOption(ffmpeg, one)),
    errors: errorCases.map((one) => (ffmpeg) => runError(ffmpeg, one)),
    detections: detectionCases.map((one) => (ffmpeg) => runDetection(ffmpeg, one)),
    classifications: classifyCases.map((one) => (ffmpeg) => runDetection(ffmpeg, one)),
  };

for (const [group, runs] of Object.entries(otherGroups)) {
  test(`by hand and by stock ffmpeg: ${group}`, async ({ page }, info) => {
    test.setTimeout(600_000);
    const ffmpeg = new FFmpegPage(page);
    await ffmpeg.open('/e2e/stock.html');
    const results: ConformanceResult[] = [];
    for (const run of runs) results.push(await run(ffmpeg));
    await record(group, results, info);
    expectPassed(results);
  });
}

test('every row has a case or a reason', () => {
  const cases = [
    ...Object.values(pictureGroups).flat(),
    ...optionCases,
    ...errorCases,
    ...detectionCases,
    ...classifyCases,
  ];
  const covered = new Set(cases.flatMap(({ rows }) => rows));
  const rows = allRows();
  const missing = [...rows].filter((row) => !covered.has(row) && !(row in explainedRows));
  recordCoverage({ rows: [...rows], explained: explainedRows, missing, bugs: ffmpegBugs });
  expect.soft(missing, 'rows without a case or a reason').toEqual([]);
  const unknown = [...covered, ...Object.keys(explainedRows)].filter((row) => !rows.has(row));
  expect.soft(unknown, 'cases and reasons of rows that there are not').toEqual([]);
  expect
    .soft(
      Object.keys(explainedRows).filter((row) => covered.has(row)),
      'a reason too much',
    )
    .toEqual([]);
});

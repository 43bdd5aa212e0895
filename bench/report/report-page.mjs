/** The page of the benchmarks: one file, from which nothing else is fetched. */
import { readFileSync } from 'node:fs';
import { AnchorIds } from './anchor-ids.mjs';
import { absenceSection } from './absence-section.mjs';
import { scriptJson } from './escape.mjs';
import { sectionsHtml } from './page-section.mjs';
import { resultSection } from './result-section.mjs';
import { runSection } from './run-section.mjs';
import { lossSection, summarySection } from './summary-section.mjs';
import { ratedRatios, ratedSeries } from './verdict.mjs';

const style = readFileSync(new URL('./report.css', import.meta.url), 'utf8');

/** Makes the download of what is in the page already, so that the page does not hold it twice. */
const downloadScript = `
const link = document.getElementById('download');
link.href = URL.createObjectURL(
  new Blob([document.getElementById('report').textContent], { type: 'application/json' }),
);
link.hidden = false;
`;

const rawSection = {
  title: 'Raw data',
  html: `<p><a id="download" class="button" download="bench.json" hidden="">Download bench.json</a></p>
<p>This page holds the report as JSON, with every single value, in its element <code>script#report</code>. Two reports are
compared by <code>npm run bench -- --compare A.json B.json</code>.</p>`,
};

/**
 * @param {import('../report-format.ts').BenchReport} report
 * @returns {string} HTML that is well-formed XML too
 */
export function reportPage(report) {
  const ids = new AnchorIds();
  for (const taken of ['report', 'download', 'top']) ids.next(taken);
  const ratios = ratedRatios(report);
  const asked = ratedSeries(report);
  const sections = [
    runSection(report),
    summarySection(ratios, asked, ids),
    lossSection(ratios, asked),
    ...report.results.map((result) => resultSection(result, ratios, ids)),
    absenceSection(report),
    rawSection,
  ];
  const { contents, body } = sectionsHtml(sections, ids);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>Benchmarks of ffmpeg-dnn-wasm</title>
<style>
${style}</style>
</head>
<body id="top">
<header><h1>Benchmarks of ffmpeg-dnn-wasm</h1>
<p>FFmpeg's DNN filters in the browser, beside others who run the same networks. Measured on this machine by one command.</p></header>
${contents}
<main>
${body}
</main>
<script type="application/json" id="report">${scriptJson(report)}</script>
<script>${downloadScript}</script>
</body>
</html>
`;
}

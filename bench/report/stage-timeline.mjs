/** Who worked when in one job: a row for each stage and worker, over time. */
import { axisOf } from './axis.mjs';
import { text } from './escape.mjs';
import { numberText, percentText } from './number-text.mjs';
import { coverageRects, disjoint, spanCoverage } from './span-coverage.mjs';
import { gridFoot, svgPlot, verticalGrid } from './svg-plot.mjs';
import { tableHtml } from './table.mjs';
import { wrapWords } from './wrap-words.mjs';

/** About the pixels of a wide screen. */
const columns = 800;
const levels = 6;
const barHeight = 18;
const lineHeight = 16;

/** @param {import('../report-format.ts').StageTimeline} timeline @param {string} id */
export function stageTimeline({ label: title, lanes, spans }, id) {
  const end = spans.reduce((last, span) => Math.max(last, span.end), 0);
  const window = { from: 0, to: end === 0 ? 1 : end, columns };
  // The axis ends where the job does, so that bars and ticks share one scale.
  const seconds = end / 1000;
  const axis = axisOf([0, seconds], { kind: 'linear' });
  const scale = axis.at(seconds) / 100;
  const rows = lanes.map(({ kind, label }, lane) => {
    const own = spans.filter((span) => span.lane === lane);
    const busy = disjoint(own).reduce((sum, span) => sum + span.end - span.start, 0);
    return { kind, label, own, busy };
  });
  let y = 4;
  const parts = rows.map(({ kind, label, own, busy }) => {
    const share = end === 0 ? 0 : busy / end;
    const lines = wrapWords(label, 34);
    const words = lines.map((line, index) => `<text y="${y + lineHeight * index + 12}">${text(line)}</text>`);
    const bar = y + lineHeight * lines.length + 2;
    const path = coverageRects(spanCoverage(own, window), levels)
      .map((rect) => `M${rect.column} ${levels}v${-rect.level}h${rect.columns}v${rect.level}z`)
      .join('');
    y = bar + barHeight + 8;
    return `<g class="${kind}">${words.join('')}<text class="value" x="100%" y="${bar - lineHeight * lines.length + 10}" text-anchor="end">busy ${percentText(share)}</text><svg y="${bar}" width="100%" height="${barHeight}" viewBox="0 0 ${Math.round(columns / (scale || 1))} ${levels}" preserveAspectRatio="none"><path class="track" d="M0 0H${columns}V${levels}H0z"/><path class="work" d="${path}"/></svg></g>`;
  });
  const plot = svgPlot({
    id,
    title,
    caption:
      'Time since the command was given. Height of a bar: the share of that moment in which the lane worked. Lanes of ffmpeg and of inference differ in shade.',
    description: rows
      .map(
        ({ label, busy }) =>
          `${label}: busy ${percentText(end === 0 ? 0 : busy / end)} of ${numberText(seconds)} s`,
      )
      .join('; '),
    height: y + gridFoot,
    body: `${verticalGrid(axis, { top: 4, bottom: y, unit: 's' })}\n${parts.join('\n')}`,
  });
  const table = tableHtml({
    caption: `${title}: lanes`,
    titles: [
      'lane',
      'kind',
      '+spans',
      '+first start, s',
      '+last end, s',
      '+busy, s',
      '+busy, share of the job',
    ],
    rows: rows.map(({ kind, label, own, busy }) => [
      text(label),
      kind,
      String(own.length),
      own.length === 0
        ? '–'
        : numberText(own.reduce((first, { start }) => Math.min(first, start), Infinity) / 1000),
      own.length === 0 ? '–' : numberText(own.reduce((last, span) => Math.max(last, span.end), 0) / 1000),
      numberText(busy / 1000),
      percentText(end === 0 ? 0 : busy / end),
    ]),
  });
  return plot + table;
}

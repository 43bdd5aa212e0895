/** What each kernel reaches of what the machine can: its arithmetic, or its memory. */
import { median } from '../median.mjs';
import { axisOf } from './axis.mjs';
import { text } from './escape.mjs';
import { numberText, percentText } from './number-text.mjs';
import { placeLabels } from './place-labels.mjs';
import { narrowWidth, percent } from './svg-plot.mjs';
import { tableHtml } from './table.mjs';
import { polyline, xyHeight, xyPlot, yAt } from './xy-frame.mjs';

/** @typedef {import('../report-format.ts').RooflinePoint} RooflinePoint */

/** Forms tell builds apart where colours do not. */
const shapes = /** @type {const} */ ([
  ['filled dots', '<circle r="4.5"/>'],
  ['squares', '<rect x="-4" y="-4" width="8" height="8"/>'],
  ['triangles', '<path d="M0-5.5 5 4H-5z"/>'],
  ['diamonds', '<path d="M0-6 6 0 0 6-6 0z"/>'],
]);

/**
 * @param {readonly RooflinePoint[]} points at least one
 * @param {number | undefined} memoryRate bytes a second
 * @param {string} id
 * @param {string} title
 */
export function rooflinePlot(points, memoryRate, id, title) {
  const builds = [...new Set(points.map(({ build }) => build))];
  const roofs = builds.map((build) => ({
    build,
    peak: median(points.filter((point) => point.build === build).map(({ peakRate }) => peakRate)),
  }));
  const peak = Math.max(...roofs.map((roof) => roof.peak));
  const knee = memoryRate === undefined ? [] : [peak / memoryRate];
  const x = axisOf([...points.map(({ intensity }) => intensity), ...knee], { kind: 'log', count: 4 });
  const y = axisOf([...points.map(({ rate }) => rate), ...roofs.map((roof) => roof.peak)], { kind: 'log' });
  const [left, right] = [x.from, x.to];
  const lines = roofs.map(({ peak: most }) => {
    const start = memoryRate === undefined ? left : most / memoryRate;
    const low = memoryRate === undefined ? left : Math.max(left, y.from / memoryRate);
    const slope =
      memoryRate === undefined || low >= start
        ? []
        : [/** @type {const} */ ([low, Math.min(most, low * memoryRate)])];
    return polyline('roof', [...slope, [Math.max(left, start), most], [right, most]], x, y);
  });
  const places = points.map(({ intensity, rate }) => ({
    x: (x.at(intensity) * narrowWidth.xy) / 100,
    y: yAt(y, rate),
  }));
  const labels = placeLabels(
    places,
    points.map((_, index) => String(index + 1)),
    { width: narrowWidth.xy, height: xyHeight + 26 },
  );
  const marks = points.map((point, index) => {
    const shape = shapes[builds.indexOf(point.build) % shapes.length] ?? shapes[0];
    const label = labels[index];
    const number = label === undefined ? '' : `<text x="${label.x}" y="${label.y}">${index + 1}</text>`;
    return `<svg x="${percent(x.at(point.intensity))}" y="${yAt(y, point.rate)}" overflow="visible"><g class="build-${builds.indexOf(point.build) % shapes.length}">${shape[1]}<title>${text(`${index + 1}: ${point.label}, ${point.build}`)}</title></g>${number}</svg>`;
  });
  const roofOf = (/** @type {RooflinePoint} */ point) =>
    Math.min(point.peakRate, memoryRate === undefined ? Infinity : point.intensity * memoryRate);
  const key = builds
    .map((build, index) => `${shapes[index % shapes.length]?.[0] ?? ''}: ${build}`)
    .join(', ');
  const memory = memoryRate === undefined ? '' : ` Memory gives ${numberText(memoryRate)}B/s: the slope.`;
  const above = points.some((point) => point.rate > roofOf(point))
    ? " Multiply-adds are those of the layer's definition: Winograd needs fewer, and may stand above the roof."
    : '';
  const plot = xyPlot({
    id,
    title,
    caption: `${key[0]?.toUpperCase() ?? ''}${key.slice(1)}. Lines: the measured peak of each build.${memory} Numbers are those of the table; where points stand too close, they are left out.${above}`,
    description: points
      .map(
        (point) => `${point.label}, ${point.build}: ${percentText(point.rate / roofOf(point))} of its roof`,
      )
      .join('; '),
    x,
    y,
    xLabel: 'multiply-adds a byte',
    yLabel: 'multiply-adds a second',
    body: lines.join('') + marks.join('\n'),
  });
  const table = tableHtml({
    caption: `${title}: kernels`,
    titles: [
      '+',
      'kernel',
      'build',
      '+multiply-adds a byte',
      '+multiply-adds/s',
      '+peak',
      '+of the peak',
      '+of the roof',
    ],
    rows: points.map((point, index) => [
      String(index + 1),
      text(point.label),
      text(point.build),
      numberText(point.intensity),
      numberText(point.rate),
      numberText(point.peakRate),
      percentText(point.rate / point.peakRate),
      percentText(point.rate / roofOf(point)),
    ]),
  });
  return plot + table;
}

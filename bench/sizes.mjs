/**
 * Cost against size: the time of a frame against its pixels, and the time of a job against its clip's length.
 */
/* global window -- in page.evaluate */
import { performance } from 'node:perf_hooks';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withBenchPage } from './bench-browser.mjs';
import { comparisonOf, sweptNetworks, sweptSizes } from './comparisons.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import { lineFit } from './line-fit.mjs';
import { median } from './median.mjs';
import { clipOnPage, espcnChain } from './page-networks.mjs';
import { runPageJob, withProductPage } from './product-page.mjs';
import { seriesOf } from './series.mjs';
import { efforts } from './time-frames.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').Series} Series */

/** Seconds of the clips; the rest of `seconds` where a fixed length would be too long. */
const lengths = { full: [2, 4, 8, 16], quick: [0.5, 1, 2], smoke: [0.2, 0.4] };
const rate = 25;

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function sizes(context) {
  const { browser, log } = context;
  const started = performance.now();
  const frames = await overPixels(context);
  const clips = await overLength(context);
  const fits = [
    ...sweptNetworks.map((id) => {
      const { title } = comparisonOf(id);
      const own = frames.filter(({ params }) => params['network'] === id);
      return fitOver(
        own,
        `sizes/frame/${id}`,
        `${title}: time of a frame against its pixels`,
        'pixels',
        'ms',
      );
    }),
    fitOver(clips, 'sizes/clip', 'ESPCN 2x: time of a job against the length of its clip', 'seconds', 's'),
  ];
  for (const { label, slope, offset, r2 } of fits)
    log(`  ${label}: ${slope.toPrecision(3)} each, ${offset.toFixed(2)} at 0, r² ${r2.toFixed(4)}`);
  return {
    name: 'sizes',
    title: 'Cost against size',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      'Frames: the native backend in one worker, floats in and out. Small frames lie above the line where the cost of a call shows.',
      'Clips: ESPCN 2x on 360x240 to libx264 ultrafast, from the call to the finished file; what a job costs before its first frame is the value at 0.',
    ],
    series: [...frames, ...clips],
    ratios: [],
    fits,
    timelines: [],
    roofline: [],
  };
}

/**
 * @param {BenchContext} context
 * @returns {Promise<Series[]>}
 */
async function overPixels({ folder, mode, rounds }) {
  const swept = mode === 'smoke' ? sweptSizes.slice(0, 2) : sweptSizes;
  /** @type {Series[]} */
  const series = [];
  await withBenchPage(folder, async (page, served) => {
    await mkdir(join(served, 'networks'), { recursive: true });
    for (const id of sweptNetworks) {
      const { describe, title, size } = comparisonOf(id);
      const graphDef = `/networks/${id}.pb`;
      await writeFile(join(served, graphDef), graphDefOf(describe, size));
      const wanted = swept.map(([width, height]) => ({ width, height, channels: size.channels }));
      const { firstMs, roundMs } = await page.evaluate(
        ([file, sizes, effort, count]) =>
          window.bench.nativeOverSizes(file, [...sizes], window.benchAssets, { effort, rounds: count }),
        /** @type {const} */ ([graphDef, wanted, efforts[mode], rounds]),
      );
      for (const [index, { width, height }] of wanted.entries()) {
        const first = firstMs[index];
        series.push(
          seriesOf({
            id: `sizes/frame/${id}/${width}x${height}`,
            label: `${title}, ${width}x${height}`,
            group: 'Time of a frame against its pixels',
            unit: 'ms',
            params: { network: id, width, height, pixels: width * height },
            values: roundMs.map((times) => times[index] ?? NaN),
            ...(first === undefined ? {} : { first }),
          }),
        );
      }
    }
  });
  return series;
}

/**
 * @param {BenchContext} context
 * @returns {Promise<Series[]>}
 */
async function overLength({ material, folder, mode, rounds }) {
  const clips = lengths[mode].map((seconds) => ({ seconds, values: /** @type {number[]} */ ([]) }));
  const { chain, files } = await espcnChain(folder);
  const scaled = `scale=360:240,${chain}`;
  await withProductPage(async (page) => {
    for (let round = -1; round < rounds; round++) {
      for (const { seconds, values } of clips) {
        const clip = clipOnPage(await material.input(seconds, rate));
        const args = [
          ...clip.words,
          '-vf',
          scaled,
          '-an',
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          'out.mp4',
        ];
        const result = await runPageJob(page, { files: [clip.path, ...files], args });
        if (round >= 0) values.push(result.seconds);
        // The first job of a page stands for all: cores and code are loaded then.
        else break;
      }
    }
  });
  return clips.map(({ seconds, values }) =>
    seriesOf({
      id: `sizes/clip/${seconds}s`,
      label: `a clip of ${seconds} s, ${Math.round(seconds * rate)} frames`,
      group: 'Time of a job against the length of its clip',
      unit: 's',
      params: { seconds },
      values,
    }),
  );
}

/**
 * @param {readonly Series[]} series
 * @param {string} id
 * @param {string} label
 * @param {'pixels' | 'seconds'} by
 * @param {string} unit of the cost
 */
function fitOver(series, id, label, by, unit) {
  return lineFit({
    id,
    label,
    x: {
      label: by === 'pixels' ? 'pixels of the frame' : 'length of the clip',
      unit: by === 'pixels' ? '' : 's',
    },
    y: { label: 'time', unit },
    points: series.map(({ params, values, label: name }) => ({
      x: Number(params[by]),
      y: median(values),
      label: name,
    })),
  });
}

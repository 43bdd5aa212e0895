/**
 * What memory a job takes: against the length of the clip, the size of its frames,
 * and in the native backend alone.
 */
/* global window -- in page.evaluate */
import { performance } from 'node:perf_hooks';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withBenchPage } from './bench-browser.mjs';
import { comparisonOf } from './comparisons.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import { lineFit } from './line-fit.mjs';
import { median } from './median.mjs';
import { anime4kChain, espcnChain } from './page-networks.mjs';
import { runJob } from './run-job.mjs';
import { ratioOf, seriesOf } from './series.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').Series} Series */
/** @typedef {import('./report-format.ts').Fit} Fit */
/** @typedef {{ series: Series[], ratios: import('./report-format.ts').Ratio[], fits: Fit[] }} Rows */

const mebi = 2 ** 20;
const libx264 = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'];

/** Seconds of the clips, at ten frames a second. */
const lengths = { full: [10, 30, 60], quick: [1, 3], smoke: [1] };
const rate = 10;

/** MiB of arena and weights for ESPCN from 1920x1080, in one worker. */
const arenaAim = { required: 200, goal: 64 };

/** Frames of the jobs whose frame size is varied: enough to have all buffers in use. */
const frames = { full: 24, quick: 4, smoke: 2 };

const frameSizes = /** @type {const} */ ([
  [640, 360],
  [1280, 720],
  [1920, 1080],
]);

/**
 * Sizes at which the native backend's plan is asked for: nothing is computed. Rows of few pixels are left
 * out: there it takes taller strips, up to what stays in a cache.
 */
const planned = {
  widths: [480, 640, 960, 1280, 1600, 1920],
  heights: [240, 360, 480, 720, 1080, 2160],
  width: 1280,
  height: 720,
};

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function memory(context) {
  const started = performance.now();
  const parts = [await overLength(context), await overFrameSize(context), await inBackends(context)];
  return {
    name: 'memory',
    title: 'Memory',
    browser: context.browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      "own count: the largest sum of rings, frame buffers, cores and workers' memory in a job (-dnn_stats memory.peak_bytes). processes: the proportional share of all of the browser's processes (PSS), the browser itself included; known on Linux only.",
      `Aims: the longest clip takes at most 1.2 times what the shortest takes; the native backend at most ${arenaAim.required} MiB for ESPCN from 1920x1080, better ${arenaAim.goal} MiB. A line through costs against a clip's length is flat, so its r² says nothing; read its slope.`,
      "The native backend's arena holds rows: it grows with their width, and does not with their number.",
    ],
    series: parts.flatMap(({ series }) => series),
    ratios: parts.flatMap(({ ratios }) => ratios),
    fits: parts.flatMap(({ fits }) => fits),
    timelines: [],
    roofline: [],
  };
}

/**
 * Peaks of one job, in MiB, a value a round.
 *
 * @typedef {object} Peaks
 * @property {number[]} own
 * @property {number[]} processes empty where the system has no /proc
 */

/**
 * @param {BenchContext} context
 * @param {readonly string[]} args
 * @param {Peaks} peaks
 */
async function measure({ material }, args, peaks) {
  const { stats, processes } = await runJob(args, material.folder, { watch: true });
  peaks.own.push(stats.memory.peak_bytes / mebi);
  if (processes !== undefined) peaks.processes.push(processes.peakPssBytes / mebi);
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string} group
 * @param {Series['params']} params
 * @param {Peaks} peaks
 * @returns {[own: Series, processes: Series]}
 */
function peakRows(id, label, group, params, { own, processes }) {
  const row = { group, unit: 'MiB', params };
  const absent = 'this system does not tell';
  return [
    seriesOf({ ...row, id: `${id}/own`, label: `${label}: own count`, values: own }),
    seriesOf({ ...row, id: `${id}/processes`, label: `${label}: processes`, values: processes, absent }),
  ];
}

/**
 * @param {BenchContext} context
 * @returns {Promise<Rows>}
 */
async function overLength(context) {
  const { material, folder, rounds, mode, log } = context;
  const { chain } = await anime4kChain(folder, 's');
  const outputs = [
    { name: 'libx264', words: libx264 },
    { name: 'ffv1', words: ['-an', '-c:v', 'ffv1', 'out.mkv'] },
  ].slice(0, mode === 'full' ? 2 : 1);
  /** @type {Rows} */
  const rows = { series: [], ratios: [], fits: [] };
  for (const { name, words } of outputs) {
    const group = `Anime4K 2x S to ${name}, by the length of the clip`;
    const clips = lengths[mode].map((seconds) => ({ seconds, peaks: { own: [], processes: [] } }));
    for (let round = 0; round < rounds; round++) {
      for (const { seconds, peaks } of clips) {
        const input = await material.input(seconds, rate);
        await measure(context, [...input, '-vf', chain, ...words], peaks);
      }
    }
    const pairs = clips.map(({ seconds, peaks }) =>
      peakRows(`memory/length/${name}/${seconds}s`, `${seconds} s`, group, { output: name, seconds }, peaks),
    );
    rows.series.push(...pairs.flat());
    for (const [index, kind] of /** @type {const} */ (['own', 'processes']).entries()) {
      const own = pairs.map((pair) => /** @type {Series} */ (pair[index]));
      const [shortest, longest] = [own[0], own.at(-1)];
      const id = `memory/length/${name}/${kind}`;
      if (shortest === undefined || longest === undefined || shortest === longest) continue;
      rows.ratios.push(
        ...ratioOf(longest, shortest, {
          id: `${id}/long-against-short`,
          label: `${longest.label} against ${shortest.label}`,
          group,
          against: 'own',
          required: 1 / 1.2,
        }),
      );
      rows.fits.push(...fitOver(own, { id, label: `${group}: ${kind}`, by: 'seconds', unit: 's' }));
    }
    log(group);
  }
  return rows;
}

/**
 * @param {BenchContext} context
 * @returns {Promise<Rows>}
 */
async function overFrameSize(context) {
  const { material, folder, rounds, mode, log } = context;
  const { chain } = await espcnChain(folder);
  const group = 'ESPCN 2x to libx264, by the size of the frames';
  const sizes = frameSizes
    .slice(0, { full: 3, quick: 2, smoke: 1 }[mode])
    .map(([width, height]) => ({ width, height, peaks: { own: [], processes: [] } }));
  for (let round = 0; round < rounds; round++) {
    for (const { width, height, peaks } of sizes) {
      const input = await material.input(frames[mode] / rate, rate, { width, height });
      const filters = `scale=${width}:${height},${chain}`;
      await measure(context, [...input, '-vf', filters, ...libx264], peaks);
    }
  }
  const pairs = sizes.map(({ width, height, peaks }) => {
    const params = { width, height, pixels: width * height };
    return peakRows(`memory/frame/${width}x${height}`, `${width}x${height}`, group, params, peaks);
  });
  const own = pairs.map(([series]) => series);
  const fit = {
    id: 'memory/frame/own',
    label: `${group}: own count`,
    by: 'pixels',
    unit: 'pixels of the input',
  };
  log(group);
  return { series: pairs.flat(), ratios: [], fits: fitOver(own, fit) };
}

/**
 * A line through the medians; none through a single point.
 *
 * @param {readonly Series[]} series
 * @param {{ id: string, label: string, by: string, unit: string }} row by one of the series' params
 * @returns {Fit[]}
 */
function fitOver(series, { id, label, by, unit }) {
  const points = series
    .filter(({ values }) => values.length > 0)
    .map(({ params, values, label: name }) => ({ x: Number(params[by]), y: median(values), label: name }));
  if (points.length < 2) return [];
  return [lineFit({ id, label, x: { label: by, unit }, y: { label: 'peak', unit: 'MiB' }, points })];
}

/**
 * The memory of one inference worker.
 *
 * @param {BenchContext} context
 * @returns {Promise<Rows>}
 */
async function inBackends({ folder, mode, log }) {
  const { width, height } = {
    full: { width: 1920, height: 1080 },
    quick: { width: 640, height: 360 },
    smoke: { width: 64, height: 48 },
  }[mode];
  /** @type {Rows} */
  const rows = { series: [], ratios: [], fits: [] };
  await withBenchPage(folder, async (page, served) => {
    const { describe, title, size } = comparisonOf('espcn');
    await writeFile(join(served, 'espcn.pb'), graphDefOf(describe, size));
    const network = { graphDef: '/espcn.pb', size: { width, height, channels: 1 } };
    for (const backend of /** @type {const} */ (['native', 'tensorflow'])) {
      // A new worker for each: the memory of tfjs only grows.
      await page.reload();
      const bytes = await page.evaluate(
        ([name, given]) =>
          window.bench
            .memoryOf(name, given, window.benchAssets)
            .catch((/** @type {unknown} */ error) => String(error)),
        /** @type {const} */ ([backend, network]),
      );
      const row = {
        id: `memory/backend/espcn/${width}x${height}/${backend}`,
        label: backend === 'native' ? 'native: arena and weights' : 'tfjs-wasm',
        group: `${title} from ${width}x${height}: one worker`,
        unit: 'MiB',
        params: { backend, width, height },
        ...(backend === 'native' && mode === 'full' ? arenaAim : {}),
      };
      rows.series.push(
        seriesOf(typeof bytes === 'string' ? { ...row, absent: bytes } : { ...row, values: [bytes / mebi] }),
      );
    }
    for (const id of ['espcn', 'anime4k-m']) rows.fits.push(...(await arenaFits(page, served, id)));
  });
  log('The native backend’s arena against width and height');
  return rows;
}

/**
 * @param {import('playwright').Page} page
 * @param {string} served folder that the page can fetch from
 * @param {string} id of the network
 */
async function arenaFits(page, served, id) {
  const { describe, title, size } = comparisonOf(id);
  const { channels } = size;
  await writeFile(join(served, `${id}.pb`), graphDefOf(describe, size));
  const { widths, heights, width, height } = planned;
  const lines = [
    {
      by: 'width',
      label: `${title}: arena against width, ${height} rows`,
      values: widths,
      sizes: widths.map((x) => ({ width: x, height, channels })),
    },
    {
      by: 'height',
      label: `${title}: arena against height, ${width} columns`,
      values: heights,
      sizes: heights.map((x) => ({ width, height: x, channels })),
    },
  ];
  const fits = [];
  for (const { by, label, values, sizes } of lines) {
    const bytes = await page.evaluate(
      ([graphDef, wanted]) => window.bench.arenaBytes(graphDef, [...wanted], window.benchAssets),
      /** @type {const} */ ([`/${id}.pb`, sizes]),
    );
    fits.push(
      lineFit({
        id: `memory/arena/${id}/${by}`,
        label,
        x: { label: by, unit: 'pixels' },
        y: { label: 'arena', unit: 'MiB' },
        points: values.map((x, index) => ({ x, y: (bytes[index] ?? NaN) / mebi })),
      }),
    );
  }
  return fits;
}

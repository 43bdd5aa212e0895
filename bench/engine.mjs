/**
 * The DNN engine: sync, async, requests and batches side by side; also printed as
 * Markdown, for docs/performance.md.
 */
import { spread } from './figures.mjs';
import { dnnStage, runJob } from './run-job.mjs';
import { ratioOf, seriesOf } from './series.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').Ratio} Ratio */
/** @typedef {import('./report-format.ts').Series} Series */
/** @typedef {import('../src/workers/pipeline-api.ts').StageStats} StageStats */

/**
 * @typedef {object} Mode
 * @property {string} id
 * @property {string} label
 * @property {string} options behind the filter
 * @property {boolean} [isQuick] whether a quick look has it: what requests and batches
 * bring, without the steps between
 */

/** @type {Mode} */
const sync = { id: 'sync', label: 'sync (`async=0`)', options: ':async=0:batch_size=1', isQuick: true };

/** @type {readonly Mode[]} */
const modes = [
  sync,
  ...[1, 2, 3].flatMap((nireq) =>
    [1, 2, 4, 8].map((batch) => ({
      id: `nireq-${nireq}-batch-${batch}`,
      label: `async, \`nireq=${nireq}:batch_size=${batch}\``,
      options: `:nireq=${nireq}:batch_size=${batch}`,
      isQuick: nireq === 2 && (batch === 1 || batch === 8),
    })),
  ),
  { id: 'chosen', label: 'chosen by itself', options: '', isQuick: true },
];

/**
 * With an even number of seconds this rate gives a multiple of 48 frames, which one, two and
 * three workers share in full batches of 1 to 8: a partial batch at the end would make large
 * batches look slow in a short clip.
 */
const rate = 24;

/** Frames of each size, and seconds of their clip as a share of the usual: its start does not count. */
const frameSizes = [
  { size: { width: 360, height: 240 }, share: 1 / 6 },
  { size: { width: 64, height: 48 }, share: 10 / 3 },
];

/** Seconds of clip where only the small frames are run. */
const few = { quick: 4, smoke: 2 / rate };

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function engine({ material, rounds, seconds, mode, browser, log }) {
  const started = performance.now();
  const shown = {
    full: modes,
    quick: modes.filter(({ isQuick = false }) => isQuick),
    smoke: [sync, ...modes.slice(-1)],
  }[mode];
  const sizes = mode === 'full' ? frameSizes : frameSizes.slice(1);
  /** @type {Series[]} */
  const series = [];
  /** @type {Ratio[]} */
  const ratios = [];
  for (const { size, share } of sizes) {
    const length = mode === 'full' ? 2 * Math.max(1, Math.round((seconds * share) / 2)) : few[mode];
    const input = await material.input(length, rate, size);
    /** @type {Map<string, StageStats[]>} */
    const stages = new Map(shown.map(({ id }) => [id, []]));
    for (let round = 0; round < rounds; round++) {
      // Another row is first in each round, so that a drift of the machine falls on all of them.
      const first = Math.floor((round * shown.length) / rounds);
      for (const { id, options } of [...shown.slice(first), ...shown.slice(0, first)]) {
        const chain = `scale=${size.width}:${size.height},${material.espcnAlone}${options}`;
        const { stats } = await runJob([...input, '-vf', chain, '-an', '-f', 'null', '-'], material.folder);
        stages.get(id)?.push(dnnStage(stats));
      }
    }
    const rows = shown.map((row) => engineRow(row, size, stages.get(row.id) ?? []));
    const base = /** @type {Series} */ (rows[0]);
    const gains = rows.map((row) =>
      ratioOf(row, base, {
        id: `${row.id}/against-sync`,
        label: `${row.label} against sync`,
        group: `ESPCN 2x, ${size.width}x${size.height}: against sync`,
        against: 'own',
      }),
    );
    series.push(...rows);
    ratios.push(...gains.slice(1).flat());
    printTable(log, `${size.width}x${size.height}`, rows, gains, stages);
  }
  return {
    name: 'engine',
    title: 'The engine: requests and batches',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      'ESPCN 2x with dnn_backend=tensorflow, decoded from mp4, to -f null: frames per second of the DNN stage. A batch of large frames does not pay on tfjs, whose tensors then leave the caches.',
    ],
    series,
    ratios,
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * @param {Mode} mode
 * @param {import('./material.mjs').Size} size
 * @param {readonly StageStats[]} stages one a round
 */
function engineRow({ id, label }, { width, height }, stages) {
  const chosen = stages.map(
    ({ nireq = NaN, batch_size = NaN }) => `nireq=${nireq}, batch_size=${batch_size}`,
  );
  return seriesOf({
    id: `engine/espcn/${width}x${height}/${id}`,
    label: id === 'chosen' ? `${label}: ${[...new Set(chosen)].join(' or ')}` : label.replaceAll('`', ''),
    group: `ESPCN 2x, ${width}x${height}: requests and batches`,
    unit: 'frames/s',
    better: 'higher',
    params: { mode: id, width, height },
    values: stages.map(({ frames, seconds_wall }) => frames / seconds_wall),
  });
}

/**
 * @param {BenchContext['log']} log
 * @param {string} size
 * @param {readonly Series[]} rows
 * @param {readonly (readonly Ratio[])[]} gains by row
 * @param {ReadonlyMap<string, readonly StageStats[]>} stages by mode
 */
function printTable(log, size, rows, gains, stages) {
  log(`| ${size} | frames/s (min..max) | against sync (min..max) | ms per frame in the backend (min..max) |`);
  log('| --- | --- | --- | --- |');
  rows.forEach(({ label, values, params }, index) => {
    const own = stages.get(String(params['mode'])) ?? [];
    const backend = own.map(({ ms_per_frame = NaN }) => ms_per_frame);
    const gain = gains[index]?.[0]?.values ?? [];
    log(`| ${label} | ${spread(values, 1)} | ${spread(gain, 2)} | ${spread(backend, 1)} |`);
  });
  log('');
}

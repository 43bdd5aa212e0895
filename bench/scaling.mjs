/** How much faster several inference workers are than one. */
import { availableParallelism } from 'node:os';
import { spread } from './figures.mjs';
import { dnnStage, runJob } from './run-job.mjs';
import { ratioOf, seriesOf } from './series.mjs';
import { summarize } from './summarize.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').Ratio} Ratio */
/** @typedef {import('./report-format.ts').Series} Series */
/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */

const toMp4 = ['-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'];
const toNull = ['-f', 'null', '-'];

/** Of two workers on two cores where nothing else runs, and of the share that other work leaves possible. */
const referenceAim = { required: 1.85, goal: 1.95 };
const shareAim = { required: 0.93, goal: 0.97 };

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function scaling({ material, rounds, seconds, mode, browser, log }) {
  const started = performance.now();
  const length = { full: seconds, quick: 1, smoke: 0.2 }[mode];
  const input = await material.input(length, 25);
  const jobs = [
    { id: 'espcn-null', title: 'ESPCN to null', chain: material.espcn, output: toNull },
    { id: 'espcn-x264', title: 'ESPCN to libx264 ultrafast', chain: material.espcn, output: toMp4 },
    { id: 'anime4k-x264', title: 'Anime4K-S to libx264 ultrafast', chain: material.anime4k, output: toMp4 },
  ].slice(0, { full: 3, quick: 1, smoke: 1 }[mode]);
  const workers = Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) => index + 1);
  /** @type {Series[]} */
  const series = [];
  /** @type {Ratio[]} */
  const ratios = [];
  for (const job of jobs) {
    log(`${job.title}, 360x240`);
    /** @type {Map<number, JobStats[]>} */
    const runs = new Map(workers.map((count) => [count, []]));
    for (let round = 0; round < rounds; round++) {
      for (const count of round % 2 === 0 ? workers : workers.toReversed()) {
        const args = [...input, '-vf', `${job.chain}:nireq=${count}`, '-an', ...job.output];
        const { stats } = await runJob(args, material.folder);
        runs.get(count)?.push(stats);
      }
    }
    const rows = scalingRows(job, runs);
    series.push(...rows.series);
    ratios.push(...rows.ratios);
    for (const { label, values, unit } of rows.series)
      log(`  ${label.padEnd(52)} ${spread(values, 1, unit)}`);
    for (const { label, values, required = '–' } of rows.ratios)
      log(`  ${label.padEnd(52)} ${spread(values, 3)}   required ≥ ${required}`);
  }
  return {
    name: 'scaling',
    title: 'Several workers against one',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      `tfjs in each worker, 360x240, ${length} s of clip. d: what a frame takes in one worker; c: what it takes to decode and encode it. With n cores n workers can be at most min(n, n·d/(d+c)) times as fast as one.`,
    ],
    series,
    ratios,
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * @param {{ id: string, title: string }} job
 * @param {ReadonlyMap<number, readonly JobStats[]>} runs by number of workers, one a round
 */
function scalingRows({ id, title }, runs) {
  const group = `${title}: frames per second over workers`;
  const rows = [...runs].map(([workers, all]) =>
    seriesOf({
      id: `scaling/${id}/workers-${workers}`,
      label: `${workers} worker${workers === 1 ? '' : 's'}`,
      group,
      unit: 'frames/s',
      better: 'higher',
      params: { job: id, workers },
      values: all.map((stats) => dnnStage(stats).frames / dnnStage(stats).seconds_wall),
    }),
  );
  const costs = (runs.get(1) ?? []).map(costPerFrame);
  const cost = (/** @type {'d' | 'c'} */ name, /** @type {string} */ label) =>
    seriesOf({
      id: `scaling/${id}/${name}`,
      label,
      group: `${title}: cost of a frame`,
      unit: 'ms',
      params: { job: id },
      values: costs.map((frame) => frame[name]),
    });
  const [one, ...more] = rows;
  if (one === undefined) return { series: rows, ratios: [] };
  const ratios = more.flatMap((row) => {
    const workers = Number(row.params['workers']);
    const isReference = id === 'espcn-null' && workers === 2;
    const gains = ratioOf(row, one, {
      id: `${row.id}/gain`,
      label: `${row.label} against one`,
      group: `${title}: gain`,
      against: 'own',
      ...(isReference ? referenceAim : {}),
    });
    return [...gains, ...gains.map((gain) => shareOf(gain, workers, costs))];
  });
  return {
    series: [...rows, cost('d', 'd: inference, one worker'), cost('c', 'c: decoding and encoding')],
    ratios,
  };
}

/**
 * What part of the possible gain was reached.
 *
 * @param {Ratio} gain
 * @param {number} workers
 * @param {readonly { d: number, c: number }[]} costs a round
 * @returns {Ratio}
 */
function shareOf(gain, workers, costs) {
  const cores = Math.min(workers, availableParallelism());
  const values = gain.values.map((value, round) => {
    const { d, c } = costs[round] ?? { d: NaN, c: NaN };
    return value / Math.min(cores, (cores * d) / (d + c));
  });
  const aim = workers === 2 ? shareAim : {};
  const label = `${gain.label}: share of min(n, n·d/(d+c))`;
  return { ...gain, id: `${gain.id}-share`, label, values, summary: summarize(values), ...aim };
}

/**
 * Milliseconds that one frame keeps the DNN stage and the ffmpeg stages busy.
 *
 * @param {JobStats} stats of a run with one worker, where no stage waits for a core
 */
function costPerFrame(stats) {
  const dnn = dnnStage(stats);
  const others = stats.stages.filter(({ kind }) => kind === 'ffmpeg');
  return {
    d: (1000 * dnn.seconds_busy) / dnn.frames,
    c: others.reduce((sum, stage) => sum + (1000 * stage.seconds_busy) / dnn.frames, 0),
  };
}

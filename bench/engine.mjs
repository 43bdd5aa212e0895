/** The DNN engine: sync, async, requests and batches side by side, as a Markdown table. */
import { execFileSync } from 'node:child_process';
import console from 'node:console';
import { availableParallelism, cpus } from 'node:os';
import { findBrowser } from '../scripts/find-browser.mjs';
import { spread } from './figures.mjs';
import { dnnStage, runJob } from './run-job.mjs';

/** @typedef {import('../src/workers/pipeline-api.ts').StageStats} StageStats */

/**
 * @typedef {object} Mode
 * @property {string} name
 * @property {string} options behind the filter
 */

/** @type {Mode} */
const sync = { name: 'sync (`async=0`)', options: ':async=0:batch_size=1' };
const modes = [
  sync,
  ...[1, 2, 3].flatMap((nireq) =>
    [1, 2, 4, 8].map((batch) => ({
      name: `async, \`nireq=${nireq}:batch_size=${batch}\``,
      options: `:nireq=${nireq}:batch_size=${batch}`,
    })),
  ),
  { name: 'chosen by itself', options: '' },
];

/** The rows of a quick look: they show what requests and batches bring, without the steps between. */
const quickOptions = [sync.options, ':nireq=2:batch_size=1', ':nireq=2:batch_size=8', ''];

/**
 * With an even number of seconds this rate gives a multiple of 48 frames, which one, two and three workers share in full
 * batches of 1 to 8: a partial batch at the end would make large batches look slow in a short clip.
 */
const rate = 24;

/** Frames of each size: a run takes seconds, so that its start does not count. */
const networks = [
  { name: '360x240', size: { width: 360, height: 240 }, share: 1 / 6, quickSeconds: 2 },
  { name: '64x48', size: { width: 64, height: 48 }, share: 10 / 3, quickSeconds: 10 },
];

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs of each row, the rows in turn
 * @param {number} seconds six times the length of the 360x240 clip
 * @param {{ quick?: boolean }} [options] whether to run few rows on short clips
 */
export async function engine(material, runs, seconds, { quick = false } = {}) {
  const shown = quick ? modes.filter(({ options }) => quickOptions.includes(options)) : modes;
  console.log(`\nESPCN 2x on tfjs, frames per second of the DNN stage: ${await machine()}\n`);
  for (const { name, size, share, quickSeconds } of networks) {
    const length = quick ? quickSeconds : 2 * Math.max(1, Math.round((seconds * share) / 2));
    const input = await material.input(length, rate, size);
    /** @type {Map<string, StageStats[]>} */
    const stages = new Map(shown.map((mode) => [mode.name, []]));
    for (let run = 0; run < runs; run++) {
      // Another row is first in each run, so that a drift of the machine falls on all of them.
      const first = Math.floor((run * shown.length) / runs);
      for (const mode of [...shown.slice(first), ...shown.slice(0, first)]) {
        const chain = `scale=${size.width}:${size.height},${material.espcnAlone}${mode.options}`;
        const args = [...input, '-vf', chain, '-an', '-f', 'null', '-'];
        const { stats } = await runJob(args, material.folder);
        stages.get(mode.name)?.push(dnnStage(stats));
      }
    }
    report(name, stages);
  }
}

/** Cores, processor, browser and date, in one line. */
async function machine() {
  const browser = await findBrowser();
  const version = browser === undefined ? '' : `, ${execFileSync(browser, ['--version']).toString().trim()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown CPU'}${version}, ${date}`;
}

/**
 * @param {string} size
 * @param {ReadonlyMap<string, readonly StageStats[]>} stages by the mode's name
 */
function report(size, stages) {
  const speed = (/** @type {StageStats} */ { frames, seconds_wall }) => frames / seconds_wall;
  const base = (stages.get(sync.name) ?? []).map(speed);
  console.log(
    `| ${size} | frames/s (min..max) | against sync (min..max) | ms per frame in the backend (min..max) |`,
  );
  console.log('| --- | --- | --- | --- |');
  for (const [name, all] of stages) {
    const rates = all.map(speed);
    const gains = rates.map((value, run) => value / (base[run] ?? NaN));
    const backend = spread(
      all.map(({ ms_per_frame = NaN }) => ms_per_frame),
      1,
    );
    const choices = all.map(
      ({ nireq = NaN, batch_size = NaN }) => `nireq=${nireq}, batch_size=${batch_size}`,
    );
    const batch = name === 'chosen by itself' ? `: ${[...new Set(choices)].join(' or ')}` : '';
    console.log(`| ${name}${batch} | ${spread(rates, 1)} | ${spread(gains, 2)} | ${backend} |`);
  }
  console.log('');
}

/** The DNN engine: sync, async, requests and batches side by side, as a Markdown table. */
import console from 'node:console';
import { cpus } from 'node:os';
import { median, spread } from './figures.mjs';
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

/** Frames of each size: a run takes seconds, so that its start does not count. */
const networks = [
  { name: '360x240', size: { width: 360, height: 240 }, share: 1 / 3 },
  { name: '64x48', size: { width: 64, height: 48 }, share: 4 },
];

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs of each row, the rows in turn
 * @param {number} seconds of the 360x240 clip times 3
 */
export async function engine(material, runs, seconds) {
  console.log(
    `\n${cpus()[0]?.model ?? 'unknown CPU'}, ESPCN 2x on tfjs, frames per second of the DNN stage\n`,
  );
  for (const { name, size, share } of networks) {
    const input = await material.input(Math.max(1, Math.round(seconds * share)), 25, size);
    /** @type {Map<string, StageStats[]>} */
    const stages = new Map(modes.map((mode) => [mode.name, []]));
    for (let run = 0; run < runs; run++) {
      // Another row is first in each run, so that a drift of the machine falls on all of them.
      const first = Math.floor((run * modes.length) / runs);
      for (const mode of [...modes.slice(first), ...modes.slice(0, first)]) {
        const chain = `scale=${size.width}:${size.height},${material.espcnAlone}${mode.options}`;
        const args = [...input, '-vf', chain, '-an', '-f', 'null', '-'];
        const { stats } = await runJob(args, material.folder);
        stages.get(mode.name)?.push(dnnStage(stats));
      }
    }
    report(name, stages);
  }
}

/**
 * @param {string} size
 * @param {ReadonlyMap<string, readonly StageStats[]>} stages by the mode's name
 */
function report(size, stages) {
  const rate = (/** @type {StageStats} */ { frames, seconds_wall }) => frames / seconds_wall;
  const base = (stages.get(sync.name) ?? []).map(rate);
  console.log(`| ${size} | frames/s (min..max) | against sync (min..max) | ms per frame in the backend |`);
  console.log('| --- | --- | --- | --- |');
  for (const [name, all] of stages) {
    const rates = all.map(rate);
    const gains = rates.map((value, run) => value / (base[run] ?? NaN));
    const backend = median(all.map(({ ms_per_frame = NaN }) => ms_per_frame)).toFixed(1);
    const batch =
      name === 'chosen by itself' ? `: nireq=${all[0]?.nireq}, batch_size=${all[0]?.batch_size}` : '';
    console.log(`| ${name}${batch} | ${spread(rates, 1)} | ${spread(gains, 2)} | ${backend} |`);
  }
  console.log('');
}

/** How much faster two inference workers are than one. */
import console from 'node:console';
import { printBound, printLine, spread } from './figures.mjs';
import { dnnStage, runJob } from './run-job.mjs';

/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */

const toMp4 = ['-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'];
const toNull = ['-f', 'null', '-'];

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs pairs of runs, in turn
 * @param {number} seconds length of the clip
 */
export async function scaling(material, runs, seconds) {
  const input = await material.input(seconds, 25);
  const jobs = [
    { name: 'ESPCN to null', chain: material.espcn, output: toNull, isReference: true },
    { name: 'ESPCN to libx264 ultrafast', chain: material.espcn, output: toMp4, isReference: false },
    { name: 'Anime4K-S to libx264 ultrafast', chain: material.anime4k, output: toMp4, isReference: false },
  ];
  for (const { name, chain, output, isReference } of jobs) {
    console.log(`\n${name}, 360x240, nireq=1 and nireq=2`);
    const one = /** @type {JobStats[]} */ ([]);
    const two = /** @type {JobStats[]} */ ([]);
    for (let run = 0; run < runs; run++) {
      for (const nireq of run % 2 === 0 ? [1, 2] : [2, 1]) {
        const args = [...input, '-vf', `${chain}:nireq=${nireq}`, '-an', ...output];
        const { stats } = await runJob(args, material.folder);
        (nireq === 1 ? one : two).push(stats);
      }
    }
    report(one, two, isReference);
  }
}

/**
 * @param {readonly JobStats[]} one
 * @param {readonly JobStats[]} two
 * @param {boolean} isReference the job that has a bound of its own, beside that for its share
 */
function report(one, two, isReference) {
  const wall = (/** @type {JobStats} */ stats) => dnnStage(stats).seconds_wall;
  const gains = one.map((stats, run) => wall(stats) / wall(/** @type {JobStats} */ (two[run])));
  const costs = one.map(costPerFrame);
  printLine('one worker, seconds_wall', spread(one.map(wall), 2, 's'));
  printLine('two workers, seconds_wall', spread(two.map(wall), 2, 's'));
  printLine(
    'd: DNN per frame, one worker',
    spread(
      costs.map(({ dnn }) => dnn),
      1,
      'ms',
    ),
  );
  printLine(
    'c: decoding and encoding per frame',
    spread(
      costs.map(({ other }) => other),
      1,
      'ms',
    ),
  );
  const shares = gains.map((gain, run) => {
    const { dnn, other } = /** @type {{ dnn: number, other: number }} */ (costs[run]);
    return gain / Math.min(2, (2 * dnn) / (dnn + other));
  });
  const better = /** @type {const} */ ('higher');
  if (isReference)
    printBound('two workers against one', gains, { digits: 2, required: 1.85, goal: 1.95, better });
  else printLine('two workers against one', spread(gains, 2));
  printBound('share of min(2, 2d/(d+c))', shares, { digits: 3, required: 0.93, goal: 0.97, better });
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
    dnn: (1000 * dnn.seconds_busy) / dnn.frames,
    other: others.reduce((sum, stage) => sum + (1000 * stage.seconds_busy) / dnn.frames, 0),
  };
}

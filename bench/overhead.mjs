/** What the pipeline adds to the stage that takes longest. */
import console from 'node:console';
import { printBound, printLine, spread } from './figures.mjs';
import { runJob } from './run-job.mjs';

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs of each job, in turn
 * @param {number} seconds length of the clip
 */
export async function overhead(material, runs, seconds) {
  const input = await material.input(seconds, 25);
  const jobs = [
    { name: 'inference dominates (ESPCN, libx264 ultrafast)', chain: material.espcn, preset: 'ultrafast' },
    { name: 'encoding dominates (Anime4K-S, libx264 slower)', chain: material.anime4k, preset: 'slower' },
  ].map((job) => ({ ...job, stats: /** @type {import('./run-job.mjs').JobStats[]} */ ([]) }));
  for (let run = 0; run < runs; run++) {
    for (const { chain, preset, stats } of jobs) {
      const args = [...input, '-vf', chain, '-an', '-c:v', 'libx264', '-preset', preset, 'out.mp4'];
      stats.push((await runJob(args, material.folder)).stats);
    }
  }
  for (const { name, stats } of jobs) {
    console.log(`\n${name}`);
    const stageNames = stats[0]?.stages.map(({ kind }, index) => `${kind} stage ${index}`) ?? [];
    stageNames.forEach((stage, index) => {
      printLine(
        `${stage}, seconds_busy`,
        spread(
          stats.map(({ stages }) => stages[index]?.seconds_busy ?? NaN),
          2,
          's',
        ),
      );
    });
    printLine(
      'first frame decoded to output closed',
      spread(
        stats.map((job) => job.seconds),
        2,
        's',
      ),
    );
    printLine(
      'before the first frame',
      spread(
        stats.map((job) => job.seconds_load),
        2,
        's',
      ),
    );
    const added = stats.map((job) => {
      const busiest = Math.max(...job.stages.map((stage) => stage.seconds_busy));
      return 100 * (job.seconds / busiest - 1);
    });
    printBound('overhead', added, { digits: 1, unit: '%', required: 10, goal: 4, better: 'lower' });
  }
}

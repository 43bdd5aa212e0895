/** How long the page's own thread is ever away during a job. */
import console from 'node:console';
import { printBound, printLine, spread } from './figures.mjs';
import { runJob } from './run-job.mjs';

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs of each job, in turn
 * @param {number} seconds length of the clip
 */
export async function page(material, runs, seconds) {
  const input = await material.input(seconds, 25);
  const encoder = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'];
  const jobs = [
    { name: 'ESPCN to libx264', chain: material.espcn },
    { name: 'Anime4K-S to libx264', chain: material.anime4k },
  ].map((job) => ({ ...job, results: /** @type {import('./run-job.mjs').Measured[]} */ ([]) }));
  for (let run = 0; run < runs; run++) {
    for (const { chain, results } of jobs) {
      results.push(await runJob([...input, '-vf', chain, ...encoder], material.folder, { watch: true }));
    }
  }
  for (const { name, results } of jobs) {
    console.log(`\n${name}`);
    const gaps = results.map(({ stats }) => stats.page.longest_task_ms);
    printBound('longest gap of the page', gaps, {
      digits: 1,
      unit: 'ms',
      required: 50,
      goal: 16,
      better: 'lower',
    });
    const threads = results.flatMap(({ processes }) => processes ?? []);
    if (threads.length === 0) {
      printLine('CPU time of the page', 'not known on this system');
      continue;
    }
    const seconds = results.map(({ stats }) => stats.seconds_load + stats.seconds);
    printLine('length of the job', spread(seconds, 2, 's'));
    printLine(
      'CPU time of the page, loading it included',
      spread(
        threads.map((thread) => thread.pageCpuMs),
        0,
        'ms',
      ),
    );
    printLine(
      'waited for a core, loading included',
      spread(
        threads.map((thread) => thread.pageWaitMs),
        0,
        'ms',
      ),
    );
  }
}

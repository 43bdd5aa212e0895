/** Whether memory grows with the length of the clip. */
import console from 'node:console';
import { printBound, printLine, spread } from './figures.mjs';
import { runJob } from './run-job.mjs';

/** Seconds of the two clips. */
const lengths = /** @type {const} */ ([10, 60]);
const rate = 10;
const mebi = 2 ** 20;

/**
 * @param {import('./material.mjs').Material} material
 * @param {number} runs pairs of runs, in turn
 */
export async function memory(material, runs) {
  const outputs = [
    { name: 'libx264', words: ['-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'] },
    { name: 'ffv1 (high bit rate)', words: ['-c:v', 'ffv1', 'out.mkv'] },
  ];
  for (const { name, words } of outputs) {
    console.log(`\nAnime4K-S to ${name}, ${lengths.join(' s and ')} s at ${rate} frames a second`);
    const own = /** @type {[number[], number[]]} */ ([[], []]);
    const system = /** @type {[number[], number[]]} */ ([[], []]);
    for (let run = 0; run < runs; run++) {
      for (const place of /** @type {const} */ ([0, 1])) {
        const input = await material.input(lengths[place], rate);
        const args = [...input, '-vf', material.anime4k, '-an', ...words];
        const { stats, processes } = await runJob(args, material.folder, { watch: true });
        own[place].push(stats.memory.peak_bytes / mebi);
        if (processes !== undefined) system[place].push(processes.peakPssBytes / mebi);
      }
    }
    report('memory.peak_bytes', own);
    if (system[0].length > 0) report("the browser's processes (PSS)", system);
    else printLine("the browser's processes", 'not known on this system');
  }
}

/**
 * @param {string} name
 * @param {readonly [readonly number[], readonly number[]]} values MiB of the short and of the long clip
 */
function report(name, [short, long]) {
  printLine(`${name}, ${lengths[0]} s`, spread(short, 0, 'MiB'));
  printLine(`${name}, ${lengths[1]} s`, spread(long, 0, 'MiB'));
  const ratios = long.map((value, run) => value / /** @type {number} */ (short[run]));
  printBound(`${name}, long to short`, ratios, { digits: 3, required: 1.2, better: 'lower' });
}

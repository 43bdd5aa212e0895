/**
 * Runs one job on the built command line and gives its `-dnn_stats`, with what the
 * system says about its processes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { builtCli } from './built-cli.mjs';
import { ProcessWatch } from './process-watch.mjs';

/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */
/** @typedef {import('../src/workers/pipeline-api.ts').StageStats} StageStats */

/**
 * @typedef {object} Measured
 * @property {JobStats} stats
 * @property {import('./process-watch.mjs').ProcessFigures | undefined} processes undefined where they were
 * not watched or the system has no /proc
 */

/**
 * Runs `ffmpeg-dnn ARGS` in a folder.
 *
 * @param {readonly string[]} args without `-dnn_stats`
 * @param {string} folder where relative paths start and the figures are kept
 * @param {{ watch?: boolean }} [options] whether to watch the processes, which
 * takes CPU time from the job itself
 * @returns {Promise<Measured>}
 * @throws {Error} with the job's messages where it fails
 */
export async function runJob(args, folder, { watch = false } = {}) {
  const statsFile = join(folder, 'stats.json');
  const env = { ...process.env };
  // Set by npm; the command line would take relative paths from there.
  delete env['INIT_CWD'];
  const child = spawn(process.execPath, [builtCli, '-y', ...args, '-dnn_stats', statsFile], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const watching = watch ? ProcessWatch.start(child.pid) : undefined;
  let messages = '';
  child.stderr.on('data', (/** @type {Buffer} */ part) => {
    messages = (messages + part.toString()).slice(-4000);
  });
  /** @type {unknown[]} */
  const closed = await once(child, 'close');
  const exitCode = /** @type {number | null} */ (closed[0]);
  const processes = watching?.stop();
  if (exitCode !== 0) throw new Error(`ffmpeg-dnn ${args.join(' ')}\nended with ${exitCode}:\n${messages}`);
  /** @type {unknown} */
  const stats = JSON.parse(await readFile(statsFile, 'utf8'));
  return { stats: /** @type {JobStats} */ (stats), processes };
}

/**
 * The one DNN stage of a job.
 *
 * @param {JobStats} stats
 * @returns {StageStats}
 */
export function dnnStage(stats) {
  const stage = stats.stages.find(({ kind }) => kind === 'dnn');
  if (stage === undefined) throw new Error('The job had no DNN stage.');
  return stage;
}

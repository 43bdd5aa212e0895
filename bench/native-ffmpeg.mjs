/** The system's own ffmpeg, where there is one: what the same job costs outside of a browser. */
import { performance } from 'node:perf_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @typedef {object} NativeFigures
 * @property {number} seconds of the whole process
 */

/**
 * @returns {Promise<string | undefined>} its version; undefined where it is not installed
 */
export async function nativeVersion() {
  try {
    const { text } = await run(['-version']);
    return /version (\S+)/.exec(text)?.[1];
  } catch {
    // Not installed, which the report says.
    return undefined;
  }
}

/**
 * Runs `ffmpeg ARGS`.
 *
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Promise<NativeFigures>}
 * @throws {Error} with its last words where it fails
 */
export async function nativeJob(args, folder) {
  const start = performance.now();
  await run(['-hide_banner', '-nostdin', '-y', ...args], folder);
  return { seconds: (performance.now() - start) / 1000 };
}

/**
 * The last lines that it prints.
 *
 * @param {readonly string[]} args
 * @param {string} folder
 * @throws {Error} as {@link nativeJob}
 */
export async function nativeWords(args, folder) {
  const { text } = await run(['-hide_banner', '-nostdin', ...args], folder);
  return text;
}

/** @param {readonly string[]} args @param {string} [cwd] */
async function run(args, cwd) {
  const child = spawn('ffmpeg', [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (/** @type {Buffer} */ part) => {
      text = (text + part.toString()).slice(-4000);
    });
  /** @type {unknown[]} */
  const closed = await once(child, 'close');
  const exitCode = closed[0];
  if (exitCode !== 0)
    throw new Error(
      `ffmpeg ended with ${String(exitCode)}: ${text.trim().split('\n').slice(-2).join(' / ')}`,
    );
  return { text };
}

/**
 * `npm run bench -- scaling|engine|overhead|page|memory|kernels|backends …`: the figures of the pipeline, and of what
 * runs the networks, measured side by side.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';

const usage = `npm run bench -- NAME… [options]

  scaling     two inference workers against one
  engine      sync, async, batches and requests: the table of the README
  overhead    what the pipeline adds to its slowest stage
  page        the longest gap on the page's thread
  memory      a 60 s clip against a 10 s clip
  kernels     convolutions of the native backend against the machine's peak, in Chromium
  backends    native against tfjs and onnxruntime-web in Chromium, and onnxruntime-node; one thread each

  --clip FILE    input instead of generated clips; scaled to 360x240 and repeated as needed
  --model FILE   ESPCN as a frozen graph with input x and output y, instead of one with random weights
  --runs N       runs of each job (3); rounds of kernels and backends (7)
  --seconds N    length of the clip at 25 frames a second (12); memory has its own lengths
  --quick        engine: one run of a few rows on short clips, in about a minute; kernels, backends: 3 rounds, and
                 stock ffmpeg is left out
  --network NET  backends: only espcn, srcnn, can, esrgan-slim or anime4k-m
  --profile NET  backends: the time of each layer of that network in the native backend instead
`;

/** @param {string | undefined} word a path that starts where the user stands */
function givenFile(word) {
  if (word === undefined) return undefined;
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), word);
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  return path;
}

/** @param {string} name @param {string} word */
function positive(name, word) {
  const value = Number(word);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name}=${word}: a whole number above 0 is expected.`);
}

/** @typedef {(material: import('../bench/material.mjs').Material, runs: number, seconds: number) => Promise<void>} Bench */

/**
 * Those that run jobs on the built command line. Their code is loaded when dependencies are installed.
 *
 * @param {boolean} quick
 */
function pipelineBenches(quick) {
  return {
    /** @type {Bench} */
    scaling: async (...words) => (await import('../bench/scaling.mjs')).scaling(...words),
    /** @type {Bench} */
    engine: async (...words) => (await import('../bench/engine.mjs')).engine(...words, { quick }),
    /** @type {Bench} */
    overhead: async (...words) => (await import('../bench/overhead.mjs')).overhead(...words),
    /** @type {Bench} */
    page: async (...words) => (await import('../bench/page.mjs')).page(...words),
    /** @type {Bench} */
    memory: async (material, runs) => (await import('../bench/memory.mjs')).memory(material, runs),
  };
}

/**
 * Those that run on a page of their own: the product is not built for them.
 *
 * @param {{ network?: string | undefined, profile?: string | undefined, quick: boolean }} options
 */
function browserBenches({ network, profile, quick }) {
  return {
    /** @type {Bench} */
    kernels: async ({ folder }, runs) => (await import('../bench/kernels.mjs')).kernels(folder, runs),
    /** @type {Bench} */
    backends: async ({ folder }, runs) =>
      (await import('../bench/backends.mjs')).backends(folder, runs, { network, profile, stockCore: !quick }),
  };
}

async function bench() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clip: { type: 'string' },
      network: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      model: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string', default: '12' },
    },
  });
  const given = { clip: givenFile(values.clip), model: givenFile(values.model) };
  const seconds = positive('seconds', values.seconds);
  const onPage = browserBenches(values);
  const benches = { ...pipelineBenches(values.quick), ...onPage };
  const names = positionals.map((name) => {
    if (name in benches) return /** @type {keyof typeof benches} */ (name);
    throw new Error(`there is no benchmark '${name}'.\n${usage}`.trim());
  });
  if (names.length === 0) throw new Error(usage.trim());
  await setUp();
  const needsProduct = names.some((name) => !(name in onPage));
  if (needsProduct) await (await import('./build-when-stale.mjs')).buildWhenStale();
  const folder = await mkdtemp(join(tmpdir(), 'ffmpeg-dnn-bench-'));
  try {
    const { makeMaterial } = await import('../bench/material.mjs');
    const material = await makeMaterial(folder, given);
    for (const name of names) {
      const [few, many] = name in onPage ? [3, 7] : [1, 3];
      const runs = values.quick ? few : values.runs === undefined ? many : positive('runs', values.runs);
      const load = loadavg()[0] ?? 0;
      console.log(
        `\n== ${name}: median (min..max) of ${runs}; ${availableParallelism()} cores, load ${load.toFixed(1)} ==`,
      );
      if (load > 0.5)
        console.log('Other programs are running: the figures mean little until the load is near 0.');
      await benches[name](material, runs, seconds);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  await bench();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

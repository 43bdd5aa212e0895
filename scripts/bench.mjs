/** `npm run bench -- scaling|engine|overhead|page|memory …`: the figures of the pipeline, measured side by side. */
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

  --clip FILE    input instead of generated clips; scaled to 360x240 and repeated as needed
  --model FILE   ESPCN as a frozen graph with input x and output y, instead of one with random weights
  --runs N       runs of each job (3)
  --seconds N    length of the clip at 25 frames a second (12); memory has its own lengths
  --quick        engine only: one run of a few rows on short clips, in about a minute
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

async function bench() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clip: { type: 'string' },
      quick: { type: 'boolean', default: false },
      model: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '12' },
    },
  });
  const given = { clip: givenFile(values.clip), model: givenFile(values.model) };
  const runs = values.quick ? 1 : positive('runs', values.runs);
  const seconds = positive('seconds', values.seconds);
  await setUp();
  const { buildWhenStale } = await import('./build-when-stale.mjs');
  await buildWhenStale();
  const [{ makeMaterial }, { scaling }, { overhead }, { page }, { memory }, { engine }] = await Promise.all([
    import('../bench/material.mjs'),
    import('../bench/scaling.mjs'),
    import('../bench/overhead.mjs'),
    import('../bench/page.mjs'),
    import('../bench/memory.mjs'),
    import('../bench/engine.mjs'),
  ]);
  /** @type {typeof scaling} */
  const engineRows = (...words) => engine(...words, { quick: values.quick });
  const benches = new Map(Object.entries({ scaling, engine: engineRows, overhead, page, memory }));
  const unknown = positionals.filter((name) => !benches.has(name));
  if (positionals.length === 0 || unknown.length > 0)
    throw new Error(`${unknown.join(', ')}\n${usage}`.trim());
  const folder = await mkdtemp(join(tmpdir(), 'ffmpeg-dnn-bench-'));
  try {
    const material = await makeMaterial(folder, given);
    for (const name of positionals) {
      const load = loadavg()[0] ?? 0;
      console.log(
        `\n== ${name}: median (min..max) of ${runs}; ${availableParallelism()} cores, load ${load.toFixed(1)} ==`,
      );
      if (load > 0.5)
        console.log('Other programs are running: the figures mean little until the load is near 0.');
      await benches.get(name)?.(material, runs, seconds);
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

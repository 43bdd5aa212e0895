/**
 * What a first visit costs: bytes over the wire, and the time until the first frame is done; cold and warm.
 */
/* global window, document, fetch -- in page.evaluate */
import { performance } from 'node:perf_hooks';
import { basename } from 'node:path';
import { withProfile } from './browser-profile.mjs';
import { anime4kChain, clipOnPage } from './page-networks.mjs';
import { builtPage } from './product-page.mjs';
import { seriesOf } from './series.mjs';
import { StaticServer } from './static-server.mjs';
import { bytesByKind, transferKinds } from './transfer-kinds.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */

/**
 * One visit, in milliseconds since the address was entered.
 *
 * @typedef {object} Visit
 * @property {number} page its code has run
 * @property {number} library `load()` has resolved
 * @property {number} frame the first frame is decoded, run through the network, and encoded
 * @property {number} bytes over the wire
 */

const visits = /** @type {const} */ ([
  ['cold', 'cold: a new browser, nothing cached'],
  ['warm', 'warm: the same browser, once more'],
]);

const steps = /** @type {const} */ ([
  ['page', 'page loaded', 'ms'],
  ['library', 'library loaded', 'ms'],
  ['frame', 'first frame done', 'ms'],
  ['bytes', 'over the wire', 'KiB'],
]);

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function start({ material, folder, rounds, browser, log }) {
  const started = performance.now();
  const clip = clipOnPage(await material.input(1, 25));
  const model = await anime4kChain(folder, 's');
  /** @type {Map<string, Visit[]>} */
  const measured = new Map(visits.map(([name]) => [name, []]));
  const server = await StaticServer.start([builtPage]);
  /** @type {ReturnType<typeof bytesByKind> | undefined} */
  let kinds;
  try {
    // What is compressed for the first time would count for the first visit.
    await withProfile(folder, (context) => visit(context, server, clip, model));
    for (let round = 0; round < rounds; round++) {
      await withProfile(folder, async (context) => {
        for (const [name] of visits) {
          measured.get(name)?.push(await visit(context, server, clip, model));
          if (name === 'cold') kinds = bytesByKind(server.transfers);
        }
      });
    }
  } finally {
    await server.close();
  }
  const series = visits.flatMap(([name, label]) =>
    steps.map(([step, title, unit]) =>
      seriesOf({
        id: `start/${name}/${step}`,
        label: `${label}: ${title}`,
        group: step === 'bytes' ? 'Bytes of a visit' : 'Time to the first frame',
        unit,
        params: { visit: name, step },
        values: (measured.get(name) ?? []).map((one) => one[step] / (step === 'bytes' ? 1024 : 1)),
      }),
    ),
  );
  for (const kind of transferKinds) {
    series.push(
      seriesOf({
        id: `start/bytes/${kind.replaceAll(/[^a-z]+/g, '-')}`,
        label: kind,
        group: 'Bytes of a cold visit',
        unit: 'KiB',
        params: { kind },
        values: [(kinds?.get(kind) ?? 0) / 1024],
      }),
    );
  }
  for (const { label, summary, unit } of series)
    log(`  ${label.padEnd(60)} ${summary?.median.toFixed(0)} ${unit}`);
  return {
    name: 'start',
    title: 'From nothing to the first frame',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      'A server on this machine: no network is between it and the browser. Text and wasm are sent with gzip, as static hosts do; files with a hash in their name may be kept for good, others are asked for again.',
      'The job: Anime4K 2x S on the first frame of an mp4 file of 360x240, to a PNG. A cold visit has a new profile, a warm one the caches of the first: HTTP and compiled WebAssembly.',
      "The core of ffmpeg.wasm (stock @ffmpeg/core) is most of the bytes; this project's own code and kernels are the rest.",
    ],
    series,
    ratios: [],
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * @param {import('playwright').BrowserContext} context
 * @param {StaticServer} server
 * @param {{ path: string, words: string[] }} clip
 * @param {import('./page-networks.mjs').PageChain} model
 * @returns {Promise<Visit>}
 */
async function visit(context, server, clip, { chain, files }) {
  server.transfers.length = 0;
  const page = await context.newPage();
  try {
    await page.goto(`${server.origin}/headless.html`);
    await page.setInputFiles('#files', [clip.path]);
    const times = await page.evaluate(runFirstFrame, {
      clip: basename(clip.path),
      model: basename(files[0] ?? ''),
      args: [...clip.words, '-vf', chain, '-frames:v', '1', 'first.png'],
    });
    return { ...times, bytes: server.transfers.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    await page.close();
  }
}

/**
 * On the page. The clock starts when the address is entered.
 *
 * @param {{ clip: string, model: string, args: string[] }} job
 * @returns {Promise<Omit<Visit, 'bytes'>>}
 */
async function runFirstFrame({ clip, model, args }) {
  // Node's types know no entries of pages.
  const entries = /** @type {PerformanceEntry[]} */ (
    performance.getEntriesByType(/** @type {never} */ ('navigation'))
  );
  const page = /** @type {PerformanceNavigationTiming} */ (entries[0]).loadEventEnd;
  const begin = performance.now();
  // The driver's own time between the load and this call is not the page's.
  const since = () => page + performance.now() - begin;
  const ffmpeg = new window.FFmpegDNN();
  await ffmpeg.load();
  const library = since();
  const response = await fetch(`/models/${model}`);
  await ffmpeg.writeFile(`/${model}`, await response.blob());
  const file = document.querySelector('input')?.files?.[0];
  if (file === undefined) throw new Error('The page was not given the clip.');
  await ffmpeg.writeFile(`/${clip}`, file);
  const exitCode = await ffmpeg.exec(args);
  if (exitCode !== 0) throw new Error(`ffmpeg ended with ${exitCode}.`);
  const frame = since();
  ffmpeg.terminate();
  return { page, library, frame };
}

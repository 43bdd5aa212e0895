/** The native backend against tfjs, onnxruntime-web, onnxruntime-node and FFmpeg's own, one thread each. */
/* global window -- in page.evaluate */
import { performance } from 'node:perf_hooks';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backendRows } from './backend-rows.mjs';
import { withBenchPage } from './bench-browser.mjs';
import { atSize, comparisonOf, comparisons, sweptNetworks, sweptSizes } from './comparisons.mjs';
import { GpuBrowser, isSoftware } from './gpu-peer.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import { median } from './median.mjs';
import { NodePeer } from './node-peer.mjs';
import { onnxOf } from './onnx-network.mjs';
import { pageFloats } from './page-floats.mjs';
import { efforts } from './time-frames.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./bench-api.ts').BenchNetwork} BenchNetwork */
/** @typedef {import('./bench-api.ts').GpuBackendName} GpuBackendName */
/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./comparisons.mjs').Comparison} Comparison */

/**
 * What one backend did.
 *
 * @typedef {object} Measured
 * @property {number} [firstMs] from loading the network to its first result
 * @property {number} [difference] of its result from tfjs's
 * @property {number[]} ms of a frame, a value a round
 * @property {string} [absent] why there are none
 * @property {string} [adapter] of the GPU
 */

/**
 * What runs beside the page's worker.
 *
 * @typedef {object} Peer
 * @property {number} firstMs
 * @property {(reference: Float32Array) => number | Promise<number>} differenceFrom
 * @property {() => Promise<number>} round
 */

/** Results of the same weights may differ by the order of their sums. */
const mostDifference = 1e-3;

/** What tells most in little time. */
const quickNetworks = ['espcn', 'anime4k-m'];

const gpuBackends = /** @type {const} */ (['webgl', 'webgpu']);

/** How the peers are set, for the report. */
const notes = [
  'One thread each, frames of floats in and out, all backends frame by frame in turn; onnxruntime-node round by round.',
  'native: the kernels that the product chooses; -simd, -direct and -winograd: with kernels=… forced.',
  'tfjs: production mode, the SIMD binary, the graph after the optimisations that the product makes for both backends.',
  "onnxruntime-web and -node: graphOptimizationLevel 'all', memory pattern and arena on, sequential execution, numThreads 1, sizes fixed in the model. More threads are compared end to end: the product spreads frames over workers.",
  'tfjs-webgl and tfjs-webgpu: the frame is sent to the adapter and its result read back, as a video filter has to. Software that plays the part of a GPU is named, and measured on the smallest frames alone.',
  "stock-ffmpeg: the native filter of stock @ffmpeg/core (FFmpeg 5.1), two frames after a first run; it has no SIMD kernels. 'first' is from loading a network to its first result.",
];

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 * @throws {Error} where results of the same weights differ
 */
export async function backends(context) {
  const { folder, mode, browser, network: only } = context;
  const started = performance.now();
  /** @type {import('./backend-rows.mjs').BackendRows[]} */
  const rows = [];
  await withBenchPage(
    folder,
    async (page, served) => {
      await mkdir(join(served, 'networks'), { recursive: true });
      const gpu = await GpuBrowser.start(page.url());
      try {
        for (const comparison of comparisonsOf(mode, only)) {
          // A new worker for each: the memory of tfjs only grows.
          await page.reload();
          const measured = await compare(page, served, comparison, context, gpu);
          rows.push(backendRows('backends', comparison, measured));
          printRows(context, comparison, measured);
        }
      } finally {
        await gpu.close();
      }
    },
    { browser },
  );
  return {
    name: 'backends',
    title: 'Backends, frame by frame',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes,
    series: rows.flatMap(({ series }) => series),
    ratios: rows.flatMap(({ ratios }) => ratios),
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * All networks at their own sizes; in full, two of them at all other sizes too.
 *
 * @param {BenchContext['mode']} mode
 * @param {string | undefined} only
 * @returns {Comparison[]}
 */
function comparisonsOf(mode, only) {
  if (mode === 'smoke') return [atSize(comparisonOf(only ?? 'espcn'), [64, 48])];
  if (only !== undefined) return [comparisonOf(only)];
  if (mode === 'quick') return quickNetworks.map(comparisonOf);
  const swept = sweptNetworks.map(comparisonOf).flatMap((comparison) => {
    const others = sweptSizes.filter(([width]) => width !== comparison.size.width);
    return others.map((size) => atSize(comparison, size));
  });
  return [...comparisons, ...swept];
}

/**
 * @param {Page} page
 * @param {string} served folder that the page can fetch from
 * @param {Comparison} comparison
 * @param {BenchContext} context
 * @param {GpuBrowser} gpu
 * @returns {Promise<Map<string, Measured>>} by backend
 */
async function compare(page, served, comparison, { mode, rounds }, gpu) {
  const effort = efforts[mode];
  const { id, title, describe, size } = comparison;
  const onnxModel = onnxOf(describe, size);
  /** @type {BenchNetwork} */
  const network = { graphDef: `/networks/${id}.pb`, onnx: `/networks/${id}.onnx`, size };
  await writeFile(join(served, network.graphDef), graphDefOf(describe, size));
  await writeFile(join(served, `/networks/${id}.onnx`), onnxModel);
  /** @type {Map<string, Measured>} */
  const measured = new Map();
  const { starts, failures } = await page.evaluate(
    ([given, wanted]) => window.bench.startBackends(given, window.benchAssets, wanted),
    /** @type {const} */ ([network, { effort, variants: mode !== 'quick' }]),
  );
  for (const [name, start] of Object.entries(starts)) measured.set(name, { ...start, ms: [] });
  for (const [name, absent] of Object.entries(failures)) measured.set(name, { ms: [], absent });
  const reference = await pageFloats(page, 'referenceResult');
  /** @type {Map<string, Peer>} */
  const peers = new Map();
  /** @param {string} name @param {() => Promise<Peer>} start @param {string} [adapter] */
  const addPeer = async (name, start, adapter) => {
    const more = adapter === undefined ? {} : { adapter };
    try {
      const peer = await start();
      peers.set(name, peer);
      const difference = await peer.differenceFrom(reference);
      measured.set(name, { ...more, firstMs: peer.firstMs, difference, ms: [] });
    } catch (error) {
      measured.set(name, { ...more, ms: [], absent: firstLine(error) });
    }
  };
  await addPeer('onnxruntime-node', () => NodePeer.start(onnxModel, size, effort));
  /** @type {import('./gpu-peer.mjs').GpuPeer[]} */
  const gpuPeers = [];
  for (const backend of gpuBackends) {
    const name = `tfjs-${backend}`;
    const adapter = await gpu.adapter(backend);
    const absent = gpuAbsence(adapter, comparison, mode);
    if (absent !== undefined)
      measured.set(name, { ms: [], absent, ...(adapter === undefined ? {} : { adapter }) });
    else
      await addPeer(
        name,
        async () => {
          const peer = await gpu.load(backend, network, isSoftware(adapter ?? '') ? efforts.smoke : effort);
          gpuPeers.push(peer);
          return peer;
        },
        adapter,
      );
  }
  checkDifferences(title, measured);
  for (let round = 0; round < rounds; round++) {
    const figures = await page.evaluate(() => window.bench.backendRound());
    for (const { backend, ms } of figures) measured.get(backend)?.ms.push(ms);
    for (const [name, peer] of peers) measured.get(name)?.ms.push(await peer.round());
  }
  for (const peer of gpuPeers) await peer.close();
  measured.set('stock-ffmpeg', await stockCore(page, network, size, mode));
  return measured;
}

/**
 * @param {string | undefined} adapter
 * @param {Comparison} comparison
 * @param {BenchContext['mode']} mode
 * @returns {string | undefined} why an adapter is not measured
 */
function gpuAbsence(adapter, { id, size }, mode) {
  if (adapter === undefined) return 'this browser has no adapter';
  if (!isSoftware(adapter) || mode === 'smoke') return undefined;
  if (mode === 'quick') return `${adapter} is software on the CPU: not in the quick form`;
  const isSmall = id === 'espcn' && size.width <= 64;
  return isSmall ? undefined : `${adapter} is software on the CPU: seconds a frame`;
}

/**
 * @param {Page} page
 * @param {BenchNetwork} network
 * @param {Comparison['size']} size
 * @param {BenchContext['mode']} mode
 * @returns {Promise<Measured>}
 */
async function stockCore(page, network, { width }, mode) {
  if (mode === 'quick') return { ms: [], absent: 'seconds a frame: in the quick form end to end only' };
  if (width > 640) return { ms: [], absent: 'minutes a frame' };
  const ms = await page.evaluate(
    (given) =>
      window.bench
        .stockCoreMs(given, window.benchAssets)
        .catch((/** @type {unknown} */ error) => String(error)),
    network,
  );
  return typeof ms === 'number' ? { ms: [ms] } : { ms: [], absent: ms };
}

/**
 * @param {string} title
 * @param {ReadonlyMap<string, Measured>} measured
 */
function checkDifferences(title, measured) {
  for (const [name, { difference = 0, adapter }] of measured) {
    // A GPU may compute with half the digits: its row says how far it is off.
    if (difference < mostDifference || adapter !== undefined) continue;
    throw new Error(`${title}: the results of ${name} and tfjs-wasm differ by ${difference}.`);
  }
}

/** @param {unknown} error */
function firstLine(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

/**
 * @param {BenchContext} context
 * @param {Comparison} comparison
 * @param {ReadonlyMap<string, Measured>} measured
 */
function printRows({ log }, { title, size }, measured) {
  log(`${title}, ${size.width}x${size.height}`);
  for (const [name, { ms, absent }] of measured)
    log(`  ${name.padEnd(20)} ${ms.length > 0 ? `${median(ms).toFixed(2)} ms` : (absent ?? '')}`);
}

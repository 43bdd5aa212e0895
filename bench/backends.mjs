/** The native backend against tfjs, onnxruntime-web and onnxruntime-node, one thread each. */
/* global window -- in page.evaluate */
import console from 'node:console';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultModelFolder } from '../scripts/convert-default-models.mjs';
import { withBenchPage } from './bench-browser.mjs';
import { printBound, printLine, spread } from './figures.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import { median } from './median.mjs';
import * as networks from './networks.mjs';
import { NodePeer } from './node-peer.mjs';
import { onnxOf } from './onnx-network.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./bench-api.ts').BenchNetwork} BenchNetwork */
/** @typedef {{ required: number, goal?: number }} Aim */

/**
 * @typedef {object} Comparison
 * @property {string} title
 * @property {import('../src/dnn/interface.ts').FrameSize} size
 * @property {import('./networks.mjs').NetworkDescription} [describe] where it is not a default model
 * @property {boolean} [inModelZoo] of FFmpeg: stock ffmpeg is measured too
 * @property {Partial<Record<string, Aim>>} aims by peer: how many times as fast native is; for onnxruntime-node, its time by the peer's
 */

/** @type {Readonly<Record<string, Comparison>>} */
const comparisons = {
  espcn: {
    title: 'ESPCN',
    size: { width: 360, height: 240, channels: 1 },
    describe: networks.espcn,
    inModelZoo: true,
    aims: {
      'tfjs-wasm': { required: 4.4, goal: 5.5 },
      'onnxruntime-web': { required: 2.5, goal: 3.2 },
      'onnxruntime-node': { required: 2.5, goal: 1.8 },
    },
  },
  srcnn: {
    title: 'SRCNN',
    size: { width: 360, height: 240, channels: 1 },
    describe: networks.srcnn,
    inModelZoo: true,
    aims: {
      'tfjs-wasm': { required: 3, goal: 4 },
      'onnxruntime-web': { required: 1.6, goal: 2.2 },
      'onnxruntime-node': { required: 1.5, goal: 1.2 },
    },
  },
  can: {
    title: 'CAN',
    size: { width: 360, height: 240, channels: 3 },
    describe: networks.can,
    inModelZoo: true,
    aims: {
      'tfjs-wasm': { required: 3.5, goal: 4.5 },
      'onnxruntime-web': { required: 3, goal: 4 },
      'onnxruntime-node': { required: 1.2, goal: 1 },
    },
  },
  'esrgan-slim': {
    title: 'esrgan-slim 2x',
    size: { width: 180, height: 120, channels: 3 },
    describe: networks.esrganSlim,
    aims: { 'tfjs-wasm': { required: 2.8 } },
  },
  'anime4k-m': {
    title: 'Anime4K 2x M',
    size: { width: 640, height: 360, channels: 3 },
    aims: { 'tfjs-wasm': { required: 4 } },
  },
};

/** Results of the same weights may differ by the order of their sums. */
const mostDifference = 1e-3;

/**
 * @param {string} folder for everything that the benchmarks write
 * @param {number} rounds of all backends in turn
 * @param {object} options
 * @param {string | undefined} options.network the only one, instead of all and the memory
 * @param {string | undefined} options.profile a network whose layers are timed instead
 * @param {boolean} options.stockCore whether stock ffmpeg is measured, which takes a minute
 */
export async function backends(folder, rounds, { network: only, profile, stockCore }) {
  const names = Object.keys(comparisons);
  const wanted = profile ?? only;
  if (wanted !== undefined && !names.includes(wanted))
    throw new Error(`there is no network '${wanted}': one of ${names.join(', ')} is expected.`);
  await withBenchPage(folder, async (page, served) => {
    await mkdir(join(served, 'networks'), { recursive: true });
    for (const name of wanted === undefined ? names : [wanted]) {
      const network = await serveNetwork(served, name);
      // A new worker for each: the memory of tfjs only grows.
      await page.reload();
      if (profile === undefined)
        await compare(page, network, { folder: join(served, 'networks'), name, rounds, stockCore });
      else await printLayers(page, network, name);
    }
    if (wanted === undefined) await printMemory(page);
  });
}

/**
 * @param {string} served folder that the page can fetch from
 * @param {string} name
 * @returns {Promise<BenchNetwork>}
 */
async function serveNetwork(served, name) {
  const { describe, size } = /** @type {Comparison} */ (comparisons[name]);
  const graphDef = `/networks/${name}.pb`;
  if (describe === undefined) {
    await writeFile(join(served, graphDef), await readFile(join(defaultModelFolder, 'anime4k-2x-m.pb')));
    return { graphDef, size };
  }
  const onnx = `/networks/${name}.onnx`;
  await writeFile(join(served, graphDef), graphDefOf(describe, size));
  await writeFile(join(served, onnx), onnxOf(describe, size));
  return { graphDef, onnx, size };
}

/**
 * @param {Page} page
 * @param {BenchNetwork} network
 * @param {{ folder: string, name: string, rounds: number, stockCore: boolean }} options folder of the networks' files
 */
async function compare(page, network, { folder, name, rounds, stockCore }) {
  const { title, aims, inModelZoo } = /** @type {Comparison} */ (comparisons[name]);
  const { width, height } = network.size;
  console.log(`\n${title}, ${width}x${height}, ms per frame`);
  /** @type {Record<string, number>} */
  const differences = await page.evaluate(
    (given) => window.bench.startBackends(given, window.benchAssets),
    network,
  );
  const peer =
    network.onnx === undefined
      ? undefined
      : await NodePeer.start(await readFile(join(folder, `${name}.onnx`)), network.size);
  if (peer !== undefined)
    differences[peer.name] = peer.differenceFrom(
      Float32Array.from(await page.evaluate(async () => Array.from(await window.bench.referenceResult()))),
    );
  for (const [backend, difference] of Object.entries(differences)) {
    if (difference < mostDifference) continue;
    throw new Error(`${title}: the results of ${backend} and tfjs-wasm differ by ${difference}.`);
  }
  /** @type {Map<string, number[]>} */
  const times = new Map(Object.keys(differences).map((backend) => [backend, []]));
  for (let round = 0; round < rounds; round++) {
    const figures = await page.evaluate(() => window.bench.backendRound());
    for (const { backend, ms } of figures) times.get(backend)?.push(ms);
    if (peer !== undefined) times.get(peer.name)?.push(await peer.round());
  }
  for (const [backend, all] of times) {
    const apart = backend === 'tfjs-wasm' ? '' : `   differs by ${differences[backend]?.toExponential(0)}`;
    printLine(backend, `${spread(all, 1, 'ms')}${apart}`);
  }
  report(times, aims);
  if (stockCore && inModelZoo === true) await printStockCore(page, network, times.get('native') ?? []);
}

/**
 * @param {Page} page
 * @param {BenchNetwork} network
 * @param {readonly number[]} native milliseconds of a frame
 */
async function printStockCore(page, network, native) {
  const ms = await page.evaluate(
    (given) =>
      window.bench
        .stockCoreMs(given, window.benchAssets)
        .catch((/** @type {unknown} */ error) => String(error)),
    network,
  );
  const name = "stock @ffmpeg/core's native backend";
  if (typeof ms === 'string') printLine(name, `not measured: ${ms}`);
  else
    printLine(name, `${ms.toFixed(0)} ms, measured once: ${(ms / median(native)).toFixed(1)} times native's`);
}

/**
 * @param {ReadonlyMap<string, readonly number[]>} times by backend, a value a round
 * @param {Comparison['aims']} aims
 */
function report(times, aims) {
  const native = times.get('native') ?? [];
  /** @param {string} backend */
  const ratios = (backend) => (times.get(backend) ?? []).map((ms, round) => ms / (native[round] ?? NaN));
  for (const peer of ['tfjs-wasm', 'onnxruntime-web']) {
    const aim = aims[peer];
    const name = `times as fast as ${peer}`;
    if (!times.has(peer)) continue;
    if (aim === undefined) printLine(name, spread(ratios(peer), 2));
    else printBound(name, ratios(peer), { digits: 2, ...aim, better: 'higher' });
  }
  const share = ratios('onnxruntime-node').map((ratio) => 1 / ratio);
  const aim = aims['onnxruntime-node'];
  if (share.length > 0 && aim !== undefined)
    printBound('time by that of onnxruntime-node', share, { digits: 2, ...aim, better: 'lower' });
  else if (share.length > 0) printLine('time by that of onnxruntime-node', spread(share, 2));
  const simd = ratios('native, kernels=simd').map((ratio) => 1 / ratio);
  printBound('speed of the build without relaxed SIMD', simd, {
    digits: 2,
    required: 0.45,
    better: 'higher',
  });
}

/** @param {Page} page */
async function printMemory(page) {
  const size = { width: 1920, height: 1080, channels: 1 };
  console.log('\nESPCN, 1920x1080 to 3840x2160, memory of one worker');
  const mebi = 2 ** 20;
  for (const backend of /** @type {const} */ (['native', 'tensorflow'])) {
    await page.reload();
    const network = { graphDef: '/networks/espcn.pb', size };
    const result = await page.evaluate(
      ([name, given]) =>
        window.bench
          .memoryOf(name, given, window.benchAssets)
          .catch((/** @type {unknown} */ error) => String(error)),
      /** @type {const} */ ([backend, network]),
    );
    if (typeof result === 'string') printLine(backend, `failed: ${result}`);
    else if (backend === 'tensorflow') printLine('tfjs-wasm', `${(result / mebi).toFixed(0)} MiB`);
    else {
      const bound = /** @type {const} */ ({
        digits: 0,
        unit: 'MiB',
        required: 200,
        goal: 64,
        better: 'lower',
      });
      printBound('native: arena and weights', [result / mebi], bound);
    }
  }
}

/**
 * @param {Page} page
 * @param {BenchNetwork} network
 * @param {string} name
 */
async function printLayers(page, network, name) {
  const { width, height } = network.size;
  console.log(`\n${comparisons[name]?.title}, ${width}x${height}, native backend`);
  const layers = await page.evaluate((given) => window.bench.layerTimes(given, window.benchAssets), network);
  const total = layers.reduce((sum, { ms }) => sum + ms, 0);
  for (const { layer, ms, multiplyAdds } of layers) {
    const rate = multiplyAdds === 0 ? '' : `   ${(multiplyAdds / ms / 1e6).toFixed(1)} G multiply-adds/s`;
    printLine(layer, `${ms.toFixed(2)} ms   ${((100 * ms) / total).toFixed(1)} %${rate}`);
  }
  printLine('all', `${total.toFixed(2)} ms`);
}

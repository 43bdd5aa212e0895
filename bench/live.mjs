/**
 * Live video from Chromium's fake camera: frames a second, latency, and what is
 * dropped, for networks light and heavy.
 */
/* global window, document, navigator, atob -- in page.evaluate */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { graphDefOf } from './graphdef-network.mjs';
import { median } from './median.mjs';
import * as networks from './networks.mjs';
import { anime4kChain } from './page-networks.mjs';
import { withProductPage } from './product-page.mjs';
import { seriesOf } from './series.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../src/index.ts').LiveStats} LiveStats */

const camera = { width: 640, height: 360 };
const cameraRate = 24;
/** The camera's rate, less what its own clock may be off. */
const requiredRate = 23;

/** From light to heavy. */
const networksInTurn = [
  {
    id: 'anime4k-s',
    label: 'Anime4K 2x S',
    chain: (/** @type {string} */ folder) => anime4kChain(folder, 's'),
  },
  {
    id: 'anime4k-m',
    label: 'Anime4K 2x M',
    aim: { required: requiredRate },
    chain: (/** @type {string} */ folder) => anime4kChain(folder, 'm'),
  },
  {
    id: 'anime4k-l',
    label: 'Anime4K 2x L',
    chain: (/** @type {string} */ folder) => anime4kChain(folder, 'l'),
  },
  { id: 'esrgan-slim', label: 'ESRGAN slim', chain: esrganChain },
];

/** The network that has to keep up and one that cannot, or the lightest. */
const few = { quick: ['anime4k-m', 'esrgan-slim'], smoke: ['anime4k-s'] };

/**
 * @typedef {object} Scene
 * @property {string} id
 * @property {string} label
 * @property {string} chain
 * @property {string[]} files
 * @property {{ required: number }} [aim] frames a second
 */

/** What a scene gave, a value a round. */
class SceneValues {
  /** @type {number[]} frames shown a second */
  rate = [];
  /** @type {number[]} ms */
  latency = [];
  /** @type {number[]} ms */
  slowest = [];
  /** @type {number[]} percent of the frames that came */
  dropped = [];
}

/**
 * @param {import('./bench-context.ts').BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function live({ folder, rounds, mode, browser, log }) {
  const started = performance.now();
  const ms = { full: 8000, quick: 2500, smoke: 1000 }[mode];
  const scenes = await Promise.all(
    networksInTurn
      .filter(({ id }) => mode === 'full' || few[mode].includes(id))
      .map(async ({ chain, ...scene }) => ({ ...scene, ...(await chain(folder)) })),
  );
  const values = new Map(scenes.map(({ id }) => [id, new SceneValues()]));
  const args = [`--use-fake-device-for-media-stream=fps=${cameraRate}`, '--use-fake-ui-for-media-stream'];
  await withProductPage(
    async (page) => {
      for (let round = 0; round < rounds; round++) {
        for (const scene of scenes)
          await watch(page, scene, ms, /** @type {SceneValues} */ (values.get(scene.id)));
      }
    },
    { args },
  );
  for (const { id, label } of scenes) {
    const { rate, latency, slowest, dropped } = /** @type {SceneValues} */ (values.get(id));
    log(
      `${label}: ${median(rate).toFixed(1)} frames/s, latency ${median(latency).toFixed(0)} ms ` +
        `(nine of ten below ${median(slowest).toFixed(0)}), ${median(dropped).toFixed(0)} % dropped`,
    );
  }
  return {
    name: 'live',
    title: 'Live video from a camera',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      `Chromium's fake camera, ${camera.width}x${camera.height} at ${cameraRate} frames/s, on the native backend. ` +
        'Latency is from the capture of a frame to its drawing by the worker.',
      `Aim: Anime4K 2x M shows at least ${requiredRate} frames/s on two cores; a network that is slower drops frames, and its latency stays that of two frames.`,
    ],
    series: scenes.flatMap((scene) => sceneSeries(scene, /** @type {SceneValues} */ (values.get(scene.id)))),
    ratios: [],
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * ESRGAN with random weights, as slow as the real one.
 *
 * @param {string} folder
 */
async function esrganChain(folder) {
  const file = join(folder, 'live-esrgan.pb');
  await writeFile(file, graphDefOf(networks.esrganSlim, camera));
  return { chain: `dnn_processing=model=${basename(file)}:input=x:output=y`, files: [file] };
}

/**
 * Runs a scene once.
 *
 * @param {Page} page
 * @param {Scene} scene
 * @param {number} ms to watch it for
 * @param {SceneValues} values
 */
async function watch(page, { chain, files }, ms, values) {
  const models = await Promise.all(
    files.map(
      async (file) => /** @type {const} */ ([basename(file), (await readFile(file)).toString('base64')]),
    ),
  );
  await page.evaluate(
    async ({ filter, given, video }) => {
      const canvas = document.createElement('canvas');
      document.body.append(canvas);
      const source = await navigator.mediaDevices.getUserMedia({ video });
      const blob = (/** @type {string} */ text) =>
        new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]);
      const contents = Object.fromEntries(given.map(([name, text]) => [name, blob(text)]));
      window.benchLive = await window.LiveVideo.start({ source, canvas, filter, files: contents });
      window.benchStop = async () => {
        await window.benchLive?.stop();
        for (const track of source.getTracks()) track.stop();
        canvas.remove();
      };
    },
    { filter: chain, given: models, video: camera },
  );
  const stats = () =>
    page.evaluate(() => {
      if (window.benchLive === undefined) throw new Error('Live video was not started.');
      return window.benchLive.stats;
    });
  // Workers plan their memory with the first frames, and the camera starts.
  while ((await stats()).framesShown < 3) await setTimeout(100);
  await setTimeout(Math.min(2000, ms));
  const [before, start] = [await stats(), performance.now()];
  /** @type {LiveStats[]} */
  const looks = [];
  while (performance.now() - start < ms) {
    await setTimeout(500);
    looks.push(await stats());
  }
  const [after, seconds] = [await stats(), (performance.now() - start) / 1000];
  await page.evaluate(() => window.benchStop?.());
  values.rate.push((after.framesShown - before.framesShown) / seconds);
  const came = after.framesIn - before.framesIn;
  values.dropped.push((100 * (after.framesDropped - before.framesDropped)) / Math.max(1, came));
  values.latency.push(median(looks.map(({ latencyMs }) => latencyMs)));
  values.slowest.push(median(looks.map(({ latencyMsP90 }) => latencyMsP90)));
}

/**
 * @param {Scene} scene
 * @param {SceneValues} values
 */
function sceneSeries({ id, label, aim }, { rate, latency, slowest, dropped }) {
  const params = { network: id, ...camera };
  const row = (/** @type {string} */ what, /** @type {string} */ title) => ({
    id: `live/${id}/${camera.width}x${camera.height}/${what}`,
    label: `${label}: ${title}`,
    params,
  });
  const group = `Live video, ${camera.width}x${camera.height}`;
  return [
    seriesOf({
      ...row('rate', 'frames shown'),
      group: `${group}: frames shown`,
      unit: 'frames/s',
      better: 'higher',
      values: rate,
      ...aim,
    }),
    seriesOf({ ...row('latency', 'latency'), group: `${group}: latency`, unit: 'ms', values: latency }),
    seriesOf({
      ...row('latency-p90', 'latency that nine of ten frames are below'),
      group: `${group}: latency`,
      unit: 'ms',
      values: slowest,
    }),
    seriesOf({
      ...row('dropped', 'frames dropped'),
      group: `${group}: frames dropped`,
      unit: '%',
      values: dropped,
    }),
  ];
}

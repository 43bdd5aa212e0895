/**
 * How a page feels while a job runs on it: long tasks, animation frames, keys; beside
 * the same page with nothing to do.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { withProfile } from './browser-profile.mjs';
import { enhanceSample, openDemo } from './demo-page.mjs';
import { median } from './median.mjs';
import { droppedFrames, watchPage } from './page-watch.mjs';
import { anime4kChain, clipOnPage, espcnChain } from './page-networks.mjs';
import { builtPage, loadLibrary, openProductPage, runPageJob } from './product-page.mjs';
import { seriesOf } from './series.mjs';
import { StaticServer } from './static-server.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./page-watch.ts').PageFigures} PageFigures */
/** @typedef {import('playwright').Page} Page */

/**
 * @typedef {object} Scene
 * @property {string} id
 * @property {string} label
 * @property {(tab: Page) => Promise<unknown>} work what the page does meanwhile
 */

/** In milliseconds: what a task may take before a person notices, and a frame of the screen. */
const gapAim = { required: 50, goal: 16 };
const keyAim = { required: 50 };

/** What was seen in a scene, a value a round. */
class SceneValues {
  /** @type {number[]} */
  beats = [];
  /** @type {number[]} */
  longest = [];
  /** @type {number[]} */
  longTasks = [];
  /** @type {number[]} */
  dropped = [];
  /** @type {number[]} */
  latency = [];
  /** @type {number[]} */
  slowest = [];
  /** @type {number[]} percent of the time in which the thread had a task */
  busy = [];
}

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function page(context) {
  const { folder, rounds, mode, browser, log } = context;
  const started = performance.now();
  const stayMs = { full: 5000, quick: 3000, smoke: 0 }[mode];
  const { firstVisit, secondVisit, demo } = await scenesOf(context);
  const all = [...firstVisit, ...secondVisit, ...demo];
  const values = new Map(all.map(({ id }) => [id, new SceneValues()]));
  let interval = NaN;
  const server = await StaticServer.start([builtPage]);
  try {
    for (let round = 0; round < rounds; round++) {
      await withProfile(folder, async (visitor) => {
        /**
         * @param {Page} tab
         * @param {readonly Scene[]} inTurn
         */
        const visit = async (tab, inTurn) => {
          for await (const { id, figures, busy } of watchScenes(tab, inTurn)) {
            if (id === 'idle') interval = median(figures.frameGaps);
            keep(/** @type {SceneValues} */ (values.get(id)), figures, { busy, interval });
          }
          // The browser keeps compiled code some seconds after the last of it was made: the next visit of
          // who left at once would be cold.
          await setTimeout(stayMs);
          await tab.close();
        };
        await visit(await openLoadedPage(visitor, server), firstVisit);
        await visit(await openLoadedPage(visitor, server), secondVisit);
        for (const scene of demo) await visit(await openDemo(visitor, server), [scene]);
      });
    }
  } finally {
    await server.close();
  }
  for (const { id, label } of all) {
    const { beats, slowest, dropped } = /** @type {SceneValues} */ (values.get(id));
    log(
      `${label}: longest gap of the page's thread ${Math.max(...beats).toFixed(0)} ms, slowest key ${Math.max(...slowest).toFixed(0)} ms, ${median(dropped).toFixed(1)} % of frames dropped`,
    );
  }
  return {
    name: 'page',
    title: 'The page while a job runs',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      `The screen has a frame every ${interval.toFixed(1)} ms. Keys are pressed through the DevTools protocol; a key's latency ends when the frame behind it is painted.`,
      "Aim: no task of 50 ms or more while a job runs, and no gap of 50 ms between two beats of the page's thread.",
      "While the first job of a first visit runs, Chromium compiles ffmpeg's core a second time, for speed. That takes all threads of its pool (three on two cores), some functions for half a second, and what was typed is painted on the same threads: it stands apart. The compiled code is kept: a second visit starts with it.",
    ],
    series: all.flatMap((scene) => sceneSeries(scene, /** @type {SceneValues} */ (values.get(scene.id)))),
    ratios: [],
    fits: [],
    timelines: [],
    roofline: [],
  };
}

/**
 * What is watched, in order. A round has a browser of its own that has never been anywhere.
 *
 * @param {BenchContext} context
 */
async function scenesOf({ material, folder, seconds, mode }) {
  const clip = clipOnPage(await material.input({ full: seconds, quick: 1, smoke: 1 }[mode], 25));
  const idleMs = { full: 4000, quick: 1500, smoke: 300 }[mode];
  /** @type {(chain: string, files?: readonly string[]) => Scene['work']} */
  const job = (chain, files = []) => {
    const output = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', 'out.mp4'];
    const args = [...clip.words, '-vf', chain, ...output];
    return (tab) => runPageJob(tab, { files: [clip.path, ...files], args });
  };
  const { chain, files } = await espcnChain(folder);
  const espcn = { label: 'ESPCN to libx264', work: job(chain, files) };
  /** @type {Scene[]} */
  const firstVisit = [
    { id: 'idle', label: 'nothing to do', work: () => setTimeout(idleMs) },
    { ...espcn, id: 'first', label: `${espcn.label}, the first job of a first visit` },
  ];
  /** @type {Scene[]} */
  const secondVisit = [
    { ...espcn, id: 'again', label: `${espcn.label}, the first job of a second visit` },
    { id: 'codec', label: 'libx264 without a network', work: job('null') },
    { ...espcn, id: 'espcn' },
  ];
  if (mode !== 'smoke') {
    const network = await anime4kChain(folder, 's');
    const work = job(network.chain, network.files);
    secondVisit.push({ id: 'anime4k-s', label: 'Anime4K 2x S to libx264', work });
  }
  /** @type {Scene['work']} */
  const enhance = (tab) => enhanceSample(tab, mode === 'smoke' ? '-frames:v 4' : '');
  /** @type {Scene[]} */
  const demo = [
    { id: 'demo-first', label: 'the demo enhances its sample, first visit', work: enhance },
    { id: 'demo-again', label: 'the demo enhances its sample, second visit', work: enhance },
  ];
  return { firstVisit, secondVisit, demo };
}

/**
 * The bare page with the library on it.
 *
 * @param {import('playwright').BrowserContext} visitor
 * @param {StaticServer} server
 */
async function openLoadedPage(visitor, server) {
  const tab = await openProductPage(visitor, server);
  await loadLibrary(tab);
  return tab;
}

/**
 * Runs scenes on a page, one after another, and types there meanwhile.
 *
 * @param {Page} tab
 * @param {readonly Scene[]} inTurn
 * @returns {AsyncGenerator<{ id: string, figures: PageFigures, busy: number }, void, undefined>} `busy` in
 * percent
 */
async function* watchScenes(tab, inTurn) {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable');
  for (const { id, work } of inTurn) {
    const before = await taskSeconds(session);
    const { figures } = await watchPage(tab, () => work(tab));
    const busy = (100 * ((await taskSeconds(session)) - before)) / figures.seconds;
    yield { id, figures, busy };
  }
}

/**
 * Seconds in which the page's thread ran a task, since it started.
 *
 * @param {import('playwright').CDPSession} session
 */
async function taskSeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
}

/**
 * @param {SceneValues} values
 * @param {PageFigures} figures
 * @param {{ busy: number, interval: number }} more
 */
function keep(values, { longTasks, longestBeat, frameGaps, inputLatencies }, { busy, interval }) {
  values.beats.push(longestBeat);
  values.longest.push(Math.max(...frameGaps));
  values.longTasks.push(longTasks.reduce((sum, task) => sum + task, 0));
  values.dropped.push(droppedFrames(frameGaps, interval));
  values.latency.push(median(inputLatencies));
  values.slowest.push(Math.max(...inputLatencies));
  values.busy.push(busy);
}

/**
 * @param {Scene} scene
 * @param {SceneValues} values
 */
function sceneSeries({ id, label }, values) {
  const rows = /** @type {const} */ ([
    ['long-tasks', 'Tasks of 50 ms or more, together', 'ms', values.longTasks, { required: 0 }],
    [
      'longest-beat',
      "Longest gap between two beats of the page's thread (one every 5 ms)",
      'ms',
      values.beats,
      gapAim,
    ],
    ['longest-gap', 'Longest gap between two animation frames', 'ms', values.longest],
    ['dropped-frames', 'Animation frames dropped', '%', values.dropped],
    ['input-latency', 'Key to painted frame, median', 'ms', values.latency],
    ['slowest-input', 'Key to painted frame, slowest', 'ms', values.slowest, keyAim],
    ['thread-busy', "The page's thread at work", '%', values.busy],
  ]);
  return rows.map(([figure, title, unit, measured, aim = {}]) =>
    seriesOf({
      id: `page/${id}/${figure}`,
      label: `${title}: ${label}`,
      group: title,
      unit,
      params: { scene: id },
      values: measured,
      ...(id === 'idle' ? {} : aim),
    }),
  );
}

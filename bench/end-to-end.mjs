/** The whole file job, mp4 in and mp4 out, in this project and in others; and where its time goes. */
/* global window -- in page.evaluate */
import { performance } from 'node:perf_hooks';
import { basename, join } from 'node:path';
import { clipOfSize, clipRate } from './clip-of-size.mjs';
import { codecRows } from './codec-rows.mjs';
import { convertModel } from './convert-model.mjs';
import { runContest } from './contest.mjs';
import { gpuArguments, isSoftware } from './gpu-peer.mjs';
import { nativeJob, nativeVersion } from './native-ffmpeg.mjs';
import { espcnChain } from './page-networks.mjs';
import { buildPeers, upscalerModelFiles } from './peers-build.mjs';
import { runPageJob, withProductPage } from './product-page.mjs';
import { stageRows } from './stage-rows.mjs';
import { traceTimeline } from './trace-timeline.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */
/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./contest.mjs').Contestant} Contestant */
/** @typedef {import('./contest.mjs').Absentee} Absentee */
/** @typedef {import('./contest.mjs').ContestRows} ContestRows */
/** @typedef {import('./clip-of-size.mjs').Clip} Clip */

/** Beside the name of the output. */
const encoder = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p'];

/** Frames of a run: of what takes seconds for each, only a few; none: it is left out. */
const frameCounts = {
  full: { ours: 0, stock: 4, native: 50, upscaler: 25, softwareGpu: 2 },
  quick: { ours: 25, stock: 1, native: 2, upscaler: 3, softwareGpu: 0 },
  smoke: { ours: 5, stock: 1, native: 2, upscaler: 2, softwareGpu: 1 },
};

const jobNotes = [
  `From the call with an mp4 file to the finished mp4 file, in milliseconds a frame; encoder ${encoder.join(' ')}. Loading the libraries is not in it: see start. The first run of each stands apart.`,
  'Slow contestants run fewer frames of the same clip (frames in the raw data); their cost a frame is that run divided by its frames, so it has their start in it.',
  "stock ffmpeg.wasm: the class of @ffmpeg/ffmpeg with the single-threaded @ffmpeg/core, the file in its own memory, dnn_backend=native with the same weights as a .model file. It has no other backend, and no layers for UpscalerJS's network.",
  'UpscalerJS: in a worker, tensors in and out, whole frames of one size, warmed up, as its performance guides say; its default network (esrgan-slim 2x). It has no video input: Mediabunny decodes and encodes with WebCodecs (avc). With tfjs 4.22.0, which its peer range does not name: one tfjs in the project. Here the same network runs on values of 0 to 1 instead of 0 to 255, which changes the picture and not the work.',
  'native ffmpeg: the system’s own, its native DNN filter on all cores; and with scale in place of the network, which is what decoding and encoding cost there.',
];

/**
 * @param {BenchContext} context
 * @returns {Promise<import('./report-format.ts').BenchResult>}
 */
export async function endToEnd(context) {
  const { folder, browser, rounds, log } = context;
  const started = performance.now();
  const peerFolders = await buildPeers(folder);
  /** @type {ContestRows[]} */
  const contests = [];
  /** @type {import('./report-format.ts').Series[]} */
  const stages = [];
  /** @type {import('./report-format.ts').StageTimeline[]} */
  const timelines = [];
  const notes = [...jobNotes];
  await withProductPage(
    async (page, server) => {
      const peers = await page.context().newPage();
      await peers.goto(`${server.origin}/bench/peers.html`);
      for (const contest of [
        await modelZooContest(context, page, peers),
        await upscalerContest(context, page, peers),
      ]) {
        log(contest.group);
        contests.push(await runContest({ ...contest, rounds, log }, contest.contestants));
        // The first run is not one of the rounds.
        stages.push(...stageRows(`${contest.place}/ours`, contest.group, contest.jobs.slice(1)));
        timelines.push(await timelineOf(page, contest));
      }
      const codecs = await codecRows(context, page, peers);
      contests.push(...codecs.contests);
      timelines.push(...codecs.timelines);
      notes.push(...codecs.notes);
    },
    { folders: peerFolders, args: gpuArguments, without: ['--disable-gpu'] },
  );
  return {
    name: 'end-to-end',
    title: 'The whole file job',
    browser,
    seconds: (performance.now() - started) / 1000,
    notes,
    series: [...contests.flatMap(({ series }) => series), ...stages],
    ratios: contests.flatMap(({ ratios }) => ratios),
    fits: [],
    timelines,
    roofline: [],
  };
}

/**
 * @typedef {object} Contest
 * @property {string} place
 * @property {string} group
 * @property {(Contestant | Absentee)[]} contestants
 * @property {OurJob} job of this project
 * @property {JobStats[]} jobs that ran, filled as they do
 */

/** Frames of this project's own runs. @param {BenchContext} context */
function ownFrames({ mode, seconds }) {
  return mode === 'full' ? seconds * clipRate : frameCounts[mode].ours;
}

/** @typedef {{ clip: Clip, chain: string, files: readonly string[] }} OurJob */

/**
 * ESPCN, which FFmpeg's own native backend runs too.
 *
 * @param {BenchContext} context
 * @param {Page} page
 * @param {Page} peers
 * @returns {Promise<Contest>}
 */
async function modelZooContest(context, page, peers) {
  const { folder, mode } = context;
  const counts = frameCounts[mode];
  const clip = await clipOfSize(
    context,
    mode === 'smoke' ? { width: 64, height: 48 } : { width: 360, height: 240 },
    ownFrames(context),
  );
  const { chain, files } = await espcnChain(folder);
  const model = await convertModel(files[0] ?? '', join(folder, 'espcn.model'));
  const native = `format=yuv420p,dnn_processing=dnn_backend=native:model=${basename(model)}:input=x:output=y`;
  const limited = (/** @type {string} */ filters, /** @type {number} */ frames) => [
    ...['-i', basename(clip.path), '-vf', filters, ...encoder, '-frames:v', String(frames)],
    'peer.mp4',
  ];
  const job = { clip, chain, files };
  const jobs = /** @type {JobStats[]} */ ([]);
  await peers.setInputFiles('#files', [clip.path, model]);
  const version = await nativeVersion();
  /**
   * @param {string} name
   * @param {string} label
   * @param {string} filters
   * @param {Pick<Contestant, 'against'>} [more]
   * @returns {Contestant | Absentee}
   */
  const system = (name, label, filters, more = {}) =>
    version === undefined
      ? { name, label: `native ffmpeg: ${label}`, absent: 'ffmpeg is not installed' }
      : {
          name,
          label: `native ffmpeg ${version}: ${label}`,
          frames: counts.native,
          run: () => nativeJob(limited(filters, counts.native), folder),
          ...more,
        };
  return {
    place: 'end-to-end/espcn',
    group: `ESPCN 2x, ${clip.width}x${clip.height}, mp4 to mp4`,
    job,
    jobs,
    contestants: [
      ours(page, job, jobs),
      {
        name: 'stock-ffmpeg',
        label: 'stock ffmpeg.wasm, its native filter',
        frames: counts.stock,
        run: () =>
          peers.evaluate((job) => window.peers.stock(job), {
            files: [basename(clip.path), basename(model)],
            args: limited(native, counts.stock),
            output: 'peer.mp4',
            frames: counts.stock,
          }),
      },
      system('native-ffmpeg', 'its native filter', native),
      system('native-ffmpeg-scale', 'scale instead of the network', 'scale=2*iw:2*ih', { against: 'own' }),
    ],
  };
}

/**
 * UpscalerJS's own network.
 *
 * @param {BenchContext} context
 * @param {Page} page
 * @param {Page} peers
 * @returns {Promise<Contest>}
 */
async function upscalerContest(context, page, peers) {
  const counts = frameCounts[context.mode];
  const size = context.mode === 'smoke' ? { width: 64, height: 48 } : { width: 180, height: 120 };
  const clip = await clipOfSize(context, size, ownFrames(context));
  const models = upscalerModelFiles();
  const chain = 'format=rgb24,dnn_processing=model=model.json:input=LR:output=SR';
  const job = { clip, chain, files: models };
  const jobs = /** @type {JobStats[]} */ ([]);
  /** @type {(Contestant | Absentee)[]} */
  const contestants = [ours(page, job, jobs)];
  for (const backend of /** @type {const} */ (['wasm', 'webgl'])) {
    const name = `upscalerjs-${backend}`;
    const started = await startUpscaler(peers, backend, size);
    if (started.absent !== undefined) {
      contestants.push({ name, label: `UpscalerJS, tfjs ${backend}`, absent: started.absent });
      continue;
    }
    const frames = isSoftware(started.adapter) ? counts.softwareGpu : counts.upscaler;
    if (frames === 0) {
      const absent = `${started.adapter} is software on the CPU: not in the quick form`;
      contestants.push({ name, label: `UpscalerJS, tfjs ${backend}`, absent });
      continue;
    }
    const short = await clipOfSize(context, size, frames);
    contestants.push({
      name,
      label: `UpscalerJS, tfjs ${backend} (${started.adapter})`,
      frames,
      run: async () => {
        await peers.setInputFiles('#files', [short.path]);
        return peers.evaluate(
          /** @param {readonly [string, 'wasm' | 'webgl']} words */
          ([file, wanted]) => window.peers.upscale(file, wanted),
          /** @type {const} */ ([basename(short.path), backend]),
        );
      },
    });
  }
  const group = `esrgan-slim 2x, ${clip.width}x${clip.height}, mp4 to mp4`;
  return { place: 'end-to-end/esrgan-slim', group, job, jobs, contestants };
}

/**
 * @param {Page} peers
 * @param {'wasm' | 'webgl'} backend
 * @param {{ width: number, height: number }} size
 * @returns {Promise<{ adapter: string, absent?: undefined } | { absent: string }>}
 */
async function startUpscaler(peers, backend, size) {
  try {
    const adapter = await peers.evaluate(
      /** @param {readonly ['wasm' | 'webgl', { width: number, height: number }]} words */
      ([wanted, { width, height }]) => {
        const url = (/** @type {string} */ file) => new URL(`/${file}`, window.location.href).href;
        const binaries = ['', '-simd', '-threaded-simd'].map((kind) => `tfjs-backend-wasm${kind}.wasm`);
        return window.peers.startUpscaler({
          backend: wanted,
          modelUrl: url('model.json'),
          wasmUrls: Object.fromEntries(binaries.map((file) => [file, url(file)])),
          width,
          height,
        });
      },
      /** @type {const} */ ([backend, size]),
    );
    return { adapter };
  } catch (error) {
    return { absent: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {Page} page
 * @param {OurJob} job
 * @param {JobStats[]} jobs gets the figures of each run
 * @returns {Contestant}
 */
function ours(page, job, jobs) {
  const { clip } = job;
  return {
    name: 'ours',
    label: 'ffmpeg-dnn-wasm',
    frames: clip.frames,
    async run() {
      const result = await runPageJob(page, pageJob(job));
      if (result.stats.frames_out !== clip.frames)
        throw new Error(`${clip.path}: ${result.stats.frames_out} frames came out, not ${clip.frames}.`);
      jobs.push(result.stats);
      return result;
    },
  };
}

/** @param {OurJob} job */
function pageJob({ clip, chain, files }) {
  const args = [...clip.words, '-vf', chain, ...encoder, 'out.mp4'];
  return { files: [clip.path, ...files], args, output: 'out.mp4' };
}

/**
 * Who works when: a run of its own, so that writing it down is in nobody's time.
 *
 * @param {Page} page
 * @param {Contest} contest
 */
async function timelineOf(page, { place, group, job }) {
  const { args, ...rest } = pageJob(job);
  const file = 'timeline.json';
  const { text } = await runPageJob(page, { ...rest, args: ['-dnn_timeline', file, ...args], text: file });
  return traceTimeline(text, { id: `${place}/timeline`, label: group });
}

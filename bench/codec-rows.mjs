/** The codecs of the browser beside those of ffmpeg: time of whole jobs, and pictures for their bits. */
/* global window -- in page.evaluate */
import { basename } from 'node:path';
import { clipOfSize } from './clip-of-size.mjs';
import { codecQuality } from './codec-quality.mjs';
import { runContest } from './contest.mjs';
import { anime4kChain } from './page-networks.mjs';
import { runPageJob } from './product-page.mjs';
import { stageRows } from './stage-rows.mjs';
import { traceTimeline } from './trace-timeline.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('../src/workers/pipeline-api.ts').JobStats} JobStats */
/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./clip-of-size.mjs').Clip} Clip */
/** @typedef {import('./contest.mjs').Contestant} Contestant */
/** @typedef {import('./contest.mjs').ContestRows} ContestRows */

/**
 * @typedef {object} CodecPath
 * @property {string} name
 * @property {string} label
 * @property {readonly string[]} input before `-i`
 * @property {readonly string[]} encoder
 * @property {readonly string[]} quality what the demo asks of the encoder
 * @property {string} extension
 * @property {number} [required] times as fast the first path has to be
 */

const hwaccel = ['-hwaccel', 'webcodecs'];
const x264 = (/** @type {string} */ preset) => ({
  encoder: ['-c:v', 'libx264', '-preset', preset],
  quality: ['-crf', '18'],
});

/** @type {readonly CodecPath[]} the first is compared with the others */
const paths = [
  {
    ...{ name: 'h264-webcodecs', label: 'browser’s decoder, h264_webcodecs', extension: 'mp4' },
    ...{ input: hwaccel, encoder: ['-c:v', 'h264_webcodecs'], quality: [] },
  },
  {
    ...{ name: 'vp9-webcodecs', label: 'browser’s decoder, vp9_webcodecs', extension: 'webm' },
    ...{ input: hwaccel, encoder: ['-c:v', 'vp9_webcodecs'], quality: [] },
  },
  {
    ...{ name: 'av1-webcodecs', label: 'browser’s decoder, av1_webcodecs', extension: 'webm' },
    ...{ input: hwaccel, encoder: ['-c:v', 'av1_webcodecs'], quality: [] },
  },
  {
    ...{ name: 'x264-veryfast', label: 'ffmpeg’s decoder, libx264 veryfast crf 18', extension: 'mp4' },
    ...{ input: [], ...x264('veryfast'), required: 4 },
  },
  {
    ...{ name: 'x264-ultrafast', label: 'ffmpeg’s decoder, libx264 ultrafast crf 18', extension: 'mp4' },
    ...{ input: [], ...x264('ultrafast'), required: 2.2 },
  },
];

/** Those that show whether all of it works. */
const smokePaths = paths.filter(({ name }) => ['h264-webcodecs', 'x264-veryfast'].includes(name));

const frameCounts = { full: 60, quick: 12, smoke: 3 };

const notes = [
  'Codecs: the same job with each decoder and encoder in turn, -an -pix_fmt yuv420p; the browser’s encoders at their default bit rate. Quality: all at one bit rate, against the same frames kept without loss; “bits at equal PSNR” reads libx264 veryfast’s bits for that PSNR off a line through two of its rates. A generated clip with noise is hard on every encoder: give a real one with --clip.',
];

/**
 * @param {BenchContext} context
 * @param {Page} page of the product
 * @param {Page} peers
 * @returns {Promise<{ contests: ContestRows[], timelines: import('./report-format.ts').StageTimeline[],
 * notes: readonly string[] }>}
 */
export async function codecRows(context, page, peers) {
  const { mode, folder } = context;
  const small = mode === 'smoke' ? { width: 64, height: 48 } : { width: 640, height: 360 };
  const clip = await clipOfSize(context, small, frameCounts[mode]);
  const network = await anime4kChain(folder, 's');
  const compared = mode === 'smoke' ? smokePaths : paths;
  const jobs = compared.map((path) => jobOf(path, clip, network));
  const group = `Anime4K S 2x, ${small.width}x${small.height}, by codecs`;
  const enhanced = await timed(context, page, { place: 'end-to-end/codecs', group }, jobs);
  const large = { width: 2 * small.width, height: 2 * small.height };
  const transcoded = await transcodeContest(context, page, peers, large, compared);
  const quality = await codecQuality(context, page, jobs);
  /** @type {import('./report-format.ts').StageTimeline[]} */
  const timelines = [];
  for (const job of jobs.filter(({ path }) => smokePaths.includes(path))) {
    const file = 'timeline.json';
    const args = ['-dnn_timeline', file, ...job.words, ...encoderWords(job.path), job.output];
    const { text } = await runPageJob(page, { files: job.files, args, text: file });
    const id = `end-to-end/codecs/${job.path.name}/timeline`;
    timelines.push(traceTimeline(text, { id, label: `${group}: ${job.path.label}` }));
  }
  return { contests: [enhanced, transcoded, quality], timelines, notes };
}

/**
 * @typedef {object} CodecJob
 * @property {CodecPath} path
 * @property {readonly string[]} files
 * @property {readonly string[]} words in front of the encoder's
 * @property {string} output
 * @property {number} frames
 * @property {{ readonly width: number, readonly height: number }} size of the result
 */

/** @param {CodecPath} path */
function encoderWords({ encoder, quality }) {
  return [...encoder, ...quality];
}

/**
 * @param {CodecPath} path
 * @param {Clip} clip
 * @param {import('./page-networks.mjs').PageChain} [network]
 * @returns {CodecJob}
 */
function jobOf(path, clip, network) {
  const { frames, width, height } = clip;
  const factor = network === undefined ? 1 : 2;
  const filters = network === undefined ? [] : ['-vf', network.chain];
  return {
    path,
    files: [clip.path, ...(network?.files ?? [])],
    words: [...path.input, ...clip.words, ...filters, '-an', '-pix_fmt', 'yuv420p'],
    output: `out.${path.extension}`,
    frames,
    size: { width: factor * width, height: factor * height },
  };
}

/**
 * @param {BenchContext} context
 * @param {Page} page
 * @param {{ place: string, group: string }} rows
 * @param {readonly CodecJob[]} jobs
 * @returns {Promise<ContestRows>}
 */
async function timed({ rounds, log }, page, rows, jobs) {
  log(rows.group);
  const stats = new Map(jobs.map(({ path }) => [path.name, /** @type {JobStats[]} */ ([])]));
  /** @type {Contestant[]} */
  const contestants = jobs.map((job) => ({
    ...{ name: job.path.name, label: job.path.label, frames: job.frames, against: 'own' },
    ...(job.path.required === undefined ? {} : { required: job.path.required }),
    run: async () => {
      const result = await runPageJob(page, {
        files: job.files,
        args: [...job.words, ...encoderWords(job.path), job.output],
        output: job.output,
      });
      stats.get(job.path.name)?.push(result.stats);
      return result;
    },
  }));
  const { series, ratios } = await runContest({ ...rows, rounds, log }, contestants);
  const stages = jobs.flatMap(({ path: { name, label } }) =>
    stageRows(`${rows.place}/${name}`, `${rows.group}: ${label}`, (stats.get(name) ?? []).slice(1)),
  );
  return { series: [...series, ...stages], ratios };
}

/**
 * Decoding and encoding alone, beside stock ffmpeg.wasm.
 *
 * @param {BenchContext} context
 * @param {Page} page
 * @param {Page} peers
 * @param {{ width: number, height: number }} size
 * @param {readonly CodecPath[]} compared
 * @returns {Promise<ContestRows>}
 */
async function transcodeContest(context, page, peers, size, compared) {
  const { mode, rounds, log } = context;
  const clip = await clipOfSize(context, size, frameCounts[mode]);
  const group = `Decoded and encoded, ${size.width}x${size.height}, without a network`;
  log(group);
  await peers.setInputFiles('#files', [clip.path]);
  /** @type {Contestant[]} */
  const contestants = compared.map((path) => {
    const job = jobOf(path, clip);
    const args = [...job.words, ...encoderWords(path), job.output];
    const row = { name: path.name, label: path.label, frames: clip.frames };
    if (path.input.length > 0)
      return {
        ...row,
        against: 'own',
        run: () => runPageJob(page, { files: job.files, args, output: job.output }),
      };
    return {
      ...{
        ...row,
        name: `stock-${path.name}`,
        label: `stock ffmpeg.wasm, ${encoderWords(path).slice(1).join(' ')}`,
      },
      run: () =>
        peers.evaluate((stock) => window.peers.stock(stock), {
          files: [basename(clip.path)],
          ...{ args, output: job.output, frames: clip.frames },
        }),
    };
  });
  return runContest({ place: 'end-to-end/transcode', group, rounds, log }, contestants);
}

/** The pictures that encoders give for their bits: PSNR and SSIM at one bit rate. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clipRate } from './clip-of-size.mjs';
import { nativeVersion, nativeWords } from './native-ffmpeg.mjs';
import { pageWords, readPageFile, runPageJob } from './product-page.mjs';
import { seriesOf } from './series.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./codec-rows.mjs').CodecJob} CodecJob */

/**
 * @typedef {object} Quality
 * @property {number} kilobits a second
 * @property {number} psnr of luma, in dB
 * @property {number} ssim of all planes
 */

/** Bits for each pixel. */
const bitsPerPixel = 0.1;
/** The encoder whose bits the others are measured by, and how far apart its two rates are. */
const measure = 'x264-veryfast';
const apart = 1.6;
/** Decibels between them that a line is drawn through. */
const leastGain = 0.1;

/**
 * Rows of PSNR, SSIM and bits; none of them is a time. They do not change from round to round.
 *
 * @param {BenchContext} context
 * @param {Page} page of the product
 * @param {readonly CodecJob[]} jobs
 * @returns {Promise<import('./contest.mjs').ContestRows>}
 */
export async function codecQuality({ folder, log }, page, jobs) {
  const [first] = jobs;
  if (first === undefined) return { series: [], ratios: [] };
  const { width, height } = first.size;
  const group = `Quality at ${bitsPerPixel} bits a pixel, ${width}x${height}`;
  const native = (await nativeVersion()) !== undefined;
  const rate = bitsPerPixel * width * height * clipRate;
  log(group);
  const lossless = { ...first, output: 'lossless.mkv' };
  await writeResult(page, folder, lossless, ['-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast']);
  /** @type {(job: CodecJob, bits: number) => Promise<Quality>} */
  const encoded = async (job, bits) => {
    const words = [...job.path.encoder, '-b:v', String(Math.round(bits))];
    const bytes = await writeResult(page, folder, job, words);
    const kilobits = (8 * bytes * clipRate) / job.frames / 1000;
    return { kilobits, ...(await compared(native, page, folder, job.output, lossless.output)) };
  };
  const reference = jobs.find(({ path }) => path.name === measure);
  const line = reference && [await encoded(reference, rate / apart), await encoded(reference, rate * apart)];
  /** @type {import('./report-format.ts').Series[]} */
  const series = [];
  for (const job of jobs) {
    const { name, encoder } = job.path;
    const label = encoder.slice(1).join(' ');
    /** @type {(what: string, unit: string, of: (quality: Quality) => number, more?: object) => void} */
    const add = (what, unit, of, more = {}) => {
      const id = `end-to-end/quality/${name}/${what.replaceAll(' ', '-')}`;
      const row = { id, label: `${label}: ${what}`, group, unit, params: { contestant: name } };
      series.push(
        seriesOf({ ...row, ...('absent' in quality ? quality : { values: [of(quality)] }), ...more }),
      );
    };
    const quality = await encoded(job, rate).catch((/** @type {unknown} */ error) => ({
      absent: error instanceof Error ? error.message : String(error),
    }));
    add('bit rate', 'kbit/s', ({ kilobits }) => kilobits);
    add('PSNR', 'dB', ({ psnr }) => psnr, { better: 'higher' });
    add('SSIM', '', ({ ssim }) => ssim, { better: 'higher' });
    if (line === undefined || name === measure) continue;
    const required = name === 'h264-webcodecs' ? { required: 1.6 } : {};
    const absent = psnrGrows(line)
      ? {}
      : { values: [], absent: 'veryfast gives no more PSNR for more bits here' };
    add('bits at equal PSNR', 'times veryfast’s', (own) => own.kilobits / bitsFor(own.psnr, line), {
      ...required,
      ...absent,
    });
    log(`  ${label}: ${JSON.stringify(quality)}`);
  }
  return { series, ratios: [] };
}

/**
 * Of a few frames that are all noise a rate twice as high may not show.
 *
 * @param {readonly Quality[]} line two of them
 */
function psnrGrows([low, high]) {
  return (
    low !== undefined &&
    high !== undefined &&
    high.psnr > low.psnr + leastGain &&
    high.kilobits > low.kilobits
  );
}

/**
 * Kilobits a second for a PSNR, on the line through two measured rates: PSNR grows with their logarithm.
 *
 * @param {number} psnr
 * @param {readonly Quality[]} line two of them
 */
function bitsFor(psnr, [low, high]) {
  if (low === undefined || high === undefined) return NaN;
  const share = (psnr - low.psnr) / (high.psnr - low.psnr);
  return low.kilobits * (high.kilobits / low.kilobits) ** share;
}

/**
 * @param {Page} page
 * @param {string} folder gets the file
 * @param {CodecJob} job
 * @param {readonly string[]} encoder
 * @returns {Promise<number>} bytes of the file
 */
async function writeResult(page, folder, { files, words, output }, encoder) {
  await runPageJob(page, { files, args: [...words, ...encoder, output], output });
  const bytes = await readPageFile(page, output);
  await writeFile(join(folder, output), bytes);
  return bytes.length;
}

/**
 * Compares frame by frame, whatever the times are. By native ffmpeg where it is there; the core does not
 * decode AV1.
 *
 * @param {boolean} native
 * @param {Page} page whose store has the files too
 * @param {string} folder
 * @param {string} result
 * @param {string} reference
 * @returns {Promise<{ psnr: number, ssim: number }>}
 */
async function compared(native, page, folder, result, reference) {
  const graph =
    '[0:v]settb=1/1000,setpts=N,split[a][c];[1:v]settb=1/1000,setpts=N,split[b][d];' +
    '[a][b]psnr[p];[c][d]ssim[s];[p][s]hstack';
  const args = ['-i', result, '-i', reference, '-filter_complex', graph, '-f', 'null', '-'];
  const text = native ? await nativeWords(args, folder) : await pageWords(page, args);
  const psnr = Number(/PSNR y:([\d.]+|inf)/.exec(text)?.[1]?.replace('inf', 'Infinity'));
  const ssim = Number(/SSIM .*All:([\d.]+)/.exec(text)?.[1]);
  if (!Number.isFinite(psnr) || !Number.isFinite(ssim))
    throw new Error(`ffmpeg says no PSNR or SSIM of ${result}: ${text.slice(-200)}`);
  return { psnr, ssim };
}

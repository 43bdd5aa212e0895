/** What the benchmarks run on: clips and models, generated where the user names none. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultModelFolder } from '../scripts/convert-default-models.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import { espcn } from './networks.mjs';
import { runJob } from './run-job.mjs';

/** @typedef {{ readonly width: number, readonly height: number }} Size */

/**
 * @typedef {object} Material
 * @property {string} folder for everything that the benchmarks write
 * @property {(seconds: number, rate: number, size?: Size) => Promise<string[]>} input arguments for a clip,
 * 360x240 unless said: options and `-i`
 * @property {string} espcn chain of filters that ends in ESPCN, without `nireq`
 * @property {string} espcnAlone ESPCN for frames of any size
 * @property {string} anime4k likewise with the Anime4K 2x S network, in rgb24
 */

/** Size of the frames that the networks get, as the figures of the other projects are given for. */
const size = { width: 360, height: 240 };

/**
 * @param {string} folder
 * @param {{ clip?: string | undefined, model?: string | undefined }} given absolute paths
 * @returns {Promise<Material>}
 */
export async function makeMaterial(folder, { clip, model }) {
  const espcnModel = model ?? join(folder, 'espcn-random.pb');
  if (model === undefined) await writeFile(espcnModel, graphDefOf(espcn, size));
  const scale = clip === undefined ? '' : `scale=${size.width}:${size.height},`;
  /** @type {Map<string, Promise<string>>} */
  const generated = new Map();
  return {
    folder,
    async input(seconds, rate, own = size) {
      if (clip !== undefined) return ['-stream_loop', '-1', '-t', String(seconds), '-i', clip];
      const name = `clip-${own.width}x${own.height}-${seconds}s-${rate}.mp4`;
      let making = generated.get(name);
      if (making === undefined)
        generated.set(name, (making = generateClip(folder, name, seconds, rate, own)));
      return ['-i', await making];
    },
    espcn: `${scale}${processing(espcnModel)}`,
    espcnAlone: processing(espcnModel),
    anime4k: `${scale}format=rgb24,${processing(join(defaultModelFolder, 'anime4k-2x-s.pb'))}`,
  };
}

/** @param {string} model */
function processing(model) {
  return `dnn_processing=dnn_backend=tensorflow:model='${model}':input=x:output=y`;
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {number} seconds
 * @param {number} rate frames per second
 * @param {Size} own
 */
async function generateClip(folder, name, seconds, rate, own) {
  const source = `testsrc2=size=${own.width}x${own.height}:rate=${rate}:duration=${seconds},noise=alls=8:allf=t`;
  const encoder = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast'];
  await runJob(['-f', 'lavfi', '-i', source, ...encoder, name], folder);
  return join(folder, name);
}

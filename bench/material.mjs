/** What the benchmarks run on: clips and models, generated where the user names none. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultModelFolder } from '../scripts/convert-default-models.mjs';
import { DataType, GraphDefWriter } from '../scripts/graphdef-writer.mjs';
import { runJob } from './run-job.mjs';

/** @typedef {{ readonly width: number, readonly height: number }} Size */

/**
 * @typedef {object} Material
 * @property {string} folder for everything that the benchmarks write
 * @property {(seconds: number, rate: number, size?: Size) => Promise<string[]>} input arguments for a clip, 360x240 unless said: options and `-i`
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
  if (model === undefined) await writeFile(espcnModel, espcnGraph());
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

/** A frozen graph with ESPCN's layers and random weights: the speed does not depend on what it has learnt. */
function espcnGraph() {
  const graph = new GraphDefWriter();
  const random = randomSource();
  const pads = graph.constant('pads', { shape: [4, 2], ints: Int32Array.of(0, 0, 4, 4, 4, 4, 0, 0) });
  let last = graph.op('padded', 'MirrorPad', [graph.placeholder('x', [1, -1, -1, 1]), pads], {
    Tpaddings: { type: DataType.int32 },
    mode: { s: 'REFLECT' },
  });
  const layers = /** @type {const} */ ([
    { kernel: 5, from: 1, to: 64, activation: 'Tanh' },
    { kernel: 3, from: 64, to: 32, activation: 'Tanh' },
    { kernel: 3, from: 32, to: 4, activation: 'Sigmoid' },
  ]);
  for (const [index, { kernel, from, to, activation }] of layers.entries()) {
    const floats = (/** @type {number} */ count) => Float32Array.from({ length: count }, random);
    const shape = [kernel, kernel, from, to];
    const weights = graph.constant(`w${index}`, { shape, floats: floats(kernel * kernel * from * to) });
    const bias = graph.constant(`b${index}`, { shape: [to], floats: floats(to) });
    const convolved = graph.op(`conv${index}`, 'Conv2D', [last, weights], {
      strides: { ints: [1, 1, 1, 1] },
      padding: { s: 'VALID' },
      data_format: { s: 'NHWC' },
    });
    last = graph.op(`act${index}`, activation, [graph.op(`sum${index}`, 'BiasAdd', [convolved, bias])]);
  }
  graph.op('y', 'DepthToSpace', [last], { block_size: { i: 2 }, data_format: { s: 'NHWC' } });
  return graph.toBytes();
}

/** Small numbers of both signs, the same in every run. */
function randomSource() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.1;
  };
}

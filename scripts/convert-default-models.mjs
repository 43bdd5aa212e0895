/**
 * Makes the default models: the live-action Anime4K 2x networks S, M and L of `@websr/websr` (MIT) as
 * frozen TensorFlow graphs, `public/models/anime4k-2x-{s,m,l}.pb`. Input `x`: RGB, [1, H, W, 3], 0 to
 * 1; output `y`: [1, 2H, 2W, 3].
 *
 * The network (SR2Model in the package's custom_training/Train_Model.ipynb; the shaders in
 * src/layers/anime4k compute the same): convolutions with CReLU after each but the last, concat(relu(v),
 * relu(-v)); S's last one is 3x3 and makes four planes, M's and L's is 1x1 over all earlier activations
 * and makes twelve. Four planes are the four pixels of a 2x2 block of one channel (S: of all three
 * channels alike), and the picture enlarged bilinearly is added.
 *
 * Outside of the picture convolutions read zeros, the enlargement repeats the edge: so the network was
 * trained. (The shaders leave both to the driver: an out-of-bounds read may be anything in WGSL.) Values are
 * not clamped: whoever stores 8 bits does that, the render target there, the frame conversion here.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GraphDefWriter } from './graphdef-writer.mjs';
import { writeWhenDifferent } from './write-when-different.mjs';

/**
 * A layer of the weights file; four output channels each. `weights` are 4x4 matrices, column by column: a
 * column is one input channel, its rows are the outputs.
 *
 * @typedef {{ weights: readonly number[], bias: readonly number[] }} Chunk
 * @typedef {{ layers: Readonly<Record<string, Chunk>> }} Weights
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the models are served from. */
export const defaultModelFolder = join(root, 'public', 'models');

/**
 * The three networks: `chunks` groups of four channels per layer, `hidden` layers that have a CReLU, and the
 * last layer's chunk for red, green and blue.
 */
const networks = /** @type {const} */ ({
  s: { chunks: 1, hidden: 3, last: ['conv2d_last_tf', 'conv2d_last_tf', 'conv2d_last_tf'] },
  m: { chunks: 1, hidden: 7, last: ['conv2d_7_tf', 'conv2d_7_tf1', 'conv2d_7_tf2'] },
  l: { chunks: 2, hidden: 7, last: ['conv2d_last_tf', 'conv2d_last_tf1', 'conv2d_last_tf2'] },
});

/** @typedef {keyof typeof networks} Size */

/** @type {readonly Size[]} */
export const defaultModelSizes = ['s', 'm', 'l'];

/**
 * Reads the package's weights.
 *
 * @param {Size} size
 * @returns {Promise<Weights>}
 */
export async function readWeights(size) {
  // The package exports only its bundle; the weights lie beside it.
  const bundle = createRequire(import.meta.url).resolve('@websr/websr');
  const path = join(dirname(bundle), '..', 'weights', 'anime4k', `cnn-2x-${size}-rl.json`);
  return JSON.parse(await readFile(path, 'utf8'));
}

/**
 * A filter [k, k, in, out] out of chunks. In the file, the matrices of a chunk are ordered by group of four
 * input channels, then column of the kernel, then row.
 *
 * @param {readonly Chunk[]} chunks
 * @param {number} kernel 3 or 1
 * @param {number} inChannels
 * @param {(chunk: number, row: number) => number} outChannel where an output channel goes
 */
function filterOf(chunks, kernel, inChannels, outChannel) {
  const outChannels = 4 * chunks.length;
  const floats = new Float32Array(kernel * kernel * inChannels * outChannels);
  const groups = Math.ceil(inChannels / 4);
  chunks.forEach(({ weights }, chunk) => {
    if (weights.length !== groups * kernel * kernel * 16) {
      throw new Error(`@websr/websr: a layer has ${weights.length} weights; this version is not known`);
    }
    weights.forEach((value, index) => {
      const row = index % 4;
      const matrix = Math.floor(index / 16);
      const input = 4 * Math.floor(matrix / (kernel * kernel)) + (Math.floor(index / 4) % 4);
      const ky = matrix % kernel;
      const kx = Math.floor(matrix / kernel) % kernel;
      if (input < inChannels) {
        floats[((ky * kernel + kx) * inChannels + input) * outChannels + outChannel(chunk, row)] = value;
      } else if (value !== 0) {
        throw new Error('@websr/websr: the first layer looks at alpha; this version is not known');
      }
    });
  });
  return { shape: [kernel, kernel, inChannels, outChannels], floats };
}

/**
 * @param {readonly Chunk[]} chunks
 * @param {(chunk: number, row: number) => number} outChannel
 */
function biasOf(chunks, outChannel) {
  const floats = new Float32Array(4 * chunks.length);
  chunks.forEach(({ bias }, chunk) => bias.forEach((value, row) => (floats[outChannel(chunk, row)] = value)));
  return { shape: [floats.length], floats };
}

/** Strides, dilations and layout of every convolution here. */
const ones = { ints: [1, 1, 1, 1] };
const nhwc = { s: 'NHWC' };

/** @typedef {import('./graphdef-writer.mjs').FloatTensor} FloatTensor */

/**
 * Adds a Conv2D, and a BiasAdd where there is a bias; returns the result's name.
 *
 * @param {GraphDefWriter} graph
 * @param {string} name
 * @param {string} input
 * @param {FloatTensor} filter
 * @param {{ bias?: FloatTensor, padding?: 'SAME' | 'VALID' }} options
 */
function convolve(graph, name, input, filter, { bias, padding = 'SAME' }) {
  const kernel = graph.constant(`${name}/kernel`, filter);
  const attrs = { strides: ones, dilations: ones, padding: { s: padding }, data_format: nhwc };
  const sums = graph.op(`${name}/Conv2D`, 'Conv2D', [input, kernel], attrs);
  if (bias === undefined) return sums;
  const inputs = [sums, graph.constant(`${name}/bias`, bias)];
  return graph.op(`${name}/BiasAdd`, 'BiasAdd', inputs, { data_format: nhwc });
}

/**
 * The tensor with its own negative behind it in the last dimension: a convolution with that filter
 * and bias, then Relu, is convolution and CReLU. Backends compute eight outputs at a time, so this
 * is faster than Neg and ConcatV2.
 *
 * @param {FloatTensor} tensor
 */
function withNegative({ shape, floats }) {
  const channels = shape.at(-1) ?? 1;
  const doubled = new Float32Array(2 * floats.length);
  floats.forEach((value, index) => {
    const at = 2 * channels * Math.floor(index / channels) + (index % channels);
    doubled[at] = value;
    doubled[at + channels] = -value;
  });
  return { shape: [...shape.slice(0, -1), 2 * channels], floats: doubled };
}

/**
 * The picture at twice the size, bilinearly, as twelve planes that DepthToSpace puts together: a convolution,
 * because every output pixel lies a quarter of a pixel beside an input pixel's centre.
 *
 * @param {GraphDefWriter} graph
 * @param {string} input
 */
function bilinear(graph, input) {
  const along = [
    [0.25, 0.75, 0],
    [0, 0.75, 0.25],
  ];
  const floats = new Float32Array(3 * 3 * 3 * 12);
  for (let ky = 0; ky < 3; ky++)
    for (let kx = 0; kx < 3; kx++)
      for (let channel = 0; channel < 3; channel++)
        for (let pixel = 0; pixel < 4; pixel++) {
          const weight = (along[pixel >> 1]?.[ky] ?? 0) * (along[pixel & 1]?.[kx] ?? 0);
          floats[((ky * 3 + kx) * 3 + channel) * 12 + pixel * 3 + channel] = weight;
        }
  // Symmetric padding by one pixel repeats the edge.
  const paddings = { shape: [4, 2], ints: Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0) };
  const padded = graph.op(
    'bilinear/MirrorPad',
    'MirrorPad',
    [input, graph.constant('bilinear/paddings', paddings)],
    {
      Tpaddings: { type: 3 },
      mode: { s: 'SYMMETRIC' },
    },
  );
  return convolve(graph, 'bilinear', padded, { shape: [3, 3, 3, 12], floats }, { padding: 'VALID' });
}

/**
 * The frozen graph of one network.
 *
 * @param {Weights} weights
 * @param {Size} size
 */
export function convertNetwork({ layers }, size) {
  const { chunks, hidden, last } = networks[size];
  const graph = new GraphDefWriter();
  const input = graph.placeholder('x', [1, -1, -1, 3]);
  const activations = [];
  for (let index = 0, current = input; index < hidden; index++) {
    const name = index === 0 ? 'conv2d_tf' : `conv2d_${index}_tf`;
    const parts = [name, `${name}1`].slice(0, chunks).map((part) => layerOf(layers, part));
    const filter = withNegative(filterOf(parts, 3, index === 0 ? 3 : 8 * chunks, inFileOrder));
    const bias = withNegative(biasOf(parts, inFileOrder));
    current = graph.op(`${name}/Relu`, 'Relu', [convolve(graph, name, current, filter, { bias })]);
    activations.push(current);
  }
  const parts = last.map((part) => layerOf(layers, part));
  const detail =
    size === 's'
      ? lastLayer(graph, parts, activations.slice(-1), 3, 8 * chunks)
      : lastLayer(graph, parts, activations, 1, 8 * chunks);
  const sum = graph.op('sum', 'AddV2', [bilinear(graph, input), detail]);
  graph.op('y', 'DepthToSpace', [sum], { block_size: { i: 2 }, data_format: nhwc });
  return graph.toBytes();
}

/**
 * The convolution over the activations side by side, as a sum of one convolution each:
 * nothing has to be copied together.
 *
 * @param {GraphDefWriter} graph
 * @param {readonly Chunk[]} parts
 * @param {readonly string[]} activations
 * @param {number} kernel
 * @param {number} channels of each activation
 */
function lastLayer(graph, parts, activations, kernel, channels) {
  const whole = filterOf(parts, kernel, channels * activations.length, pixelMajor);
  const outChannels = 4 * parts.length;
  const [first, ...others] = activations.map((activation, index) => {
    const floats =
      activations.length === 1
        ? whole.floats
        : whole.floats.slice(index * channels * outChannels, (index + 1) * channels * outChannels);
    const filter = { shape: [kernel, kernel, channels, outChannels], floats };
    const options = index === 0 ? { bias: biasOf(parts, pixelMajor) } : {};
    return convolve(graph, `last/${index}`, activation, filter, options);
  });
  return others.reduce(
    (sum, term, index) => graph.op(`last/sum_${index}`, 'AddV2', [sum, term]),
    first ?? '',
  );
}

/**
 * @param {number} chunk
 * @param {number} row
 */
function inFileOrder(chunk, row) {
  return 4 * chunk + row;
}

/**
 * The order that DepthToSpace wants, of a layer with a chunk per colour and a row per pixel of the 2x2 block.
 *
 * @param {number} chunk
 * @param {number} row
 */
function pixelMajor(chunk, row) {
  return 3 * row + chunk;
}

/**
 * @param {Weights['layers']} layers
 * @param {string} name
 */
function layerOf(layers, name) {
  const layer = layers[name];
  if (layer === undefined) throw new Error(`@websr/websr: no layer '${name}'; this version is not known`);
  return layer;
}

/**
 * Makes the models that are missing or differ; returns their paths. Safe when two processes do it at once: a
 * file appears whole or not at all.
 *
 * @param {string} [folder]
 */
export async function convertDefaultModels(folder = defaultModelFolder) {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    defaultModelSizes.map(async (size) => {
      const path = join(folder, `anime4k-2x-${size}.pb`);
      await writeWhenDifferent(path, convertNetwork(await readWeights(size), size));
      return path;
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of await convertDefaultModels()) console.log(path);
}

/** The networks that backends are compared on, at the sizes for which there are aims. */
import * as networks from './networks.mjs';

/** @typedef {import('../src/dnn/contract/interface.ts').FrameSize} FrameSize */
/**
 * @typedef {{ required: number, goal?: number }} Aim how many times as fast as the peer the native backend is
 */

/**
 * @typedef {object} Comparison
 * @property {string} id
 * @property {string} title
 * @property {FrameSize} size
 * @property {import('./networks.mjs').NetworkDescription} describe
 * @property {Partial<Record<string, Aim>>} aims by peer
 */

/** @type {readonly Comparison[]} */
export const comparisons = [
  {
    id: 'espcn',
    title: 'ESPCN 2x',
    size: { width: 360, height: 240, channels: 1 },
    describe: networks.espcn,
    aims: {
      'tfjs-wasm': { required: 4.4, goal: 5.5 },
      'onnxruntime-web': { required: 2.5, goal: 3.2 },
      'onnxruntime-node': { required: 1 / 2.5, goal: 1 / 1.8 },
    },
  },
  {
    id: 'srcnn',
    title: 'SRCNN',
    size: { width: 360, height: 240, channels: 1 },
    describe: networks.srcnn,
    aims: {
      'tfjs-wasm': { required: 3, goal: 4 },
      'onnxruntime-web': { required: 1.6, goal: 2.2 },
      'onnxruntime-node': { required: 1 / 1.5, goal: 1 / 1.2 },
    },
  },
  {
    id: 'can',
    title: 'CAN (derain)',
    size: { width: 360, height: 240, channels: 3 },
    describe: networks.can,
    aims: {
      'tfjs-wasm': { required: 3.5, goal: 4.5 },
      'onnxruntime-web': { required: 3, goal: 4 },
      'onnxruntime-node': { required: 1 / 1.2, goal: 1 },
    },
  },
  {
    id: 'anime4k-s',
    title: 'Anime4K 2x S',
    size: { width: 640, height: 360, channels: 3 },
    describe: networks.anime4k('s'),
    aims: {},
  },
  {
    id: 'anime4k-m',
    title: 'Anime4K 2x M',
    size: { width: 640, height: 360, channels: 3 },
    describe: networks.anime4k('m'),
    aims: { 'tfjs-wasm': { required: 4 } },
  },
  {
    id: 'anime4k-l',
    title: 'Anime4K 2x L',
    size: { width: 640, height: 360, channels: 3 },
    describe: networks.anime4k('l'),
    aims: {},
  },
  {
    id: 'esrgan-slim',
    title: 'esrgan-slim 2x',
    size: { width: 180, height: 120, channels: 3 },
    describe: networks.esrganSlim,
    aims: { 'tfjs-wasm': { required: 2.8 } },
  },
];

/** Of these the cost is measured over all sizes: neither has a size in its graph. */
export const sweptNetworks = ['espcn', 'anime4k-m'];

/** From a thumbnail to full HD. */
export const sweptSizes = /** @type {const} */ ([
  [64, 48],
  [160, 120],
  [360, 240],
  [640, 360],
  [1280, 720],
  [1920, 1080],
]);

/**
 * @param {string} id
 * @returns {Comparison}
 * @throws {Error} for a network that there is not
 */
export function comparisonOf(id) {
  const found = comparisons.find((comparison) => comparison.id === id);
  if (found !== undefined) return found;
  const names = comparisons.map((comparison) => comparison.id).join(', ');
  throw new Error(`there is no network '${id}': one of ${names} is expected.`);
}

/**
 * The comparison at another size, without aims.
 *
 * @param {Comparison} comparison
 * @param {readonly [width: number, height: number]} size
 * @returns {Comparison}
 */
export function atSize(comparison, [width, height]) {
  return { ...comparison, size: { ...comparison.size, width, height }, aims: {} };
}

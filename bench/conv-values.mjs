/**
 * Random weights and biases, the same for every builder that adds the same convolutions in the same order.
 */
import { seededValues } from './seeded-values.mjs';

export class ConvValues {
  #seed = 0;

  /**
   * Of the next convolution; values stay near 1 from layer to layer.
   *
   * @param {import('./networks.mjs').Convolution} convolution
   * @returns {{ weights: Float32Array, bias: Float32Array }} weights by row, column, input and output
   */
  next({ kernel, from, to }) {
    const taps = kernel * kernel * from;
    const most = Math.sqrt(3 / taps);
    return {
      weights: seededValues(taps * to, ++this.#seed, { from: -most, to: most }),
      bias: seededValues(to, ++this.#seed, { from: -0.1, to: 0.1 }),
    };
  }
}

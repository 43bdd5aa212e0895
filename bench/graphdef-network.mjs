/** Builds a network as a frozen TensorFlow graph, as the project's users have them. */
import { DataType, GraphDefWriter } from '../scripts/graphdef-writer.mjs';
import { ConvValues } from './conv-values.mjs';
import { leakySlope } from './networks.mjs';

/** @typedef {import('./networks.mjs').NetworkBuilder} NetworkBuilder */

const ops = { relu: 'Relu', leaky: 'LeakyRelu', tanh: 'Tanh', sigmoid: 'Sigmoid' };
const nhwc = { data_format: { s: 'NHWC' } };

/**
 * @param {import('./networks.mjs').NetworkDescription} describe
 * @param {{ readonly width: number, readonly height: number }} size of the frames; only
 * networks that upsample are bound to it
 * @returns {Buffer} input `x`, output `y`
 */
export function graphDefOf(describe, size) {
  const builder = new GraphDefNetwork(size);
  describe(builder);
  return builder.graph.toBytes();
}

/** @implements {NetworkBuilder} */
class GraphDefNetwork {
  graph = new GraphDefWriter();
  /** @readonly */
  #size;
  #values = new ConvValues();
  #count = 0;

  /** @param {{ readonly width: number, readonly height: number }} size */
  constructor(size) {
    this.#size = size;
  }

  /** @param {number} channels */
  input(channels) {
    return this.graph.placeholder('x', [1, -1, -1, channels]);
  }

  /** @param {string} input @param {number} by */
  mirrorPad(input, by) {
    return this.#pad(input, by, 'REFLECT');
  }

  /** @param {string} input @param {number} by 1: symmetric padding by more repeats more than the edge */
  edgePad(input, by) {
    if (by !== 1) throw new Error('TensorFlow repeats the edge by one pixel only.');
    return this.#pad(input, by, 'SYMMETRIC');
  }

  /** @param {string} input @param {import('./networks.mjs').Convolution} convolution */
  conv(input, convolution) {
    const { kernel, from, to, dilation = 1, padding = 'same', activation } = convolution;
    const name = this.#name();
    const { weights, bias } = this.#values.next(convolution);
    const filter = this.graph.constant(`${name}/weights`, {
      shape: [kernel, kernel, from, to],
      floats: weights,
    });
    const sums = this.graph.op(`${name}/conv`, 'Conv2D', [input, filter], {
      strides: { ints: [1, 1, 1, 1] },
      dilations: { ints: [1, dilation, dilation, 1] },
      padding: { s: padding.toUpperCase() },
      ...nhwc,
    });
    const offset = this.graph.constant(`${name}/bias`, { shape: [to], floats: bias });
    const result = this.graph.op(name, 'BiasAdd', [sums, offset], nhwc);
    if (activation === undefined) return result;
    const attrs = activation === 'leaky' ? { alpha: { f: leakySlope } } : {};
    return this.graph.op(`${name}/activation`, ops[activation], [result], attrs);
  }

  /**
   * A sum of one convolution each: nothing has to be copied together.
   *
   * @param {readonly string[]} inputs
   * @param {{ from: number, to: number }} channels
   */
  sideBySideConv(inputs, { from, to }) {
    const name = this.#name();
    const { weights, bias } = this.#values.next({ kernel: 1, from: from * inputs.length, to });
    const terms = inputs.map((input, index) => {
      const floats = weights.slice(index * from * to, (index + 1) * from * to);
      const filter = this.graph.constant(`${name}/weights${index}`, { shape: [1, 1, from, to], floats });
      return this.graph.op(`${name}/conv${index}`, 'Conv2D', [input, filter], {
        strides: { ints: [1, 1, 1, 1] },
        dilations: { ints: [1, 1, 1, 1] },
        padding: { s: 'SAME' },
        ...nhwc,
      });
    });
    const [first = '', ...others] = terms;
    const offset = this.graph.constant(`${name}/bias`, { shape: [to], floats: bias });
    const biased = this.graph.op(`${name}/biased`, 'BiasAdd', [first, offset], nhwc);
    return others.reduce(
      (sum, term, index) => this.graph.op(`${name}/sum${index}`, 'AddV2', [sum, term]),
      biased,
    );
  }

  /** @param {string} input @param {number} block */
  depthToSpace(input, block) {
    return this.graph.op(this.#name(), 'DepthToSpace', [input], { block_size: { i: block }, ...nhwc });
  }

  /** @param {string} a @param {string} b */
  add(a, b) {
    return this.graph.op(this.#name(), 'AddV2', [a, b]);
  }

  /** @param {string} a @param {string} b */
  sub(a, b) {
    return this.graph.op(this.#name(), 'Sub', [a, b]);
  }

  /** @param {readonly string[]} inputs */
  concat(inputs) {
    const name = this.#name();
    const axis = this.graph.constant(`${name}/axis`, { shape: [], ints: Int32Array.of(3) });
    const attrs = { N: { i: inputs.length }, Tidx: { type: DataType.int32 } };
    return this.graph.op(name, 'ConcatV2', [...inputs, axis], attrs);
  }

  /** @param {string} input @param {number} factor */
  upsample(input, factor) {
    const name = this.#name();
    const ints = Int32Array.of(factor * this.#size.height, factor * this.#size.width);
    const size = this.graph.constant(`${name}/size`, { shape: [2], ints });
    const attrs = { align_corners: { b: false }, half_pixel_centers: { b: false } };
    return this.graph.op(name, 'ResizeNearestNeighbor', [input, size], attrs);
  }

  /** @param {string} input */
  output(input) {
    this.graph.op('y', 'Identity', [input]);
  }

  /** @param {string} input @param {number} by @param {'REFLECT' | 'SYMMETRIC'} mode */
  #pad(input, by, mode) {
    const name = this.#name();
    const ints = Int32Array.of(0, 0, by, by, by, by, 0, 0);
    const paddings = this.graph.constant(`${name}/paddings`, { shape: [4, 2], ints });
    const attrs = { Tpaddings: { type: DataType.int32 }, mode: { s: mode } };
    return this.graph.op(name, 'MirrorPad', [input, paddings], attrs);
  }

  #name() {
    return `layer${++this.#count}`;
  }
}

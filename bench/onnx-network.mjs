/** Builds a network as an ONNX model: channels first, as that format wants it. */
import { ConvValues } from './conv-values.mjs';
import { leakySlope } from './networks.mjs';
import { OnnxWriter } from './onnx-writer.mjs';

/** @typedef {import('./networks.mjs').NetworkBuilder} NetworkBuilder */

const ops = { relu: 'Relu', leaky: 'LeakyRelu', tanh: 'Tanh', sigmoid: 'Sigmoid' };

/**
 * @param {import('./networks.mjs').NetworkDescription} describe
 * @param {{ readonly width: number, readonly height: number }} size of the frames: known sizes leave
 * the runtime the most to prepare
 * @returns {Buffer} input `x`, output `y`
 */
export function onnxOf(describe, size) {
  const builder = new OnnxNetwork(size);
  describe(builder);
  return builder.model.toBytes();
}

/** @implements {NetworkBuilder} */
class OnnxNetwork {
  model = new OnnxWriter();
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
    return this.model.input('x', [1, channels, this.#size.height, this.#size.width]);
  }

  /** @param {string} input @param {number} by */
  mirrorPad(input, by) {
    return this.#pad(input, by, 'reflect');
  }

  /** @param {string} input @param {number} by */
  edgePad(input, by) {
    return this.#pad(input, by, 'edge');
  }

  /** @param {string} input @param {import('./networks.mjs').Convolution} convolution */
  conv(input, convolution) {
    const { kernel, from, to, dilation = 1, padding = 'same', activation } = convolution;
    const name = this.#name();
    const { weights, bias } = this.#values.next(convolution);
    const filter = this.model.initializer(`${name}/weights`, {
      shape: [to, from, kernel, kernel],
      values: outputsFirst(weights, kernel * kernel, from, to),
    });
    const offset = this.model.initializer(`${name}/bias`, { shape: [to], values: bias });
    const by = padding === 'same' ? (dilation * (kernel - 1)) / 2 : 0;
    const result = this.model.node(name, 'Conv', [input, filter, offset], {
      kernel_shape: { ints: [kernel, kernel] },
      dilations: { ints: [dilation, dilation] },
      pads: { ints: [by, by, by, by] },
    });
    if (activation === undefined) return result;
    const attributes = activation === 'leaky' ? { alpha: { f: leakySlope } } : {};
    return this.model.node(`${name}/activation`, ops[activation], [result], attributes);
  }

  /** @param {readonly string[]} inputs @param {{ from: number, to: number }} channels */
  sideBySideConv(inputs, { from, to }) {
    return this.conv(this.concat(inputs), { kernel: 1, from: from * inputs.length, to });
  }

  /** @param {string} input @param {number} block */
  depthToSpace(input, block) {
    return this.model.node(this.#name(), 'DepthToSpace', [input], {
      blocksize: { i: block },
      mode: { s: 'DCR' },
    });
  }

  /** @param {string} a @param {string} b */
  add(a, b) {
    return this.model.node(this.#name(), 'Add', [a, b]);
  }

  /** @param {string} a @param {string} b */
  sub(a, b) {
    return this.model.node(this.#name(), 'Sub', [a, b]);
  }

  /** @param {readonly string[]} inputs */
  concat(inputs) {
    return this.model.node(this.#name(), 'Concat', inputs, { axis: { i: 1 } });
  }

  /** @param {string} input @param {number} factor */
  upsample(input, factor) {
    const name = this.#name();
    const values = Float32Array.of(1, 1, factor, factor);
    const scales = this.model.initializer(`${name}/scales`, { shape: [4], values });
    return this.model.node(name, 'Resize', [input, '', scales], {
      mode: { s: 'nearest' },
      coordinate_transformation_mode: { s: 'asymmetric' },
      nearest_mode: { s: 'floor' },
    });
  }

  /** @param {string} input */
  output(input) {
    this.model.node('y', 'Identity', [input]);
    this.model.output('y', [1, 'channels', 'height', 'width']);
  }

  /** @param {string} input @param {number} by @param {'reflect' | 'edge'} mode */
  #pad(input, by, mode) {
    const name = this.#name();
    const values = BigInt64Array.from([0, 0, by, by, 0, 0, by, by].map(BigInt));
    const pads = this.model.initializer(`${name}/pads`, { shape: [8], values });
    return this.model.node(name, 'Pad', [input, pads], { mode: { s: mode } });
  }

  #name() {
    return `layer${++this.#count}`;
  }
}

/**
 * From [taps, from, to] to [to, from, taps].
 *
 * @param {Float32Array} weights
 * @param {number} taps
 * @param {number} from
 * @param {number} to
 */
function outputsFirst(weights, taps, from, to) {
  const result = new Float32Array(weights.length);
  weights.forEach((value, index) => {
    const output = index % to;
    const input = Math.floor(index / to) % from;
    const tap = Math.floor(index / (to * from));
    result[(output * from + input) * taps + tap] = value;
  });
  return result;
}

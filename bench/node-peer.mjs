/** onnxruntime-node with one thread: what the machine's own instructions reach outside of a browser. */
import console from 'node:console';
import { benchInput } from './bench-input.mjs';
import { channelsFirst, channelsLast } from './channel-order.mjs';
import { largestDifference } from './largest-difference.mjs';
import { roundLength, timeFrames, warmUpLength } from './time-frames.mjs';

/** @typedef {import('onnxruntime-node').InferenceSession} InferenceSession */
/** @typedef {import('onnxruntime-node').Tensor} Tensor */

export class NodePeer {
  name = 'onnxruntime-node';
  /** @readonly */
  #session;
  /** @readonly */
  #feeds;
  /** @type {Tensor | undefined} */
  #result;

  /**
   * @param {InferenceSession} session
   * @param {Record<string, Tensor>} feeds
   */
  constructor(session, feeds) {
    this.#session = session;
    this.#feeds = feeds;
  }

  /**
   * Loads a model and runs some frames.
   *
   * @param {Uint8Array} model
   * @param {import('../src/dnn/interface.ts').FrameSize} size
   * @returns {Promise<NodePeer | undefined>} undefined where it has no binary for this system
   */
  static async start(model, size) {
    const ort = await import('onnxruntime-node').catch((/** @type {unknown} */ error) => {
      console.log(`onnxruntime-node does not run on this system: ${String(error)}`);
    });
    if (ort === undefined) return undefined;
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const { height, width, channels } = size;
    const data = channelsFirst(benchInput(size), channels);
    const peer = new NodePeer(session, {
      x: new ort.Tensor('float32', data, [1, channels, height, width]),
    });
    await timeFrames(() => peer.#run(), ...warmUpLength);
    return peer;
  }

  /** @param {Float32Array} reference channels last */
  differenceFrom(reference) {
    const data = /** @type {Float32Array} */ (this.#result?.data);
    return largestDifference(channelsLast(data, this.#result?.dims[1] ?? 1), reference);
  }

  /** Milliseconds of a frame. */
  round() {
    return timeFrames(() => this.#run(), ...roundLength);
  }

  async #run() {
    this.#result = (await this.#session.run(this.#feeds))['y'];
  }
}

/** onnxruntime-node with one thread: what the machine's own instructions reach outside of a browser. */
import { performance } from 'node:perf_hooks';
import { benchInput } from './bench-input.mjs';
import { channelsFirst, channelsLast } from './channel-order.mjs';
import { largestDifference } from './largest-difference.mjs';
import { efforts, timeFrames } from './time-frames.mjs';

/** @typedef {import('onnxruntime-node').InferenceSession} InferenceSession */
/** @typedef {import('onnxruntime-node').Tensor} Tensor */
/** @typedef {import('./time-frames.mjs').Effort} Effort */

export class NodePeer {
  /** Milliseconds from loading the model to its first result. */
  firstMs = NaN;
  /** @readonly */
  #effort;
  /** @readonly */
  #session;
  /** @readonly */
  #feeds;
  /** @type {Tensor | undefined} */
  #result;

  /**
   * @param {InferenceSession} session
   * @param {Record<string, Tensor>} feeds
   * @param {Effort} effort
   */
  constructor(session, feeds, effort) {
    this.#session = session;
    this.#feeds = feeds;
    this.#effort = effort;
  }

  /**
   * Loads a model and runs some frames.
   *
   * @param {Uint8Array} model
   * @param {import('../src/dnn/contract/interface.ts').FrameSize} size
   * @param {Effort} effort
   * @returns {Promise<NodePeer>}
   * @throws {Error} where it has no binary for this system
   */
  static async start(model, size, effort = efforts.smoke) {
    const ort = await import('onnxruntime-node');
    const start = performance.now();
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const { height, width, channels } = size;
    const data = channelsFirst(benchInput(size), channels);
    const feeds = { x: new ort.Tensor('float32', data, [1, channels, height, width]) };
    const peer = new NodePeer(session, feeds, effort);
    await peer.#run();
    peer.firstMs = performance.now() - start;
    await timeFrames(() => peer.#run(), ...effort.warmUp);
    return peer;
  }

  /** @param {Float32Array} reference channels last */
  differenceFrom(reference) {
    const data = /** @type {Float32Array} */ (this.#result?.data);
    return largestDifference(channelsLast(data, this.#result?.dims[1] ?? 1), reference);
  }

  /** Milliseconds of a frame. */
  round() {
    return timeFrames(() => this.#run(), ...this.#effort.round);
  }

  async #run() {
    this.#result = (await this.#session.run(this.#feeds))['y'];
  }
}

/**
 * Hands out the memory of one instance of the kernels: weights below, the arena
 * of the running plan above them.
 */
import { DnnError, errorMessage } from '../../../base/errors.ts';
import type { KernelExports } from './kernel-exports.ts';

const pageBytes = 65536;
/** Bytes behind uploaded data that kernels may read. */
const guard = 64;

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** FNV-1a over the words. */
function hash(words: Int32Array): number {
  let value = 0x811c9dc5;
  for (const word of words) value = Math.imul(value ^ word, 0x01000193);
  return value >>> 0;
}

/** The memory of one instance. Nothing is freed on its own: the instance goes as a whole. */
export class KernelMemory {
  readonly kernels: KernelExports;
  #top: number;
  readonly #uploaded = new Map<string, number[]>();

  constructor(kernels: KernelExports) {
    this.kernels = kernels;
    this.#top = align(kernels.heapBase());
  }

  /** Byte address of the first byte above the weights, a multiple of 16. */
  get top(): number {
    return this.#top;
  }

  /** Size of the memory, which never shrinks. */
  get bytes(): number {
    return this.kernels.memory.buffer.byteLength;
  }

  /**
   * Copies data for as long as the instance lives; the same data is kept once. Must
   * not be called while a plan runs.
   *
   * @returns its byte address, a multiple of 16.
   * @throws DnnError `ENOMEM`.
   */
  upload(data: Float32Array | Int32Array): number {
    const words = new Int32Array(data.buffer, data.byteOffset, data.length);
    const key = `${words.length}:${hash(words)}`;
    const known = this.#uploaded.get(key) ?? [];
    const same = known.find((pointer) => this.#equals(pointer, words));
    if (same !== undefined) return same;
    const pointer = this.#top;
    this.reserve(pointer + data.byteLength + guard);
    new Int32Array(this.kernels.memory.buffer, pointer, words.length).set(words);
    this.#top = align(pointer + data.byteLength + guard);
    this.#uploaded.set(key, [...known, pointer]);
    return pointer;
  }

  /**
   * Makes the memory reach up to a byte address.
   *
   * @throws DnnError `ENOMEM`.
   */
  reserve(end: number): void {
    const { memory } = this.kernels;
    const missing = end - memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      memory.grow(Math.ceil(missing / pageBytes));
    } catch (thrown) {
      throw new DnnError(
        'ENOMEM',
        `dnn_backend=native: no memory for ${end} bytes of weights and rows (${errorMessage(thrown)}): use smaller ` +
          'frames or a smaller nireq.',
        { bytes: end },
        { cause: thrown },
      );
    }
  }

  #equals(pointer: number, words: Int32Array): boolean {
    const held = new Int32Array(this.kernels.memory.buffer, pointer, words.length);
    return words.every((word, index) => word === held[index]);
  }
}

/** A few words of shared memory per core: the owner asks it to stop, the core says how it spends its time. */
import { allocateShared } from './shared-memory.ts';

const quitWord = 0;
const byteLength = 64;
/** Float64 slots after the first eight bytes; each has one writer, the core. */
const slot = { blockedMilliseconds: 1, heapBytes: 2, bytesRead: 3, bytesWritten: 4 } as const;
type Counter = keyof typeof slot;

export class CoreControl {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #counters: Float64Array<SharedArrayBuffer>;

  constructor(memory = allocateShared(byteLength)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#counters = new Float64Array(memory);
  }

  /**
   * Makes ffmpeg stop as if `q` had been typed: it finishes its files. Reads from an empty pipe give the end,
   * writes to a full one EPIPE.
   */
  requestQuit(): void {
    Atomics.store(this.#words, quitWord, 1);
  }

  get quitRequested(): boolean {
    return Atomics.load(this.#words, quitWord) !== 0;
  }

  /** Milliseconds in which the core waited for pipes or for the writer of its outputs. */
  get blockedMilliseconds(): number {
    return this.#get('blockedMilliseconds');
  }

  /** Bytes of the core's wasm memory; it never shrinks. */
  get heapBytes(): number {
    return this.#get('heapBytes');
  }

  /** Bytes read from frame pipes. */
  get bytesRead(): number {
    return this.#get('bytesRead');
  }

  /** Bytes written to frame pipes and outputs. */
  get bytesWritten(): number {
    return this.#get('bytesWritten');
  }

  /** Core side only. */
  add(counter: Counter, amount: number): void {
    this.#counters[slot[counter]]! += amount;
  }

  /** Core side only. */
  setHeapBytes(bytes: number): void {
    this.#counters[slot.heapBytes] = bytes;
  }

  #get(counter: Counter): number {
    return this.#counters[slot[counter]]!;
  }
}

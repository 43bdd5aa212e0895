/** A few words of shared memory per core: the owner asks it to stop, the core says how it spends its time. */
import { allocateShared } from './shared-memory.ts';

const quitWord = 0;
const countersEnd = 64;
/**
 * Blocks that the owner has not read yet, as start and end; a reader that comes a
 * few times a second misses none.
 */
const blockCapacity = 1024;
const blocksWord = 1;
const byteLength = countersEnd + 16 * blockCapacity;
/** Float64 slots after the first eight bytes; each has one writer, the core. */
const slot = {
  blockedMilliseconds: 1,
  heapBytes: 2,
  bytesRead: 3,
  bytesWritten: 4,
  steps: 5,
  lastStep: 6,
} as const;
type Counter = keyof typeof slot;

/** A time in which a core waited, in milliseconds of the system's clock. */
export interface CoreBlock {
  readonly start: number;
  readonly end: number;
}

export class CoreControl {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #counters: Float64Array<SharedArrayBuffer>;
  readonly #blocks: Float64Array<SharedArrayBuffer>;
  #blocksRead = 0;

  constructor(memory = allocateShared(byteLength)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#counters = new Float64Array(memory, 0, countersEnd / 8);
    this.#blocks = new Float64Array(memory, countersEnd);
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

  /** Steps that the core has made. */
  get steps(): number {
    return this.#get('steps');
  }

  /** A CoreStep: the last one. */
  get lastStep(): number {
    return this.#get('lastStep');
  }

  /**
   * When the core waited since the last call, in order; the oldest are missing where it waited very often.
   */
  takeBlocks(): readonly CoreBlock[] {
    const written = Atomics.load(this.#words, blocksWord);
    const first = Math.max(this.#blocksRead, written - blockCapacity);
    this.#blocksRead = written;
    return Array.from({ length: written - first }, (_, index) => {
      const at = 2 * ((first + index) % blockCapacity);
      return { start: this.#blocks[at]!, end: this.#blocks[at + 1]! };
    });
  }

  /** Core side only: it waited so long, until now. */
  blocked(milliseconds: number): void {
    this.add('blockedMilliseconds', milliseconds);
    const count = Atomics.load(this.#words, blocksWord);
    const at = 2 * (count % blockCapacity);
    const end = performance.timeOrigin + performance.now();
    this.#blocks[at] = end - milliseconds;
    this.#blocks[at + 1] = end;
    Atomics.store(this.#words, blocksWord, count + 1);
  }

  /** Core side only: it has done this. @param step a CoreStep. */
  step(step: number): void {
    this.#counters[slot.lastStep] = step;
    this.add('steps', 1);
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

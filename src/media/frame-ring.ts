/**
 * A byte pipe in shared memory between one writer and one reader, each of which may be a blocked
 * thread (ffmpeg's core) or an event loop (this project's own code). The memory is the ring: a
 * full ring is the back-pressure.
 */
import { DnnError } from '../base/errors.ts';
import { allocateShared } from './shared-memory.ts';

/** What `createFrameRing` makes and structured cloning carries to the other side. */
export interface FrameRingBuffer {
  readonly memory: SharedArrayBuffer;
}

/** Where the writer stands. */
export const RingState = { open: 0, ended: 1, broken: 2 } as const;
export type RingState = (typeof RingState)[keyof typeof RingState];

/** Words at the start of the memory. Both counters run over at 2^32, so the data's size is a power of two. */
const word = {
  written: 0,
  read: 1,
  state: 2,
  readerClosed: 3,
  /**
   * Changes with everything that the writer does; the reader waits on it. A notify before a wait is not lost.
   */
  writerTurn: 4,
  /** Changes with everything that the reader does; the writer waits on it. */
  readerTurn: 5,
  reasonLength: 6,
  closeReasonLength: 7,
  /** Index of the reader's code in `closeCodes`. */
  closeCode: 8,
} as const;
const reasonCapacity = 480;
const reasonOffset = 64;

/** What a reader that closes before the end may give as its code, beside words; the first one is none. */
const closeCodes = [undefined, 'EIO', 'ENOSPC'] as const;
/** Why a reader closed: it failed, or there is no space for what it reads. */
export type CloseCode = NonNullable<(typeof closeCodes)[number]>;
const closeReasonOffset = reasonOffset + reasonCapacity;
const dataOffset = closeReasonOffset + reasonCapacity;

/** Index of the word that a reader with nothing to read waits on. */
export const writerTurnWord: number = word.writerTurn;
/** Index of the word that a writer with no room waits on. */
export const readerTurnWord: number = word.readerTurn;

/**
 * Memory for a ring that holds `capacity` bytes, rounded up to a power of two between 4 KiB and 1 GiB.
 *
 * @throws DnnError EINVAL for a capacity that no ring can have, ENOSYS without SharedArrayBuffer.
 */
export function createFrameRing(capacity: number): FrameRingBuffer {
  if (!(capacity > 0) || capacity > 2 ** 30) {
    throw new DnnError(
      'EINVAL',
      `A frame pipe of ${capacity} bytes is not possible: 1 to ${2 ** 30} bytes are.`,
    );
  }
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new DnnError(
      'ENOSYS',
      'Frame pipes need SharedArrayBuffer: serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
    );
  }
  let size = 4096;
  while (size < capacity) size *= 2;
  return { memory: allocateShared(dataOffset + size) };
}

/**
 * One side's view of a ring. `try…` never waits; the reader's and writer's
 * classes add the two ways of waiting.
 */
export class FrameRing {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly capacity: number;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;
  readonly #data: Uint8Array<SharedArrayBuffer>;

  constructor(buffer: FrameRingBuffer) {
    this.words = new Int32Array(buffer.memory, 0, reasonOffset / 4);
    this.#bytes = new Uint8Array(buffer.memory);
    this.#data = new Uint8Array(buffer.memory, dataOffset);
    this.capacity = this.#data.length;
  }

  /** Bytes that wait to be read. */
  get available(): number {
    return (Atomics.load(this.words, word.written) - Atomics.load(this.words, word.read)) >>> 0;
  }

  get state(): RingState {
    return Atomics.load(this.words, word.state) as RingState;
  }

  get readerClosed(): boolean {
    return Atomics.load(this.words, word.readerClosed) !== 0;
  }

  /** Why the writer broke the pipe; empty if it did not. */
  get reason(): string {
    return this.#text(word.reasonLength, reasonOffset);
  }

  /** Why the reader closed before the end, if it said so. */
  get closeReason(): string {
    return this.#text(word.closeReasonLength, closeReasonOffset);
  }

  /** The kind of failure for which the reader closed before the end, if it was one. */
  get closeCode(): CloseCode | undefined {
    return closeCodes[Atomics.load(this.words, word.closeCode)];
  }

  /** Copies what is there, at most `into.length` bytes. Zero: nothing yet, or the end; see `state`. */
  tryRead(into: Uint8Array | Int8Array): number {
    const count = Math.min(this.available, into.length);
    if (count === 0) return 0;
    const start = (Atomics.load(this.words, word.read) >>> 0) % this.capacity;
    const first = Math.min(count, this.capacity - start);
    into.set(this.#data.subarray(start, start + first), 0);
    if (first < count) into.set(this.#data.subarray(0, count - first), first);
    Atomics.add(this.words, word.read, count);
    this.#turn(word.readerTurn);
    return count;
  }

  /** Copies as much as there is room for. Zero: full, or the reader has closed; see `readerClosed`. */
  tryWrite(bytes: Uint8Array | Int8Array): number {
    const count = Math.min(this.capacity - this.available, bytes.length);
    if (count === 0 || this.readerClosed || this.state !== RingState.open) return 0;
    const start = (Atomics.load(this.words, word.written) >>> 0) % this.capacity;
    const first = Math.min(count, this.capacity - start);
    this.#data.set(bytes.subarray(0, first), start);
    if (first < count) this.#data.set(bytes.subarray(first, count), 0);
    Atomics.add(this.words, word.written, count);
    this.#turn(word.writerTurn);
    return count;
  }

  /** No more bytes will come. What was written can still be read. Does nothing after a break. */
  end(): void {
    if (Atomics.compareExchange(this.words, word.state, RingState.open, RingState.ended) !== RingState.open)
      return;
    this.#turn(word.writerTurn);
  }

  /**
   * The writer died: the reader gets what was written, then an error with
   * `reason`. Does nothing after the end.
   */
  break(reason: string): void {
    if (this.state !== RingState.open) return;
    this.#setText(word.reasonLength, reasonOffset, reason);
    if (Atomics.compareExchange(this.words, word.state, RingState.open, RingState.broken) !== RingState.open)
      return;
    this.#turn(word.writerTurn);
    // A writer that waits for room has to learn it too.
    this.#turn(word.readerTurn);
  }

  /** Nobody reads any more: the writer's next write fails with EPIPE. */
  closeReader(reason = '', code?: CloseCode): void {
    if (this.readerClosed) return;
    Atomics.store(this.words, word.closeCode, closeCodes.indexOf(code));
    this.#setText(word.closeReasonLength, closeReasonOffset, reason);
    Atomics.store(this.words, word.readerClosed, 1);
    this.#turn(word.readerTurn);
    // A reader that waits for bytes on the same side has to learn it too.
    this.#turn(word.writerTurn);
  }

  #turn(index: number): void {
    Atomics.add(this.words, index, 1);
    Atomics.notify(this.words, index);
  }

  #text(lengthWord: number, offset: number): string {
    const length = Atomics.load(this.words, lengthWord);
    return new TextDecoder().decode(this.#bytes.slice(offset, offset + length));
  }

  #setText(lengthWord: number, offset: number, text: string): void {
    const bytes = new TextEncoder().encode(text).subarray(0, reasonCapacity);
    this.#bytes.set(bytes, offset);
    Atomics.store(this.words, lengthWord, bytes.length);
  }
}

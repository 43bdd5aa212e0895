/**
 * The records by which a core tells the writer what happens to its output files. Requests
 * travel in order through a ring, so a read sees every write before it; the answer to a read
 * comes back through a block of its own.
 */
import { createFrameRing, type FrameRingBuffer } from '../frame-ring.ts';
import { allocateShared } from '../shared-memory.ts';

/** What a record asks for. */
export const OutputOp = {
  create: 1,
  write: 2,
  truncate: 3,
  read: 4,
  rename: 5,
  unlink: 6,
  close: 7,
  /** What ffmpeg said of a packet before it wrote it; of no file. */
  packet: 8,
} as const;
export type OutputOp = (typeof OutputOp)[keyof typeof OutputOp];

/** Shared memory of one channel. */
export interface OutputChannelBuffers {
  readonly requests: FrameRingBuffer;
  /** Two words, then the bytes of an answer. */
  readonly reply: SharedArrayBuffer;
}

/** Bytes of a record before its payload: op, file, offset (two words), length, and one word of padding. */
export const headerLength = 24;
/** Most bytes that one read can ask for. */
export const replyCapacity = 256 * 1024;
/** Most bytes of payload in one record. */
export const payloadCapacity = 256 * 1024;

/**
 * One request: `offset` is a position or a size, `length` the payload's bytes,
 * or for a read the bytes wanted.
 */
export interface OutputRecord {
  readonly op: OutputOp;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

/** @param ringCapacity bytes on their way to the writer before ffmpeg waits */
export function createOutputChannel(ringCapacity = 4 * 1024 * 1024): OutputChannelBuffers {
  return {
    requests: createFrameRing(ringCapacity),
    reply: allocateShared(8 + replyCapacity),
  };
}

export function encodeHeader(record: OutputRecord): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerLength));
  view.setUint32(0, record.op, true);
  view.setUint32(4, record.file, true);
  view.setFloat64(8, record.offset, true);
  view.setUint32(16, record.length, true);
  return new Uint8Array(view.buffer);
}

export function decodeHeader(bytes: Uint8Array): OutputRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  return {
    op: view.getUint32(0, true) as OutputOp,
    file: view.getUint32(4, true),
    offset: view.getFloat64(8, true),
    length: view.getUint32(16, true),
  };
}

/** Bytes of payload that follow a record's header. */
export function payloadLength(record: OutputRecord): number {
  return record.op === OutputOp.read ? 0 : record.length;
}

/** The block in which the writer answers reads; the core asks one question at a time. */
export class OutputReply {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, 2);
    this.bytes = new Uint8Array(memory, 8);
  }

  /** Number of answers so far: the word that the core waits on. */
  get turn(): number {
    return Atomics.load(this.words, 0);
  }

  /** Bytes of the last answer, or -1 if the file could not be read. */
  get length(): number {
    return Atomics.load(this.words, 1);
  }

  answer(bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.bytes.set(bytes);
    Atomics.store(this.words, 1, bytes?.length ?? -1);
    Atomics.add(this.words, 0, 1);
    Atomics.notify(this.words, 0);
  }
}

/** Core side of the output files: the records go to the writer's channel, or nowhere. */
import type { CoreControl } from '../core-control.ts';
import { Errno } from '../core-fs.ts';
import type { CoreOutputs } from '../core-options.ts';
import { FrameRing } from '../frame-ring.ts';
import { encodePacket, type MuxedPacket } from '../mp4/muxed-packet.ts';
import {
  encodeHeader,
  type OutputChannelBuffers,
  OutputOp,
  type OutputRecord,
  OutputReply,
  payloadCapacity,
  replyCapacity,
} from './output-channel.ts';
import { type BlockContext, writeBlocking } from '../ring-block.ts';

/**
 * Receives what happens to output files. Every call may block; errors are thrown as error numbers by `fail`.
 */
export interface CoreSink {
  create: (file: number, path: string) => void;
  write: (file: number, offset: number, bytes: Uint8Array) => void;
  truncate: (file: number, size: number) => void;
  /** Bytes copied to `into`, at most its length and at most `replyCapacity`. */
  read: (file: number, offset: number, into: Uint8Array) => number;
  rename: (file: number, path: string) => void;
  unlink: (file: number) => void;
  close: (file: number) => void;
  /** A packet that ffmpeg gives to a muxer. Never fails: the write that follows does. */
  packet: (packet: MuxedPacket) => void;
}

/** For planning runs: accepts and forgets. */
export const discardSink: CoreSink = {
  create: () => undefined,
  write: () => undefined,
  truncate: () => undefined,
  read: (_file, _offset, into) => {
    into.fill(0);
    return into.length;
  },
  rename: () => undefined,
  unlink: () => undefined,
  close: () => undefined,
  packet: () => undefined,
};

/** Sends records through the channel and waits for the answers to reads. */
class ChannelSink implements CoreSink {
  readonly #ring: FrameRing;
  readonly #reply: OutputReply;
  readonly #context: BlockContext;
  readonly #fail: (errno: Errno) => never;

  constructor(
    buffers: OutputChannelBuffers,
    control: CoreControl | undefined,
    fail: (errno: Errno) => never,
  ) {
    this.#ring = new FrameRing(buffers.requests);
    this.#reply = new OutputReply(buffers.reply);
    this.#fail = fail;
    // A stop asked for by the user ends in finished files: outputs are written to the end.
    this.#context = {
      shouldStop: () => false,
      onBlocked: (milliseconds) => control?.blocked(milliseconds),
    };
  }

  create(file: number, path: string): void {
    this.#sendText(OutputOp.create, file, path);
  }

  write(file: number, offset: number, bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += payloadCapacity) {
      const part = bytes.subarray(start, start + payloadCapacity);
      this.#send({ op: OutputOp.write, file, offset: offset + start, length: part.length }, part);
    }
  }

  truncate(file: number, size: number): void {
    this.#send({ op: OutputOp.truncate, file, offset: size, length: 0 });
  }

  read(file: number, offset: number, into: Uint8Array): number {
    const turn = this.#reply.turn;
    const length = Math.min(into.length, replyCapacity);
    this.#send({ op: OutputOp.read, file, offset, length });
    const start = performance.now();
    while (this.#reply.turn === turn) {
      if (this.#ring.readerClosed) this.#writerGone();
      Atomics.wait(this.#reply.words, 0, turn, 100);
    }
    this.#context.onBlocked(performance.now() - start);
    const count = this.#reply.length;
    if (count < 0) this.#fail(Errno.EIO);
    into.set(this.#reply.bytes.subarray(0, count));
    return count;
  }

  rename(file: number, path: string): void {
    this.#sendText(OutputOp.rename, file, path);
  }

  unlink(file: number): void {
    this.#send({ op: OutputOp.unlink, file, offset: 0, length: 0 });
  }

  close(file: number): void {
    this.#send({ op: OutputOp.close, file, offset: 0, length: 0 });
  }

  packet(packet: MuxedPacket): void {
    const bytes = encodePacket(packet);
    this.#trySend({ op: OutputOp.packet, file: 0, offset: 0, length: bytes.length }, bytes);
  }

  #sendText(op: OutputOp, file: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#send({ op, file, offset: 0, length: bytes.length }, bytes);
  }

  #send(record: OutputRecord, payload?: Uint8Array): void {
    if (!this.#trySend(record, payload)) this.#writerGone();
  }

  #trySend(record: OutputRecord, payload?: Uint8Array): boolean {
    const failure =
      writeBlocking(this.#ring, encodeHeader(record), this.#context) ??
      (payload === undefined ? undefined : writeBlocking(this.#ring, payload, this.#context));
    return failure === undefined;
  }

  #writerGone(): never {
    return this.#fail(Errno[this.#ring.closeCode ?? 'EIO']);
  }
}

/** The sink of an output mode; that of `events` is an EventSink. */
export function openSink(
  outputs: Exclude<CoreOutputs, { readonly mode: 'events' }>,
  control: CoreControl | undefined,
  fail: (errno: Errno) => never,
): CoreSink {
  switch (outputs.mode) {
    case 'channel':
      return new ChannelSink(outputs.channel, control, fail);
    case 'discard':
      return discardSink;
  }
}

/** Tells which packet lies at a position of an unfinished file. */
import type { ByteWindow } from './byte-window.ts';
import type { MediaSample } from './media-sample.ts';
import type { MuxedPacket } from './muxed-packet.ts';
import { measurePacket } from './packet-extent.ts';
import type { PacketQueue } from './packet-queue.ts';
import type { WriteEnds } from './write-ends.ts';

/** A packet and where it lies; the queue does not know yet that it was found. */
export interface FoundPacket {
  readonly queue: PacketQueue;
  readonly packet: MuxedPacket;
  readonly sample: MediaSample;
}

/** Packets to look at where the next one is not there: those of other outputs may lie between. */
const lookAhead = 64;

export class SampleFinder {
  readonly #queues: readonly PacketQueue[];
  readonly #ends: WriteEnds;
  readonly #bytes: ByteWindow;

  /** @param ends where a packet may end. */
  constructor(queues: readonly PacketQueue[], ends: WriteEnds, bytes: ByteWindow) {
    this.#queues = queues;
    this.#ends = ends;
    this.#bytes = bytes;
  }

  /** The next packet of one of the tracks. */
  next(at: number): Promise<FoundPacket | undefined> {
    return this.#find(at, 1);
  }

  /** Likewise, or one a little further on. */
  further(at: number): Promise<FoundPacket | undefined> {
    return this.#find(at, lookAhead);
  }

  async #find(at: number, count: number): Promise<FoundPacket | undefined> {
    const isEnd = (position: number): boolean => this.#ends.has(position);
    // libavformat interleaves by time.
    const waiting = this.#queues
      .flatMap((queue) => (queue.time === undefined ? [] : [{ queue, time: queue.time }]))
      .sort((a, b) => a.time - b.time);
    for (const { queue } of waiting) {
      for (const packet of queue.candidates(count)) {
        const extent = await measurePacket(queue.template, packet, at, this.#bytes, isEnd);
        if (extent === undefined) continue;
        const { pts, dts } = packet;
        // An encoder of frames at irregular times knows none; the muxer takes one from the frame rate.
        const duration = packet.duration > 0 ? packet.duration : queue.template.lastDuration;
        return { queue, packet, sample: { ...extent, offset: at, pts, dts, duration } };
      }
    }
    return undefined;
  }
}

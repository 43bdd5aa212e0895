/** The packets of one track that are still to be found in the file. */
import type { TrackTemplate } from './movie-template.ts';
import type { MuxedPacket } from './muxed-packet.ts';

export class PacketQueue {
  /** Index of the track. */
  readonly track: number;
  readonly template: TrackTemplate;
  readonly #packets: readonly MuxedPacket[];
  #next = 0;
  #lastDts = -Infinity;

  /** @param packets of its type, in their order. */
  constructor(track: number, template: TrackTemplate, packets: readonly MuxedPacket[]) {
    this.track = track;
    this.template = template;
    this.#packets = packets;
  }

  /** When the next one is decoded, in seconds; undefined at the end. */
  get time(): number | undefined {
    const next = this.#packets[this.#next];
    return next && next.dts / this.template.timeScale;
  }

  /** The next packets that may be in the file, at most `count`. */
  candidates(count: number): readonly MuxedPacket[] {
    return this.#packets.slice(this.#next, this.#next + count).filter(({ dts }) => dts > this.#lastDts);
  }

  /** The packet was found; those before it are not of this file. */
  take(packet: MuxedPacket): void {
    this.#next = this.#packets.indexOf(packet, this.#next) + 1;
    this.#lastDts = packet.dts;
  }
}

/** The packets of a pipe in batches, with the times of the frames that come of them. */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { NutPacketReader } from '../../media/nut/nut-packet-reader.ts';
import { DecoderFailure } from './decoder-failure.ts';
import type { PacketList } from './packet-list.ts';
import type { PacketClock } from '../planning/codecs/packet-clock.ts';

/** Bytes of decoded frames that a batch may give rise to. */
const batchBytes = 16 * 2 ** 20;
const mostPackets = 8;

export interface PacketBatchesOptions {
  readonly clock: PacketClock;
  /** Of the same packets. */
  readonly list: Pick<PacketList, 'next'>;
  /** Of a decoded frame. */
  readonly frameBytes: number;
}

export class PacketBatches {
  readonly #reader: Pick<NutPacketReader, 'next'>;
  readonly #clock: PacketClock;
  readonly #list: Pick<PacketList, 'next'>;
  readonly #discarded = new Set<number>();
  readonly #size: number;
  #next: EncodedPacket | undefined;

  /**
   * @param first packet that was read already.
   */
  constructor(
    reader: Pick<NutPacketReader, 'next'>,
    first: EncodedPacket,
    { clock, list, frameBytes }: PacketBatchesOptions,
  ) {
    this.#reader = reader;
    this.#next = first;
    this.#clock = clock;
    this.#list = list;
    this.#size = Math.max(1, Math.min(mostPackets, Math.floor(batchBytes / frameBytes)));
  }

  /** Whether the frame of a pts is there for others alone; to be asked once for each frame. */
  isDiscarded(pts: number): boolean {
    return this.#discarded.delete(pts);
  }

  /**
   * In order of decoding; none at the end. One call at a time.
   *
   * @throws DecoderFailure where the pipe has another time of a packet than the file; what broke it.
   */
  async next(): Promise<EncodedPacket[]> {
    const batch: EncodedPacket[] = [];
    while (batch.length < this.#size) {
      const packet = this.#next ?? (await this.#reader.next());
      this.#next = undefined;
      if (packet === null) break;
      const pts = this.#clock.ptsOf(packet.pts);
      const listed = await this.#list.next();
      // A muxer lets times of decoding go up by itself, and takes those of presentation along.
      if (listed !== null && !this.#clock.isAt(pts, listed))
        throw new DecoderFailure('times of its packets do not go up, which no pipe can hold');
      if (listed?.isDiscarded === true) this.#discarded.add(pts);
      batch.push({ ...packet, pts });
    }
    return batch;
  }
}

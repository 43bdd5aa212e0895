/** The packets of a pipe in batches, with the times of the frames that come of them. */
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { NutPacketReader } from '../../media/nut/nut-packet-reader.ts';
import type { PacketClock } from '../planning/codecs/packet-clock.ts';

/** Bytes of decoded frames that a batch may give rise to. */
const batchBytes = 16 * 2 ** 20;
const mostPackets = 8;

export class PacketBatches {
  readonly #reader: Pick<NutPacketReader, 'next'>;
  readonly #clock: PacketClock;
  readonly #size: number;
  #next: EncodedPacket | undefined;

  /**
   * @param first packet that was read already.
   * @param frameBytes of a decoded frame.
   */
  constructor(
    reader: Pick<NutPacketReader, 'next'>,
    first: EncodedPacket,
    { clock, frameBytes }: { readonly clock: PacketClock; readonly frameBytes: number },
  ) {
    this.#reader = reader;
    this.#next = first;
    this.#clock = clock;
    this.#size = Math.max(1, Math.min(mostPackets, Math.floor(batchBytes / frameBytes)));
  }

  /** In order of decoding; none at the end. One call at a time. @throws what the pipe broke with. */
  async next(): Promise<EncodedPacket[]> {
    const batch: EncodedPacket[] = [];
    while (batch.length < this.#size) {
      const packet = this.#next ?? (await this.#reader.next());
      this.#next = undefined;
      if (packet === null) break;
      batch.push({ ...packet, pts: this.#clock.ptsOf(packet.pts) });
    }
    return batch;
  }
}

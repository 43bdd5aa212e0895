/**
 * The flags of packets, which NUT does not hold: ffmpeg lists them beside it, a line for each packet
 * (libavformat/framecrcenc.c).
 */
import type { ByteSource } from '../../media/nut/byte-source.ts';

/** AV_PKT_FLAG_DISCARD (libavcodec/packet.h): its frame is decoded for others, and not shown. */
const discard = 4;

/** A line ends with its flags where they are others than those of a key frame. */
const flagsOfLine = /, F=0x([0-9A-F]+)/;

export class PacketFlags {
  readonly #source: ByteSource;
  readonly #chunk = new Uint8Array(4096);
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Whether the frame of the next packet is not to be shown. To be called for one packet after another.
   *
   * @returns false behind the last line. @throws what the source throws.
   */
  async isDiscarded(): Promise<boolean> {
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        if (line.startsWith('#')) continue;
        return (Number.parseInt(flagsOfLine.exec(line)?.[1] ?? '0', 16) & discard) !== 0;
      }
      const count = await this.#source.read(this.#chunk);
      if (count === 0) return false;
      this.#text += this.#decoder.decode(this.#chunk.subarray(0, count), { stream: true });
    }
  }
}

/**
 * What NUT does not tell of packets: ffmpeg lists them beside it, a line for each packet
 * (libavformat/framecrcenc.c).
 */
import type { ByteSource } from '../../media/nut/byte-source.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';

/** AV_PKT_FLAG_DISCARD (libavcodec/packet.h): its frame is decoded for others, and not shown. */
const discard = 4;

/** A line ends with its flags where they are others than those of a key frame. */
const flagsOfLine = /, F=0x([0-9A-F]+)/;

export interface ListedPacket {
  /** In ticks of the list's time base. */
  readonly pts: number;
  readonly timeBase: Rational;
  /** Whether its frame is not to be shown. */
  readonly isDiscarded: boolean;
}

export class PacketList {
  readonly #source: ByteSource;
  readonly #chunk = new Uint8Array(4096);
  readonly #decoder = new TextDecoder();
  #text = '';
  #timeBase: Rational = { num: 1, den: 1 };

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** One packet after another; null behind the last line. @throws what the source throws. */
  async next(): Promise<ListedPacket | null> {
    for (;;) {
      const line = await this.#line();
      if (line === null) return null;
      const [, num, den] = /^#tb 0: (\d+)\/(\d+)/.exec(line) ?? [];
      if (num !== undefined) this.#timeBase = { num: Number(num), den: Number(den) };
      if (line.startsWith('#')) continue;
      const flags = Number.parseInt(flagsOfLine.exec(line)?.[1] ?? '0', 16);
      return {
        pts: Number(line.split(',')[2]),
        timeBase: this.#timeBase,
        isDiscarded: (flags & discard) !== 0,
      };
    }
  }

  async #line(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      const count = await this.#source.read(this.#chunk);
      if (count === 0) return null;
      this.#text += this.#decoder.decode(this.#chunk.subarray(0, count), { stream: true });
    }
  }
}

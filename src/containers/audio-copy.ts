/** Copies one audio stream of an input into an output, packet by packet. */
import type { EncodedAudioPacketSource, EncodedPacket as FilePacket } from 'mediabunny';

export class AudioCopy {
  readonly #packets: AsyncIterator<FilePacket, void>;
  readonly #source: EncodedAudioPacketSource;
  readonly #config: AudioDecoderConfig;
  #next: FilePacket | undefined;
  #isEnd = false;

  /**
   * @param packets with times of the output.
   * @param source of the output.
   * @param config of the stream's decoder.
   */
  constructor(
    packets: AsyncIterator<FilePacket, void>,
    source: EncodedAudioPacketSource,
    config: AudioDecoderConfig,
  ) {
    this.#packets = packets;
    this.#source = source;
    this.#config = config;
  }

  /** Whether no packet is left. */
  get isEnd(): boolean {
    return this.#isEnd;
  }

  /** Copies what begins before a time, in seconds. */
  async copyUntil(seconds: number): Promise<void> {
    for (;;) {
      this.#next ??= await this.#read();
      if (this.#next === undefined || this.#next.timestamp >= seconds) return;
      const packet = this.#next;
      this.#next = undefined;
      await this.#source.add(packet, { decoderConfig: this.#config });
    }
  }

  /** Adds no more packets. */
  async close(): Promise<void> {
    await this.#packets.return?.();
    this.#source.close();
  }

  async #read(): Promise<FilePacket | undefined> {
    if (this.#isEnd) return undefined;
    const { value } = await this.#packets.next();
    if (value) return value;
    this.#isEnd = true;
    return undefined;
  }
}

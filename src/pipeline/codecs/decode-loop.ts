/** Keeps a decoder at work: reads packets and sends them while frames of earlier ones are taken. */
import type { DecodedFrame, DecodeResult } from '../../codecs/codec-contract.ts';
import type { DecoderClient } from './decoder-client.ts';
import { DecoderFailure } from './decoder-failure.ts';
import type { PacketBatches } from './packet-batches.ts';

/** Calls that are on their way: one is served while the packets of the next are read. */
const mostCalls = 2;

export class DecodeLoop {
  readonly #client: Pick<DecoderClient, 'decode' | 'finish'>;
  readonly #packets: Pick<PacketBatches, 'next'>;
  readonly #demuxed: Promise<number>;
  /** In the order in which they were sent. */
  readonly #calls: Promise<DecodeResult | null>[] = [];
  /** One batch is read and sent at a time. */
  #sending: Promise<unknown> = Promise.resolve();
  #ready: DecodedFrame[] = [];
  #failure: string | undefined;
  #isFinishing = false;
  #isOver = false;

  /** @param demuxed exit code of what gives the packets. */
  constructor(
    client: Pick<DecoderClient, 'decode' | 'finish'>,
    packets: Pick<PacketBatches, 'next'>,
    demuxed: Promise<number>,
  ) {
    this.#client = client;
    this.#packets = packets;
    this.#demuxed = demuxed;
  }

  /**
   * The next frame in order of presentation, null behind the last one; the caller's.
   *
   * @throws DecoderFailure where the decoder gives up, or packets are missing.
   */
  async next(): Promise<DecodedFrame | null> {
    for (;;) {
      const frame = this.#ready.shift();
      if (frame !== undefined) return frame;
      if (this.#failure !== undefined)
        throw new DecoderFailure(`the browser's decoder gave up (${this.#failure})`);
      if (this.#isOver) return null;
      await this.#advance();
    }
  }

  /** Frames that nobody has taken, once no call is on its way; to be called when the client is closed. */
  async leftovers(): Promise<readonly DecodedFrame[]> {
    this.#isOver = true;
    const results = await Promise.allSettled(this.#calls.splice(0));
    const late = results.flatMap((result) =>
      result.status === 'fulfilled' ? (result.value?.frames ?? []) : [],
    );
    return [...this.#ready.splice(0), ...late];
  }

  async #advance(): Promise<void> {
    while (!this.#isFinishing && this.#calls.length < mostCalls) this.#send();
    const call = this.#calls.shift();
    const result = call === undefined ? await this.#finish() : await call;
    if (result === null) return;
    this.#ready.push(...result.frames);
    this.#failure = result.failure?.replace(/\.$/, '');
  }

  /** Reads a batch and sends it; null where there was none left. */
  #send(): void {
    const sent = this.#sending.then(async () => {
      const batch = this.#isFinishing ? [] : await this.#packets.next();
      if (batch.length > 0) return { result: this.#client.decode(batch) };
      this.#isFinishing = true;
      return null;
    });
    this.#sending = sent.catch(() => undefined);
    const call = sent.then((one) => one?.result ?? null);
    call.catch(() => undefined); // whoever takes the next frame has the failure
    this.#calls.push(call);
  }

  /** All packets were sent. */
  async #finish(): Promise<DecodeResult> {
    const exitCode = await this.#demuxed;
    if (exitCode !== 0) throw new DecoderFailure(`reading its packets ended with exit code ${exitCode}`);
    const result = await this.#client.finish();
    if (result.frames.length === 0) this.#isOver = true;
    return result;
  }
}

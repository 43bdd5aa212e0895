/** The encoder's half of a codec worker. */
import { DnnError } from '../../base/errors.ts';
import { CallQueue } from '../call-queue.ts';
import type { EncodeResult, EncoderApi, EncoderFacts, EncoderFrame, EncodeSetup } from '../codec-contract.ts';
import { takenConfig } from './encoder-trial.ts';
import { EncodingStream } from './encoding-stream.ts';

/** Encodes one stream after another with the browser's encoders. */
export class EncoderSession implements EncoderApi {
  readonly #calls = new CallQueue();
  #stream: EncodingStream | undefined;

  beginEncoding(setup: EncodeSetup): Promise<EncoderFacts> {
    return this.#calls.serve(async () => {
      this.#close();
      const taken = await takenConfig(setup);
      this.#stream = new EncodingStream(setup, taken);
      return this.#stream.facts;
    });
  }

  encode(frames: readonly EncoderFrame[]): Promise<EncodeResult> {
    return this.#calls.serve(() => this.#open().encode(frames));
  }

  finishEncoding(): Promise<EncodeResult> {
    return this.#calls.serve(() => this.#open().finish());
  }

  /** Comes before the calls that wait: they fail. */
  closeEncoder(): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  #open(): EncodingStream {
    if (this.#stream === undefined)
      throw new DnnError('EINVAL', 'No encoder is open: call beginEncoding first.');
    return this.#stream;
  }

  #close(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}

/** The encoder's half of a codec worker. */
import { CallQueue } from '../../base/call-queue.ts';
import { DnnError } from '../../base/errors.ts';
import type { EncodeResult, EncoderApi, EncoderFacts, EncoderFrame, EncodeSetup } from '../codec-contract.ts';
import type { KernelSource } from '../kernel-source.ts';
import { takenConfig } from './encoder-trial.ts';
import { EncodingStream } from './encoding-stream.ts';

/** Encodes one stream after another with the browser's encoders. */
export class EncoderSession implements EncoderApi {
  readonly #calls = new CallQueue();
  readonly #kernels: KernelSource;
  #stream: EncodingStream | undefined;

  /** @param kernels that convert frames. */
  constructor(kernels: KernelSource) {
    this.#kernels = kernels;
  }

  beginEncoding(setup: EncodeSetup): Promise<EncoderFacts> {
    return this.#calls.serve(async () => {
      this.#close();
      const isConverted = setup.inputFormat !== setup.pixelFormat;
      const kernels = isConverted ? await this.#kernels.loaded() : undefined;
      this.#stream = new EncodingStream(setup, await takenConfig(setup), kernels);
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

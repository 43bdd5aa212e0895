/** Decodes streams with the browser's decoder, one after another. */
import { CallQueue } from '../base/call-queue.ts';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { EncodedPacket } from '../media/nut/encoded-packet.ts';
import type { DecoderApi, DecodeResult, DecodeSetup } from './codec-contract.ts';
import { DecodingStream } from './decoding-stream.ts';
import { FrameBuffers } from './frame-buffers.ts';
import { FrameCopier } from './frame-copier.ts';
import type { KernelSource } from './kernel-source.ts';
import { PacketTimes } from './packet-times.ts';

/** The decoder of a codec worker. */
export class DecoderSession implements DecoderApi {
  readonly #calls = new CallQueue();
  readonly #buffers = new FrameBuffers();
  readonly #kernels: KernelSource;
  #stream: DecodingStream | undefined;

  /** @param kernels that convert frames. */
  constructor(kernels: KernelSource) {
    this.#kernels = kernels;
  }

  beginDecoding(setup: DecodeSetup): Promise<void> {
    this.#stream?.close();
    return this.#calls.serve(async () => {
      this.#stream?.close();
      this.#stream = undefined;
      const times = new PacketTimes(setup.timeBase);
      const { convertTo, colors = {} } = setup;
      const conversion = convertTo && { tags: colors, kernels: await this.#kernels.loaded() };
      const copier = new FrameCopier(this.#buffers, conversion);
      const config = await supportedConfig(setup);
      this.#stream = new DecodingStream(config, times, copier);
    });
  }

  decode(packets: readonly EncodedPacket[], buffers: readonly ArrayBuffer[]): Promise<DecodeResult> {
    return this.#serve(buffers, (stream) => stream.decode(packets));
  }

  finishDecoding(buffers: readonly ArrayBuffer[]): Promise<DecodeResult> {
    return this.#serve(buffers, (stream) => stream.flush());
  }

  closeDecoder(): Promise<void> {
    this.#stream?.close();
    return this.#calls.serve(() => {
      this.#stream?.close();
      this.#stream = undefined;
      return Promise.resolve();
    });
  }

  #serve(
    buffers: readonly ArrayBuffer[],
    run: (stream: DecodingStream) => Promise<void>,
  ): Promise<DecodeResult> {
    return this.#calls.serve(async () => {
      this.#buffers.add(buffers);
      const stream = this.#stream;
      if (stream === undefined)
        throw new DnnError('EINVAL', 'There is no stream to decode: beginDecoding().');
      const start = epochMs();
      await run(stream);
      const frames = await stream.takeReady();
      const { failure, heldBytes, expectedFrames } = stream;
      const spare = this.#buffers.giveBack(expectedFrames);
      const result = { frames, buffers: spare, heldBytes, start, end: epochMs() };
      return failure === undefined ? result : { ...result, failure };
    });
  }
}

function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** @throws DnnError `ENOSYS` where the browser says that it does not decode such a stream. */
async function supportedConfig({ codec, description }: DecodeSetup): Promise<VideoDecoderConfig> {
  const refused = (what: string, cause?: unknown): DnnError =>
    new DnnError('ENOSYS', `The browser does not decode ${codec}: ${what}.`, { codec }, { cause });
  if (typeof VideoDecoder === 'undefined') throw refused('it has no VideoDecoder in workers');
  const config = description === undefined ? { codec } : { codec, description };
  try {
    const { supported } = await VideoDecoder.isConfigSupported(config);
    if (supported === true) return config;
  } catch (error) {
    throw refused(errorMessage(error), error);
  }
  throw refused('it says so');
}

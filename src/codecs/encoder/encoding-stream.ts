/** One stream on its way through an encoder of the browser. */
import { DnnError, errorCode, errorMessage } from '../../base/errors.ts';
import type { PixelKernels } from '../../frame/pixel-kernels/pixel-kernels.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { EncodeResult, EncoderFacts, EncoderFrame, EncodeSetup } from '../codec-contract.ts';
import { PacketTimes } from '../packet-times.ts';
import { BusyTime } from './busy-time.ts';
import { encodeOptions } from './encoder-config.ts';
import { EncoderInput } from './encoder-input.ts';
import { EncoderRun, type GivenChunk } from './encoder-run.ts';
import type { TakenConfig } from './encoder-trial.ts';

/** To be closed in any case. */
export class EncodingStream {
  readonly facts: EncoderFacts;
  readonly #setup: EncodeSetup;
  readonly #quantizer: number | undefined;
  readonly #input: EncoderInput;
  readonly #run: EncoderRun;
  readonly #times: PacketTimes;
  readonly #busy = new BusyTime();
  readonly #frameBytes: number;
  #framesSinceKey = Infinity;
  #lastPts = -Infinity;
  #packets = 0;

  /**
   * @param kernels that convert frames.
   * @throws DnnError `ENOSYS` where the browser refuses the configuration all the same, or where nothing
   *   converts what comes to what is encoded.
   */
  constructor(setup: EncodeSetup, { config, description, quantizer }: TakenConfig, kernels?: PixelKernels) {
    this.#setup = setup;
    this.#quantizer = quantizer;
    this.#input = new EncoderInput(setup, kernels);
    this.#times = new PacketTimes(setup.timeBase);
    this.#frameBytes = frameLayout(setup.pixelFormat, setup.width, setup.height).size;
    this.#run = new EncoderRun(config, () => {
      if (this.#run.inFlight === 0) this.#busy.end();
    });
    const { codec } = config;
    this.facts = description === undefined ? { codec } : { codec, description };
  }

  /** @throws as EncoderApi.encode. */
  async encode(frames: readonly EncoderFrame[]): Promise<EncodeResult> {
    for (const frame of frames) await this.#encodeFrame(frame);
    return this.#result(frames.map(({ buffer }) => buffer));
  }

  /** @throws as EncoderApi.finishEncoding. */
  async finish(): Promise<EncodeResult> {
    try {
      await this.#run.flush();
    } catch (error) {
      throw this.#failed(error, `behind pts ${this.#lastPts}`);
    }
    return this.#result([]);
  }

  /** Calls that wait get an error. */
  close(): void {
    this.#run.close();
  }

  async #encodeFrame({ pts, buffer, forceKey = false }: EncoderFrame): Promise<void> {
    const { codec, keyInterval } = this.#setup;
    if (pts <= this.#lastPts) {
      throw new DnnError(
        'EINVAL',
        `Frames for ${codec} have to come in order: pts ${pts} after ${this.#lastPts}.`,
        {
          pts,
        },
      );
    }
    this.#lastPts = pts;
    const keyFrame = forceKey || this.#framesSinceKey >= keyInterval;
    const frame = this.#input.frame(buffer, this.#times.add(pts));
    try {
      this.#busy.begin();
      await this.#run.encode(frame, encodeOptions(codec, keyFrame, this.#quantizer));
    } catch (error) {
      throw this.#failed(error, `at pts ${pts}`);
    }
    this.#framesSinceKey = keyFrame ? 1 : this.#framesSinceKey + 1;
  }

  #result(buffers: readonly ArrayBuffer[]): EncodeResult {
    const packets = this.#run.take().map((chunk) => this.#packet(chunk));
    this.#packets += packets.length;
    return { packets, buffers, ...this.#busy.take(), heldBytes: this.#run.inFlight * this.#frameBytes };
  }

  #packet({ timestamp, isKey, data }: GivenChunk): EncodedPacket {
    const pts = this.#times.take(timestamp);
    if (pts !== undefined) return { pts, isKey, data };
    const { codec } = this.#setup;
    throw new DnnError(
      'EIO',
      `The browser's ${codec} encoder gave a packet for a frame that it was not given, at ${timestamp} µs.`,
      { codec, timestamp },
    );
  }

  /** An encoder that fails before its first packet is one that the browser does not have. */
  #failed(cause: unknown, where: string): DnnError {
    const { codec } = this.#setup;
    const code = errorCode(cause, this.#packets === 0 ? 'ENOSYS' : 'EIO');
    const message = `The browser's ${codec} encoder failed ${where}: ${errorMessage(cause)}`;
    return new DnnError(code, message, { codec, pts: this.#lastPts }, { cause });
  }
}

/** A decoder of the browser in a worker of its own, seen from the job. */
import type { DecodeResult, DecoderApi, DecodeSetup } from '../../codecs/codec-contract.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WatchdogClock } from '../../workers/request-watchdog.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { CodecMeter } from './codec-meter.ts';
import { watchedCall } from './watched-call.ts';

/** The worker, as far as it is needed. */
export type DecoderWorker = Pick<WorkerClient<DecoderApi>, 'call' | 'terminate' | 'giveUp'>;

export interface DecoderClientOptions {
  /** The client's, which ends it. */
  readonly worker: DecoderWorker;
  readonly buffers: BufferPool;
  /** Bytes of a frame as it is given. */
  readonly frameBytes: number;
  readonly meter: CodecMeter;
  /** Of `-dnn_watchdog`: seconds after which a call is given up, 0 for none; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
  readonly clock?: WatchdogClock;
}

/** The first frame shows whether a decoder works at all. */
const firstFrameMs = 15_000;
/** Later the worker notices by itself a decoder that does nothing, after 30 s: this is for the worker. */
const laterMs = 45_000;

/** Calls may overlap; results come in order. Whoever gets frames gives their buffers back to the job. */
export class DecoderClient {
  readonly #options: DecoderClientOptions;
  /** Buffers of the pool that the worker has. */
  #lent = 0;
  #hasGiven = false;
  #isClosed = false;

  constructor(options: DecoderClientOptions) {
    this.#options = options;
  }

  /**
   * @throws DnnError `ENOSYS` where the browser does not decode such a stream; as every call, what ended the
   *   worker.
   */
  begin(setup: DecodeSetup): Promise<void> {
    return this.#watched((worker) => worker.call((api) => api.beginDecoding(setup)));
  }

  /** Sends packets, which are the worker's then. What the decoder gave before a failure comes with it. */
  decode(packets: readonly EncodedPacket[]): Promise<DecodeResult> {
    const { buffers, frameBytes } = this.#options;
    const lent = packets.map(() => buffers.take(frameBytes));
    this.#lent += lent.length;
    const data = packets.map((packet) => packet.data);
    return this.#result((worker) =>
      worker.call((api) => api.decode(transferred(packets, data), transferred(lent, lent))),
    );
  }

  /** The frames that are left; to be called until there is none. */
  finish(): Promise<DecodeResult> {
    return this.#result((worker) => worker.call((api) => api.finishDecoding([])));
  }

  /** Ends the worker; calls that wait for it reject. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { worker, buffers, frameBytes, meter } = this.#options;
    worker.terminate();
    meter.closed();
    for (; this.#lent > 0; this.#lent--) buffers.lose(frameBytes);
  }

  async #result(call: (worker: DecoderWorker) => Promise<DecodeResult>): Promise<DecodeResult> {
    const { buffers, frameBytes, meter } = this.#options;
    const result = await this.#watched(call);
    const { frames } = result;
    // It makes buffers of its own where frames need more than were lent, or have another size.
    for (const { buffer } of frames) {
      if (buffer.byteLength === frameBytes && this.#lent > 0) this.#lent -= 1;
      else buffers.adopt(buffer.byteLength);
    }
    for (const buffer of result.buffers) {
      this.#lent -= 1;
      buffers.give(buffer);
    }
    if (this.#isClosed) {
      for (const { buffer } of frames) buffers.give(buffer);
      return { ...result, frames: [] };
    }
    this.#hasGiven ||= frames.length > 0;
    meter.worked(result, frames.length);
    return result;
  }

  #watched<T>(call: (worker: DecoderWorker) => Promise<T>): Promise<T> {
    const { worker, watchdogSeconds, clock } = this.#options;
    const usualMs = this.#hasGiven ? laterMs : firstFrameMs;
    return watchedCall(worker, { watchdogSeconds, usualMs, clock }, () => call(worker));
  }
}

/** An encoder of the browser in a worker of its own: frames in, packets out. */
import { DnnError } from '../../base/errors.ts';
import type { EncodeResult, EncoderFacts, EncodeSetup } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WatchdogClock } from '../../workers/request-watchdog.ts';
import type { RemoteApi, WorkerClient } from '../../workers/worker-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { CodecWorkers } from './codec-workers.ts';
import { watchedCall } from './watched-call.ts';

/** Calls on their way: while one is served, the next one waits at the worker's door. */
const mostCalls = 2;
/** Many configurations are tried where the first one is refused. */
const beginMs = 120_000;
/**
 * The worker notices by itself an encoder that does nothing, after 20 s, and a call may wait for the one
 * before it: this is for the worker.
 */
const encodeMs = 45_000;
/** Each frame that the encoder holds back may take that time at the end. */
const heldFrameMs = 20_000;

/** What the frames are given on with. */
export interface EncoderFeeding {
  readonly buffers: BufferPool;
  /** Whether a frame has to be a key frame; asked of each in turn. */
  readonly isForcedKey: (frame: Frame) => boolean;
  /** Told of each call, where anybody wants to know. */
  readonly onWork?: (result: EncodeResult) => void;
}

export interface EncoderWorkerOptions {
  /** Of the encoder, for messages: `h264_webcodecs`. */
  readonly name: string;
  /** Of `-dnn_watchdog`: seconds after which a call is given up, 0 for none; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
  readonly clock?: WatchdogClock;
}

/** To be ended in any case. */
export class EncoderWorker {
  readonly #client: WorkerClient<CodecApi>;
  readonly #options: EncoderWorkerOptions;
  /** Frames whose packets have not come. */
  #held = 0;

  constructor(workers: Pick<CodecWorkers, 'take'>, options: EncoderWorkerOptions) {
    const { name } = options;
    this.#options = options;
    const label = `${name} worker`;
    const failure = (what: string): DnnError =>
      new DnnError('EIO', `The ${label} ${what}: run the command again, or name another encoder.`, {
        worker: label,
      });
    this.#client = workers.take(label, failure);
  }

  /** @throws DnnError as of EncoderApi.beginEncoding, or where the worker does not start. */
  begin(setup: EncodeSetup): Promise<EncoderFacts> {
    return this.#call(beginMs, (api) => api.beginEncoding(setup));
  }

  /**
   * The packets of the frames, in the order of the frames. Buffers of the frames come back to the job.
   * @throws DnnError as of EncoderApi.encode, or where the worker is lost; what the frames throw, behind the
   *   packets of those before.
   */
  async *packets(
    frames: AsyncIterable<Frame>,
    feeding: EncoderFeeding,
  ): AsyncGenerator<EncodedPacket, void, undefined> {
    const calls: Promise<EncodeResult>[] = [];
    let failure: { readonly error: unknown } | undefined;
    const iterator = frames[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await iterator.next().catch((error: unknown) => {
          failure = { error };
        });
        if (next === undefined || next.done === true) break;
        const call = this.#encode(next.value, feeding);
        call.catch(() => undefined); // seen once its turn comes
        calls.push(call);
        if (calls.length === mostCalls) yield* (await calls.shift()!).packets;
      }
      while (calls.length > 0) yield* (await calls.shift()!).packets;
      const last = await this.#call(encodeMs + heldFrameMs * this.#held, (api) => api.finishEncoding());
      feeding.onWork?.(last);
      yield* last.packets;
      if (failure !== undefined) throw failure.error;
    } finally {
      await Promise.allSettled(calls);
      await iterator.return?.();
    }
  }

  /** Ends the worker at once: calls that wait fail. */
  terminate(reason?: unknown): void {
    this.#client.terminate(reason);
  }

  async #encode(frame: Frame, { buffers, isForcedKey, onWork }: EncoderFeeding): Promise<EncodeResult> {
    const { pts, buffer } = frame;
    const bytes = buffer.byteLength;
    const sent = [{ pts, buffer, forceKey: isForcedKey(frame) }];
    let result: EncodeResult;
    this.#held += 1;
    try {
      result = await this.#call(encodeMs, (api) => api.encode(transferred(sent, [buffer])));
    } catch (error) {
      buffers.lose(bytes);
      throw error;
    }
    this.#held -= result.packets.length;
    for (const spent of result.buffers) buffers.give(spent);
    onWork?.(result);
    return result;
  }

  #call<T>(usualMs: number, run: (api: RemoteApi<CodecApi>) => Promise<T>): Promise<T> {
    const { watchdogSeconds, clock } = this.#options;
    return watchedCall(this.#client, { watchdogSeconds, usualMs, clock }, () => this.#client.call(run));
  }
}

/** An encoder of the browser in a worker of its own: frames in, packets out. */
import { DnnError } from '../../base/errors.ts';
import type { EncodeResult, EncoderFacts, EncodeSetup } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { transferred } from '../../workers/proxied.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { CodecWorkers } from './codec-workers.ts';

/** Calls on their way: while one is served, the next one waits at the worker's door. */
const mostCalls = 2;

/** What the frames are given on with. */
export interface EncoderFeeding {
  readonly buffers: BufferPool;
  /** Whether a frame has to be a key frame; asked of each in turn. */
  readonly isForcedKey: (frame: Frame) => boolean;
  /** Told of each call, where anybody wants to know. */
  readonly onWork?: (result: EncodeResult) => void;
}

/** To be ended in any case. */
export class EncoderWorker {
  readonly #client: WorkerClient<CodecApi>;

  /** @param name of the encoder, for messages: `h264_webcodecs`. */
  constructor(workers: Pick<CodecWorkers, 'take'>, name: string) {
    const label = `${name} worker`;
    const failure = (what: string): DnnError =>
      new DnnError('EIO', `The ${label} ${what}: run the command again, or name another encoder.`, {
        worker: label,
      });
    this.#client = workers.take(label, failure);
  }

  /** @throws DnnError as of EncoderApi.beginEncoding, or where the worker does not start. */
  begin(setup: EncodeSetup): Promise<EncoderFacts> {
    return this.#client.call((api) => api.beginEncoding(setup));
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
      const last = await this.#client.call((api) => api.finishEncoding());
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
    try {
      result = await this.#client.call((api) => api.encode(transferred(sent, [buffer])));
    } catch (error) {
      buffers.lose(bytes);
      throw error;
    }
    for (const spent of result.buffers) buffers.give(spent);
    onWork?.(result);
    return result;
  }
}

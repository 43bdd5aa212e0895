/** Frames that go straight to an encoder, without an ffmpeg between. */
import { copyFrame } from '../../frame/copy-frame.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { VideoSync, type VideoSyncOptions } from '../planning/codecs/video-sync.ts';
import type { EncoderSupply, SuppliedFrames } from './encoder-supply.ts';

export class SyncedFrames implements EncoderSupply {
  readonly info: Promise<NutStream>;
  readonly #options: VideoSyncOptions;
  readonly #buffers: BufferPool;

  /** @param info what the frames are like that come. */
  constructor(info: NutStream, options: VideoSyncOptions, buffers: BufferPool) {
    const { frameRate } = options;
    // The encoder's ticks are frames.
    this.info = Promise.resolve({
      ...{ ...info, frameRate, timeBase: { num: frameRate.den, den: frameRate.num } },
    });
    this.#options = options;
    this.#buffers = buffers;
  }

  start(stream: FrameStream, onFrame: (frame: Frame) => void): SuppliedFrames {
    return {
      frames: this.#frames(stream, onFrame),
      stop: () => {
        stream.stop();
      },
      taken: Promise.resolve(),
    };
  }

  failedExitCode(): Promise<number> {
    return Promise.resolve(0);
  }

  /** No stage of its own, so no line. */
  stats(): readonly [] {
    return [];
  }

  kill(): void {
    // Nothing runs.
  }

  /** Each frame goes on once the next one has come, which tells how often it is repeated. */
  async *#frames(
    { info, frames }: FrameStream,
    onFrame: (frame: Frame) => void,
  ): AsyncGenerator<Frame, void, undefined> {
    const { timeBase } = this.#options;
    const ticks = (info.timeBase.num * timeBase.den) / (info.timeBase.den * timeBase.num);
    const sync = new VideoSync(this.#options);
    let held: { readonly frame: Frame; readonly times: readonly number[] } | undefined;
    let failure: { readonly error: unknown } | undefined;
    const iterator = frames[Symbol.asyncIterator]();
    try {
      while (!sync.isFull) {
        const next = await iterator.next().catch((error: unknown) => {
          failure = { error };
        });
        if (next === undefined || next.done === true) break;
        const frame = next.value;
        const { before, times } = sync.frame(Math.round(frame.pts * ticks));
        const last = held;
        held = { frame, times };
        onFrame(frame);
        if (last !== undefined) yield* this.#atTimes(last.frame, [...last.times, ...before]);
      }
      const last = held;
      held = undefined;
      if (last !== undefined) yield* this.#atTimes(last.frame, [...last.times, ...sync.finish()]);
      if (failure !== undefined) throw failure.error;
    } finally {
      if (held !== undefined) this.#buffers.give(held.frame.buffer);
      await iterator.return?.();
    }
  }

  /** The frame at each of some times: copies, and itself last. */
  *#atTimes(frame: Frame, times: readonly number[]): Generator<Frame, void, undefined> {
    const buffers = this.#buffers;
    const last = times.at(-1);
    let isOurs = true;
    try {
      for (const pts of times.slice(0, -1))
        yield { ...copyFrame(frame, (bytes) => buffers.take(bytes)), pts };
      if (last === undefined) return;
      isOurs = false;
      yield { ...frame, pts: last };
    } finally {
      if (isOurs) buffers.give(frame.buffer);
    }
  }
}

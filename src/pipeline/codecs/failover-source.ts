/**
 * A source in place of another: where the first gives up, the second begins anew, and gives on what the first
 * has not.
 */
import { createDeferred } from '../../base/deferred.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import { DecoderFailure } from './decoder-failure.ts';

export interface FailoverStart {
  /** Its failures that are a {@link DecoderFailure} start the second one. */
  readonly first: FrameSource;
  /**
   * Starts one of the same frames; throws where there is none.
   *
   * @param reason in words, without a full stop.
   * @param time in seconds of the last frame that the first has given; undefined where it has given none.
   */
  readonly startSecond: (reason: string, time: number | undefined) => FrameSource;
  readonly buffers: BufferPool;
}

export function startFailoverSource(start: FailoverStart): FrameSource {
  return new FailoverSource(start);
}

class FailoverSource implements FrameSource {
  readonly frames: Promise<FrameStream>;
  readonly inputs: readonly Promise<unknown>[] = [];
  readonly exitCode: Promise<number>;
  readonly #start: FailoverStart;
  /** The one that has the last word. */
  readonly #final = createDeferred<FrameSource>();
  #current: FrameSource;
  #hasQuit = false;
  /** Whether nobody wants frames any more. */
  #isOver = false;

  constructor(start: FailoverStart) {
    this.#start = start;
    this.#current = start.first;
    this.frames = this.#open();
    this.exitCode = this.#final.promise.then((source) => source.exitCode);
    this.exitCode.catch(() => undefined); // whoever started it looks at it
  }

  quit(): void {
    this.#hasQuit = true;
    this.#current.quit();
  }

  kill(): void {
    this.#isOver = true;
    this.#current.kill();
    this.#final.resolve(this.#current);
  }

  stats(frames: number): ReturnType<FrameSource['stats']> {
    return this.#current.stats(frames);
  }

  async #open(): Promise<FrameStream> {
    try {
      const stream = await this.#start.first.frames;
      let current = stream;
      const onStream = (second: FrameStream): void => {
        current = second;
      };
      return {
        info: stream.info,
        frames: this.#frames(stream, onStream),
        stop: () => {
          this.#isOver = true;
          current.stop();
          this.#final.resolve(this.#current);
        },
      };
    } catch (error) {
      return await this.#openSecond(error, undefined);
    }
  }

  async *#frames(
    stream: FrameStream,
    onStream: (second: FrameStream) => void,
  ): AsyncGenerator<Frame, void, undefined> {
    const { num, den } = stream.info.timeBase;
    let last: number | undefined;
    try {
      for await (const frame of stream.frames) {
        last = frame.pts;
        yield frame;
      }
      this.#final.resolve(this.#current);
    } catch (error) {
      if (this.#hasQuit && error instanceof DecoderFailure) throw new SourceFailure(error);
      const second = await this.#openSecond(error, last === undefined ? undefined : (last * num) / den);
      onStream(second);
      yield* this.#rest(second, last ?? -Infinity, stream.info.timeBase);
    } finally {
      this.#final.resolve(this.#current);
    }
  }

  /** @throws the error where nothing else is to be tried. */
  async #openSecond(error: unknown, time: number | undefined): Promise<FrameStream> {
    const { first, startSecond } = this.#start;
    if (!(error instanceof DecoderFailure) || this.#isOver || this.#hasQuit) {
      this.#final.resolve(first);
      throw error;
    }
    first.kill();
    try {
      this.#current = startSecond(error.message, time);
    } finally {
      this.#final.resolve(this.#current);
    }
    return this.#current.frames;
  }

  /** The frames behind those of the last pts, which is in another time base. */
  async *#rest(
    stream: FrameStream,
    last: number,
    timeBase: Rational,
  ): AsyncGenerator<Frame, void, undefined> {
    const own = stream.info.timeBase;
    const factor = (own.num * timeBase.den) / (own.den * timeBase.num);
    let isNew = false;
    for await (const frame of stream.frames) {
      const pts = Math.round(frame.pts * factor);
      isNew ||= pts > last;
      if (isNew) yield { ...frame, pts };
      else this.#start.buffers.give(frame.buffer);
    }
  }
}

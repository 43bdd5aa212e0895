/**
 * Sources and sinks without ffmpeg, and what became of them. Frames are gray, 2x1
 * pixels, filled with their pts.
 */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure, StageFailure } from '../frames/source-failure.ts';

export const info = {
  format: 'gray',
  width: 2,
  height: 1,
  sampleAspectRatio: { num: 1, den: 1 },
  timeBase: { num: 1, den: 25 },
} as const;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const statsOf = (filter: string, frames: number): StageStats => ({
  kind: 'ffmpeg',
  ...{ filter, frames, seconds_wall: 0, seconds_busy: 0 },
});

export interface FakeSourceOptions {
  /** Frames that it gives; Infinity for one that goes on until it is told. */
  readonly count: number;
  readonly failAfter?: number;
  /** With which it ends after a failure. */
  readonly exitCode?: number;
  /** What failed in the frames of its input before its first frame. */
  readonly inputFailure?: Error;
  /** Whether a `quit` ends it in the middle of a frame. */
  readonly tears?: boolean;
}

/** A decoder; where it has an input it gives on the frames of that instead. */
export class FakeSource implements FrameSource {
  readonly frames: Promise<FrameStream>;
  readonly inputs: readonly Promise<unknown>[];
  readonly told: string[] = [];
  readonly #options: FakeSourceOptions;
  readonly #buffers: BufferPool;
  readonly #input: FrameStream | undefined;
  readonly #taken: Deferred<undefined> = createDeferred();
  readonly #ended: Deferred<number> = createDeferred();

  constructor(options: FakeSourceOptions, buffers: BufferPool, inputs: readonly FrameStream[]) {
    this.#options = options;
    this.#buffers = buffers;
    this.#input = inputs[0];
    this.inputs = inputs.map(() => this.#taken.promise);
    this.#taken.promise.catch(() => undefined);
    this.#ended.promise.catch(() => undefined);
    const { failAfter, exitCode = 0 } = options;
    this.frames = failAfter === 0 ? this.#failAtOnce(exitCode) : this.#stream();
  }

  get exitCode(): Promise<number> {
    return this.#ended.promise;
  }

  quit(): void {
    this.told.push('quit');
  }

  kill(): void {
    this.told.push('kill');
    this.#ended.reject(new Error('killed'));
  }

  stats(frames: number): readonly StageStats[] {
    return [statsOf('before', frames)];
  }

  async #failAtOnce(exitCode: number): Promise<FrameStream> {
    await turn();
    this.#taken.reject(this.#options.inputFailure);
    this.#ended.resolve(exitCode);
    throw new StageFailure('fake', exitCode);
  }

  #stream(): Promise<FrameStream> {
    const stop = (): void => {
      this.told.push('stop');
      this.#input?.stop();
    };
    return Promise.resolve({ info, frames: this.#input === undefined ? this.#made() : this.#passed(), stop });
  }

  async *#made(): AsyncGenerator<Frame, void, undefined> {
    const { count, failAfter, exitCode = 0, tears = false } = this.#options;
    for (let pts = 0; pts < count; pts++) {
      await turn();
      if (this.told.includes('kill')) throw new SourceFailure(new Error('killed'));
      if (this.told.includes('quit') && tears) {
        this.#ended.resolve(0);
        throw new SourceFailure(new Error('half a frame'));
      }
      if (this.told.length > 0) break;
      if (pts === failAfter) {
        this.#ended.resolve(exitCode);
        throw new SourceFailure(new Error('broken file'));
      }
      const frame = frameFromBuffer('gray', 2, 1, pts, this.#buffers.take(2));
      frame.data[0]!.fill(pts);
      yield frame;
    }
    this.#ended.resolve(0);
  }

  async *#passed(): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* this.#input!.frames;
      this.#taken.resolve(undefined);
      this.#ended.resolve(0);
    } catch (error) {
      this.#taken.reject(error);
      this.#ended.resolve(0);
      throw new SourceFailure(error);
    }
  }
}

export interface FakeSinkOptions {
  /** Frames of each input after which it wants no more. */
  readonly takes?: number;
  /** Whether it goes on after its inputs, with the film's sound, until it is asked to quit. */
  readonly hasSound?: boolean;
  readonly exitCode?: number;
}

/** An encoder that remembers the first pixel of each frame. */
export class FakeSink implements FrameSink {
  readonly encoded: number[][];
  readonly told: string[] = [];
  framesEncoded: number | undefined;
  readonly #options: FakeSinkOptions;
  readonly #buffers: BufferPool;
  readonly #ended: Deferred<number> = createDeferred();
  #open: number;

  constructor(options: FakeSinkOptions, buffers: BufferPool, inputs: number) {
    this.#options = options;
    this.#buffers = buffers;
    this.encoded = Array.from({ length: inputs }, () => []);
    this.#open = inputs;
    this.#ended.promise.catch(() => undefined);
  }

  get exitCode(): Promise<number> {
    return this.#ended.promise;
  }

  async accept(input: number, stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    const { takes = Infinity, hasSound = false } = this.#options;
    try {
      for await (const frame of stream.frames) {
        this.encoded[input]!.push(frame.data[0]![0]!);
        this.#buffers.give(frame.buffer);
        onFrame(frame);
        if (this.encoded[input]!.length === takes) break;
      }
    } finally {
      stream.stop();
      this.#open -= 1;
      if (this.#open === 0 && !hasSound) this.#end();
    }
  }

  quit(): Promise<void> {
    this.told.push('quit');
    this.#end();
    return Promise.resolve();
  }

  kill(): void {
    this.told.push('kill');
    this.#ended.reject(new Error('killed'));
  }

  stats(frames: number): readonly StageStats[] {
    return [statsOf('behind', frames)];
  }

  #end(): void {
    this.#ended.resolve(this.#options.exitCode ?? 0);
  }
}

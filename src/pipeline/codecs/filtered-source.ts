/** ffmpeg's filters behind another source: a source that gives what they make of its frames. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { FfmpegStages, RunningStage } from '../ffmpeg/ffmpeg-stages.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { framesOf, pumpFrames } from '../frames/frame-pump.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { StageFailure } from '../frames/source-failure.ts';
import type { PlannedFrames } from '../planning/planned-frames.ts';
import { DecoderFailure, decoderFailure } from './decoder-failure.ts';
import { checkFirst } from './decoder-gate.ts';

export interface FilteredSourceStart {
  /** Its frames are filtered. */
  readonly source: FrameSource;
  /** Stands before the filters' lines in the log. */
  readonly label: string;
  /** Of the pipes. */
  readonly name: string;
  readonly args: (pipes: { readonly input: string; readonly output: string }) => readonly string[];
  /** For the line of the statistics. */
  readonly filter: string;
  readonly given: PlannedFrames;
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
}

/** A failure of the source fails these frames too, behind those that the filters gave before. */
export function startFilteredSource(start: FilteredSourceStart): FrameSource {
  return new FilteredSource(start);
}

class FilteredSource implements FrameSource {
  readonly frames: Promise<FrameStream>;
  readonly inputs: readonly Promise<unknown>[] = [];
  readonly exitCode: Promise<number>;
  readonly #start: FilteredSourceStart;
  #stage: RunningStage | undefined;
  #failure: DecoderFailure | undefined;

  constructor(start: FilteredSourceStart) {
    this.#start = start;
    this.frames = this.#open();
    this.exitCode = this.frames.then(
      () => this.#stage!.exitCode,
      () => start.source.exitCode,
    );
    this.exitCode.catch(() => undefined); // whoever started it looks at it
  }

  quit(): void {
    // The filters end behind their frames.
    this.#start.source.quit();
  }

  kill(): void {
    this.#start.source.kill();
    this.#stage?.stage.kill();
  }

  stats(frames: number): ReturnType<FrameSource['stats']> {
    const { source, filter } = this.#start;
    return [
      ...source.stats(frames),
      ...(this.#stage === undefined ? [] : [this.#stage.stage.stats(filter, frames)]),
    ];
  }

  async #open(): Promise<FrameStream> {
    const { source, stages, buffers, name, label, given, args } = this.#start;
    const stream = await source.frames;
    const input: CorePipe = { name: `${name}-decoded`, direction: 'read', ring: stages.ring(stream.info) };
    const { pixelFormat: format, width, height } = given;
    const output: CorePipe = { name, direction: 'write', ring: stages.ring({ format, width, height }) };
    this.#stage = stages.start({
      label,
      args: args({ input: `${pipeFolder}/${input.name}`, output: `${pipeFolder}/${output.name}` }),
      pipes: [input, output],
    });
    const { exitCode } = this.#stage;
    const pumped = pumpFrames(this.#ending(stream), input.ring, buffers, () => undefined);
    pumped.catch(() => undefined); // the filters' frames fail then
    try {
      const filtered = await framesOf(output.ring, buffers);
      const stop = (): void => {
        filtered.stop();
        stream.stop();
      };
      const checked = this.#failing(filtered, pumped);
      const first = await checked.next();
      if (first.done !== true) this.#check(first.value, filtered.info.timeBase);
      return { ...filtered, stop, frames: withFirst(first, checked) };
    } catch (error) {
      stream.stop();
      if (this.#failure !== undefined) {
        this.#stage.stage.kill();
        throw this.#failure;
      }
      const code = await exitCode;
      throw code === 0 ? error : new StageFailure('ffmpeg', code);
    }
  }

  /** Filters that are told of the end make frames of what they hold back: after a failure they must not. */
  #ending(stream: FrameStream): FrameStream {
    const failed = (error: unknown): void => {
      if (!(error instanceof DecoderFailure)) return;
      this.#failure = error;
      this.#stage?.stage.kill();
    };
    async function* frames(): AsyncGenerator<Frame, void, undefined> {
      try {
        yield* stream.frames;
      } catch (error) {
        failed(error);
        throw error;
      }
    }
    return { ...stream, frames: frames() };
  }

  /** A first frame unlike ffmpeg's tells of filters that do something else to these frames. */
  #check(frame: Frame, { num, den }: Rational): void {
    const { checksum, firstPts, toneMap, timeBase } = this.#start.given;
    // The planning run knows nothing of a tone map yet.
    if (checksum === undefined || toneMap !== undefined) return;
    try {
      // The pipe begins at zero where times are below, and may have finer ticks.
      const pts = (frame.pts * num * timeBase.den) / (den * timeBase.num) + Math.min(0, firstPts);
      checkFirst({ pts, buffer: frame.buffer }, firstPts, checksum);
    } catch (error) {
      this.#start.buffers.give(frame.buffer);
      this.#failure = decoderFailure(error);
      throw error;
    }
  }

  async *#failing(filtered: FrameStream, pumped: Promise<unknown>): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* filtered.frames;
      await pumped;
    } catch (error) {
      throw this.#failure ?? error;
    }
  }
}

/** The frames of a stream of which the first was taken. */
async function* withFirst(
  first: IteratorResult<Frame, void>,
  rest: AsyncGenerator<Frame, void, undefined>,
): AsyncGenerator<Frame, void, undefined> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** A filter of a job that changes nothing: it lets a decoder or an encoder of the browser into a command. */
import { passPlace } from '../command/pass-filters.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { LocalFilterKind } from '../planning/local-filter.ts';
import type { FilterEngine, FilterStage, JobFilter, ParsedJobFilter } from './job-filter.ts';

/** Those of pass-filters.ts. */
export const passFilterKind: LocalFilterKind<ParsedJobFilter> = {
  recognises: (node) => passPlace(node) !== undefined,
  parse: (text, node) => ({ load: () => Promise.resolve(passFilter(text, passPlace(node) === 'head')) }),
};

/** @param mayStarve whether ffmpeg could do without it. */
function passFilter(text: string, mayStarve: boolean): JobFilter {
  const engine: FilterEngine = {
    ready: Promise.resolve(),
    sharesMemory: false,
    configure: () => Promise.resolve(new PassStage()),
    terminate: () => undefined,
  };
  return {
    text,
    pixelFormats: [],
    detects: false,
    ...(mayStarve ? { mayStarve } : {}),
    takes: () => true,
    linkBehind: (link) => link,
    start: () => engine,
  };
}

/** Counts the frames, which go on as they are. */
class PassStage implements FilterStage {
  readonly detects = false;
  readonly mostInFlight = 1;
  readonly memoryBytes = 0;
  readonly strayTensors = 0;
  #framesIn = 0;
  #firstIn: number | undefined;

  get framesIn(): number {
    return this.#framesIn;
  }

  get firstIn(): number | undefined {
    return this.#firstIn;
  }

  start(stream: FrameStream): FrameStream {
    return { ...stream, frames: this.#counted(stream) };
  }

  /** No filter of the user's, so no line. */
  stats(): readonly [] {
    return [];
  }

  terminate(): void {
    // Nothing runs.
  }

  async *#counted({ frames }: FrameStream): FrameStream['frames'] {
    for await (const frame of frames) {
      this.#firstIn ??= performance.now();
      this.#framesIn += 1;
      yield frame;
    }
  }
}

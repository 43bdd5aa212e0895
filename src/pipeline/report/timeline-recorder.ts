/** Who worked when in a job, for `onTimeline` and `-dnn_timeline`. */
import type { TimelineEvent, TimelineLane, TimelineSpan } from '../../workers/pipeline-api.ts';
import type { TimelineFile } from './timeline-file.ts';

/** How often spans are sent: each message costs the page a task. */
const sendEveryMs = 150;

/** Spans of one lane that lie closer than this are one, so that a fast job's timeline stays small. */
const joinedMs = 1;

/** Work in milliseconds of `performance.now()` of the pipeline worker. */
export interface WorkSpan {
  readonly start: number;
  readonly end: number;
}

/** One stage or worker of a timeline. */
export interface RecordedLane {
  /** @param frames that the work was for; 0 where that is not known. */
  add(span: WorkSpan, frames: number): void;
}

export interface TimelineRecorderOptions {
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
  /** Takes spans where somebody listens to them. */
  readonly send?: ((event: TimelineEvent) => void) | undefined;
  /** The file of `-dnn_timeline`. */
  readonly file?: TimelineFile | undefined;
}

export class TimelineRecorder {
  readonly #options: TimelineRecorderOptions;
  readonly #lanes: TimelineLane[] = [];
  readonly #sources: (() => void)[] = [];
  /** The last span of each lane: the next one may join it. */
  readonly #open: (TimelineSpan | undefined)[] = [];
  #waiting: TimelineSpan[] = [];
  #lanesSent = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(options: TimelineRecorderOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#collect();
      this.#send();
    }, sendEveryMs);
  }

  /** Adds a row below those that there are. */
  lane(kind: TimelineLane['kind'], label: string): RecordedLane {
    const lane = this.#lanes.push({ kind, label }) - 1;
    this.#open.push(undefined);
    return {
      add: (span, frames) => {
        this.#add(lane, span, frames);
      },
    };
  }

  /** A lane whose spans are asked for, a few times a second and once more at the end. */
  polledLane(kind: TimelineLane['kind'], label: string, takeSpans: () => readonly WorkSpan[]): void {
    const lane = this.lane(kind, label);
    this.#sources.push(() => {
      for (const span of takeSpans()) lane.add(span, 0);
    });
  }

  /** The rows of a filter's workers, also of one that never works: that is worth seeing. */
  workerLanes(filter: string, workers: number): (worker: number) => RecordedLane {
    const lanes = Array.from({ length: workers }, (_, worker) =>
      this.lane('dnn', `${filter}, worker ${worker + 1}`),
    );
    return (worker) => lanes[worker]!;
  }

  /**
   * Sends what is left, and completes the file.
   *
   * @param succeeded whether the command did; one that failed before anything was at work leaves
   * a file of that name as it was.
   * @throws what the file's target is rejected with
   */
  async finish(succeeded: boolean): Promise<void> {
    clearInterval(this.#timer);
    this.#collect();
    for (const lane of this.#open.keys()) this.#close(lane);
    this.#send();
    const { file } = this.#options;
    if (file !== undefined && (succeeded || !file.isEmpty)) await file.finish(this.#lanes);
  }

  #collect(): void {
    for (const take of this.#sources) take();
  }

  #add(lane: number, { start, end }: WorkSpan, frames: number): void {
    const { started } = this.#options;
    const last = this.#open[lane];
    const span = { lane, start: round(start - started), end: round(end - started), frames };
    if (last !== undefined && span.start - last.end < joinedMs && span.start >= last.start) {
      const joined = { ...last, end: Math.max(last.end, span.end), frames: last.frames + frames };
      this.#open[lane] = joined;
      return;
    }
    this.#close(lane);
    this.#open[lane] = span;
  }

  #close(lane: number): void {
    const span = this.#open[lane];
    if (span === undefined) return;
    this.#open[lane] = undefined;
    this.#options.file?.add(span);
    if (this.#options.send !== undefined) this.#waiting.push(span);
  }

  #send(): void {
    const { send } = this.#options;
    if (send === undefined || (this.#waiting.length === 0 && this.#lanesSent === this.#lanes.length)) return;
    this.#lanesSent = this.#lanes.length;
    send({ lanes: [...this.#lanes], spans: this.#waiting });
    this.#waiting = [];
  }
}

/** Microseconds are more than enough. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

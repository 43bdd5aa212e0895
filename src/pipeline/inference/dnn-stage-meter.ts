/** Counts and times what one DNN stage does, for `-dnn_stats`. */
import { median } from '../../base/median.ts';
import type { ExecutorStats } from '../../dnn/schedule/executor-stats.ts';
import type { RequestFigures } from '../../dnn/contract/request-figures.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { RecordedLane } from '../report/timeline-recorder.ts';
import { BusyClock } from './busy-clock.ts';

/** What the stage's figures are printed with. */
export interface DnnStageDescription {
  readonly filter: string;
  readonly backend: string;
  readonly device: string;
  readonly nireq: number;
  readonly batchSize: number;
}

export class DnnStageMeter {
  readonly #laneOf: ((worker: number) => RecordedLane) | undefined;
  readonly #busy = new BusyClock();
  readonly #executePerFrame: number[] = [];
  readonly #ioPerFrame: number[] = [];
  readonly #workerBytes = new Map<number, number>();
  #framesIn = 0;
  #framesOut = 0;
  #framesFailed = 0;
  #requests = 0;
  #retries = 0;
  #strayTensors = 0;
  #firstIn: number | undefined;
  #lastOut = 0;

  /** @param laneOf the timeline's row of a worker, where anybody wants to see it. */
  constructor(laneOf?: (worker: number) => RecordedLane) {
    this.#laneOf = laneOf;
  }

  frameIn(): void {
    this.#firstIn ??= performance.now();
    this.#framesIn += 1;
  }

  frameOut(): void {
    this.#framesOut += 1;
    this.#lastOut = performance.now();
  }

  /** A frame whose inference failed, whatever becomes of it. */
  frameFailed(): void {
    this.#framesFailed += 1;
  }

  /**
   * @param part of the request, which is counted once.
   * @returns an object whose `end()` marks the request's (or the part's) end, however it ended.
   */
  requestStarted(part = 0): { end(): void } {
    if (part === 0) this.#requests += 1;
    this.#busy.start();
    return {
      end: () => {
        this.#busy.stop();
      },
    };
  }

  /** @param parts into how many the request was split: a frame costs what all of them do, and this is one. */
  requestMeasured(
    { items, parts }: { readonly items: number; readonly parts: number },
    result: RequestFigures,
    worker: number,
  ): void {
    const end = performance.now();
    this.#laneOf?.(worker).add({ start: end - result.msExecute - result.msIo, end }, items);
    this.#executePerFrame.push((result.msExecute * parts) / items);
    this.#ioPerFrame.push((result.msIo * parts) / items);
    this.#workerBytes.set(worker, result.memoryBytes);
    this.#strayTensors = Math.max(this.#strayTensors, result.strayTensors);
  }

  executorEnded({ requestsRetried }: ExecutorStats): void {
    this.#retries = requestsRetried;
  }

  /** Most tensors that a worker held between two requests beside its weights: more than 0 is a leak. */
  get strayTensors(): number {
    return this.#strayTensors;
  }

  get framesIn(): number {
    return this.#framesIn;
  }

  get framesOut(): number {
    return this.#framesOut;
  }

  /** When the first frame came in, by `performance.now()`. */
  get firstIn(): number | undefined {
    return this.#firstIn;
  }

  /** Bytes that the stage's workers held when they last answered. */
  get memoryBytes(): number {
    return [...this.#workerBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  stats(description: DnnStageDescription): StageStats {
    return {
      kind: 'dnn',
      filter: description.filter,
      frames: this.#framesOut,
      seconds_wall: seconds(this.#firstIn === undefined ? 0 : Math.max(0, this.#lastOut - this.#firstIn)),
      seconds_busy: seconds(this.#busy.milliseconds),
      backend: description.backend,
      device: description.device,
      nireq: description.nireq,
      batch_size: description.batchSize,
      requests: this.#requests,
      retries: this.#retries,
      frames_failed: this.#framesFailed,
      ms_per_frame: round(median(this.#executePerFrame)),
      ms_io: round(median(this.#ioPerFrame)),
    };
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

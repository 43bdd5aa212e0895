/** Measures the first requests of a DNN stage and then chooses the size of its batches, once. */
import type { InferredFrames } from '../dnn/inference-runner.ts';
import { median } from './dnn-stage-meter.ts';

/** What the first requests have cost, in milliseconds: medians. */
export interface MeasuredRequests {
  /** In the backend, for each frame. */
  readonly msPerFrame: number;
  /** Between sending a request and its answer, beyond the work on its frames. */
  readonly msOverhead: number;
}

/** Requests that are measured; the first one of each worker is not, since the engine compiles while it runs. */
const measuredRequests = 6;

export class BatchTuner {
  readonly #choose: (measured: MeasuredRequests) => number;
  readonly #warmWorkers = new Set<number>();
  readonly #msPerFrame: number[] = [];
  readonly #msOverhead: number[] = [];
  #chosen: number | undefined;

  /** @param choose called once; its result is the batch size. */
  constructor(choose: (measured: MeasuredRequests) => number) {
    this.#choose = choose;
  }

  /** The batch size, once it is chosen. */
  get chosen(): number | undefined {
    return this.#chosen;
  }

  /** @param roundTripMs from sending the request to its answer, in a worker that had nothing else to do. */
  measure(
    worker: number,
    items: number,
    roundTripMs: number,
    { msExecute, msIo }: Pick<InferredFrames, 'msExecute' | 'msIo'>,
  ): void {
    if (this.#chosen !== undefined) return;
    if (!this.#warmWorkers.has(worker)) {
      this.#warmWorkers.add(worker);
      return;
    }
    this.#msPerFrame.push((msExecute + msIo) / items);
    this.#msOverhead.push(Math.max(0, roundTripMs - msExecute - msIo));
    if (this.#msOverhead.length < measuredRequests) return;
    this.#chosen = this.#choose({
      msPerFrame: median(this.#msPerFrame),
      msOverhead: median(this.#msOverhead),
    });
  }
}

/** Measures the first requests of a DNN stage and then chooses the size of its batches, once. */
import type { MeasuredRequest } from '../../dnn/tuning/execution-tuning.ts';
import type { RequestFigures } from '../../dnn/contract/request-figures.ts';

/**
 * Requests that are measured; the first one of each worker is not, since the engine compiles while it runs.
 */
const measuredRequests = 6;

export class BatchTuner {
  readonly #choose: (measured: readonly MeasuredRequest[]) => number;
  readonly #warmWorkers = new Set<number>();
  readonly #measured: MeasuredRequest[] = [];
  #chosen: number | undefined;

  /** @param choose called once; its result is the batch size. */
  constructor(choose: (measured: readonly MeasuredRequest[]) => number) {
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
    { msExecute, msIo }: Pick<RequestFigures, 'msExecute' | 'msIo'>,
  ): void {
    if (this.#chosen !== undefined) return;
    if (!this.#warmWorkers.has(worker)) {
      this.#warmWorkers.add(worker);
      return;
    }
    this.#measured.push({
      executePerFrame: msExecute / items,
      overhead: Math.max(0, roundTripMs - msExecute - msIo),
    });
    if (this.#measured.length === measuredRequests) this.#chosen = this.#choose(this.#measured);
  }
}

/**
 * What an Executor is told, and the checks of it; the options that FFmpeg keeps in its
 * backends' OVOptions and TFOptions.
 */
import { DnnError } from '../../base/errors.ts';

/** One call to the backend, as `execute` sees it. */
export interface InferenceRequest<Item> {
  /**
   * 0 … nireq − 1; one request at a time runs in a slot, so a slot can be one inference
   * worker (or one for each part).
   */
  readonly slot: number;
  /** Serial number of the request, counted from 1, for messages; a second try keeps it. */
  readonly serial: number;
  /** 1 … batchSize items in submission order. */
  readonly items: readonly Item[];
  /** Which of how many parts of the request this is, counted from 0; 0 of 1 where it is not split. */
  readonly part: number;
  readonly parts: number;
}

/** How a request is split into parts that run at the same time, each in a worker of its own. */
export interface RequestSplit<Item, Out> {
  /**
   * The items of each part: as many as the request has, in the same order, each reduced to what the part
   * computes of it. One part where the items cannot be split.
   */
  readonly split: (items: readonly Item[]) => readonly (readonly Item[])[];
  /**
   * Makes the outputs of the request of those of its parts, in the order of `split`: one per item. The
   * parts' outputs are given away.
   */
  readonly join: (parts: readonly (readonly Out[])[]) => readonly Out[];
}

/** Time, so that tests need none of it. */
export interface ExecutorClock {
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Calls back once, `ms` from now, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

export interface ExecutorOptions<In, Item, Out> {
  /** Number of requests that may run at the same time, at least 1. */
  readonly nireq: number;
  /** Most items of one request, at least 1. */
  readonly batchSize: number;
  /** False: one task at a time, each awaited, in slot 0. */
  readonly async: boolean;
  /**
   * Runs one request. Resolves to one output per item, in item order, and thereby gives the outputs away. The
   * items stay as they are, since it may be called for them again:
   *
   * - for each part, at the same time, where `parts` splits the request;
   * - where it rejects with a {@link RequestLost} that can be retried, once more with the same items;
   * - where it rejects with or throws anything else, once for each item alone, so that only the culprit
   *   fails; a request of one item has failed with that reason.
   *
   * @param signal aborts when the executor is closed; whoever ignores it has its outputs discarded.
   */
  readonly execute: (request: InferenceRequest<Item>, signal: AbortSignal) => Promise<readonly Out[]>;
  /** Splits requests; each runs whole without it. */
  readonly parts?: RequestSplit<Item, Out>;
  /** Takes back an output that nobody will be handed, such as one that arrives after an abort. */
  readonly discard?: (output: Out) => void;
  /**
   * Takes back the frame of a task that nobody will be handed: after a close,
   * and of a call that came too late.
   */
  readonly discardFrame?: (inFrame: In) => void;
  /** Closes the executor with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * A partial batch is started on its own once its oldest item has waited this long for it to be filled;
   * without it, only by `flush` and `end`. Bounds what a slow or live source waits for its frames.
   */
  readonly partialBatchAfterMs?: number;
  readonly clock?: ExecutorClock;
}

/** The clock of the real world. */
export const systemClock: ExecutorClock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** @throws DnnError `EINVAL` naming the option that is out of its range. */
export function checkExecutorOptions(
  options: Pick<ExecutorOptions<never, never, unknown>, 'nireq' | 'batchSize' | 'partialBatchAfterMs'>,
): void {
  const { nireq, batchSize, partialBatchAfterMs = 0 } = options;
  for (const [option, value] of Object.entries({ nireq, batch_size: batchSize })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new DnnError('EINVAL', `${option}=${value}: give a whole number of 1 or more.`, {
        option,
        value,
      });
    }
  }
  if (!(partialBatchAfterMs >= 0 && partialBatchAfterMs < Infinity)) {
    throw new DnnError(
      'EINVAL',
      `The wait for a full batch is ${partialBatchAfterMs} ms: give a time of 0 or more, or none to wait without limit.`,
      { value: partialBatchAfterMs },
    );
  }
}

/**
 * The one schedule of all backends, asynchronous and batched. FFmpeg writes it once in each backend
 * (libavfilter/dnn/dnn_backend_{tf,openvino,native}.c, dnn_backend_common.c) and polls it with a
 * sleep; here it is written once, and every change of state is followed by `#advance`, which takes
 * all steps that have become possible.
 *
 * The life of a task, with the FFmpeg functions that each station mirrors:
 *
 *    executeModel ──▶ #submissions    waits for room: back-pressure          (ff_dnn_execute_model_ov blocks)
 *                         ▼
 *    #acceptNext      taskQueue       all tasks not yet delivered, in order  (ff_dnn_fill_task)
 *                     lltaskQueue     its inferences, not yet started        (extract_lltask_from_task)
 *                         ▼
 *    #startRequest    requestQueue    an idle request takes up to batchSize  (execute_model_ov; for a partial
 *                         ▼           of them to the backend                  batch ff_dnn_flush_ov)
 *    #infer                           in parts where it can be split; again
 *                         ▼           after a lost worker, item by item
 *                                     after a failure
 *    #onInferCompletion               counts them done, or failed; the       (infer_completion_callback)
 *                         ▼           request is idle again
 *    #deliverHead     taskQueue       the head leaves once it is complete    (ff_dnn_get_result_common)
 *                         ▼
 *    results()                        submission order, whatever the order of completion
 *
 * Each station is a plain queue and each step looks at the queues only, so a step cannot be missed: it is
 * taken by the next `#advance`, whoever caused it.
 */
import { onAbort } from '../../base/abort.ts';
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import { DnnError } from '../../base/errors.ts';
import { Fifo } from '../../base/fifo.ts';
import { checkExecutorOptions, systemClock, type ExecutorOptions } from './executor-options.ts';
import { ExecutorMeter, type ExecutorStats } from './executor-stats.ts';
import type { LastLevelTaskItem } from './last-level-task-item.ts';
import { inferRequest, type InferOutcome } from './infer-request.ts';
import type { RequestItem } from './request-item.ts';
import { TaskItem, type TaskResult } from './task-item.ts';

/** One call of executeModel that has not resolved yet. */
interface Submission<In, Item, Out> {
  readonly task: TaskItem<In, Out>;
  readonly items: readonly Item[];
  readonly accepted: Deferred<undefined>;
}

/**
 * Runs tasks through `nireq` requests of `batchSize` inferences each, and gives the
 * results back in submission order.
 *
 * `In` is what identifies a task to the filter (a frame), `Item` what one inference is given (a frame, or a
 * frame and a box), `Out` what it gives back. The executor looks into none of them.
 *
 * Bounds, whatever the backend and the reader of the results do: `nireq` requests run; at most
 * `nireq * batchSize + batchSize - 1` inferences of accepted tasks are started or waiting; at
 * most `taskLimit` tasks are held altogether, those included that are finished and wait behind a
 * slow head or for a slow reader.
 *
 * A failed inference fails its task, which is delivered as failed in its place;
 * the reader decides what follows.
 */
export class Executor<In, Item, Out> {
  readonly #options: ExecutorOptions<In, Item, Out>;
  readonly #meter: ExecutorMeter;
  #batchSize: number;
  readonly #abortController = new AbortController();

  readonly #submissions = new Fifo<Submission<In, Item, Out>>();
  readonly #taskQueue = new Fifo<TaskItem<In, Out>>();
  readonly #lltaskQueue = new Fifo<LastLevelTaskItem<In, Item, Out>>();
  readonly #requestQueue = new Fifo<RequestItem<In, Item, Out>>();
  readonly #readers = new Fifo<Deferred<IteratorResult<TaskResult<In, Out>, undefined>>>();

  /** In the queues, but its executeModel has not resolved yet. */
  #accepting: Submission<In, Item, Out> | undefined;
  /**
   * Inferences handed to executeModel, and how many of them (the first ones, in order)
   * must not wait for a full batch.
   */
  #inferenceSubmitted = 0;
  #inferenceFlushed = 0;
  #hasEnded = false;
  #closed: { readonly reason: unknown } | undefined;
  #stopListening: () => void = () => undefined;
  /**
   * Runs while inferences wait for a full batch; since which request, so that each
   * start gives the rest a new wait.
   */
  #partialBatchTimer: { readonly since: number; readonly cancel: () => void } | undefined;

  /** @throws DnnError `EINVAL` for an option out of its range. */
  constructor(options: ExecutorOptions<In, Item, Out>) {
    checkExecutorOptions(options);
    this.#options = options;
    this.#meter = new ExecutorMeter(options.clock ?? systemClock);
    const { nireq, async } = options;
    this.#batchSize = options.batchSize;
    for (let slot = 0; slot < (async ? nireq : 1); slot++) {
      this.#requestQueue.push({ slot, serial: 0, lltasks: [] });
    }
    if (options.signal !== undefined) {
      this.#stopListening = onAbort(options.signal, (reason) => {
        this.close(reason);
      });
    }
  }

  get stats(): ExecutorStats {
    return this.#meter.stats();
  }

  /**
   * Most tasks between acceptance and delivery. Beyond what runs and waits there is room for one finished
   * task per running inference: that keeps all slots busy behind a head up to twice as slow as the rest.
   */
  get taskLimit(): number {
    const { nireq, async } = this.#options;
    return async ? 2 * nireq * this.#batchSize + this.#batchSize - 1 : 2;
  }

  /** Most items of one request. */
  get batchSize(): number {
    return this.#batchSize;
  }

  /**
   * Lets later requests carry more items, once the first ones have shown that it pays; the bounds grow with
   * it. A size that is not larger than today's changes nothing.
   */
  growBatch(batchSize: number): void {
    checkExecutorOptions({ ...this.#options, batchSize });
    this.#batchSize = Math.max(this.#batchSize, batchSize);
    this.#advance();
  }

  /**
   * Gives a frame and its inferences to the executor: one for the whole frame, or one per box, or none.
   *
   * Resolves when there is room for another: with `async`, when fewer than `batchSize` inferences are left
   * unstarted; without, when this task is complete. A failure of the task shows in `results` only. Calls that
   * overlap keep their order. The frame is the executor's from now on, also where the call is rejected:
   * `results` gives it back, else `discardFrame`. Nobody may touch it or `items` until then.
   *
   * @throws DnnError `EINVAL` after `end`; the reason of `close` (or of the signal) after or during that.
   */
  executeModel(inFrame: In, items: readonly Item[]): Promise<void> {
    const accepted = createDeferred<undefined>();
    if (this.#closed !== undefined) {
      this.#discardFrames([inFrame]);
      accepted.reject(this.#closed.reason);
    } else if (this.#hasEnded) {
      this.#discardFrames([inFrame]);
      accepted.reject(new DnnError('EINVAL', 'A frame came after the end of the stream: end() was called.'));
    } else {
      this.#submissions.push({ task: new TaskItem(inFrame, items.length), items, accepted });
      this.#inferenceSubmitted += items.length;
      this.#advance();
    }
    return accepted.promise;
  }

  /**
   * Starts what has been submitted and not started, as soon as a request is idle, in batches that
   * may be partial. Does not wait.
   */
  flush(): void {
    this.#inferenceFlushed = this.#inferenceSubmitted;
    this.#advance();
  }

  /** No more tasks will come: flushes, and `results` ends after the last of them. */
  end(): void {
    this.#hasEnded = true;
    this.flush();
  }

  /**
   * The results in submission order, pulled: an unread result occupies one of the `taskLimit` slots
   * of the queue. Feed and read at the same time, since a result may wait for later tasks to fill
   * its batch. Iterators share one stream of results, each result is given once. Leaving a
   * `for await` loop early closes the executor.
   *
   * @throws the reason of `close` (or of the signal) from `next`, unless all results were delivered before.
   */
  results(): AsyncIterableIterator<TaskResult<In, Out>, undefined> {
    let hasReturned = false;
    const iterator: AsyncIterableIterator<TaskResult<In, Out>, undefined> = {
      next: () => (hasReturned ? Promise.resolve({ done: true, value: undefined }) : this.#read()),
      return: () => {
        hasReturned = true;
        this.close(new DOMException('The reader of the results has stopped reading.', 'AbortError'));
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * Ends everything at once: callers of `executeModel` and readers of `results` are rejected with
   * `reason`, what is finished or still arrives is discarded. Nothing happens where all results were
   * delivered, or on a second call.
   */
  close(reason: unknown = new DOMException('The executor was closed.', 'AbortError')): void {
    if (this.#closed !== undefined) return;
    const submissions = this.#submissions.drain();
    const tasks = [...this.#taskQueue.drain(), ...submissions.map(({ task }) => task)];
    if (this.#hasEnded && tasks.length === 0 && this.#accepting === undefined) return;
    if (this.#accepting !== undefined) submissions.push(this.#accepting);

    this.#closed = { reason };
    this.#release();
    this.#accepting = undefined;
    this.#lltaskQueue.drain();
    for (const { accepted } of submissions) accepted.reject(reason);
    for (const reader of this.#readers.drain()) reader.reject(reason);
    for (const task of tasks) this.#discard(task.takeOutputs());
    this.#discardFrames(tasks.map(({ inFrame }) => inFrame));
    this.#abortController.abort(reason);
  }

  /**
   * Takes every step that is possible; after a close all queues are empty, so that none is. Room is made
   * first, and batches are filled before they are started.
   */
  #advance(): void {
    while (this.#deliverHead() || this.#acceptNext() || this.#startRequest());
    this.#watchPartialBatch();
    if (this.#hasEnded && this.#taskQueue.size === 0) {
      // No submission is left either: there would have been room for it.
      this.#release();
      for (const reader of this.#readers.drain()) reader.resolve({ done: true, value: undefined });
    }
  }

  #read(): Promise<IteratorResult<TaskResult<In, Out>, undefined>> {
    const reader = createDeferred<IteratorResult<TaskResult<In, Out>, undefined>>();
    if (this.#closed !== undefined) {
      reader.reject(this.#closed.reason);
    } else {
      this.#readers.push(reader);
      this.#advance();
    }
    return reader.promise;
  }

  /** @returns whether a reader was given the oldest task. */
  #deliverHead(): boolean {
    if (this.#readers.size === 0 || this.#taskQueue.peek()?.isComplete !== true) return false;
    const task = this.#taskQueue.shift()!;
    const result = task.result();
    this.#meter.onDelivered(result.ok);
    this.#readers.shift()!.resolve({ done: false, value: result });
    if (!result.ok) this.#discard(task.takeOutputs());
    return true;
  }

  /** @returns whether a call of executeModel got on: its task into the queues, or its promise resolved. */
  #acceptNext(): boolean {
    if (this.#accepting !== undefined) {
      const { task, accepted } = this.#accepting;
      const isAccepted = this.#options.async ? this.#lltaskQueue.size < this.#batchSize : task.isComplete;
      if (!isAccepted) return false;
      this.#accepting = undefined;
      accepted.resolve(undefined);
      return true;
    }
    if (this.#taskQueue.size >= this.taskLimit) return false;
    const submission = this.#submissions.shift();
    if (submission === undefined) return false;
    const { task, items } = submission;
    this.#taskQueue.push(task);
    items.forEach((item, index) => {
      this.#lltaskQueue.push({ task, index, item });
    });
    this.#accepting = submission;
    this.#meter.onAccepted(items.length);
    return true;
  }

  /** @returns whether a request took a batch to the backend. */
  #startRequest(): boolean {
    if (this.#requestQueue.size === 0 || !this.#isBatchDue()) return false;
    const request = this.#requestQueue.shift()!;
    const count = Math.min(this.#batchSize, this.#lltaskQueue.size);
    request.lltasks = Array.from({ length: count }, () => this.#lltaskQueue.shift()!);
    request.serial = this.#meter.onStarted(count);
    void this.#infer(request).then((outcomes) => {
      this.#onInferCompletion(request, outcomes);
    });
    return true;
  }

  #isBatchDue(): boolean {
    const unstarted = this.#lltaskQueue.size;
    if (unstarted === 0) return false;
    if (unstarted >= this.#batchSize || !this.#options.async) return true;
    if (this.#meter.inferenceStarted < this.#inferenceFlushed) return true;
    // Tasks without inferences can fill all of them behind a partial batch; then
    // nothing is left that could fill it.
    const isFull = this.#submissions.size > 0 && this.#taskQueue.size >= this.taskLimit;
    return isFull && this.#meter.requestsRunning === 0 && this.#taskQueue.peek()?.isComplete === false;
  }

  /** Runs one request to its end, whatever becomes of its first try; never rejects. */
  #infer({ slot, serial, lltasks }: RequestItem<In, Item, Out>): Promise<readonly InferOutcome<Out>[]> {
    const { execute, parts } = this.#options;
    const { signal } = this.#abortController;
    const items = lltasks.map((lltask) => lltask.item);
    return inferRequest<Item, Out>(
      { slot, serial, items, part: 0, parts: 1 },
      {
        execute: (request) => execute(request, signal),
        parts,
        discard: (outputs) => {
          this.#discard(outputs);
        },
        meter: this.#meter,
        signal,
      },
    );
  }

  /**
   * Counts every inference of a request, then the request is idle again: on success, on
   * failure and after a close alike.
   */
  #onInferCompletion(request: RequestItem<In, Item, Out>, outcomes: readonly InferOutcome<Out>[]): void {
    const { lltasks, serial } = request;
    request.lltasks = [];
    for (const [position, { task, index }] of lltasks.entries()) {
      const outcome = outcomes[position]!;
      if (outcome.ok) task.succeed(index, outcome.output);
      else task.fail(outcome.error, serial);
    }
    this.#meter.onCompleted(lltasks.length);
    this.#requestQueue.push(request);
    if (this.#closed !== undefined) for (const { task } of lltasks) this.#discard(task.takeOutputs());
    this.#advance();
  }

  /** Keeps a timer while inferences wait for their batch to be filled. */
  #watchPartialBatch(): void {
    const { partialBatchAfterMs, clock = systemClock } = this.#options;
    if (partialBatchAfterMs === undefined) return;
    const since = this.#meter.requestsStarted;
    const waits = this.#closed === undefined && this.#lltaskQueue.size > 0;
    if (waits && this.#partialBatchTimer?.since === since) return;
    this.#stopPartialBatchTimer();
    if (!waits) return;
    const cancel = clock.after(partialBatchAfterMs, () => {
      this.#partialBatchTimer = undefined;
      this.flush();
    });
    this.#partialBatchTimer = { since, cancel };
  }

  #stopPartialBatchTimer(): void {
    this.#partialBatchTimer?.cancel();
    this.#partialBatchTimer = undefined;
  }

  #discardFrames(inFrames: readonly In[]): void {
    const { discardFrame } = this.#options;
    if (discardFrame !== undefined) inFrames.forEach(discardFrame);
  }

  /**
   * Gives outputs back; a `discard` that throws closes the executor with its
   * exception, where it is not closed yet.
   */
  #discard(outputs: readonly Out[]): void {
    try {
      for (const output of outputs) this.#options.discard?.(output);
    } catch (error) {
      this.close(error);
    }
  }

  /** Nothing of the outside holds the executor any more. */
  #release(): void {
    this.#stopListening();
    this.#stopPartialBatchTimer();
  }
}

/** One frame on its way through the model; mirrors TaskItem of libavfilter/dnn/dnn_backend_common.h. */

/**
 * What a task came to, delivered in submission order; `request` is the serial number of
 * the request that failed first.
 */
export type TaskResult<In, Out> =
  | { readonly ok: true; readonly inFrame: In; readonly outputs: readonly Out[] }
  | { readonly ok: false; readonly inFrame: In; readonly error: unknown; readonly request: number };

/**
 * One call of `executeModel`: the frame, and how many of its inferences are to do and are done.
 *
 * A failed inference counts as done. FFmpeg leaves it uncounted, so that the task never completes, nothing
 * behind it leaves the queue, and the end of the stream is waited for in vain.
 */
export class TaskItem<In, Out> {
  readonly inFrame: In;
  readonly inferenceTodo: number;
  #inferenceDone = 0;
  #outputs: Out[];
  #failure: { readonly error: unknown; readonly request: number } | undefined;

  constructor(inFrame: In, inferenceTodo: number) {
    this.inFrame = inFrame;
    this.inferenceTodo = inferenceTodo;
    this.#outputs = new Array<Out>(inferenceTodo);
  }

  get inferenceDone(): number {
    return this.#inferenceDone;
  }

  /**
   * True at once for a task without inferences: a frame without boxes waits for its turn and nothing else.
   */
  get isComplete(): boolean {
    return this.#inferenceDone === this.inferenceTodo;
  }

  /** Counts inference `index` as done. The output is stored first: a complete task never lacks one. */
  succeed(index: number, output: Out): void {
    this.#outputs[index] = output;
    this.#inferenceDone += 1;
  }

  /** Counts one inference as done and the task as failed; the first error is the one that is reported. */
  fail(error: unknown, request: number): void {
    this.#failure ??= { error, request };
    this.#inferenceDone += 1;
  }

  /** What to hand to the filter once the task is complete. */
  result(): TaskResult<In, Out> {
    return this.#failure === undefined
      ? { ok: true, inFrame: this.inFrame, outputs: this.#outputs }
      : { ok: false, inFrame: this.inFrame, ...this.#failure };
  }

  /** Gives up the outputs that nobody will be handed: those of a failed task, or all when the job is over. */
  takeOutputs(): Out[] {
    const outputs = Object.values(this.#outputs); // without the holes of inferences that brought none
    this.#outputs = [];
    return outputs;
  }
}

/**
 * An executor over a fake backend, next to a model of what it must have done; each
 * step of a schedule is checked.
 */
import { Executor } from './executor.ts';
import type { RigSetup, Step } from './executor-steps.test-support.ts';
import { RequestModel, type Ending, type Item } from './executor-requests.test-support.ts';
import type { InferenceRequest } from './executor-options.ts';
import { RequestLost } from './request-lost.ts';
import type { TaskResult } from './task-item.ts';

/** One object per inference that succeeded, so that its whereabouts can be followed. */
interface Output extends Item {
  fate: 'on its way' | 'delivered' | 'discarded';
}

/** One call of the backend that runs. */
interface RunningCall extends InferenceRequest<Item> {
  resolve(outputs: readonly Output[]): void;
  reject(reason: unknown): void;
}

interface TaskRecord {
  fate: 'held' | 'delivered' | 'discarded';
  readonly todo: number;
  done: number;
  hasFailed: boolean;
  /** Its executeModel has resolved. */
  isAccepted: boolean;
}

/** The reason of every close, and the failure of every inference, that a schedule causes. */
export const closedBySchedule = new Error('closed by the schedule');
export const failedBySchedule = new Error('failed by the schedule');

/** Lets every promise that can run, run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isSame(items: readonly Item[], expected: readonly Item[]): boolean {
  return items.length === expected.length && items.every((item, position) => item === expected[position]);
}

function must(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`The executor broke a promise: ${promise}`);
}

export class ExecutorRig {
  readonly executor: Executor<number, Item, Output>;
  readonly #setup: RigSetup;
  readonly #controller = new AbortController();
  readonly #results: AsyncIterableIterator<TaskResult<number, Output>, undefined>;
  readonly #running: RunningCall[] = [];
  readonly #requests = new RequestModel((item, hasFailed) => {
    this.#count(item, hasFailed);
  });
  readonly #outputs: Output[] = [];
  readonly #tasks: TaskRecord[] = [];
  /** Items in submission order that have not reached the backend. */
  readonly #unstarted: Item[] = [];
  readonly #violations: unknown[] = [];
  readonly #rejections: unknown[] = [];
  #timers: (() => void)[] = [];
  #submittedItems = 0;
  #flushedItems = 0;
  #startedItems = 0;
  #batchSize: number;
  #pendingSubmissions = 0;
  #pendingReads = 0;
  #delivered = 0;
  #ends = 0;
  #hasEnded = false;
  #throwsNext = false;
  isClosed = false;

  constructor(setup: RigSetup) {
    this.#setup = setup;
    this.#batchSize = setup.batchSize;
    this.executor = new Executor({
      ...setup,
      execute: (request, signal) => this.#execute(request, signal),
      discard: (output) => {
        this.#record(() => {
          must(output.fate === 'on its way', 'an output is discarded once, and not after its delivery');
        });
        output.fate = 'discarded';
      },
      discardFrame: (number) => {
        this.#record(() => {
          must(this.isClosed, 'frames are taken back after a close only');
          this.#setFate(number, 'discarded');
        });
      },
      signal: this.#controller.signal,
      clock: {
        now: () => this.#startedItems,
        after: (_ms, callback) => {
          this.#timers.push(callback);
          return () => {
            this.#timers = this.#timers.filter((timer) => timer !== callback);
          };
        },
      },
    });
    this.#results = this.executor.results();
  }

  /** Takes a step, and checks what must hold at any moment, or after all promises have run. */
  async take(step: Step): Promise<void> {
    this.#do(step);
    if (step.settles) {
      await settle();
      this.#checkSettled();
    }
    this.#checkBounds();
    if (this.#violations.length > 0) throw this.#violations[0];
  }

  /** Ends the stream, lets everything finish, and checks that every task came out. */
  async finish(): Promise<void> {
    await this.take({ kind: 'end', pick: 0, items: 0, settles: true });
    for (let turns = 0; !this.isClosed && this.#ends === 0; turns++) {
      must(turns < 1000, 'the stream ends');
      await this.take({ kind: 'read', pick: 0, items: 0, settles: true });
      await this.take({ kind: 'succeed', pick: turns, items: 0, settles: true });
    }
    while (this.#running.length > 0) {
      this.#endCall('succeed', 0);
      await settle();
    }
    if (this.#violations.length > 0) throw this.#violations[0];
    this.#checkEnd();
  }

  #do({ kind, pick, items }: Step): void {
    switch (kind) {
      case 'submit':
        if (!this.#hasEnded && !this.isClosed) this.#submit(items);
        break;
      case 'succeed':
      case 'fail':
      case 'miscount':
      case 'lose':
      case 'lose for good':
        this.#endCall(kind, pick);
        break;
      case 'grow':
        this.#batchSize = Math.max(this.#batchSize, pick + 1);
        this.executor.growBatch(pick + 1);
        break;
      case 'throw next':
        this.#throwsNext = true;
        break;
      case 'read':
        this.#read();
        break;
      case 'flush':
        this.#flushedItems = this.#submittedItems;
        this.executor.flush();
        break;
      case 'elapse':
        if (this.#timers.length > 0) this.#flushedItems = this.#submittedItems;
        for (const timer of this.#timers.splice(0)) timer();
        break;
      case 'end':
        this.#hasEnded = true;
        this.#flushedItems = this.#submittedItems;
        this.executor.end();
        break;
      case 'abort':
      case 'close':
        this.isClosed ||= !(this.#hasEnded && this.executor.stats.tasksDelivered === this.#tasks.length);
        if (this.isClosed) this.#requests.close(this.#running.map(({ slot }) => slot));
        if (kind === 'abort') this.#controller.abort(closedBySchedule);
        else this.executor.close(closedBySchedule);
    }
  }

  #submit(count: number): void {
    const task: TaskRecord = { fate: 'held', todo: count, done: 0, hasFailed: false, isAccepted: false };
    const items = Array.from({ length: count }, (_, index) => ({ task: this.#tasks.length, index }));
    this.#tasks.push(task);
    this.#unstarted.push(...items);
    this.#submittedItems += count;
    this.#pendingSubmissions += 1;
    this.executor.executeModel(this.#tasks.length - 1, items).then(
      () => {
        this.#pendingSubmissions -= 1;
        task.isAccepted = true;
      },
      (reason: unknown) => {
        this.#pendingSubmissions -= 1;
        this.#rejections.push(reason);
      },
    );
  }

  #read(): void {
    this.#pendingReads += 1;
    this.#results.next().then(
      ({ done, value }) => {
        this.#pendingReads -= 1;
        if (done === true) this.#ends += 1;
        else {
          this.#record(() => {
            this.#onResult(value);
          });
        }
      },
      (reason: unknown) => {
        this.#pendingReads -= 1;
        this.#rejections.push(reason);
      },
    );
  }

  #execute(request: InferenceRequest<Item>, signal: AbortSignal): Promise<readonly Output[]> {
    this.#record(() => {
      must(!signal.aborted && !this.isClosed, 'nothing starts after a close');
      const { slot, items } = request;
      must(!this.#running.some((other) => other.slot === slot), 'a slot runs one call at a time');
      const expected = this.#requests.expectedCall(slot);
      if (expected === undefined) this.#checkRequest(request);
      else
        must(isSame(items, expected), 'a second try has the same items, a run after a failure one of them');
    });
    if (this.#requests.start(request.slot, request.items)) this.#startedItems += request.items.length;
    if (this.#throwsNext) {
      this.#throwsNext = false;
      this.#requests.endCall(request.slot, request.items, 'fail');
      throw failedBySchedule;
    }
    return new Promise((resolve, reject) => {
      this.#running.push({ ...request, resolve, reject });
    });
  }

  #checkRequest({ items, slot }: InferenceRequest<Item>): void {
    const { nireq, async } = this.#setup;
    must(slot < (async ? nireq : 1), 'slots are 0 … nireq - 1, only 0 without async');
    must(items.length > 0 && items.length <= this.#batchSize, 'a request carries 1 … batchSize items');
    const expected = this.#unstarted.splice(0, items.length);
    must(isSame(items, expected), 'items start once each, in submission order');
    if (items.length < this.#batchSize && async && this.#startedItems >= this.#flushedItems) {
      const isOnlyWay = this.#requests.size === 0 && this.#held() === this.executor.taskLimit;
      must(
        isOnlyWay && !this.#isHeadDone(),
        'a partial batch waits for a flush while it can still be filled',
      );
    }
  }

  #endCall(ending: Ending, pick: number): void {
    const [call] = this.#running.splice(pick % Math.max(1, this.#running.length), 1);
    if (call === undefined) return;
    this.#requests.endCall(call.slot, call.items, ending);
    if (ending === 'fail') {
      call.reject(failedBySchedule);
    } else if (ending === 'lose' || ending === 'lose for good') {
      call.reject(new RequestLost('died', ending === 'lose', 'lost by the schedule'));
    } else {
      const outputs = call.items.map((item): Output => ({ ...item, fate: 'on its way' }));
      if (ending === 'miscount') outputs.pop();
      this.#outputs.push(...outputs);
      call.resolve(outputs);
    }
  }

  #count(item: Item, hasFailed: boolean): void {
    const task = this.#tasks[item.task]!;
    task.done += 1;
    task.hasFailed ||= hasFailed;
  }

  #onResult(result: TaskResult<number, Output>): void {
    must(result.inFrame === this.#delivered, 'every task is delivered once, in submission order');
    this.#setFate(result.inFrame, 'delivered');
    const { todo, done, hasFailed } = this.#tasks[this.#delivered]!;
    this.#delivered += 1;
    must(done === todo, 'a task is delivered when all its inferences are done');
    must(
      result.ok === !hasFailed,
      'a task is delivered as failed when, and only when, one of its inferences failed',
    );
    if (!result.ok) return;
    must(result.outputs.length === todo, 'a task has one output per inference');
    result.outputs.forEach((output, index) => {
      must(output.task === result.inFrame && output.index === index, 'an output belongs to its inference');
      must(output.fate === 'on its way', 'an output is delivered once');
      output.fate = 'delivered';
    });
  }

  #setFate(number: number, fate: 'delivered' | 'discarded'): void {
    const task = this.#tasks[number]!;
    must(task.fate === 'held', 'a frame has one fate');
    task.fate = fate;
  }

  #checkBounds(): void {
    const { nireq, async } = this.#setup;
    const batchSize = this.#batchSize;
    const { stats, taskLimit } = this.executor;
    must(this.#held() <= taskLimit, 'at most taskLimit tasks are held');
    must(stats.requestsRunning <= (async ? nireq : 1), 'at most nireq requests run');
    must(stats.inferenceDone <= stats.inferenceStarted, 'done ≤ started');
    must(stats.inferenceStarted <= stats.inferenceTodo, 'started ≤ todo');
    let unfinished = 0;
    for (const { isAccepted, todo, done } of this.#tasks) if (isAccepted) unfinished += todo - done;
    must(
      unfinished <= (async ? nireq * batchSize + batchSize - 1 : 0),
      'executeModel resolves when there is room, without async when its task is complete',
    );
  }

  /** Nothing that can be done is left undone. */
  #checkSettled(): void {
    const { stats, taskLimit } = this.executor;
    must(
      stats.requestsRunning === this.#running.length,
      'the count of running requests is that of the backend',
    );
    if (this.isClosed) {
      must(this.#pendingReads === 0 && this.#pendingSubmissions === 0, 'nothing waits after a close');
      return;
    }
    const { nireq, async } = this.#setup;
    const batchSize = this.#batchSize;
    const waiting = stats.inferenceTodo - stats.inferenceStarted;
    const isDue = waiting > 0 && (!async || waiting >= batchSize || this.#startedItems < this.#flushedItems);
    must(
      !isDue || this.#running.length === (async ? nireq : 1),
      'a batch that is due starts where a request is idle',
    );
    must(this.#pendingReads === 0 || !this.#isHeadDone(), 'a complete head is delivered to a waiting reader');
    must(
      this.#pendingSubmissions === 0 ||
        this.#held() === taskLimit ||
        (async ? waiting >= batchSize : this.#tasks.some(({ todo, done }) => done < todo)),
      'executeModel waits only where there is no room',
    );
    const canGetOn = this.#running.length > 0 || this.#isHeadDone();
    must(this.#pendingSubmissions === 0 || canGetOn, 'executeModel waits only for a request or a reader');
    const isOver = this.#hasEnded && this.#delivered === this.#tasks.length;
    must(this.#pendingReads === 0 || !isOver, 'results end after the last task');
    must(this.#ends === 0 || isOver, 'results do not end before the last task');
  }

  #checkEnd(): void {
    const { stats } = this.executor;
    must(stats.requestsRunning === 0, 'no request is left running');
    must(this.#pendingReads === 0 && this.#pendingSubmissions === 0, 'nobody is left waiting');
    must(
      this.#outputs.every(({ fate }) => fate !== 'on its way'),
      'every output is delivered or discarded',
    );
    must(
      this.#tasks.every(({ fate }) => fate !== 'held'),
      'every frame is delivered or taken back',
    );
    must(
      this.#rejections.every((reason) => this.isClosed && reason === closedBySchedule),
      'waits are rejected by a close only, and with its reason',
    );
    must(stats.inferenceDone === this.#startedItems, 'what was started is counted as done');
    if (this.isClosed) return;
    must(
      stats.requestsRetried === this.#requests.retries,
      'a request whose worker was lost is tried once more',
    );
    must(stats.requestsSplit === this.#requests.splits, 'a batch that failed is run item by item');
    must(this.#delivered === this.#tasks.length, 'every task is delivered');
    must(
      stats.tasksFailed === this.#tasks.filter((task) => task.hasFailed).length,
      'failed tasks are counted',
    );
    must(stats.inferenceDone === this.#submittedItems, 'every inference is run');
  }

  #held(): number {
    return this.executor.stats.tasksAccepted - this.executor.stats.tasksDelivered;
  }

  #isHeadDone(): boolean {
    const head = this.#tasks[this.executor.stats.tasksDelivered];
    return head !== undefined && head.done === head.todo;
  }

  /** Errors inside the executor's callbacks would count as the backend's: kept, and thrown by `take`. */
  #record(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.#violations.push(violation);
    }
  }
}

/** What an executor counts while it runs. */
import type { ExecutorClock } from './executor-options.ts';

/** A snapshot of the counters. */
export interface ExecutorStats {
  /** Tasks taken into the queues, and of those how many were delivered, and delivered as failed. */
  readonly tasksAccepted: number;
  readonly tasksDelivered: number;
  readonly tasksFailed: number;
  /**
   * Sums over all tasks: inferences to do, those given to the backend, and those that came back or failed.
   */
  readonly inferenceTodo: number;
  readonly inferenceStarted: number;
  readonly inferenceDone: number;
  /**
   * Requests: all, those that were tried again after their worker was lost, those run again item
   * by item, and those that run now.
   */
  readonly requestsStarted: number;
  readonly requestsRetried: number;
  readonly requestsSplit: number;
  readonly requestsRunning: number;
  /** Milliseconds during which at least one request ran. */
  readonly busyMs: number;
}

/** Keeps the counters of one executor. */
export class ExecutorMeter {
  readonly #clock: ExecutorClock;
  #tasksAccepted = 0;
  #tasksDelivered = 0;
  #tasksFailed = 0;
  #inferenceTodo = 0;
  #inferenceStarted = 0;
  #inferenceDone = 0;
  #requestsStarted = 0;
  #requestsRetried = 0;
  #requestsSplit = 0;
  #requestsRunning = 0;
  /** Of the intervals that are over. */
  #busyMs = 0;
  #busySince = 0;

  constructor(clock: ExecutorClock) {
    this.#clock = clock;
  }

  get inferenceStarted(): number {
    return this.#inferenceStarted;
  }

  get requestsStarted(): number {
    return this.#requestsStarted;
  }

  get requestsRunning(): number {
    return this.#requestsRunning;
  }

  onAccepted(inferences: number): void {
    this.#tasksAccepted += 1;
    this.#inferenceTodo += inferences;
  }

  onDelivered(ok: boolean): void {
    this.#tasksDelivered += 1;
    if (!ok) this.#tasksFailed += 1;
  }

  /** @returns the serial number of the request that starts. */
  onStarted(inferences: number): number {
    if (this.#requestsRunning === 0) this.#busySince = this.#clock.now();
    this.#requestsRunning += 1;
    this.#requestsStarted += 1;
    this.#inferenceStarted += inferences;
    return this.#requestsStarted;
  }

  onCompleted(inferences: number): void {
    this.#requestsRunning -= 1;
    this.#inferenceDone += inferences;
    if (this.#requestsRunning === 0) this.#busyMs += this.#clock.now() - this.#busySince;
  }

  onRetried(): void {
    this.#requestsRetried += 1;
  }

  onSplit(): void {
    this.#requestsSplit += 1;
  }

  stats(): ExecutorStats {
    const openMs = this.#requestsRunning > 0 ? this.#clock.now() - this.#busySince : 0;
    return {
      tasksAccepted: this.#tasksAccepted,
      tasksDelivered: this.#tasksDelivered,
      tasksFailed: this.#tasksFailed,
      inferenceTodo: this.#inferenceTodo,
      inferenceStarted: this.#inferenceStarted,
      inferenceDone: this.#inferenceDone,
      requestsStarted: this.#requestsStarted,
      requestsRetried: this.#requestsRetried,
      requestsSplit: this.#requestsSplit,
      requestsRunning: this.#requestsRunning,
      busyMs: this.#busyMs + openMs,
    };
  }
}

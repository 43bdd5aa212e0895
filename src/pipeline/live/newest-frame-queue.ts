/**
 * The schedule of live video: newest frame wins. Nothing piles up, so that what is shown stays
 * current however slow the work is.
 */
import { createDeferred, type Deferred } from '../../base/deferred.ts';

export interface NewestFrameQueueOptions<In, Out> {
  /** Frames that may be worked on at the same time, at least 1; asked before each start. */
  readonly most: () => number;
  /**
   * Works on a frame, which it takes over.
   *
   * @param slot 0 … `most` − 1; no two frames have the same one at the same time.
   * @returns what to show; undefined where nothing is. Never rejects.
   */
  readonly run: (frame: In, slot: number) => Promise<Out | undefined>;
  /** Takes over a result, each newer than the one before. */
  readonly show: (result: Out) => void;
  /** Takes back a frame that is not worked on. */
  readonly drop: (frame: In) => void;
  /** Takes back a result that is not shown. */
  readonly discard: (result: Out) => void;
}

/** How many frames came, and what became of them; the rest is on its way. */
export interface FrameCounts {
  readonly framesIn: number;
  readonly framesShown: number;
  /** Not shown, for whatever reason. */
  readonly framesDropped: number;
}

/** A frame that has been started and not been left behind. */
interface Started<Out> {
  readonly slot: number;
  isDone: boolean;
  result: Out | undefined;
  isGivenUp: boolean;
}

/** A frame waits for an older one to be shown first, until so many newer ones wait for that one. */
const overtakenBy = 2;

/**
 * Takes frames as they come. While all workers are busy one frame waits, the newest; the one that
 * waited before is dropped. Results are shown in the order of their frames, none twice and none
 * behind a newer one: a result waits for older frames that are still worked on, but one that hangs
 * is given up once two newer ones are done.
 *
 * So with work of at most S ms per frame a frame is shown at most 2 S ms after it came, or never.
 */
export class NewestFrameQueue<In, Out> {
  readonly #options: NewestFrameQueueOptions<In, Out>;
  #waiting: { readonly frame: In } | undefined;
  #started: Started<Out>[] = [];
  readonly #slots = new Set<number>();
  #framesIn = 0;
  #framesShown = 0;
  #framesDropped = 0;
  #isClosed = false;
  #idle: Deferred<undefined> | undefined;

  constructor(options: NewestFrameQueueOptions<In, Out>) {
    this.#options = options;
  }

  get counts(): FrameCounts {
    const [framesIn, framesShown, framesDropped] = [this.#framesIn, this.#framesShown, this.#framesDropped];
    return { framesIn, framesShown, framesDropped };
  }

  /** Frames that are worked on. */
  get running(): number {
    return this.#slots.size;
  }

  /** Takes a frame over. After `close` it is dropped. */
  push(frame: In): void {
    this.#framesIn += 1;
    this.#dropWaiting();
    this.#waiting = { frame };
    if (this.#isClosed) this.#dropWaiting();
    else this.#start();
  }

  /** Drops the frame that waits; those that are worked on go on. */
  clear(): void {
    this.#dropWaiting();
  }

  /** Shows nothing more. @returns when no frame is worked on any more. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#dropWaiting();
    for (const started of this.#started.splice(0)) {
      if (started.isDone) this.#leave(started);
      else started.isGivenUp = true;
    }
    this.#idle ??= createDeferred();
    this.#settleIdle();
    return this.#idle.promise;
  }

  #dropWaiting(): void {
    if (this.#waiting === undefined) return;
    const { frame } = this.#waiting;
    this.#waiting = undefined;
    this.#framesDropped += 1;
    this.#options.drop(frame);
  }

  #start(): void {
    if (this.#waiting === undefined || this.#slots.size >= this.#options.most()) return;
    const { frame } = this.#waiting;
    this.#waiting = undefined;
    let slot = 0;
    while (this.#slots.has(slot)) slot++;
    this.#slots.add(slot);
    const started: Started<Out> = { slot, isDone: false, result: undefined, isGivenUp: false };
    this.#started.push(started);
    void this.#options.run(frame, slot).then((result) => {
      this.#done(started, result);
    });
  }

  #done(started: Started<Out>, result: Out | undefined): void {
    this.#slots.delete(started.slot);
    started.isDone = true;
    started.result = result;
    if (started.isGivenUp) this.#leave(started);
    else this.#show();
    this.#start();
    this.#settleIdle();
  }

  /** Shows the newest result that waits for no older frame. */
  #show(): void {
    this.#giveUpOvertaken();
    const busy = this.#started.findIndex(({ isDone }) => !isDone);
    const done = this.#started.splice(0, busy < 0 ? this.#started.length : busy);
    const newest = done.findLast(({ result }) => result !== undefined);
    for (const started of done) if (started !== newest) this.#leave(started);
    if (newest?.result === undefined) return;
    this.#framesShown += 1;
    this.#options.show(newest.result);
  }

  #giveUpOvertaken(): void {
    for (;;) {
      const busy = this.#started.findIndex(({ isDone }) => !isDone);
      if (busy < 0 || this.#started.slice(busy).filter(({ isDone }) => isDone).length < overtakenBy) return;
      for (const started of this.#started.splice(busy, 1)) started.isGivenUp = true;
    }
  }

  /** Counts a frame that is not shown. */
  #leave({ result }: Started<Out>): void {
    this.#framesDropped += 1;
    if (result !== undefined) this.#options.discard(result);
  }

  #settleIdle(): void {
    if (this.#slots.size === 0) this.#idle?.resolve(undefined);
  }
}

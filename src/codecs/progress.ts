/** Waits for something that others bring about, and notices where nothing happens any more. */
import { createDeferred } from '../base/deferred.ts';

const tickMs = 500;

/** What happens to a codec, for those who wait for its next state. */
export class Progress {
  readonly #waiting = new Set<(passedMs: number) => void>();

  /** Something has happened: those who wait look again. */
  made(): void {
    for (const look of this.#waiting) look(0);
  }

  /**
   * Time is counted in ticks of this thread, and a tick that comes late counts as one: a machine that slept,
   * or a tab that was frozen, makes nothing hung. Each tick looks too, should nobody tell.
   *
   * @param limitMs after which without anything that happens it is given up.
   * @returns whether it is reached.
   */
  until(isReached: () => boolean, limitMs: number): Promise<boolean> {
    if (isReached()) return Promise.resolve(true);
    const { promise, resolve } = createDeferred<boolean>();
    let quietMs = 0;
    const look = (passedMs: number): void => {
      quietMs = passedMs === 0 ? 0 : quietMs + passedMs;
      const isOver = isReached();
      if (!isOver && quietMs < limitMs) return;
      clearInterval(timer);
      this.#waiting.delete(look);
      resolve(isOver);
    };
    const timer = setInterval(look, tickMs, tickMs);
    this.#waiting.add(look);
    return promise;
  }
}

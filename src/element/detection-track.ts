/** What was detected in a file, by time. */
import type { DetectionsEvent } from '../index.ts';

/** Players round the time of a frame; in seconds. */
const rounding = 0.002;

/** After the last frame, or in a gap where no filter saw the frames, boxes stay for as long; in seconds. */
const longestFrame = 2;

export class DetectionTrack {
  /** In the order of their time. */
  readonly #events: DetectionsEvent[] = [];

  get length(): number {
    return this.#events.length;
  }

  /** What a second filter says of a frame takes the place of what the first said. */
  add(event: DetectionsEvent): void {
    const after = this.#after(event.time);
    const before = this.#events[after - 1];
    if (before !== undefined && before.pts === event.pts) this.#events[after - 1] = event;
    else this.#events.splice(after, 0, event);
  }

  /** What was detected in the frame that is seen at a time in seconds; undefined before the first. */
  at(seconds: number): DetectionsEvent | undefined {
    const event = this.#events[this.#after(seconds + rounding) - 1];
    return event === undefined || seconds - event.time > longestFrame ? undefined : event;
  }

  /** Index behind the last event that is not later than a time. */
  #after(seconds: number): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.time <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How busy a codec of the browser was, and what it holds. */
import type { CodecWork } from '../../codecs/codec-contract.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { RecordedLane } from '../report/timeline-recorder.ts';

export class CodecMeter {
  readonly #kind: 'decode' | 'encode';
  readonly #lane: RecordedLane | undefined;
  #first: number | undefined;
  #last = 0;
  #busyMs = 0;
  #heldBytes = 0;

  /** @param lane its row of the timeline, where there is one. */
  constructor(kind: 'decode' | 'encode', lane: RecordedLane | undefined) {
    this.#kind = kind;
    this.#lane = lane;
  }

  /** Bytes of frames that it held at the end of its last call. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** A call has ended. @param frames that it was for. */
  worked({ start, end, heldBytes }: CodecWork, frames: number): void {
    // Calls are served one after another: their times do not overlap.
    const span = { start: start - performance.timeOrigin, end: end - performance.timeOrigin };
    this.#first ??= span.start;
    this.#last = span.end;
    this.#busyMs += end - start;
    this.#heldBytes = heldBytes;
    this.#lane?.add(span, frames);
  }

  /** It is closed. */
  closed(): void {
    this.#heldBytes = 0;
  }

  /** @param frames that it gave on. */
  stats(filter: string, frames: number): StageStats {
    return {
      ...{ kind: this.#kind, filter, frames },
      seconds_wall: seconds(this.#last - (this.#first ?? this.#last)),
      seconds_busy: seconds(this.#busyMs),
    };
  }
}

const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;

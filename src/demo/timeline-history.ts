/** Keeps who worked when: the last seconds span by span, the whole job in pieces whose number is bounded. */
import type { TimelineEvent, TimelineLane } from '../workers/pipeline-api.ts';
import { Coverage, type Span } from './coverage.ts';

/** Milliseconds of the job that are drawn while it runs. */
export const recentMs = 10_000;

/** More than a screen has pixels across a lane. */
const pieces = 2048;
const firstPieceMs = 8;

class LaneHistory {
  /** Those that reach into the last `recentMs`. */
  recent: Span[] = [];
  readonly whole = new Coverage(0, firstPieceMs, pieces);
}

export class TimelineHistory {
  #lanes: readonly TimelineLane[] = [];
  #histories: LaneHistory[] = [];
  #latest = 0;

  /** In the order of the events' lanes. */
  get lanes(): readonly TimelineLane[] {
    return this.#lanes;
  }

  /**
   * End of the last work that is known, in milliseconds since the command was given; 0 where there is none.
   */
  get latest(): number {
    return this.#latest;
  }

  add({ lanes, spans }: TimelineEvent): void {
    this.#lanes = lanes;
    while (this.#histories.length < lanes.length) this.#histories.push(new LaneHistory());
    for (const { lane, start, end } of spans) {
      const history = this.#histories[lane];
      if (history === undefined) throw new RangeError(`A span is of lane ${lane}, of ${lanes.length} lanes.`);
      this.#latest = Math.max(this.#latest, end);
      while (end > history.whole.to) history.whole.widen();
      history.whole.add({ start, end });
      history.recent.push({ start, end });
    }
    const oldest = this.#latest - recentMs;
    for (const history of this.#histories) history.recent = history.recent.filter(({ end }) => end > oldest);
  }

  clear(): void {
    this.#lanes = [];
    this.#histories = [];
    this.#latest = 0;
  }

  /**
   * How a lane worked in the last `recentMs`, in as many pieces; from the
   * command's start where that is later.
   */
  recent(lane: number, columns: number): Coverage {
    const from = Math.max(0, this.#latest - recentMs);
    const coverage = new Coverage(from, recentMs / columns, columns);
    for (const span of this.#histories[lane]?.recent ?? []) coverage.add(span);
    return coverage;
  }

  /** How a lane worked from the command's start on; at least up to `latest`. Belongs to the history. */
  whole(lane: number): Coverage {
    return this.#histories[lane]?.whole ?? new Coverage(0, firstPieceMs, pieces);
  }
}

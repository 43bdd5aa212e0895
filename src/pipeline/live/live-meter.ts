/** The figures of live video: what happened within the last second. */
import { median } from '../../base/median.ts';
import { DnnStageMeter } from '../inference/dnn-stage-meter.ts';

const spanMs = 1000;

interface Moment {
  readonly at: number;
  readonly value: number;
}

/** Values of the last second. */
class LastSecond {
  #moments: Moment[] = [];

  add(at: number, value: number): void {
    this.#moments.push({ at, value });
    this.#forget(at);
  }

  values(now: number): number[] {
    this.#forget(now);
    return this.#moments.map(({ value }) => value);
  }

  #forget(now: number): void {
    if (this.#moments[0] === undefined || this.#moments[0].at > now - spanMs) return;
    this.#moments = this.#moments.filter(({ at }) => at > now - spanMs);
  }
}

export interface LiveFigures {
  readonly fps: number;
  readonly latencyMs: number;
  readonly latencyMsP90: number;
  readonly msPerFrame: number;
}

export class LiveMeter {
  readonly #latencies = new LastSecond();
  readonly #works = new LastSecond();

  /** A frame was drawn. @param capturedAt and @param now by `performance.now()`. */
  frameShown(capturedAt: number, now: number): void {
    this.#latencies.add(now, now - capturedAt);
  }

  /** A frame has left the filters, which took it so many milliseconds. */
  frameFiltered(ms: number, now: number): void {
    this.#works.add(now, ms);
  }

  figures(now: number): LiveFigures {
    const latencies = this.#latencies.values(now).sort((a, b) => a - b);
    const p90 = latencies[Math.ceil(0.9 * latencies.length) - 1] ?? 0;
    return {
      fps: latencies.length,
      latencyMs: round(median(latencies)),
      latencyMsP90: round(p90),
      msPerFrame: round(median(this.#works.values(now))),
    };
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Of a stage that may run for days: keeps nothing of its requests. */
export class LiveStageMeter extends DnnStageMeter {
  override requestMeasured(): void {
    // LiveMeter has what a frame takes.
  }
}

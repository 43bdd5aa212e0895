/** When a decoder or an encoder of the browser worked, for the statistics and the timeline of a job. */
import type { CodecWork } from '../../codecs/codec-contract.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { TimelineRecorder, WorkSpan } from '../report/timeline-recorder.ts';

export class CodecWorkMeter {
  readonly #kind: 'decode' | 'encode';
  #first: number | undefined;
  #last = 0;
  #busyMs = 0;
  #heldBytes = 0;
  #spans: WorkSpan[] = [];

  constructor(kind: 'decode' | 'encode', timeline: TimelineRecorder | undefined) {
    this.#kind = kind;
    timeline?.polledLane(kind, kind, () => this.#takeSpans());
  }

  /** Bytes of frames that the codec holds. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Adds a call, in the order of the calls. */
  add({ start, end, heldBytes }: CodecWork): void {
    const span = { start: start - performance.timeOrigin, end: end - performance.timeOrigin };
    this.#busyMs += Math.max(0, span.end - Math.max(span.start, this.#last));
    this.#first ??= span.start;
    this.#last = Math.max(this.#last, span.end);
    this.#heldBytes = heldBytes;
    this.#spans.push(span);
  }

  /** Nothing is held any more. */
  finish(): void {
    this.#heldBytes = 0;
  }

  /** @param frames that came out. @param codec FFmpeg's name. */
  stats(frames: number, codec: string): StageStats {
    return {
      kind: this.#kind,
      filter: codec,
      frames,
      seconds_wall: seconds(this.#last - (this.#first ?? this.#last)),
      seconds_busy: seconds(this.#busyMs),
    };
  }

  #takeSpans(): readonly WorkSpan[] {
    const spans = this.#spans;
    this.#spans = [];
    return spans;
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

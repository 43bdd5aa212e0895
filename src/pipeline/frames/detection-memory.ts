/**
 * Carries detection boxes past an ffmpeg stage: side data does not cross a pipe, so it is kept here and given
 * to the frame that comes out with the same time.
 */
import type { DetectionBBoxes } from '../../frame/detection-bboxes.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { FrameStream } from './frame-stream.ts';

/** Times on one side of the stage. */
export interface StageTimes {
  /** Seconds per unit of pts. */
  readonly timeBase: Rational;
  /** What to add to a pts in the pipe for the pts in the filtergraph; not 0 where that begins below zero. */
  readonly offset: number;
}

export class DetectionMemory {
  readonly #inside: StageTimes;
  readonly #outside: StageTimes;
  /** By the pts with which the frame would leave. */
  readonly #kept = new Map<number, DetectionBBoxes>();

  constructor(inside: StageTimes, outside: StageTimes) {
    this.#inside = inside;
    this.#outside = outside;
  }

  /**
   * Entries that are kept now: those of frames that are still in the stage, or that it
   * dropped since its last output.
   */
  get size(): number {
    return this.#kept.size;
  }

  /** Keeps the boxes of a frame that enters the stage. */
  remember({ pts, detections }: Frame): void {
    if (detections === undefined) return;
    const [from, to] = [this.#inside, this.#outside];
    const scale = (from.timeBase.num * to.timeBase.den) / (from.timeBase.den * to.timeBase.num);
    this.#kept.set(Math.round((pts + from.offset) * scale) - to.offset, detections);
  }

  /** The boxes for a frame that leaves the stage. What is older is forgotten: times do not go back. */
  recall(pts: number): DetectionBBoxes | undefined {
    for (const key of this.#kept.keys()) {
      if (key < pts) this.#kept.delete(key);
    }
    return this.#kept.get(pts);
  }
}

/** The frames that enter a stage, their boxes kept. */
export function rememberDetections(stream: FrameStream, memory: DetectionMemory): FrameStream {
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of stream.frames) {
      memory.remember(frame);
      yield frame;
    }
  }
  return { ...stream, frames: frames() };
}

/**
 * The frames that leave a stage, with the boxes that its inputs had at the same time:
 * those of the first that had any.
 */
export function recallDetections(stream: FrameStream, memories: readonly DetectionMemory[]): FrameStream {
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const frame of stream.frames) {
      const found = memories.map((memory) => memory.recall(frame.pts)).find((boxes) => boxes !== undefined);
      yield found === undefined ? frame : { ...frame, detections: found };
    }
  }
  return { ...stream, frames: frames() };
}

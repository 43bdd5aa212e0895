/** The events of `<ffmpeg-dnn>`, by name. */
import type { DetectionsEvent, JobStats, LiveStats, Progress, TimelineEvent } from '../index.ts';

/** What the element is doing. */
export type ElementState = 'empty' | 'ready' | 'loading' | 'running' | 'paused' | 'done' | 'failed';

export interface FFmpegDNNElementEventMap {
  /** A few times a second in file mode. */
  readonly progress: CustomEvent<Progress>;
  /** For every frame that a detecting or classifying filter saw. */
  readonly detections: CustomEvent<DetectionsEvent>;
  /** Who worked when in file mode, a few times a second. */
  readonly timeline: CustomEvent<TimelineEvent>;
  /** A few times a second in live mode. */
  readonly livestats: CustomEvent<LiveStats>;
  /** A lighter filter has taken its place in live mode, since the machine was too slow. */
  readonly stepdown: CustomEvent<{ readonly filter: string }>;
  /** The result is there; `blob` is null where it went to a target of `outputs`. */
  readonly complete: CustomEvent<{ readonly blob: Blob | null; readonly stats: JobStats | null }>;
  /** The job has failed; in live mode one frame has, and it goes on. */
  readonly error: CustomEvent<{ readonly error: Error }>;
  readonly statechange: CustomEvent<{ readonly state: ElementState }>;
}

/** The events of `<ffmpeg-dnn>`, by name. */
import type { DetectionsEvent, JobStats, LiveStats, Progress, TimelineEvent } from '../index.ts';

/** What the element is doing. */
export type ElementState = 'empty' | 'ready' | 'loading' | 'running' | 'paused' | 'done' | 'failed';

/** Of `stepdown`. */
export interface StepDownDetail {
  /** The one that works now. */
  readonly filter: string;
}

/** Of `notice`. */
export interface NoticeDetail {
  /** What is done in another way than usual, in one sentence. */
  readonly message: string;
  /** What the usual encoder said; undefined where it was known not to work. */
  readonly reason?: string;
}

/** Of `complete`. */
export interface CompleteDetail {
  /** The result; null where it went to a stream or address of `target`. */
  readonly blob: Blob | null;
  /** The figures of the job; null for a picture on a page that is not isolated. */
  readonly stats: JobStats | null;
}

/** Of `error`. */
export interface ErrorDetail {
  /** What `process()` rejects with; in live mode why a frame failed. */
  readonly error: Error;
}

/** Of `statechange`. */
export interface StateDetail {
  /** The new one. */
  readonly state: ElementState;
}

/** What the listeners of `<ffmpeg-dnn>` get, by the event's name. */
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
  readonly stepdown: CustomEvent<StepDownDetail>;
  /** Something is done in another way than usual, before it begins. */
  readonly notice: CustomEvent<NoticeDetail>;
  /** The result is there. */
  readonly complete: CustomEvent<CompleteDetail>;
  /** The job has failed; in live mode one frame has, and it goes on. */
  readonly error: CustomEvent<ErrorDetail>;
  /** What the element is doing has changed. */
  readonly statechange: CustomEvent<StateDetail>;
}

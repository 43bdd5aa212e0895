/** What a page gives to `FFmpegDNN` beside the words of a command, and what it is told meanwhile. */
import type { OutputTarget } from '../media/output/output-target.ts';
import type {
  DefaultOutput,
  DetectionsEvent,
  JobStats,
  LogEvent,
  Progress,
  TimelineEvent,
} from '../workers/pipeline-api.ts';

/** As in `@ffmpeg/ffmpeg`, kept for calls that pass it. */
export interface MessageOptions {
  /** Rejects the call; for `exec` it also stops the work. */
  readonly signal?: AbortSignal;
}

/** What `exec` takes beside the words of the command. Callbacks run on the calling thread. */
export interface ExecOptions extends MessageOptions {
  /** Called a few times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Called for every frame that a detecting or classifying filter saw, in order; also for one without boxes.
   */
  readonly onDetections?: (event: DetectionsEvent) => void;
  /** Called a few times a second with who worked when; spans are told when they are over. */
  readonly onTimeline?: (event: TimelineEvent) => void;
  /** The figures of the job, once, after its end. */
  readonly onStats?: (stats: JobStats) => void;
  /** Where outputs go, by the path that the command names. Others go to the file store: see `readFile`. */
  readonly outputs?: Readonly<Record<string, OutputTarget>>;
  /**
   * Where outputs go that `outputs` does not name, such as the pictures of a
   * sequence; the file store if left out.
   */
  readonly defaultOutput?: DefaultOutput;
  /** Folder that the command's relative paths start from; `/` if left out. */
  readonly cwd?: string;
}

/** What `trial` takes beside the words of the command. */
export interface TrialOptions extends MessageOptions {
  /**
   * How many frames to run, where a second of work and at least 3 frames are not what is wanted: the first
   * ones also start everything, and few say less.
   */
  readonly frames?: number;
  /** Folder that the command's relative paths start from; `/` if left out. */
  readonly cwd?: string;
}

/** As in `@ffmpeg/ffmpeg`'s progress event. */
export interface ProgressEvent {
  /** 0..1, or 0 while the length is unknown. */
  readonly progress: number;
  /** Microseconds of output so far. */
  readonly time: number;
}

/** Takes a line of the log. */
export type LogCallback = (event: LogEvent) => void;
/** Takes how far the job has come. */
export type ProgressCallback = (event: ProgressEvent) => void;

/** What the command line and its page say to each other; plain data. */
import type { FFmpegDNN, JobStats, LiveVideo, LogEvent, Progress } from '../index.ts';

export interface HeadlessJob {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Absolute paths that the command has for them, in the order in which the page's file input holds them. */
  readonly inputs: readonly string[];
  /** Existing folders on disk that the command may write to. */
  readonly folders: readonly string[];
  /**
   * Where the page sends the bytes of every file that ffmpeg creates: this URL and the file's path behind it.
   */
  readonly outputUrl: string;
}

export interface HeadlessResult {
  readonly exitCode: number;
  /** One line, where this project's own part failed. */
  readonly message?: string;
  readonly code?: string | undefined;
  readonly stats?: JobStats | undefined;
}

declare global {
  interface Window {
    /** The library, for whoever drives this page by hand or from a spec. */
    FFmpegDNN: typeof FFmpegDNN;
    LiveVideo: typeof LiveVideo;
    /** Given by the command line: what ffmpeg says, and how far the job is. */
    onHeadlessLog(event: LogEvent): Promise<void>;
    onHeadlessProgress(progress: Progress): Promise<void>;
    runHeadlessJob(job: HeadlessJob): Promise<HeadlessResult>;
    stopHeadlessJob(): Promise<void>;
  }
}

/**
 * A local filter of a job from its options to its frames. What is asked of one kind is asked of every kind.
 */
import type { Logger } from '../../base/log.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { LocalFilter } from '../planning/local-filter.ts';
import type { PlannedFrames } from '../planning/planned-frames.ts';
import type { DetectionsRecorder } from '../report/detections-recorder.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';

/** What files and models are loaded with. */
export interface FilterLoading {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Cores of the machine. */
  readonly cores: number;
  /** Gives the bytes of an absolute path. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly log: Logger;
}

/** A filter whose options are read, and nothing more. */
export interface ParsedJobFilter {
  /** @throws DnnError for a file, a model or a name in it that is not there. */
  load(loading: FilterLoading): Promise<JobFilter>;
}

/** What workers are started with. */
export interface FilterStart {
  /** Index of the filter in the command. */
  readonly localIndex: number;
  readonly assets: AssetUrls;
  readonly log: Logger;
}

/** A filter with its model: planning asks it about links and formats. */
export interface JobFilter extends LocalFilter {
  /** Starts what it runs on, which the caller ends. */
  start(start: FilterStart): FilterEngine;
}

/** What a filter runs on: workers, or nothing but this thread. */
export interface FilterEngine {
  /**
   * Resolves once frames could come.
   * @throws DnnError of a worker that does not start, or cannot run the model.
   */
  readonly ready: Promise<void>;
  /** Whether it takes part in the memory budget of the job. */
  readonly sharesMemory: boolean;
  /**
   * Chooses how the filter runs on frames of this size, and ends what is too much for that. To be
   * called once, when it is ready.
   *
   * @param sharing number of filters that share the memory budget.
   * @throws DnnError where memory does not suffice, or the model cannot take the frames.
   */
  configure(link: VideoLink, sharing: number): Promise<FilterStage>;
  /**
   * Ends it at once, also while it starts; what still runs in it fails with
   * `reason`. Does nothing the second time.
   */
  terminate(reason?: unknown): void;
}

/** What the stage gets from its job. */
export interface FilterSurroundings {
  /** Index of the filter in the command. */
  readonly localIndex: number;
  /** The frames that come, as the planning run saw them. */
  readonly planned: PlannedFrames;
  /**
   * Takes what was found in each frame that leaves; undefined where another filter behind this one tells it.
   */
  readonly detections: DetectionsRecorder | undefined;
  /** Takes who worked when, where anybody wants to know. */
  readonly timeline: TimelineRecorder | undefined;
  readonly buffers: BufferPool;
  readonly log: Logger;
  /** Aborted where the job is ended at once. */
  readonly signal: AbortSignal;
}

/** One filter at work, and its figures: all 0 before the start. */
export interface FilterStage {
  /** Whether it adds to the detections of a frame. */
  readonly detects: boolean;
  /** Frames that it holds at a time, at most. */
  readonly mostInFlight: number;
  /**
   * Starts the stage; to be called once.
   * @returns its output, whose frames are the caller's; pulling it pulls `stream`
   */
  start(stream: FrameStream, surroundings: FilterSurroundings): FrameStream;
  readonly framesIn: number;
  /** When the first frame came in, by `performance.now()`; undefined before, and where it is not told. */
  readonly firstIn: number | undefined;
  /** Bytes that its workers hold. */
  readonly memoryBytes: number;
  /** Most tensors that a worker kept between two requests beside its weights. */
  readonly strayTensors: number;
  /** Its lines of `-dnn_stats`: none before the start, and none for a filter that is not worth one. */
  stats(): readonly StageStats[];
  /** Ends its workers, as of {@link FilterEngine.terminate}. */
  terminate(reason?: unknown): void;
}

/** What the pipeline worker offers to the page; imported by both sides, imports no code. */
import type { CodecCapability, EncoderCapability } from '../codecs/codec-contract.ts';
import type { DetectionBBox } from '../frame/detection-bboxes.ts';
import type { OutputTarget } from '../media/output/output-target.ts';
import type { AssetUrls } from './asset-urls.ts';

/** A line that an ffmpeg stage or this project itself has to say. */
export interface LogEvent {
  /** As in `@ffmpeg/ffmpeg`: which of ffmpeg's streams the line belongs to. */
  readonly type: 'stdout' | 'stderr';
  /** Without the line feed. */
  readonly message: string;
}

/** What this browser has, found by trying it. */
export interface Capabilities {
  /** What `-c:v h264_webcodecs` and its like have behind them, one entry for each of these encoders. */
  readonly encoders: readonly EncoderCapability[];
  /** What `-hwaccel webcodecs` has behind it, one entry for each codec. */
  readonly decoders: readonly CodecCapability[];
}

/** How far a job has come. */
export interface Progress {
  /** Frames that reached the encoder. */
  readonly frame: number;
  /** Expected number of frames; undefined where the source has no known length. */
  readonly frames?: number | undefined;
  /** Seconds of output so far. */
  readonly time: number;
  /** 0..1; undefined where the length is unknown. */
  readonly progress?: number | undefined;
  /** Frames per second since the first frame. */
  readonly fps: number;
  /** Expected seconds until the end; undefined where unknown. */
  readonly eta?: number | undefined;
}

/** What was found in one frame. Every frame that passes the filter has its event, also one without boxes. */
export interface DetectionsEvent {
  /** The filter that saw the frame last, as the user wrote it. */
  readonly filter: string;
  /** Presentation time in units of the stream's time base. */
  readonly pts: number;
  /** The same in seconds. */
  readonly time: number;
  /** Width in pixels of the frame, in which the boxes are given. */
  readonly width: number;
  /** Its height. */
  readonly height: number;
  /** The models, as the filters name them; absent where nothing was found. */
  readonly source?: string;
  /** Empty where nothing was found. */
  readonly bboxes: readonly DetectionBBox[];
}

/** A row of a job's timeline: an ffmpeg stage, an inference worker of a filter, or a codec of the browser. */
export interface TimelineLane {
  /** What worked. */
  readonly kind: 'ffmpeg' | 'dnn' | 'decode' | 'encode';
  /** `decode`, `dnn_processing 0, worker 1`, `encode`. */
  readonly label: string;
}

/** A time in which a lane worked rather than waited; milliseconds since the command was given. */
export interface TimelineSpan {
  /** Index of the lane. */
  readonly lane: number;
  /** First moment. */
  readonly start: number;
  /** Last moment. */
  readonly end: number;
  /** Frames that the work was for; 0 for ffmpeg's stages, which do not say it. */
  readonly frames: number;
}

/** What was done since the last event. */
export interface TimelineEvent {
  /** All lanes until now; a lane keeps its place. */
  readonly lanes: readonly TimelineLane[];
  /** In the order in which they ended. Work that goes on is told when it is done. */
  readonly spans: readonly TimelineSpan[];
}

/** One stage of a job in numbers; seconds and milliseconds of wall clock. */
export interface StageStats {
  /**
   * An ffmpeg, the workers of one DNN filter, or a decoder or encoder of the browser; the figures that may be
   * left out are of the workers.
   */
  readonly kind: 'ffmpeg' | 'dnn' | 'decode' | 'encode';
  /** The filters of the stage as the user wrote them. */
  readonly filter: string;
  /** Frames that it gave on. */
  readonly frames: number;
  /** First frame in to last frame out. */
  readonly seconds_wall: number;
  /** Union of the intervals in which the stage worked rather than waited for a neighbour. */
  readonly seconds_busy: number;
  /** `native` or `tensorflow`. */
  readonly backend?: string;
  /** What ran the network, such as `wasm-simd`. */
  readonly device?: string;
  /** Requests that ran at a time. */
  readonly nireq?: number;
  /** Frames of a request, at most. */
  readonly batch_size?: number;
  /** Requests in all. */
  readonly requests?: number;
  /** Requests that were tried again, since their worker died or hung. */
  readonly retries?: number;
  /** Frames whose inference failed, whatever `on_error` made of them. */
  readonly frames_failed?: number;
  /**
   * Median over requests of the backend's time divided by the request's items; where strips of a frame run
   * side by side, the time of a strip times their number.
   */
  readonly ms_per_frame?: number;
  /** Likewise for frame↔tensor conversion and chroma. */
  readonly ms_io?: number;
}

/** A job in numbers: what `-dnn_stats FILE` writes. */
export interface JobStats {
  /** Frames that came to the first DNN filter; 0 without one. */
  readonly frames_in: number;
  /** Frames that went to the encoder. */
  readonly frames_out: number;
  /** From the command to the first frame at a DNN filter. */
  readonly seconds_load: number;
  /** From there to the end. */
  readonly seconds: number;
  /** In the order of the data: a DNN stage stands before the ffmpeg that it feeds. */
  readonly stages: readonly StageStats[];
  /** The thread that called `exec`. */
  readonly page: {
    /** The longest time for which it was blocked, in milliseconds. */
    readonly longest_task_ms: number;
  };
  /** By the project's own count. */
  readonly memory: {
    /** Most bytes of frames, models and pipes held at one moment. */
    readonly peak_bytes: number;
  };
}

/**
 * A server that takes every file: the URL of one is this one with the file's encoded absolute path behind it.
 */
export interface DefaultOutput {
  /** Absolute. */
  readonly url: string;
}

export interface ExecRequest {
  readonly args: readonly string[];
  /** Milliseconds until the job is stopped; -1 for none. */
  readonly timeout: number;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /**
   * Where outputs go, by the path that the command names; others go to
   * `defaultOutput`, else to the file store.
   */
  readonly outputs: readonly { readonly path: string; readonly target: OutputTarget }[];
  readonly defaultOutput: DefaultOutput | undefined;
  /** Whether anybody listens to `detections`. */
  readonly reportsDetections: boolean;
  /** Whether anybody listens to `timeline`. */
  readonly reportsTimeline: boolean;
  /** For a trial: how far the job goes, whose outputs are discarded. */
  readonly trial?: TrialLength | undefined;
}

/** Where a trial stops by itself: once it has reached both. */
export interface TrialLength {
  /** At least 1, counted where they go to the encoder. */
  readonly frames: number;
  /** Since the first of them, pauses left out. */
  readonly seconds: number;
}

export interface ExecResult {
  /** ffmpeg's exit code; 255 after a stop. */
  readonly exitCode: number;
  readonly stats: JobStats;
  /** Absolute path of `-dnn_stats`, where the command has one. */
  readonly statsPath?: string | undefined;
  /** Frames that the whole job has, where that is known. */
  readonly expectedFrames?: number | undefined;
  /** Average seconds between frames that went to the encoder; undefined without stages or two frames. */
  readonly secondsPerFrame?: number | undefined;
}

/**
 * Called by the worker; a page passes them as Comlink proxies. A promise settles once the event has arrived.
 */
export interface PipelineEvents {
  log(event: LogEvent): void | Promise<void>;
  progress(progress: Progress): void | Promise<void>;
  /** Several at a time, in order, a few times a second. */
  detections(events: readonly DetectionsEvent[]): void | Promise<void>;
  /** A few times a second. */
  timeline(event: TimelineEvent): void | Promise<void>;
}

/** An entry of a folder. */
export interface ListEntry {
  /** Without the folder. */
  readonly name: string;
  /** Whether it is a folder itself. */
  readonly isDir: boolean;
}

/** What an instance holds at this moment. Everything but `cores` and `workers` is 0 when no job runs. */
export interface Resources {
  /** Commands that run: 1 or 0. */
  readonly jobs: number;
  /** Frame buffers on their way between the stages. */
  readonly frames: number;
  /** Tensors that backends kept between two requests beside their weights. */
  readonly tensors: number;
  /** Shared memories of pipes that the garbage collector has not taken yet. */
  readonly sharedBuffers: number;
  /** Inference and writer workers. */
  readonly workers: number;
  /** ffmpeg.wasm cores, of which a few wait idle for the next job. */
  readonly cores: number;
}

/** Folders of outputs, by the names that their locks have. */
export interface SpoolNames {
  /** To be made. */
  readonly own: string;
  /** Of workers that died: what they had not finished goes to the store. The page holds their locks. */
  readonly left: readonly string[];
}

export interface PipelineApi {
  /** @param spools of the page; without them outputs are lost with this worker. */
  load(assets: AssetUrls, events: PipelineEvents, spools?: SpoolNames): Promise<boolean>;
  exec(request: ExecRequest): Promise<ExecResult>;
  /**
   * Writes the file of `-dnn_stats` of the last command to where its outputs go; nothing where it has none.
   * The page does it, since it adds a figure of its own.
   *
   * @throws what the file's target is rejected with.
   */
  writeStats(text: string): Promise<void>;
  ffprobe(args: readonly string[], timeout: number): Promise<number>;
  resources(): Promise<Resources>;
  /**
   * Gets ready what a command would wait for; may run beside a job.
   * @throws DnnError `EINVAL` for words that are no command.
   */
  prepare(args: readonly string[]): Promise<void>;
  /** Never rejects. */
  capabilities(): Promise<Capabilities>;
  /** First call: finish the file validly and end with 255. Second call: end at once. */
  stop(): Promise<void>;
  /**
   * Feeds no more frames into the running job until `resume()`; does nothing where no job runs.
   *
   * @throws DnnError `ENOSYS` where the job has no DNN filter.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  writeFile(path: string, data: Uint8Array | string | Blob): Promise<boolean>;
  readFile(path: string, encoding: string): Promise<Uint8Array | string>;
  /** The file as a Blob that is not copied, and the spool folder that has to stay as long as it is read. */
  readBlob(path: string): Promise<{ readonly blob: Blob; readonly spoolName: string | undefined }>;
  deleteFile(path: string): Promise<boolean>;
  rename(oldPath: string, newPath: string): Promise<boolean>;
  createDir(path: string): Promise<boolean>;
  listDir(path: string): Promise<readonly ListEntry[]>;
  deleteDir(path: string): Promise<boolean>;
  mountFiles(
    files: readonly { readonly name: string; readonly data: Blob }[],
    mountPoint: string,
  ): Promise<boolean>;
  unmount(mountPoint: string): Promise<boolean>;
}

/**
 * A local filter of live video from its options to its frames. What is asked of
 * one kind is asked of every kind.
 */
import type { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Frame } from '../../frame/frame.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { LocalFilter } from '../planning/local-filter.ts';

/** What the stages of a chain share. */
export interface LiveSurroundings {
  readonly buffers: BufferPool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Filters of the chain that share the memory budget. */
  readonly filters: number;
  /** Takes the failure of a frame. @returns whether it is told for the first time. */
  readonly report: (cause: string, error: DnnError) => boolean;
}

/** What files and models are loaded with. */
export interface LiveLoading {
  /** Gives the bytes of an absolute path. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly log: Logger;
}

/** A filter whose options are read, and nothing more. */
export interface ParsedLiveFilter {
  readonly text: string;
  /** @throws DnnError for a file, a model or a name in it that is not there. */
  load(loading: LiveLoading): Promise<LoadedLiveFilter>;
}

/** What workers are started with. */
export interface LiveStart {
  /** Number of filters with workers before this one. */
  readonly localIndex: number;
  readonly assets: AssetUrls;
  readonly log: Logger;
  /** Ends the workers at once, also while they start. */
  readonly signal: AbortSignal;
}

/** A filter with its model. */
export interface LoadedLiveFilter extends LocalFilter {
  /** Whether it has workers, which share the memory budget. */
  readonly hasWorkers: boolean;
  /** Starts what it runs on, which the caller ends. @throws DnnError of a worker that does not start. */
  start(start: LiveStart): Promise<LiveEngine>;
}

/** What a filter runs on: workers, or nothing but this thread. */
export interface LiveEngine {
  /** To be called once. The filter owns what it runs on from then on. */
  filterWith(around: LiveSurroundings): LiveFilter;
  /** Ends its workers where nobody has called `filterWith`. */
  terminate(): void;
}

/** One filter at work. */
export interface LiveFilter {
  /** The filter as the user wrote it. */
  readonly text: string;
  /** Whether it adds to the detections of a frame. */
  readonly detects: boolean;
  /** Frames that it takes at the same time, by what is known so far; at least 1. */
  readonly most: number;
  /**
   * Runs one frame through the filter. One that fails is reported and goes on without.
   *
   * @param frame is the filter's.
   * @param slot as of NewestFrameQueue.
   * @returns the frame that goes on; undefined where it is left out.
   * @throws what ends the frame; its buffer is given back.
   */
  run(frame: Frame, slot: number): Promise<Frame | undefined>;
  /** Ends its workers; requests that run fail. */
  terminate(): void;
}

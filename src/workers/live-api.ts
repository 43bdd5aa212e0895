/** What the live worker offers to the page; imported by both sides, imports no code. */
import type { DnnError } from '../base/errors.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { DetectionsEvent, LogEvent } from './pipeline-api.ts';

/** Model and label files by the names that the filters use: contents, or absolute addresses. */
export type LiveFiles = Readonly<Record<string, Blob | string>>;

/** Live video in numbers. */
export interface LiveStats {
  /** Frames shown within the last second. */
  readonly fps: number;
  /** Frames since the start that came while nothing was paused. */
  readonly framesIn: number;
  /** Those of them that were drawn. */
  readonly framesShown: number;
  /** Those of them that were not. */
  readonly framesDropped: number;
  /** Frames within `framesShown` or `framesDropped` on which a filter failed. */
  readonly framesFailed: number;
  /**
   * Milliseconds from the capture of a frame to its drawing, the middle one of the last second. For
   * frames of a stream the shortest way from the camera to the worker counts as none; for those of a
   * `<video>` it is from their presentation.
   */
  readonly latencyMs: number;
  /** Likewise the one that nine of ten are below. */
  readonly latencyMsP90: number;
  /** Milliseconds that a frame of the last second was in the filters, the middle one. */
  readonly msPerFrame: number;
  /** Width in pixels of what is drawn; 0 before the first frame. */
  readonly width: number;
  /** Height in pixels of what is drawn; 0 before the first frame. */
  readonly height: number;
  /** Whether nothing new is shown. */
  readonly paused: boolean;
  /** Why it is paused: by `pause()`, or since nobody sees the page. */
  readonly reason?: 'hidden' | 'paused';
}

/** The part of the figures that the worker knows. */
export type LiveWorkerStats = Omit<LiveStats, 'paused' | 'reason'>;

/** What live video holds at this moment; all 0 after a stop. */
export interface LiveResources {
  /** Video frames of the browser that are open. */
  readonly videoFrames: number;
  /** Frame buffers on their way. */
  readonly buffers: number;
  /** Streams that are read. */
  readonly streams: number;
  /** Inference workers. */
  readonly workers: number;
}

export interface LiveSetup {
  /** Transferred. */
  readonly canvas: OffscreenCanvas;
  readonly filter: string;
  readonly files: LiveFiles;
  readonly assets: AssetUrls;
}

/** One frame as it is posted to the port of `addFrames`; transferred. */
export interface PostedFrame {
  readonly frame: VideoFrame;
  /** When it was presented: `performance.timeOrigin + performance.now()` of the page, in milliseconds. */
  readonly presentedAt: number;
}

/** Called by the worker; a page passes them as Comlink proxies. */
export interface LiveEvents {
  stats(stats: LiveWorkerStats): void | Promise<void>;
  detections(events: readonly DetectionsEvent[]): void | Promise<void>;
  failed(error: DnnError): void | Promise<void>;
  /** The last stream that was read has ended. */
  sourceEnded(): void | Promise<void>;
  log(event: LogEvent): void | Promise<void>;
}

export interface LiveApi {
  /** Comes first, and once. Settles when frames can come. */
  start(setup: LiveSetup, events: LiveEvents): Promise<void>;
  /** Reads a stream (transferred) until it ends, in place of one that is read already. */
  addStream(stream: ReadableStream<VideoFrame>): Promise<void>;
  /** Takes a {@link PostedFrame} with each message of the port (transferred). */
  addFrames(port: MessagePort): Promise<void>;
  /**
   * Changes the filter once the new one is loaded; frames go through the old one
   * until then, and on where it fails.
   */
  setFilter(filter: string, files: LiveFiles): Promise<void>;
  /** While paused, frames that come are let go and not counted. */
  setPaused(paused: boolean): Promise<void>;
  resources(): Promise<LiveResources>;
  /** Ends everything. @returns what is still held, which is nothing. */
  stop(): Promise<LiveResources>;
}

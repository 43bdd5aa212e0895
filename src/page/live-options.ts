/** What a page gives to live video, and how it goes to the worker. */
import { DnnError, errorMessage } from '../base/errors.ts';
import type { LiveFiles, LiveStats } from '../workers/live-api.ts';
import type { DetectionsEvent, LogEvent } from '../workers/pipeline-api.ts';
import type { LoadConfig } from '../workers/resolve-assets.ts';
import type { LiveSource } from './live-source.ts';

/** What live video is made of. */
export interface LiveOptions {
  /** Stays the caller's: a track or a stream goes on after a stop. */
  readonly source: LiveSource;
  /**
   * What the worker draws on. Control of it is transferred, which works once for a canvas: another start
   * needs another one. It takes the size of the frames in square pixels, so give its box a size by CSS.
   */
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  /** One chain of DNN filters, and of drawbox and drawtext of detections; `format` is understood. */
  readonly filter: string;
  /**
   * Model and label files by the names that the filter uses; a string is an address, relative to the page.
   */
  readonly files: Readonly<Record<string, Blob | string>>;
  /** Where this package's files are, as in `FFmpegDNN.load`. */
  readonly loadConfig?: LoadConfig;
  /** Rejects the start, or stops what has started. */
  readonly signal?: AbortSignal;
  /** Called a few times a second, and when it pauses or goes on. */
  readonly onStats?: (stats: LiveStats) => void;
  /**
   * Called for every shown frame that a detecting or classifying filter saw, in
   * order; also for one without boxes.
   */
  readonly onDetections?: (event: DetectionsEvent) => void;
  /**
   * Called once for each kind of failure. Live video goes on: a frame on which a filter fails is shown
   * without it, or left out with `on_error=drop`.
   */
  readonly onError?: (error: DnnError) => void;
  /**
   * Called once when live video has ended: after `stop()` or by the signal, by itself since its source has
   * (nobody shares the screen any more, the camera was unplugged, a track was stopped), or with the error
   * that ended its worker, which `onError` has told before.
   */
  readonly onEnd?: (error: DnnError | undefined) => void;
  /** What the filters have to say. */
  readonly onLog?: (event: LogEvent) => void;
}

/** Why frames cannot be had. */
export function unreadableSource(error: unknown): DnnError {
  const hint =
    error instanceof DOMException && error.name === 'SecurityError' ? ': serve it with CORS headers' : '';
  const message = `The video source cannot be read: ${errorMessage(error)}${hint}`;
  return new DnnError('EIO', message, {}, { cause: error });
}

/** @throws DnnError `EINVAL` for a canvas that is in use. */
export function offscreen(canvas: HTMLCanvasElement | OffscreenCanvas): OffscreenCanvas {
  if (canvas instanceof OffscreenCanvas) return canvas;
  try {
    return canvas.transferControlToOffscreen();
  } catch (error) {
    throw new DnnError(
      'EINVAL',
      `The canvas cannot be drawn on by a worker: ${errorMessage(error)}; give a new one, on which nothing was drawn`,
      {},
      { cause: error },
    );
  }
}

/** Files with their addresses made absolute: a worker has another base than the page. */
export function addressed(files: LiveOptions['files']): LiveFiles {
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      typeof file === 'string' ? new URL(file, document.baseURI).href : file,
    ]),
  );
}

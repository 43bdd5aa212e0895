/** Live video for a page: camera, stream or video element in, canvas out. All work is done in workers. */
import { onAbort, raceAbort } from '../base/abort.ts';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { LiveApi, LiveEvents, LiveResources, LiveStats } from '../workers/live-api.ts';
import { proxied, transferred } from '../workers/proxied.ts';
import { resolveAssets, type ResolvedAssets } from '../workers/resolve-assets.ts';
import { spawnLiveWorker } from '../workers/spawn.ts';
import type { RemoteApi, WorkerClient } from '../workers/worker-client.ts';
import { addressed, offscreen, unreadableSource, type LiveOptions } from './live-options.ts';
import { canReadFrames, readSource, type LiveFeed, type LiveSink, type LiveSource } from './live-source.ts';

/** A worker that does not answer to a stop is ended after this many milliseconds. */
const graceMs = 5000;

const noStats: LiveStats = {
  fps: 0,
  framesIn: 0,
  framesShown: 0,
  framesDropped: 0,
  framesFailed: 0,
  latencyMs: 0,
  latencyMsP90: 0,
  msPerFrame: 0,
  width: 0,
  height: 0,
  paused: false,
};

const nothing: LiveResources = { videoFrames: 0, buffers: 0, streams: 0, workers: 0 };

/**
 * Runs filters on live video. The newest frame wins: where the filters are slower than the source, frames are
 * dropped, and what is shown stays current. While nobody sees the page it pauses by itself.
 *
 * Works without cross-origin isolation.
 *
 * ```ts
 * const live = await LiveVideo.start({
 *   source: await navigator.mediaDevices.getUserMedia({ video: true }),
 *   canvas: document.querySelector('canvas'),
 *   filter: 'dnn_processing=model=anime4k-2x-m.pb:input=x:output=y',
 *   files: { 'anime4k-2x-m.pb': '/models/anime4k-2x-m.pb' },
 * });
 * await live.stop();
 * ```
 */
export class LiveVideo {
  readonly #client: WorkerClient<LiveApi>;
  readonly #options: LiveOptions;
  readonly #assets: ResolvedAssets;
  #feed: LiveFeed | undefined;
  #stopListening: () => void = () => undefined;
  #stats = noStats;
  #isPaused = false;
  #isStarted = false;
  #hasEnded = false;
  #stopped: Promise<void> | undefined;
  #held = nothing;

  private constructor(options: LiveOptions, assets: ResolvedAssets) {
    this.#options = options;
    this.#assets = assets;
    this.#client = spawnLiveWorker(assets.urls);
  }

  /** Whether this browser has what live video needs. */
  static isSupported(): boolean {
    const hasCanvas = typeof OffscreenCanvas === 'function';
    return (
      hasCanvas && typeof VideoFrame === 'function' && typeof WebAssembly === 'object' && canReadFrames()
    );
  }

  /**
   * Loads the models and starts the workers; settles when frames flow.
   *
   * @throws DnnError `ENOSYS` where the browser lacks something, `EINVAL` for a canvas that is in use, for
   *   addresses as `FFmpegDNN.load` does, and for filters and models as `FFmpegDNN.exec` does; `ENOSYS` for a
   *   filter that only ffmpeg has. The canvas is used up then.
   * @throws DnnError `EIO` for a source that cannot be read: a track that has ended, a video of another
   *   origin that does not allow its pixels to be read.
   * @throws the signal's reason.
   */
  static async start(options: LiveOptions): Promise<LiveVideo> {
    options.signal?.throwIfAborted();
    if (!LiveVideo.isSupported()) {
      throw new DnnError(
        'ENOSYS',
        'Live video needs OffscreenCanvas and VideoFrame (WebCodecs), which this browser or page lacks: use https or ' +
          'localhost, and a current browser.',
      );
    }
    const canvas = offscreen(options.canvas);
    const assets = resolveAssets(options.loadConfig ?? {}, document.baseURI, location.origin);
    const live = new LiveVideo(options, assets);
    try {
      const starting = live.#start(canvas);
      await (options.signal === undefined ? starting : raceAbort(starting, options.signal));
      live.#isStarted = true;
      return live;
    } catch (error) {
      live.#end();
      throw error;
    }
  }

  /** The figures of a moment ago. */
  get stats(): LiveStats {
    const { hidden } = document;
    const isHidden = hidden && this.#stopped === undefined;
    if (!this.#isPaused && !isHidden) return this.#stats;
    return { ...this.#stats, fps: 0, paused: true, reason: this.#isPaused ? 'paused' : 'hidden' };
  }

  /** Shows nothing new until `resume()`; the canvas keeps its picture. */
  pause(): void {
    this.#isPaused = true;
    this.#pauseOrGoOn();
  }

  /** Goes on, unless nobody sees the page. */
  resume(): void {
    this.#isPaused = false;
    this.#pauseOrGoOn();
  }

  /**
   * Changes the filter. The old one works until the new one is loaded, and on where that fails.
   *
   * @param files more of them; those that were given before are still there.
   * @throws DnnError as `start` does.
   */
  async setFilter(filter: string, files: LiveOptions['files'] = {}): Promise<void> {
    const all = addressed(files);
    await this.#client.call((api) => api.setFilter(filter, all));
    this.#feed?.refresh();
  }

  /** What is held now, for leak checks; after a stop what the worker held at its end. */
  async resources(): Promise<LiveResources> {
    return this.#stopped === undefined ? this.#client.call((api) => api.resources()) : this.#held;
  }

  /** Ends every worker and lets every frame go; the canvas keeps its picture. Calling it twice is allowed. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #start(canvas: OffscreenCanvas): Promise<void> {
    const { filter, files, source, signal } = this.#options;
    const assets = this.#assets.urls;
    const setup = transferred({ canvas, filter, files: addressed(files), assets }, [canvas]);
    const events = this.#events();
    await this.#client.call((api) => api.start(setup, events));
    this.#watchWorker();
    signal?.throwIfAborted();
    if (document.hidden) this.#pauseOrGoOn();
    const onVisibility = (): void => {
      this.#pauseOrGoOn();
    };
    document.addEventListener('visibilitychange', onVisibility);
    const stopSignal = signal === undefined ? undefined : onAbort(signal, () => void this.stop());
    this.#stopListening = () => {
      document.removeEventListener('visibilitychange', onVisibility);
      stopSignal?.();
    };
    this.#feed = this.#readSource(source);
  }

  #watchWorker(): void {
    void this.#client.ended.then((error) => {
      if (this.#stopped !== undefined) return;
      this.#onError(error);
      this.#end(asDnnError(error));
    });
  }

  #readSource(source: LiveSource): LiveFeed {
    const sink: LiveSink = {
      stream: (frames) => {
        this.#tellWorker((api) => api.addStream(transferred(frames, [frames])));
      },
      frames: (port) => {
        this.#tellWorker((api) => api.addFrames(transferred(port, [port])));
      },
      isPaused: () => this.stats.paused,
      ended: () => void this.stop(),
      failed: (error) => {
        this.#onError(unreadableSource(error));
      },
    };
    try {
      return readSource(source, sink);
    } catch (error) {
      throw unreadableSource(error);
    }
  }

  async #stop(): Promise<void> {
    this.#stopListening();
    this.#feed?.stop();
    const timer = setTimeout(() => {
      this.#end();
    }, graceMs);
    try {
      this.#held = await this.#client.call((api) => api.stop());
    } catch (error) {
      // A worker that has ended holds nothing; what ended it was told.
      if (!(error instanceof DOMException)) this.#onError(error);
    } finally {
      clearTimeout(timer);
      this.#end();
    }
  }

  /** @param error that ended the worker. */
  #end(error?: DnnError): void {
    this.#stopped ??= Promise.resolve();
    this.#stopListening();
    this.#feed?.stop();
    this.#client.terminate(new DOMException('Live video was stopped.', 'AbortError'));
    this.#assets.release();
    if (!this.#isStarted || this.#hasEnded) return;
    this.#hasEnded = true;
    tell(this.#options.onEnd, error);
  }

  #pauseOrGoOn(): void {
    const { paused } = this.stats;
    this.#tellWorker(async (api) => {
      await api.setPaused(paused);
      // Not before: a frame takes another way to the worker, which would let it go.
      if (!paused) this.#feed?.refresh();
    });
    this.#tellStats();
  }

  /** Calls the worker where nobody waits for the answer. */
  #tellWorker(call: (api: RemoteApi<LiveApi>) => Promise<void>): void {
    this.#client.call(call).catch((error: unknown) => {
      if (this.#stopped === undefined) this.#onError(error);
    });
  }

  #events(): LiveEvents {
    const { onDetections, onLog } = this.#options;
    return proxied<LiveEvents>({
      stats: (stats) => {
        this.#stats = { ...stats, paused: false };
        this.#tellStats();
      },
      detections: (events) => {
        for (const event of events) tell(onDetections, event);
      },
      failed: (error) => {
        this.#onError(error);
      },
      sourceEnded: () => {
        if (this.#stopped === undefined && this.#feed?.readNext() !== true) void this.stop();
      },
      log: (event) => {
        tell(onLog, event);
      },
    });
  }

  #tellStats(): void {
    tell(this.#options.onStats, this.stats);
  }

  #onError(error: unknown): void {
    tell(this.#options.onError, asDnnError(error));
  }
}

function asDnnError(error: unknown): DnnError {
  return error instanceof DnnError ? error : new DnnError('EIO', errorMessage(error), {}, { cause: error });
}

/** What a listener throws is the page's own error, as with DOM events: live video goes on. */
function tell<T>(listener: ((event: T) => void) | undefined, event: T): void {
  try {
    listener?.(event);
  } catch (error) {
    reportError(error);
  }
}

/**
 * The class that a page uses: `@ffmpeg/ffmpeg`'s FFmpeg with FFmpeg's DNN
 * filters. All work is done in workers.
 */
import { DnnError } from '../base/errors.ts';
import type { AssetUrls } from '../workers/asset-urls.ts';
import { outliveWorker } from '../media/output/spool-lock.ts';
import { watchAnswers } from '../workers/answer-watch.ts';
import { proxied, transferTargets } from '../workers/proxied.ts';
import { resolveAssets, type LoadConfig, type ResolvedAssets } from '../workers/resolve-assets.ts';
import type {
  Capabilities,
  DetectionsEvent,
  ExecResult,
  JobStats,
  LogEvent,
  PipelineApi,
  Progress,
  Resources,
  TimelineEvent,
  TrialLength,
} from '../workers/pipeline-api.ts';
import { spawnPipelineWorker } from '../workers/spawn.ts';
import type { RemoteApi, WorkerClient } from '../workers/worker-client.ts';
import type {
  ExecOptions,
  LogCallback,
  MessageOptions,
  ProgressCallback,
  TrialOptions,
} from './exec-options.ts';
import { Heartbeat } from './heartbeat.ts';
import { rejectOnAbort, StoreCalls } from './store-calls.ts';
import { trialEstimate, type TrialResult } from './trial-estimate.ts';

/** Long enough for the pace of all stages together, behind what the first frames start. */
const usualTrial: TrialLength = { frames: 3, seconds: 1 };

/**
 * Runs ffmpeg command lines in the browser, with the DNN filters in any `-vf` chain or `-filter_complex`.
 *
 * ```ts
 * const ffmpeg = new FFmpegDNN();
 * await ffmpeg.load();
 * await ffmpeg.writeFile('in.mp4', file); // a File is not copied
 * await ffmpeg.exec(['-i', 'in.mp4', '-vf', 'dnn_processing=model=m.pb:input=x:output=y', 'out.mp4']);
 * const result = await ffmpeg.readFile('out.mp4');
 * ```
 */
export class FFmpegDNN extends StoreCalls {
  /** Whether `load()` has resolved. */
  loaded = false;
  #client: WorkerClient<PipelineApi> | undefined;
  #assets: ResolvedAssets | undefined;
  /** Name of the folder of the worker's outputs. */
  #spool = '';
  #letSpoolGo = (): void => undefined;
  /** Folders of workers that died: the next one takes over what lies there. */
  #leftSpools: readonly string[] = [];
  #running: Pick<ExecOptions, 'onProgress' | 'onDetections' | 'onTimeline'> | undefined;
  readonly #logCallbacks = new Set<LogCallback>();
  readonly #progressCallbacks = new Set<ProgressCallback>();

  /** Calls back for every line that ffmpeg or this project says. */
  on(event: 'log', callback: LogCallback): void;
  /** Calls back a few times a second while a job runs. */
  on(event: 'progress', callback: ProgressCallback): void;
  on(event: 'log' | 'progress', callback: LogCallback | ProgressCallback): void {
    if (event === 'log') this.#logCallbacks.add(callback as LogCallback);
    else this.#progressCallbacks.add(callback as ProgressCallback);
  }

  /** Ends what `on` began; does nothing for a callback that is not known. */
  off(event: 'log', callback: LogCallback): void;
  /** Ends what `on` began; does nothing for a callback that is not known. */
  off(event: 'progress', callback: ProgressCallback): void;
  off(event: 'log' | 'progress', callback: LogCallback | ProgressCallback): void {
    if (event === 'log') this.#logCallbacks.delete(callback as LogCallback);
    else this.#progressCallbacks.delete(callback as ProgressCallback);
  }

  /**
   * Starts the workers and loads ffmpeg's core from this package's own files, never from a CDN.
   *
   * @param config where files are, if not beside this package's code; of the first call that succeeds.
   * @returns true the first time, false where it was loaded already.
   * @throws DnnError `EINVAL` for a URL that is none, and for a worker of another origin; `EIO`
   * where a file cannot be loaded.
   */
  async load(config: LoadConfig = {}, { signal }: MessageOptions = {}): Promise<boolean> {
    const { urls } = (this.#assets ??= resolveAssets(config, document.baseURI, location.origin));
    const client = (this.#client ??= this.#spawn(urls));
    const events = proxied({
      log: (event: LogEvent): void => {
        tell(this.#logCallbacks, event);
      },
      progress: (progress: Progress): void => {
        this.#onProgress(progress);
      },
      detections: (found: readonly DetectionsEvent[]): void => {
        const { onDetections } = this.#running ?? {};
        if (onDetections === undefined) return;
        for (const event of found) tell([onDetections], event);
      },
      timeline: (event: TimelineEvent): void => {
        const { onTimeline } = this.#running ?? {};
        if (onTimeline !== undefined) tell([onTimeline], event);
      },
    });
    const loading = client
      .call((api) => api.load(urls, events, { own: this.#spool, left: this.#leftSpools }))
      .then((first) => {
        this.loaded = true;
        if (first) this.#onFirstLoad();
        return first;
      })
      .catch((error: unknown) => {
        // The next call starts anew, with its own URLs.
        if (!this.loaded && this.#client === client) this.#end(error);
        throw error;
      });
    return rejectOnAbort(loading, signal);
  }

  /**
   * Runs `ffmpeg ARGS`.
   *
   * ffmpeg's own failures resolve to its exit code, as in `@ffmpeg/ffmpeg`. A
   * stop by `stop()` resolves to 255.
   *
   * @param args the words behind `ffmpeg`; not changed.
   * @throws DnnError where a part of this project refuses or fails: a bad filter option, a missing model, …
   * @throws the signal's reason after the work has stopped; what was written until then is a valid file.
   */
  exec(args: readonly string[], options: ExecOptions): Promise<number>;
  /**
   * The same with a time limit, as in `@ffmpeg/ffmpeg`.
   *
   * @param timeout milliseconds until the job is stopped, -1 or `Infinity` for none; a job
   * that ran into it resolves to 1.
   */
  exec(args: readonly string[], timeout?: number, options?: ExecOptions): Promise<number>;
  async exec(
    args: readonly string[],
    timeoutOrOptions: number | ExecOptions = -1,
    lastOptions: ExecOptions = {},
  ): Promise<number> {
    const options = typeof timeoutOrOptions === 'number' ? lastOptions : timeoutOrOptions;
    const timeout = typeof timeoutOrOptions === 'number' ? timeoutOrOptions : -1;
    const { result, longestGapMs } = await this.#run(args, { ...options, timeout });
    const stats: JobStats = { ...result.stats, page: { longest_task_ms: round(longestGapMs) } };
    if (result.statsPath !== undefined)
      await this.call((api) => api.writeStats(`${JSON.stringify(stats, undefined, 2)}\n`));
    options.onStats?.(stats);
    options.signal?.throwIfAborted();
    return result.exitCode;
  }

  /**
   * Runs the first frames of a command and says what all of it will take. Every part works as in `exec`, also
   * the encoder, but nothing is written: no output, and no file of this project's own options.
   *
   * @throws DnnError as `exec` does, and `EINVAL` where the command has no DNN
   * filter, `EIO` where ffmpeg fails.
   * @throws the signal's reason once the work has stopped.
   */
  async trial(args: readonly string[], options: TrialOptions = {}): Promise<TrialResult> {
    const { frames, ...more } = options;
    const trial = frames === undefined ? usualTrial : { frames, seconds: 0 };
    const { result } = await this.#run(args, { ...more, timeout: -1, trial });
    more.signal?.throwIfAborted();
    const { exitCode, stats, expectedFrames, secondsPerFrame } = result;
    if (stats.frames_out === 0) {
      throw new DnnError('EIO', `The trial gave no frame: ffmpeg ended with ${exitCode}; its log says why.`, {
        exitCode,
      });
    }
    return trialEstimate(stats, navigator.hardwareConcurrency, { expectedFrames, secondsPerFrame });
  }

  /**
   * Feeds no more frames into the running job until `resume()`; frames in flight are finished. Rate
   * and expected time leave the pause out; `exec`'s `timeout` does not. `stop()` works meanwhile.
   * Does nothing where no job runs.
   *
   * @throws DnnError `ENOSYS` where the job has no DNN filter: stock ffmpeg runs by itself then.
   */
  pause(): Promise<void> {
    return this.#client === undefined ? Promise.resolve() : this.#client.call((api) => api.pause());
  }

  /** Ends a pause. Does nothing where there is none. */
  resume(): Promise<void> {
    return this.#client === undefined ? Promise.resolve() : this.#client.call((api) => api.resume());
  }

  /**
   * Gets ready in advance what `exec` would wait for: a second core of ffmpeg, and whether the encoders of
   * the browser that the command names work here. It may run beside a job; a command that comes before it
   * has ended waits for no more than without it.
   *
   * @param args the words behind `ffmpeg`, of a command with DNN filters or with codecs of the browser; not
   *   changed. Neither its files nor its models have to be there.
   * @throws DnnError `EINVAL` for words that are no command; the signal's reason.
   */
  prepare(args: readonly string[], { signal }: MessageOptions = {}): Promise<void> {
    return rejectOnAbort(
      this.call((api) => api.prepare([...args])),
      signal,
    );
  }

  /**
   * What this browser really encodes and decodes: each codec is tried with a few frames, not believed. The
   * first call takes some seconds; its result is kept until the browser changes. It may run beside a job.
   *
   * @throws the signal's reason; a browser without these codecs gives entries that say so.
   */
  capabilities({ signal }: MessageOptions = {}): Promise<Capabilities> {
    return rejectOnAbort(
      this.call((api) => api.capabilities()),
      signal,
    );
  }

  /** What this instance holds now, for leak checks: everything is 0 but idle `cores` when no job runs. */
  resources(): Promise<Resources> {
    return this.call((api) => api.resources());
  }

  /**
   * Stops the running job: the first call lets ffmpeg finish the file validly, the second ends everything at
   * once. Does nothing where no job runs.
   */
  stop(): Promise<void> {
    return this.#client === undefined ? Promise.resolve() : this.#client.call((api) => api.stop());
  }

  /**
   * Runs `ffprobe ARGS`.
   *
   * @param timeout milliseconds, -1 or `Infinity` for none.
   * @returns its exit code; its output comes as log events.
   */
  ffprobe(args: readonly string[], timeout = -1, { signal }: MessageOptions = {}): Promise<number> {
    return rejectOnAbort(
      this.call((api) => api.ffprobe([...args], timeout)),
      signal,
    );
  }

  /** Ends every worker at once and rejects every pending call. `load()` must come before the next call. */
  terminate(): void {
    this.#end(new DOMException('terminate() was called.', 'AbortError'));
  }

  async #run(
    args: readonly string[],
    options: ExecOptions & { readonly timeout: number; readonly trial?: TrialLength },
  ): Promise<{ result: ExecResult; longestGapMs: number }> {
    const client = this.#loadedClient();
    if (this.#running !== undefined) {
      throw new DnnError(
        'EINVAL',
        'exec() or trial() was called while another exec() or trial() runs; await that one, or use a second FFmpegDNN.',
      );
    }
    const { signal, timeout, trial, cwd = '/', defaultOutput } = options;
    signal?.throwIfAborted();
    const stop = (): void => void this.stop();
    const heartbeat = new Heartbeat();
    const stopWatching = watchAnswers(client, (api) => api.resources());
    this.#running = options;
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const outputs = Object.entries(options.outputs ?? {}).map(([path, target]) => ({ path, target }));
      const request = {
        ...{ args: [...args], timeout, cwd, outputs, defaultOutput, trial },
        reportsDetections: options.onDetections !== undefined,
        reportsTimeline: options.onTimeline !== undefined,
      };
      const result = await client.call((api) => api.exec(transferTargets(request)));
      return { result, longestGapMs: heartbeat.stop() };
    } finally {
      stopWatching();
      heartbeat.stop();
      this.#running = undefined;
      signal?.removeEventListener('abort', stop);
    }
  }

  /** One that dies rejects what is pending, and is no longer there for the next call. */
  #spawn(urls: AssetUrls): WorkerClient<PipelineApi> {
    const client = spawnPipelineWorker(urls);
    this.#spool = spoolName();
    void client.ended.then((reason) => {
      if (this.#client !== client) return;
      if (this.loaded) this.#leftSpools = [...this.#leftSpools, this.#spool];
      // The page keeps the folder from now on.
      this.#letSpoolGo = () => undefined;
      this.#end(reason);
    });
    return client;
  }

  #onFirstLoad(): void {
    this.#leftSpools = [];
    this.#letSpoolGo = outliveWorker(this.#spool);
  }

  #end(reason: unknown): void {
    this.#letSpoolGo();
    this.#letSpoolGo = () => undefined;
    this.#client?.terminate(reason);
    this.#client = undefined;
    this.#assets?.release();
    this.#assets = undefined;
    this.loaded = false;
  }

  #loadedClient(): WorkerClient<PipelineApi> {
    if (this.#client === undefined) {
      throw new DnnError('EINVAL', 'ffmpeg is not loaded: call `await ffmpeg.load()` first.');
    }
    return this.#client;
  }

  /** @internal Async, so that a missing load() rejects like every other failure. */
  protected override async call<T>(run: (api: RemoteApi<PipelineApi>) => Promise<T>): Promise<T> {
    return this.#loadedClient().call(run);
  }

  #onProgress(progress: Progress): void {
    const { onProgress } = this.#running ?? {};
    if (onProgress !== undefined) tell([onProgress], progress);
    const event = { progress: progress.progress ?? 0, time: Math.round(progress.time * 1e6) };
    tell(this.#progressCallbacks, event);
  }
}

/** What a listener throws is the page's own error, as with DOM events: the job goes on. */
function tell<T>(listeners: Iterable<(event: T) => void>, event: T): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Insecure pages have no `randomUUID`. */
function spoolName(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(16)).join('-');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

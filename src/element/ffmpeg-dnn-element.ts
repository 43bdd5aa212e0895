/** `<ffmpeg-dnn>`: a video, picture or camera in, the enhanced one out. */
import { DnnError, errorMessage } from '../base/errors.ts';
import {
  FFmpegDNN,
  type JobStats,
  type LiveStats,
  type LoadConfig,
  type OutputTarget,
  type TrialResult,
} from '../index.ts';
import { DetectionOverlay } from './detection-overlay.ts';
import type { ElementState } from './element-events.ts';
import { ElementStage, type NamedBlob } from './element-stage.ts';
import { ElementView } from './element-view.ts';
import { closeSource, openSource, type FileSource, type LiveElementSource } from './element-source.ts';
import { TellingElement } from './telling-element.ts';
import { namedFiles, outputPath, runFileJob, tryFileJob, type FileJob, type NamedFiles } from './file-job.ts';
import { enhancePicture, fallbackFilters, LiveRun } from './live-run.ts';
import { isPicture } from './media-type.ts';
import { liveText, progressText } from './progress-text.ts';

const missingIsolation =
  'Whole files need a cross-origin isolated page: serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and ' +
  '"Cross-Origin-Embedder-Policy: require-corp", over https or from localhost, or register the isolation service worker. ' +
  'Live video and pictures work without.';

/** What is inside, made when the element is first in a document. */
interface Inside {
  readonly view: ElementView;
  readonly stage: ElementStage;
}

/**
 * `<ffmpeg-dnn>`: a video, picture or stream in, the enhanced one out. Each attribute is a property too.
 * @tagname ffmpeg-dnn
 * @attr {string} src - Address of a video or picture.
 * @attr {string} filter - Filter chain, as behind ffmpeg's `-vf`.
 * @attr {string} models - Addresses of model and label files, separated by blanks; the filter finds them by their file names.
 * @attr {string} mode - `file` or `live`; left out: live for a stream, file for everything else.
 * @attr {string} output - ffmpeg's options of the output.
 * @attr {string} filename - Name of the result; its ending chooses the format.
 * @attr {string} fallback - Live mode: filters separated by `|` to step down to where the machine is too slow.
 * @attr {boolean} autoplay - Starts as soon as there is something to work on.
 * @attr {boolean} controls - Shows buttons, progress and figures.
 * @attr {boolean} compare - Shows before and after with a divider.
 * @attr {boolean} overlay - Shows the boxes of what was detected over the result.
 * @attr {boolean} muted - Players are muted.
 * @attr {boolean} loop - Players start again at the end.
 *
 * @fires progress - A few times a second in file mode; `detail` is a Progress.
 * @fires detections - For every frame that a detecting filter saw; `detail` is a DetectionsEvent.
 * @fires timeline - Who worked when in file mode; `detail` is a TimelineEvent.
 * @fires livestats - A few times a second in live mode; `detail` is a LiveStats.
 * @fires stepdown - A lighter filter took over in live mode; `detail.filter` says which.
 * @fires complete - The result is there: `detail.blob`, `detail.stats`.
 * @fires error - The job, or in live mode a frame, has failed: `detail.error`.
 * @fires statechange - `detail.state` is the new state.
 *
 * @slot - Shown while there is nothing to work on.
 * @slot status - Below everything else.
 *
 * @csspart stage - The box of the pictures.
 * @csspart before - The player or picture before.
 * @csspart after - The player or picture after.
 * @csspart canvas - The live picture.
 * @csspart overlay - The boxes of what was detected.
 * @csspart divider - The slider between before and after.
 * @csspart controls - The row of buttons: parts `start`, `pause`, `cancel`, `play`, `download`.
 * @csspart progress - The progress bar.
 * @csspart figures - Progress in words.
 * @csspart status - What is said to screen readers.
 * @csspart error - What went wrong.
 *
 * @cssprop --ffmpeg-dnn-accent - Colour of the first button, slider and focus.
 * @cssprop --ffmpeg-dnn-on-accent - Text on it.
 * @cssprop --ffmpeg-dnn-background - Colour behind everything.
 * @cssprop --ffmpeg-dnn-color - Colour of text.
 * @cssprop --ffmpeg-dnn-radius - Radius of corners.
 */
export class FFmpegDNNElement extends TellingElement {
  /** What every URL of `load()` is; set it before the first job. */
  loadConfig: LoadConfig = {};
  /** Model and label files by the names that the filter uses, beside those of `models`. */
  files: NamedFiles = {};
  /** Where the result goes instead of a Blob: a file handle, a stream. */
  target: OutputTarget | null = null;
  /** The result of the last job; null before, and where it went to a stream or address of `target`. */
  result: Blob | null = null;
  /** The figures of the last job. */
  stats: JobStats | null = null;
  /** Why the last job, or in live mode the last frame that failed, has failed; null where nothing has. */
  error: Error | null = null;
  /** Works for this element; made when it is needed, and ended with the element. */
  ffmpeg: FFmpegDNN | null = null;

  #inside: Inside | undefined;
  #state: ElementState = 'empty';
  #abort: AbortController | undefined;
  #live: LiveRun | undefined;
  #liveSource: LiveElementSource | undefined;
  #overlay: DetectionOverlay | undefined;

  /** What the element is doing. */
  get state(): ElementState {
    return this.#state;
  }

  /** Figures of the live mode; null where nothing is live. */
  get live(): LiveStats | null {
    return this.#live?.stats ?? null;
  }

  /** @internal Called by the browser. */
  connectedCallback(): void {
    this.#setUp();
    this.sourceChanged();
  }

  /** @internal Ends what runs, and gives every worker back; an element that was only moved keeps its job. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      void this.cancel();
      this.ffmpeg?.terminate();
      this.ffmpeg = null;
      this.#inside?.stage.clear();
    });
  }

  /** @internal Called by the browser. */
  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || this.#inside === undefined) return;
    if (name === 'src') this.sourceChanged();
    else this.#update();
  }

  /**
   * Runs the filter: over the whole file, or live until `cancel()`.
   *
   * @returns the result; null in live mode, and where it went to a stream or address of `target`.
   * @throws DnnError where there is nothing to work on, something runs already, or the job fails.
   * @throws an AbortError after `cancel()`.
   */
  async process(): Promise<Blob | null> {
    return this.#alone(async (signal) => {
      const source = await this.#source(signal);
      const files = namedFiles(this.models, this.files);
      if (source.kind === 'live') {
        await this.#runLive(source, files, signal);
        return null;
      }
      if (!globalThis.crossOriginIsolated) {
        if (isPicture(source.blob, source.name)) return this.#runPicture(source.blob, files, signal);
        throw new DnnError('ENOSYS', missingIsolation);
      }
      const { blob, stats } = await runFileJob(this.#job(source, files, signal));
      this.stats = stats;
      this.#finish(source, blob);
      return blob;
    });
  }

  /** What the whole job would take, from its first frames. @throws as `process` */
  trial(): Promise<TrialResult> {
    return this.#alone(async (signal) => {
      const source = await this.#source(signal);
      if (source.kind === 'live')
        throw new DnnError('EINVAL', 'A trial is for files: live video tells its pace itself.');
      const result = await tryFileJob(this.#job(source, namedFiles(this.models, this.files), signal));
      this.#setState('ready');
      return result;
    });
  }

  /** Ends what runs; settles when it has ended. Does nothing where nothing runs. */
  async cancel(): Promise<void> {
    this.#abort?.abort(new DOMException('Cancelled.', 'AbortError'));
    const live = this.#live;
    this.#live = undefined;
    if (live === undefined) return;
    await live.stop();
    if (this.#liveSource !== undefined) closeSource(this.#liveSource);
    this.#liveSource = undefined;
    this.#abort = undefined;
    this.#setState('ready');
    this.#setUp().view.say('Stopped.');
  }

  /** Holds what runs, until `resume()`. @throws DnnError `ENOSYS` for a job that cannot be paused. */
  async pause(): Promise<void> {
    if (this.#state !== 'running') return;
    if (this.#live !== undefined) this.#live.pause();
    else await this.ffmpeg?.pause();
    this.#setState('paused');
    this.#setUp().view.say('Paused.');
  }

  /** Ends a pause. Does nothing where there is none. */
  async resume(): Promise<void> {
    if (this.#state !== 'paused') return;
    if (this.#live !== undefined) this.#live.resume();
    else await this.ffmpeg?.resume();
    this.#setState('running');
  }

  /** Plays the result, or stops playing. */
  async play(): Promise<void> {
    await this.#inside?.stage.toggle();
  }

  /** The live picture as a stream, such as for a call or a recorder. @throws DnnError `EINVAL` where nothing is live. */
  captureStream(frameRate?: number): MediaStream {
    if (this.#live === undefined)
      throw new DnnError('EINVAL', 'captureStream() is for live mode: start it first with process().');
    return this.#live.canvas.captureStream(frameRate);
  }

  /** One job at a time; what it throws is shown, told, and thrown. */
  async #alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#abort !== undefined)
      throw new DnnError('EINVAL', 'The element is at work already: cancel() it, or use a second element.');
    const { signal } = (this.#abort = new AbortController());
    this.error = null;
    this.#overlay = this.overlay ? new DetectionOverlay() : undefined;
    this.#setUp().view.showError('');
    this.#setState('loading');
    this.#setUp().view.say('Loading …');
    try {
      return await work(signal);
    } catch (error) {
      const isCancelled = signal.aborted;
      const reason: unknown = isCancelled ? signal.reason : error;
      if (isCancelled) {
        this.#setState('ready');
        this.#setUp().view.say('Cancelled.');
      } else {
        this.error = reason instanceof Error ? reason : new Error(errorMessage(reason));
        this.#setState('failed');
        this.#setUp().view.say('Failed.');
        this.#setUp().view.showError(this.error.message);
        this.tell('error', { error: this.error });
      }
      throw reason;
    } finally {
      if (this.#live === undefined) this.#abort = undefined;
    }
  }

  #source(signal: AbortSignal): ReturnType<typeof openSource> {
    const { srcObject, src, mode } = this;
    const onFetching = (words: string): void => {
      this.#setUp().view.figures.textContent = words;
    };
    return openSource({ srcObject, src, mode, signal, onFetching });
  }

  #job(source: FileSource, files: NamedFiles, signal: AbortSignal): FileJob {
    const { target, filename } = this;
    return {
      ffmpeg: (this.ffmpeg ??= new FFmpegDNN()),
      loadConfig: this.loadConfig,
      input: source.blob,
      name: source.name,
      filter: this.filter,
      files,
      output: this.output,
      filename,
      options: {
        signal,
        ...(target === null ? {} : { outputs: { [outputPath(filename)]: target } }),
        onProgress: (progress) => {
          if (this.#state === 'loading') this.#setState('running');
          this.#setUp().view.showProgress(progress.progress, progressText(progress));
          this.tell('progress', progress);
        },
        onDetections: (event) => {
          this.#overlay?.add(event);
          this.tell('detections', event);
        },
        onTimeline: (event) => {
          this.tell('timeline', event);
        },
      },
    };
  }

  async #runLive(opened: LiveElementSource, files: NamedFiles, signal: AbortSignal): Promise<void> {
    const run = new LiveRun({
      ...{ source: opened.source, files, signal, filter: this.filter, loadConfig: this.loadConfig },
      fallback: fallbackFilters(this.fallback),
      onStats: (stats) => {
        this.#setUp().view.figures.textContent = liveText(stats);
        this.tell('livestats', stats);
      },
      onDetections: (event) => {
        this.#overlay?.show(event);
        this.tell('detections', event);
      },
      onError: (error) => {
        this.error = error;
        this.#setUp().view.showError(error.message);
        this.tell('error', { error });
      },
      onStepDown: (filter) => {
        this.#setUp().view.say('This machine is too slow for the filter; a lighter one has taken its place.');
        this.tell('stepdown', { filter });
      },
    });
    try {
      await run.start();
    } catch (error) {
      closeSource(opened);
      throw error;
    }
    this.#live = run;
    this.#liveSource = opened;
    this.#setUp().stage.showLive(run.canvas, this.#overlay);
    this.#setState('running');
    this.#setUp().view.say('Live.');
  }

  async #runPicture(picture: Blob, files: NamedFiles, signal: AbortSignal): Promise<Blob> {
    const { filter, loadConfig } = this;
    const blob = await enhancePicture(picture, {
      ...{ filter, files, loadConfig, signal },
      onDetections: (event) => {
        this.#overlay?.add({ ...event, pts: 0, time: 0 });
        this.tell('detections', event);
      },
    });
    this.#finish({ blob: picture, name: 'picture.png' }, blob);
    return blob;
  }

  #finish(before: NamedBlob, blob: Blob | null): void {
    this.result = blob;
    this.#setState('done');
    const { view, stage } = this.#setUp();
    view.showProgress(1, '');
    view.say('Done.');
    const { muted, loop, compare, filename } = this;
    if (blob !== null) {
      const shown = { blob, name: filename };
      stage.showResult(shown, compare ? before : undefined, { muted, loop }, this.#overlay);
    }
    this.tell('complete', { blob, stats: this.stats });
  }

  protected override sourceChanged(): void {
    if (this.#inside === undefined) return;
    if (this.#abort !== undefined) void this.cancel();
    const { view, stage } = this.#inside;
    stage.clear();
    this.result = null;
    const source = this.srcObject;
    const hasSource = source !== null || this.src !== '';
    this.#setState(hasSource ? 'ready' : 'empty');
    view.showError('');
    view.say('');
    const { muted, loop } = this;
    if (source instanceof Blob && this.mode === 'file') {
      stage.showSource({ blob: source, name: source instanceof File ? source.name : '' }, { muted, loop });
    }
    if (this.autoplay && hasSource && this.filter !== '') this.process().catch(() => undefined);
  }

  #setUp(): Inside {
    if (this.#inside !== undefined) return this.#inside;
    const view = new ElementView(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.#inside = { view, stage: new ElementStage(view) };
    view.onClick({
      start: () => this.process(),
      cancel: () => this.cancel(),
      pause: () => (this.#state === 'paused' ? this.resume() : this.pause()),
    });
    this.#update();
    return this.#inside;
  }

  #setState(state: ElementState): void {
    const isNew = state !== this.#state;
    this.#state = state;
    this.#update();
    if (isNew) this.tell('statechange', { state });
  }

  #update(): void {
    const state = this.#state;
    const isAtWork = state === 'loading' || state === 'running' || state === 'paused';
    const isFileJob = isAtWork && this.#live === undefined;
    this.#inside?.view.showState(state, { isAtWork, isFileJob, showsControls: this.controls });
    this.setAttribute('aria-busy', String(isFileJob));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ffmpeg-dnn': FFmpegDNNElement;
  }
}

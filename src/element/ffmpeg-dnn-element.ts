/** `<ffmpeg-dnn>`: a video, picture or camera in, the enhanced one out. */
import { DnnError } from '../base/errors.ts';
import {
  FFmpegDNN,
  type JobStats,
  type LiveStats,
  type LoadConfig,
  type OutputTarget,
  type TrialResult,
} from '../index.ts';
import { DetectionOverlay } from './detection-overlay.ts';
import type { ElementJob, FileMade, Made } from './element-job.ts';
import { closeSource, openSource, type FileSource, type LiveElementSource } from './element-source.ts';
import {
  namedFiles,
  outputPath,
  prepareFileJob,
  runFileJob,
  tryFileJob,
  type FileJob,
  type NamedFiles,
} from './file-job.ts';
import { enhancePicture } from './enhance-picture.ts';
import { fallbackFilters, LiveRun } from './live-run.ts';
import { isPicture } from './media-type.ts';
import { liveText, progressText } from './progress-text.ts';
import { WorkingElement } from './working-element.ts';

/**
 * `<ffmpeg-dnn>`: a video, picture or stream in, the enhanced one out. Each attribute is a property too.
 * @tagname ffmpeg-dnn
 * @attr {string} src - Address of a video or picture.
 * @attr {string} filter - Filter chain, as behind ffmpeg's `-vf`.
 * @attr {string} models - Addresses of models and labels, separated by blanks; found by their file names.
 * @attr {string} mode - `file` or `live`; left out: live for a stream, file for everything else.
 * @attr {string} format - Container of the result: `mp4`, `webm` or `mkv`.
 * @attr {string} quality - `smaller`, `good` or `best`.
 * @attr {string} output - ffmpeg's options of the output, in place of `format` and `quality`.
 * @attr {string} filename - Name of the result; its ending wins over `format`.
 * @attr {string} fallback - Live mode: lighter filters, separated by `|`, for machines that are too slow.
 * @attr {boolean} autoplay - Starts as soon as there is something to work on.
 * @attr {boolean} controls - Shows buttons, progress and figures.
 * @attr {boolean} compare - Shows before and after with a divider.
 * @attr {boolean} overlay - Shows detected boxes over the result; of a file where set when the job began.
 * @attr {boolean} muted - Players are muted.
 * @attr {boolean} loop - Players start again at the end.
 *
 * @fires progress - A few times a second in file mode; `detail` is a Progress.
 * @fires detections - For every frame that a detecting filter saw; `detail` is a DetectionsEvent.
 * @fires timeline - Who worked when in file mode; `detail` is a TimelineEvent.
 * @fires livestats - A few times a second in live mode; `detail` is a LiveStats.
 * @fires stepdown - A lighter filter took over in live mode; `detail.filter` says which.
 * @fires notice - Another encoder than the usual one has to do: `detail.message`, `detail.reason`.
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
 * @csspart notice - What is done in another way than usual.
 * @csspart error - What went wrong.
 *
 * @cssprop --ffmpeg-dnn-accent - Colour of the first button, slider and focus.
 * @cssprop --ffmpeg-dnn-on-accent - Text on it.
 * @cssprop --ffmpeg-dnn-background - Colour behind everything.
 * @cssprop --ffmpeg-dnn-color - Colour of text.
 * @cssprop --ffmpeg-dnn-radius - Radius of corners.
 */
export class FFmpegDNNElement extends WorkingElement {
  /** What every URL of `load()` is; set it before the first job. */
  loadConfig: LoadConfig = {};
  /** Model and label files by the names that the filter uses, beside those of `models`. */
  files: NamedFiles = {};
  /** Where the result goes instead of a Blob: a file handle, a stream. */
  target: OutputTarget | null = null;
  /**
   * The result of the last job; null before, and where it went to a stream or address of `target`. It can be
   * read as long as the page is open, also when another one has come: see `FFmpegDNN.readBlob`.
   */
  result: Blob | null = null;
  /** The figures of the last job. */
  stats: JobStats | null = null;
  /** Works for this element; made when it is needed, and ended with the element. */
  ffmpeg: FFmpegDNN | null = null;

  #live: LiveRun | undefined;
  /** Of the last job on a file. */
  #boxes: DetectionOverlay | undefined;
  /** Whether it was taken out of its document. */
  #isGone = false;

  /** Figures of the live mode; null where nothing is live. */
  get live(): LiveStats | null {
    return this.#live?.stats ?? null;
  }

  /** @internal Called by the browser; for an element that was only moved nothing changes. */
  connectedCallback(): void {
    const isNew = this.inside === undefined || this.#isGone;
    this.#isGone = false;
    this.setUp();
    if (isNew) this.sourceChanged();
  }

  /** @internal Ends what runs, and gives every worker back; an element that was only moved keeps its job. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#isGone = true;
      void this.cancel();
      this.ffmpeg?.terminate();
      this.ffmpeg = null;
      this.inside?.stage.clear();
    });
  }

  /**
   * Runs the filter: over the whole file, or live until `cancel()`.
   *
   * @returns the result; null in live mode, and where it went to a stream or address of `target`.
   * @throws DnnError where there is nothing to work on, something runs already, or the job fails.
   * @throws an AbortError after `cancel()`.
   */
  async process(): Promise<Blob | null> {
    const finish = (made: Made): void => {
      if (made !== 'live') this.#finish(made);
    };
    const made = await this.alone((job) => this.#process(job), finish);
    return made === 'live' ? null : made.blob;
  }

  /** What the whole job would take, from its first frames. @throws as `process` */
  trial(): Promise<TrialResult> {
    const work = async ({ signal }: ElementJob): Promise<TrialResult> => {
      const source = await this.#source(signal);
      if (source.kind === 'live')
        throw new DnnError('EINVAL', 'A trial is for files: live video tells its pace itself.');
      return tryFileJob(this.#fileJob(source, namedFiles(this.models, this.files), signal));
    };
    return this.alone(work, () => {
      this.setState('ready');
    });
  }

  /**
   * Gets ready in advance what the first file would wait for, beside whatever else runs: ffmpeg is loaded,
   * which is large, and the browser's encoder is tried. Calling it again is allowed.
   *
   * @throws DnnError as `FFmpegDNN.load`, and `EINVAL` for an `output` that is no options of ffmpeg.
   */
  async prepare(): Promise<void> {
    const { filter, filename, loadConfig, wantedOutput } = this;
    const ffmpeg = (this.ffmpeg ??= new FFmpegDNN());
    await prepareFileJob({ ffmpeg, loadConfig, filter, filename, output: wantedOutput });
  }

  /** Holds what runs, until `resume()`. @throws DnnError `ENOSYS` for a job that cannot be paused. */
  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    const job = this.job;
    if (this.#live !== undefined) this.#live.pause();
    else await this.ffmpeg?.pause();
    if (this.job !== job) return; // it has ended meanwhile
    this.setState('paused');
    this.setUp().view.say('Paused.');
  }

  /** Ends a pause. Does nothing where there is none. */
  async resume(): Promise<void> {
    if (this.state !== 'paused') return;
    const job = this.job;
    if (this.#live !== undefined) this.#live.resume();
    else await this.ffmpeg?.resume();
    if (this.job !== job) return;
    this.setState('running');
  }

  /**
   * The live picture as a stream, such as for a call or a recorder.
   * @throws DnnError `EINVAL` where nothing is live.
   */
  captureStream(frameRate?: number): MediaStream {
    if (this.#live === undefined)
      throw new DnnError('EINVAL', 'captureStream() is for live mode: start it first with process().');
    return this.#live.canvas.captureStream(frameRate);
  }

  async #process(job: ElementJob): Promise<Made> {
    const { signal } = job;
    // What nobody looks at is not gathered: a long video has many.
    this.#boxes = this.overlay ? new DetectionOverlay() : undefined;
    const source = await this.#source(signal);
    const files = namedFiles(this.models, this.files);
    if (source.kind === 'live') {
      await this.#goLive(job, source, files);
      return 'live';
    }
    const before = { blob: source.blob, name: source.name };
    if (!globalThis.crossOriginIsolated && isPicture(source.blob, source.name))
      return { before, blob: await this.#enhancePicture(source.blob, files, signal), stats: null };
    return { before, ...(await runFileJob(this.#fileJob(source, files, signal))) };
  }

  async #source(signal: AbortSignal): ReturnType<typeof openSource> {
    const { srcObject, src, mode } = this;
    const onFetching = (words: string): void => {
      this.setUp().view.figures.textContent = words;
    };
    const source = await openSource({ srcObject, src, mode, signal, onFetching });
    this.isPictureOpened = source.kind === 'file' && isPicture(source.blob, source.name);
    return source;
  }

  #fileJob(source: FileSource, files: NamedFiles, signal: AbortSignal): FileJob {
    const { target, filename } = this;
    return {
      ffmpeg: (this.ffmpeg ??= new FFmpegDNN()),
      loadConfig: this.loadConfig,
      input: source.blob,
      name: source.name,
      filter: this.filter,
      files,
      output: this.wantedOutput,
      filename,
      options: {
        signal,
        ...(target === null ? {} : { outputs: { [outputPath(filename)]: target } }),
        onProgress: (progress) => {
          if (signal.aborted) return;
          if (this.state === 'loading') this.setState('running');
          this.setUp().view.showProgress(progress.progress, progressText(progress));
          this.tell('progress', progress);
        },
        onDetections: (event) => {
          if (signal.aborted) return;
          this.#boxes?.add(event);
          this.tell('detections', event);
        },
        onTimeline: (event) => {
          this.tell('timeline', event);
        },
      },
      onNotice: (notice) => {
        const { view } = this.setUp();
        view.showNotice(notice.message);
        view.say(notice.message);
        this.tell('notice', notice);
      },
    };
  }

  async #goLive(job: ElementJob, opened: LiveElementSource, files: NamedFiles): Promise<void> {
    const { signal } = job;
    const boxes = new DetectionOverlay();
    const { view, stage } = this.setUp();
    const run = new LiveRun({
      ...{ source: opened.source, files, signal, filter: this.filter, loadConfig: this.loadConfig },
      fallback: fallbackFilters(this.fallback),
      onStats: (stats) => {
        if (signal.aborted) return;
        view.figures.textContent = liveText(stats);
        this.tell('livestats', stats);
      },
      onDetections: (event) => {
        boxes.show(event, run.canvas);
        this.tell('detections', event);
      },
      onError: (error) => {
        this.showError(error);
        this.tell('error', { error });
      },
      onStepDown: (filter) => {
        view.say('This machine is too slow for the filter; a lighter one has taken its place.');
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
    stage.showLive(run.canvas, boxes, this.showOptions());
    this.setState('running');
    view.say('Live.');
    void run.ended.then((error) => {
      closeSource(opened);
      this.#live = undefined;
      this.stop(job, error, signal.aborted ? 'Stopped.' : 'The video source has ended.');
    });
  }

  #enhancePicture(picture: Blob, files: NamedFiles, signal: AbortSignal): Promise<Blob | null> {
    const { filter, loadConfig, filename, target } = this;
    const boxes = this.#boxes;
    return enhancePicture(picture, {
      ...{ filter, files, loadConfig, signal, filename, target },
      onDetections: (event) => {
        boxes?.add({ ...event, pts: 0, time: 0 });
        this.tell('detections', event);
      },
    });
  }

  #finish({ before, blob, stats }: FileMade): void {
    this.result = blob;
    this.stats = stats;
    const { view, stage } = this.setUp();
    view.showProgress(1, '');
    view.say('Done.');
    if (blob !== null)
      stage.showResult({ blob, name: this.filename }, before, this.#boxes, this.showOptions());
    // Last: a listener may start the next job.
    this.setState('done');
    this.tell('complete', { blob, stats });
  }

  /** @internal */
  protected override sourceChanged(): void {
    if (this.inside === undefined) return;
    void this.cancel();
    this.result = null;
    this.isPictureOpened = undefined;
    this.showSource();
    if (this.autoplay && this.hasSource && this.filter !== '') this.process().catch(() => undefined); // shown and told
  }

  /** @internal */
  protected override get isLive(): boolean {
    return this.#live !== undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ffmpeg-dnn': FFmpegDNNElement;
  }
}

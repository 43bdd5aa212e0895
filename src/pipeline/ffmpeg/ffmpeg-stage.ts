/** One ffmpeg.wasm run of a job, with what it says, how it is stopped and how busy it was. */
import { raceAbort } from '../../base/abort.ts';
import { DnnError } from '../../base/errors.ts';
import { CoreControl } from '../../media/core-control.ts';
import type { CoreOutputEvent } from '../../media/core-event.ts';
import type { CoreMountOptions, CoreOutputs, CorePipe, CoreReport } from '../../media/core-options.ts';
import type { FollowedLog } from '../../media/mp4/followed-log.ts';
import type { FfmpegCore } from '../../media/ffmpeg-core.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { WorkSpan } from '../report/timeline-recorder.ts';
import type { CorePool } from './core-pool.ts';
import type { StageFiles } from './stage-files.ts';
import { StageWatchdog } from './stage-watchdog.ts';
import {
  fromDefaults,
  hidesStatus,
  isStatusLine,
  leavesOptions,
  probeFromDefaults,
} from '../command/leftover-options.ts';

export interface FfmpegStageOptions {
  readonly cores: CorePool;
  readonly files: StageFiles;
  /** Names the stage where it hangs: `The decode stage`. */
  readonly name: string;
  /** Seconds after which it does; left out by what the stage has taken so far. */
  readonly watchdogSeconds?: number | undefined;
  readonly pipes?: readonly CorePipe[];
  readonly outputs: CoreOutputs;
  /** Whether standard output is data. */
  readonly stdout?: 'log' | 'output';
  /** Where its log tells packets. */
  readonly followed?: FollowedLog;
  readonly onLog: (message: string, type: string) => void;
  readonly onProgress?: (progress: number, microseconds: number) => void;
  /** Takes what happens to the output files, in mode `events`. */
  readonly onOutput?: ((event: CoreOutputEvent) => void) | undefined;
}

export class FfmpegStage {
  readonly #options: FfmpegStageOptions;
  readonly #control: CoreControl | undefined;
  readonly #watchdog: StageWatchdog;
  #core: FfmpegCore | undefined;
  readonly #kill = new AbortController();
  #started = 0;
  #ended = 0;
  /** Until when `takeSpans` has told what the stage did. */
  #told = 0;

  constructor(options: FfmpegStageOptions) {
    this.#options = options;
    this.#control = typeof SharedArrayBuffer === 'undefined' ? undefined : new CoreControl();
    const { name, watchdogSeconds: seconds } = options;
    this.#watchdog = new StageWatchdog({ name, seconds, control: this.#control });
  }

  /**
   * Runs `program` with these words.
   *
   * @returns the exit code
   * @throws DnnError `EIO` where the core crashes or hangs, or was killed
   */
  async run(args: readonly string[], program: 'ffmpeg' | 'ffprobe' = 'ffmpeg'): Promise<number> {
    const { cores, files, pipes = [], outputs, stdout, followed } = this.#options;
    const core = await this.#takeCore();
    this.#core = core;
    core.owner = this.#options.name;
    const mount: CoreMountOptions = {
      cwd: files.cwd,
      inputs: files.inputs,
      directories: files.directories,
      pipes,
      outputs,
      ...(stdout === undefined ? {} : { stdout }),
      ...(followed === undefined ? {} : { followed }),
      ...(this.#control === undefined ? {} : { control: this.#control.memory }),
    };
    const isProbe = program === 'ffprobe';
    const isQuiet = !isProbe && (followed?.hidesStatus ?? hidesStatus(args));
    const stopListening = this.#listen(core, isQuiet);
    const stopWatching = this.#watchdog.start((error) => {
      this.kill(error);
    });
    try {
      await core.mount(mount);
      this.#started = this.#told = performance.now();
      const exitCode = isProbe
        ? await core.ffprobe(probeFromDefaults(args))
        : await core.exec(fromDefaults(args));
      this.#reportFaults(await core.report());
      // A run that failed half-way leaves a memory behind in which a later run can crash.
      if (exitCode !== 0 || isProbe || leavesOptions(args)) core.terminate();
      return exitCode;
    } finally {
      this.#ended = performance.now();
      stopWatching();
      stopListening();
      cores.give(core);
      this.#core = undefined;
    }
  }

  /** Lets ffmpeg finish its files, as `q` does. @returns false where it hears nothing while it works. */
  requestQuit(): boolean {
    this.#control?.requestQuit();
    return this.#control !== undefined;
  }

  /** Ends ffmpeg at once. */
  kill(reason = new DnnError('EIO', 'ffmpeg was ended.')): void {
    this.#kill.abort(reason);
    this.#core?.terminate(reason);
  }

  /** Whether ffmpeg has begun to work. */
  get hasStarted(): boolean {
    return this.#started > 0;
  }

  /** Bytes of the core's wasm memory. */
  get memoryBytes(): number {
    return this.#control?.heapBytes ?? 0;
  }

  /**
   * When the stage worked since the last call, by `performance.now()` of this thread: the time between two
   * waits, told when the second one is over, or the stage.
   */
  takeSpans(): readonly WorkSpan[] {
    const spans: WorkSpan[] = [];
    const tell = (end: number): void => {
      if (this.#started > 0 && end > this.#told) spans.push({ start: this.#told, end });
    };
    for (const block of this.#control?.takeBlocks() ?? []) {
      tell(block.start - performance.timeOrigin);
      this.#told = Math.max(this.#told, block.end - performance.timeOrigin);
    }
    if (this.#ended > 0) {
      tell(this.#ended);
      this.#told = Math.max(this.#told, this.#ended);
    }
    return spans;
  }

  stats(filter: string, frames: number): StageStats {
    const wall = Math.max(0, this.#ended - this.#started);
    return {
      kind: 'ffmpeg',
      filter,
      frames,
      seconds_wall: Math.round(wall) / 1000,
      seconds_busy: Math.round(Math.max(0, wall - (this.#control?.blockedMilliseconds ?? 0))) / 1000,
    };
  }

  /**
   * @throws DnnError `EIO` where the stage is killed meanwhile: the core that is on
   * its way is for the next one then.
   */
  async #takeCore(): Promise<FfmpegCore> {
    const { cores } = this.#options;
    const { signal } = this.#kill;
    signal.throwIfAborted();
    const taken = cores.take();
    try {
      return await raceAbort(taken, signal);
    } catch (error) {
      // Nobody waits for it any more.
      if (signal.aborted) void taken.then(cores.give.bind(cores), () => undefined);
      throw error;
    }
  }

  /** @returns ends it. */
  #listen(core: FfmpegCore, isQuiet: boolean): () => void {
    const { onLog, onProgress, onOutput } = this.#options;
    const ends = [
      core.onLog(({ message, type }) => {
        this.#watchdog.line(message);
        if (!isQuiet || !isStatusLine(message)) onLog(message, type);
      }),
      core.onProgress((progress, microseconds) => {
        this.#watchdog.step();
        onProgress?.(progress, microseconds);
      }),
      core.onEvent((event) => {
        if (event.kind === 'step') this.#watchdog.step(event.step);
        if (event.kind === 'output') onOutput?.(event);
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  #reportFaults(report: CoreReport): void {
    for (const fault of report.faults) this.#options.onLog(fault, 'stderr');
  }
}

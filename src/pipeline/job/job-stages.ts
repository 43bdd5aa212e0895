/** The ffmpeg stages of one job: each started with its pipes, ended together. */
import { frameLayout } from '../../frame/plane-layout.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { CoreOutputs, CorePipe } from '../../media/core-options.ts';
import { createFrameRing, type FrameRingBuffer } from '../../media/frame-ring.ts';
import { FfmpegStage } from './ffmpeg-stage.ts';
import { ringCapacity } from '../frames/frame-pump.ts';
import type { JobContext } from './job-context.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import type { StageFiles } from './stage-files.ts';

/** An ffmpeg stage at work. */
export interface RunningStage {
  readonly stage: FfmpegStage;
  /** Its filters as the user wrote them; empty where none stand. */
  readonly filter: string;
  readonly exitCode: Promise<number>;
}

/** What is special about the stage that writes the user's files. */
export interface StageOutput {
  readonly outputs: CoreOutputs;
  readonly writesStdout: boolean;
  readonly afterwards: NonNullable<Parameters<FfmpegStage['run']>[2]>;
}

/** What a stage is started with. */
export interface StageStart {
  /** Stands before its lines in the log. */
  readonly label: string;
  /** Its filters as the user wrote them; empty where none stand. */
  readonly filter: string;
  /** Whether it reads files of the user for a DNN filter: a stop ends it first. */
  readonly isDecoder?: boolean;
  readonly args: readonly string[];
  readonly pipes: readonly CorePipe[];
  readonly output?: StageOutput;
}

export class JobStages {
  readonly #context: JobContext;
  readonly #files: StageFiles;
  readonly #memory: MemoryMeter;
  readonly #log: StageLog;
  readonly #timeline: TimelineRecorder | undefined;
  readonly #running: RunningStage[] = [];
  readonly #decoders: FfmpegStage[] = [];
  #quitsAtOnce = false;

  constructor(
    context: JobContext,
    files: StageFiles,
    memory: MemoryMeter,
    log: StageLog,
    timeline: TimelineRecorder | undefined,
  ) {
    this.#timeline = timeline;
    this.#context = context;
    this.#files = files;
    this.#memory = memory;
    this.#log = log;
    memory.add(() => this.#running.reduce((sum, { stage }) => sum + stage.memoryBytes, 0));
  }

  /** A pipe for frames of this size. */
  ring(format: PixelFormat, width: number, height: number): FrameRingBuffer {
    const ring = createFrameRing(ringCapacity(frameLayout(format, width, height).size));
    this.#memory.add(() => ring.memory.byteLength);
    return ring;
  }

  start({ label, filter, isDecoder = false, args, pipes, output }: StageStart): RunningStage {
    const stage = new FfmpegStage({
      cores: this.#context.cores,
      files: this.#files,
      pipes,
      outputs: output?.outputs ?? { mode: 'discard' },
      stdout: output?.writesStdout === true ? 'output' : 'log',
      onLog: (message, type) => {
        if (type === 'stdout') this.#log.output(message);
        else if (output === undefined) this.#log.upstream(label, message);
        else this.#log.encoder(message);
      },
    });
    this.#timeline?.polledLane('ffmpeg', label, () => stage.takeSpans());
    const exitCode = stage.run(args, 'ffmpeg', output?.afterwards);
    exitCode.catch(() => undefined); // whoever started the stage looks at it
    const running = { stage, filter, exitCode };
    this.#running.push(running);
    if (isDecoder) this.#decoders.push(stage);
    if (isDecoder && this.#quitsAtOnce) stage.requestQuit();
    return running;
  }

  /** Lets the decoders stop, also those that start later. */
  quitDecoders(): void {
    this.#quitsAtOnce = true;
    for (const stage of this.#decoders) stage.requestQuit();
  }

  kill(): void {
    for (const { stage } of this.#running) stage.kill();
  }

  /** Waits until every stage has ended, however it did. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running.map(({ exitCode }) => exitCode));
  }

  /** The first exit code that is not 0, in the order in which the stages were started. */
  async failedExitCode(): Promise<number | undefined> {
    const exitCodes = await Promise.all(this.#running.map(({ exitCode }) => exitCode));
    return exitCodes.find((exitCode) => exitCode !== 0);
  }
}

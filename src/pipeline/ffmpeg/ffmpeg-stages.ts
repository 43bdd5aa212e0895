/** Starts the ffmpeg stages of one job, each with its pipes. */
import { frameLayout } from '../../frame/plane-layout.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { CoreOutputs, CorePipe } from '../../media/core-options.ts';
import type { FollowedLog } from '../../media/mp4/followed-log.ts';
import { createFrameRing, type FrameRingBuffer } from '../../media/frame-ring.ts';
import { ringCapacity } from '../frames/frame-pump.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import type { CorePool } from './core-pool.ts';
import { FfmpegStage } from './ffmpeg-stage.ts';
import type { StageFiles } from './stage-files.ts';

/** An ffmpeg stage at work. */
export interface RunningStage {
  readonly stage: FfmpegStage;
  readonly exitCode: Promise<number>;
}

/** What is special about the stage that writes the user's files. */
export interface StageOutput {
  readonly outputs: CoreOutputs;
  /** Whether standard output is one of them. */
  readonly writesStdout: boolean;
}

/** What a stage is started with. */
export interface StageStart {
  /** Stands before its lines in the log. */
  readonly label: string;
  readonly args: readonly string[];
  readonly pipes: readonly CorePipe[];
  /** What to log in place of a line of a stage that writes no output of the user's; nothing for none. */
  readonly inPlaceOf?: (line: string) => string | undefined;
  readonly output?: StageOutput;
  /** Where its log tells packets. */
  readonly followed?: FollowedLog;
}

export interface FfmpegStagesOptions {
  readonly cores: CorePool;
  readonly files: StageFiles;
  /** Learns what pipes and stages hold. */
  readonly memory: MemoryMeter;
  readonly log: StageLog;
  readonly timeline: TimelineRecorder | undefined;
  /** Of `-dnn_watchdog`; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
}

export class FfmpegStages {
  readonly #options: FfmpegStagesOptions;
  readonly #running: FfmpegStage[] = [];

  constructor(options: FfmpegStagesOptions) {
    this.#options = options;
    options.memory.add(() => this.#running.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
  }

  /** A pipe for such frames. */
  ring({ format, width, height }: Pick<NutStream, 'format' | 'width' | 'height'>): FrameRingBuffer {
    return this.byteRing(ringCapacity(frameLayout(format, width, height).size));
  }

  /** A pipe that holds so many bytes. */
  byteRing(capacity: number): FrameRingBuffer {
    const ring = createFrameRing(capacity);
    this.#options.memory.add(() => ring.memory.byteLength);
    return ring;
  }

  /** The stage is the caller's, who waits for its exit code or kills it. */
  start({ label, args, pipes, inPlaceOf, output, followed }: StageStart): RunningStage {
    const { cores, files, log, timeline, watchdogSeconds } = this.#options;
    const stage = new FfmpegStage({
      cores,
      files,
      name: `The ${label} stage`,
      watchdogSeconds,
      pipes,
      outputs: output?.outputs ?? { mode: 'discard' },
      stdout: output?.writesStdout === true ? 'output' : 'log',
      ...(followed === undefined ? {} : { followed }),
      onLog: (message, type) => {
        if (type === 'stdout') log.output(message);
        else if (output !== undefined) log.encoder(message);
        else {
          const line = inPlaceOf === undefined ? message : inPlaceOf(message);
          if (line !== undefined) log.upstream(label, line);
        }
      },
    });
    timeline?.polledLane('ffmpeg', label, () => stage.takeSpans());
    const exitCode = stage.run(args);
    exitCode.catch(() => undefined); // whoever started the stage looks at it
    this.#running.push(stage);
    return { stage, exitCode };
  }
}

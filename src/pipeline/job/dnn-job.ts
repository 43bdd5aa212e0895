/**
 * Runs a planned command: ffmpeg stages and DNN stages, joined by pipes as the job's layout says. Every stage works at the
 * same time; the slowest sets the pace, since each one waits for room in the pipe behind it.
 */
import { errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Frame } from '../../frame/frame.ts';
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { FrameRingBuffer } from '../../media/frame-ring.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { JobStats } from '../../workers/pipeline-api.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type { DetectionsRecorder } from '../report/detections-recorder.ts';
import type { FilterStage } from '../inference/job-filter.ts';
import { stoppedExitCode } from '../command/exit-codes.ts';
import type { StageFiles } from './stage-files.ts';
import { pumpFrames, SourceFailure } from '../frames/frame-pump.ts';
import { FrameGate } from '../frames/frame-gate.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { teeFrames } from '../frames/frame-tee.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import type { DnnRun, JobLayout } from '../planning/job-layout.ts';
import { JobStages, type RunningStage } from './job-stages.ts';
import { jobStats } from './job-stats.ts';
import { lastFilters, lastStageArgs } from '../planning/last-stage-args.ts';
import { MemoryMeter } from '../report/memory-meter.ts';
import type { OutputCollector } from './output-collector.ts';
import type { Plan } from '../command/plan.ts';
import type { Planning } from '../planning/planning-log.ts';
import { ProgressMeter } from '../report/progress-meter.ts';
import { FfmpegFailure, startSourceStage } from './source-stage.ts';
import { StageLog } from '../report/stage-log.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';

export interface DnnJobOptions {
  readonly context: JobContext;
  /** Takes this project's own lines. */
  readonly log: Logger;
  readonly plan: Plan;
  readonly planning: Planning;
  readonly layout: JobLayout;
  /** By place. The job ends their workers. */
  readonly filters: readonly FilterStage[];
  readonly files: StageFiles;
  readonly output: OutputCollector;
  readonly writesStdout: boolean;
  /** Whether ffmpeg's status lines are part of the log. */
  readonly showsStatus: boolean;
  /** Expected number of frames, where it is known. */
  readonly frames: number | undefined;
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
  /** Takes what the filters found, where any detects. */
  readonly detections: DetectionsRecorder | undefined;
  /** Takes who worked when, where anybody wants to know. */
  readonly timeline: TimelineRecorder | undefined;
  /** For a trial: the job stops by itself when so many frames went to the encoder. */
  readonly stopAfterFrames?: number | undefined;
}

export class DnnJob implements RunningJob {
  readonly #options: DnnJobOptions;
  readonly #abort = new AbortController();
  readonly #buffers = new BufferPool(16);
  readonly #gate = new FrameGate();
  readonly #memory = new MemoryMeter();
  readonly #log: StageLog;
  readonly #progress: ProgressMeter;
  readonly #stages: JobStages;
  /** By the run that the stage feeds. */
  readonly #sources = new Map<number, RunningStage>();
  readonly #branches: FrameStream[] = [];
  readonly #pumps: Promise<unknown>[] = [];
  /** Why pumps ended, in the order in which it happened. */
  readonly #failures: unknown[] = [];
  #encoder: RunningStage | undefined;
  #stops = 0;

  constructor(options: DnnJobOptions) {
    const { context, files, frames } = options;
    this.#options = options;
    this.#log = new StageLog(context.log, options.showsStatus);
    this.#progress = new ProgressMeter(frames, context.progress);
    this.#stages = new JobStages(context, files, this.#memory, this.#log, options.timeline);
    this.#memory.add(() => this.#buffers.idleBytes + this.#buffers.outstandingBytes);
    this.#memory.add(() => options.filters.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
  }

  pause(): void {
    this.#gate.close();
    this.#progress.pause();
  }

  resume(): void {
    this.#progress.resume();
    this.#gate.open();
  }

  stop(): void {
    this.#stops += 1;
    this.resume();
    this.#log.muteUpstream();
    if (this.#stops === 1) this.#stages.quitDecoders();
    else this.#kill(new DOMException('The job was stopped.', 'AbortError'));
  }

  /**
   * @returns ffmpeg's exit code; 255 after a stop
   * @throws DnnError where inference or the output fails; what was encoded before is a valid file
   */
  async run(): Promise<number> {
    const { output, context, filters } = this.#options;
    const ended = context.ledger.track({
      frames: () => this.#buffers.outstanding,
      strayTensors: () => Math.max(0, ...filters.map((filter) => filter.strayTensors)),
    });
    try {
      const exitCode = await this.#runStages();
      await output.finish();
      if (exitCode === 0) this.#progress.finish(this.#log.framesEncoded);
      return this.#stops > 0 ? stoppedExitCode : exitCode;
    } catch (thrown) {
      // What a stage says of its broken pipe is no news beside why the pipe broke.
      const error = this.#ownFailure() ?? thrown;
      this.#kill(error);
      for (const branch of this.#branches) branch.stop();
      await Promise.allSettled([...this.#pumps, this.#stages.ended()]);
      await this.#keepOutput();
      if (this.#stops > 0) return stoppedExitCode;
      if (error instanceof FfmpegFailure) return error.exitCode;
      throw error;
    } finally {
      for (const filter of filters) filter.terminate();
      output.abort();
      ended();
    }
  }

  stats(): JobStats {
    const { started, layout, filters } = this.#options;
    const framesOut = this.#log.framesEncoded ?? this.#progress.frame;
    const stages = layout.runs.flatMap(({ places }, run) => {
      const source = this.#sources.get(run);
      const framesIn = filters[places[0]!]!.framesIn;
      return [
        ...(source === undefined ? [] : [source.stage.stats(source.filter, framesIn)]),
        ...places.flatMap((place) => filters[place]!.stats()),
      ];
    });
    const encoder = this.#encoder;
    if (encoder !== undefined) stages.push(encoder.stage.stats(encoder.filter, framesOut));
    return jobStats({
      started,
      first: filters[layout.runs[0]!.places[0]!],
      stages,
      framesOut,
      peakBytes: this.#memory.peakBytes,
    });
  }

  /** What the encoder had finished is kept, also where the job failed. */
  async #keepOutput(): Promise<void> {
    const { output, log } = this.#options;
    if (this.#encoder === undefined) return;
    try {
      await output.finish();
    } catch (lost) {
      log('error', `The output is incomplete: ${errorMessage(lost)}`);
    }
  }

  async #runStages(): Promise<number> {
    const { layout } = this.#options;
    const branches: Promise<FrameStream[]>[] = [];
    const taken = layout.runs.map(() => 0);
    const branchOf = async (run: number): Promise<FrameStream> => {
      const reader = taken[run]!++;
      return (await branches[run]!)[reader]!;
    };
    for (const [index, run] of layout.runs.entries()) {
      const branch = this.#startRun(index, run, run.inputs.map(branchOf));
      branch.catch(() => undefined); // seen by whoever takes a branch
      branches.push(branch);
    }
    return this.#encode(await Promise.all(layout.outputs.map(branchOf)));
  }

  /** Starts what feeds a run, and the run; gives its frames to everyone who needs them. */
  async #startRun(index: number, run: DnnRun, inputs: Promise<FrameStream>[]): Promise<FrameStream[]> {
    const { plan, planning, layout } = this.#options;
    const source = startSourceStage({
      ...{ plan, planning, layout, index },
      ...{ inputs: await Promise.all(inputs), stages: this.#stages, buffers: this.#buffers },
      onPump: (pump) => {
        this.#watch(pump);
      },
    });
    this.#sources.set(index, source.running);
    let stream = this.#gate.guard(await source.frames);
    for (const place of run.places) stream = this.#filter(place, stream);
    const readers =
      layout.runs.filter((other) => other.inputs.includes(index)).length +
      layout.outputs.filter((output) => output === index).length;
    const branches = readers === 1 ? [stream] : this.#tee(stream, readers);
    this.#branches.push(...branches);
    return branches;
  }

  #tee(stream: FrameStream, readers: number): FrameStream[] {
    const inFlight = this.#options.filters.map(({ mostInFlight }) => mostInFlight);
    return teeFrames(stream, { readers, frameLimit: Math.max(...inFlight), buffers: this.#buffers });
  }

  #filter(place: number, stream: FrameStream): FrameStream {
    const { filters, planning, log, detections, timeline } = this.#options;
    return filters[place]!.start(stream, {
      place,
      planned: planning.frames[place]!,
      detections: this.#recordsDetections(place) ? detections : undefined,
      timeline,
      buffers: this.#buffers,
      log,
      signal: this.#abort.signal,
    });
  }

  /** A frame is reported once, when the last filter that adds to its side data has seen it. */
  #recordsDetections(place: number): boolean {
    const { filters } = this.#options;
    return filters[place]!.detects && !filters.slice(place + 1).some(({ detects }) => detects);
  }

  /** @param streams of the layout's outputs. */
  async #encode(streams: readonly FrameStream[]): Promise<number> {
    const { plan, planning, layout, output, writesStdout } = this.#options;
    const pipes = streams.map(({ info: { format, width, height } }, index) => ({
      name: `frames${index}`,
      direction: 'read' as const,
      ring: this.#stages.ring(format, width, height),
    }));
    const inputs = layout.outputs.map((run, index) => ({
      place: layout.runs[run]!.places.at(-1)!,
      path: `${pipeFolder}/${pipes[index]!.name}`,
    }));
    const encoder = (this.#encoder = this.#stages.start({
      label: 'encode',
      filter: lastFilters(plan),
      args: withStatus(lastStageArgs(plan, planning, inputs)),
      pipes,
      output: { outputs: output.coreOutputs, writesStdout, afterwards: (core) => output.collect(core) },
    }));
    const stopAll = (): void => {
      for (const stream of streams) stream.stop();
    };
    // A decoder that finds no more frames for a long time must not outlive the encoder.
    void Promise.allSettled([encoder.exitCode]).then(() => {
      this.#log.muteUpstream();
      stopAll();
    });
    const pumps = streams.map((stream, index) =>
      this.#pumpToEncoder(this.#endingOnStop(stream), pipes[index]!.ring, index === 0),
    );
    for (const pump of pumps) this.#watch(pump);
    void this.#quitEarly(pumps, pipes, encoder, stopAll);
    return this.#exitCode(encoder);
  }

  /** Follows a pump; what it fails with is read by #exitCode, once the encoder has ended. */
  #watch(pump: Promise<unknown>): void {
    pump.catch((reason: unknown) => {
      this.#failures.push(reason);
    });
    this.#pumps.push(pump);
  }

  #ownFailure(): unknown {
    return this.#failures.find((reason) => !(reason instanceof SourceFailure));
  }

  /**
   * ffmpeg's own failures are exit codes, those of a DNN stage are thrown; both once the encoder has finished the file.
   */
  async #exitCode(encoder: RunningStage): Promise<number> {
    const [encoded] = await Promise.allSettled([encoder.exitCode]);
    await Promise.allSettled(this.#pumps);
    const ownFailure = this.#ownFailure();
    if (ownFailure !== undefined) throw ownFailure as Error;
    if (encoded.status === 'rejected') throw encoded.reason;
    if (encoded.value !== 0 || this.#failures.length === 0) return encoded.value;
    const failed = await this.#stages.failedExitCode();
    if (failed === undefined) throw this.#failures[0] as Error;
    return failed;
  }

  async #pumpToEncoder(stream: FrameStream, ring: FrameRingBuffer, isProgress: boolean): Promise<void> {
    const { num, den } = stream.info.timeBase;
    let firstPts: number | undefined;
    await pumpFrames(stream, ring, this.#buffers, ({ pts }) => {
      firstPts ??= pts;
      if (isProgress) {
        this.#progress.frameDone(((pts - firstPts) * num) / den);
        if (this.#progress.frame === this.#options.stopAfterFrames) this.stop();
      }
      this.#memory.sample();
    });
  }

  /**
   * Lets the encoder finish its files before its inputs end. After a stop it must not go on with the rest of the film's
   * sound; nor with the other branches after one has failed, whose frames are of no use by themselves.
   */
  async #quitEarly(
    pumps: readonly Promise<void>[],
    pipes: readonly CorePipe[],
    encoder: RunningStage,
    stopAll: () => void,
  ): Promise<void> {
    const failed = new Promise<void>((resolve) => {
      for (const pump of pumps) {
        pump.catch(() => {
          resolve();
        });
      }
    });
    await Promise.race([Promise.allSettled(pumps), ...(pumps.length > 1 ? [failed] : [])]);
    if (this.#stops === 0 && (pumps.length === 1 || this.#failures.length === 0)) return;
    this.#stages.quitDecoders();
    stopAll();
    await Promise.allSettled(pumps);
    await Promise.all(pipes.map(({ ring }) => new RingWriter(ring).drained()));
    encoder.stage.requestQuit();
  }

  /** A decoder that was told to stop may end in the middle of a frame; that is the end of the stream and no failure. */
  #endingOnStop(stream: FrameStream): FrameStream {
    const wasStopped = (): boolean => this.#stops > 0;
    async function* frames(): AsyncGenerator<Frame, void, undefined> {
      try {
        yield* stream.frames;
      } catch (error) {
        if (!wasStopped() || !(error instanceof SourceFailure)) throw error;
      }
    }
    return { ...stream, frames: frames() };
  }

  #kill(reason: unknown): void {
    this.#abort.abort(reason);
    for (const filter of this.#options.filters) filter.terminate(reason);
    this.#stages.kill();
  }
}

/** ffmpeg's status lines count the frames that were really encoded, which `-r` and `-frames` change. */
function withStatus(args: readonly string[]): string[] {
  return ['-stats', ...args.filter((word) => word !== '-stats' && word !== '-nostats')];
}

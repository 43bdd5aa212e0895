/**
 * Runs a planned command: ffmpeg stage, DNN stage, …, ffmpeg stage, joined by pipes. Every stage works at the same time;
 * the slowest sets the pace, since each one waits for room in the pipe behind it.
 */
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { Timeline } from '../filters/timeline.ts';
import type { Frame } from '../frame/frame.ts';
import { pipeFolder } from '../media/core-options.ts';
import { FrameRing, type FrameRingBuffer } from '../media/frame-ring.ts';
import type { InferencePool } from '../workers/inference-pool.ts';
import type { JobStats } from '../workers/pipeline-api.ts';
import { BufferPool } from './buffer-pool.ts';
import type { DetectionsRecorder } from './detections-recorder.ts';
import type { DnnInstance } from './dnn-instance.ts';
import { dnnStage } from './dnn-stage.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';
import { stoppedExitCode } from './exit-codes.ts';
import type { StageFiles } from './ffmpeg-stage.ts';
import { framesOf, pumpFrames, SourceFailure } from './frame-pump.ts';
import type { FrameStream } from './frame-stream.ts';
import type { InstanceExecution } from './instance-execution.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import { JobStages, type RunningStage } from './job-stages.ts';
import { jobStats } from './job-stats.ts';
import { MemoryMeter } from './memory-meter.ts';
import type { OutputCollector } from './output-collector.ts';
import type { Plan } from './plan.ts';
import type { Planning } from './planning-log.ts';
import { ProgressMeter } from './progress-meter.ts';
import { firstStageArgs, lastStageArgs, middleStageArgs, needsMiddleStage } from './stage-args.ts';
import { StageLog } from './stage-log.ts';

/** One DNN filter of the job with its workers. */
export interface JobDnn {
  readonly instance: DnnInstance;
  readonly execution: InstanceExecution;
  readonly pool: InferencePool;
}

export interface DnnJobOptions {
  readonly context: JobContext;
  /** Takes this project's own lines. */
  readonly log: Logger;
  readonly plan: Plan;
  readonly planning: Planning;
  /** By the place of the filter in the chain. The job ends the pools. */
  readonly dnns: readonly JobDnn[];
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
}

/** An ffmpeg stage failed by itself, and has said why in the log: the job ends with its exit code. */
class FfmpegFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ffmpeg ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export class DnnJob implements RunningJob {
  readonly #options: DnnJobOptions;
  readonly #abort = new AbortController();
  readonly #buffers = new BufferPool(16);
  readonly #memory = new MemoryMeter();
  readonly #log: StageLog;
  readonly #progress: ProgressMeter;
  readonly #stages: JobStages;
  readonly #meters: DnnStageMeter[] = [];
  readonly #pumps: Promise<unknown>[] = [];
  #encoder: RunningStage | undefined;
  #stops = 0;

  constructor(options: DnnJobOptions) {
    const { context, files, frames } = options;
    this.#options = options;
    const write = (message: string): void => {
      context.log({ type: 'stderr', message });
    };
    this.#log = new StageLog(write, options.showsStatus);
    this.#progress = new ProgressMeter(frames, context.progress);
    this.#stages = new JobStages(context, files, this.#memory, this.#log);
    this.#memory.add(() => this.#buffers.idleBytes + this.#buffers.outstandingBytes);
    this.#memory.add(() => this.#meters.reduce((sum, meter) => sum + meter.memoryBytes, 0));
  }

  stop(): void {
    this.#stops += 1;
    this.#log.muteUpstream();
    if (this.#stops === 1) this.#stages.quitDecoder();
    else this.#kill(new DOMException('The job was stopped.', 'AbortError'));
  }

  /**
   * @returns ffmpeg's exit code; 255 after a stop
   * @throws DnnError where inference or the output fails; what was encoded before is a valid file
   */
  async run(): Promise<number> {
    const { dnns, output, context } = this.#options;
    const ended = context.ledger.track({
      frames: () => this.#buffers.outstanding,
      strayTensors: () => Math.max(0, ...this.#meters.map((meter) => meter.strayTensors)),
    });
    try {
      const exitCode = await this.#runStages();
      await output.finish();
      if (exitCode === 0) this.#progress.finish(this.#log.framesEncoded);
      return this.#stops > 0 ? stoppedExitCode : exitCode;
    } catch (error) {
      this.#kill(error);
      await Promise.allSettled([...this.#pumps, this.#stages.ended()]);
      await this.#keepOutput();
      if (this.#stops > 0) return stoppedExitCode;
      if (error instanceof FfmpegFailure) return error.exitCode;
      throw error;
    } finally {
      for (const { pool } of dnns) pool.terminate();
      output.abort();
      ended();
    }
  }

  stats(): JobStats {
    const { dnns, started, plan, planning } = this.#options;
    return jobStats({
      started,
      ffmpeg: this.#stages.running,
      meters: this.#meters,
      dnn: this.#meters.map((meter, place) => {
        const { instance, pool, execution } = dnns[place]!;
        const { nireq, tuner } = execution;
        const batchSize = Math.max(execution.batchSize, tuner?.chosen ?? 0);
        const { text: filter, context: own } = instance;
        return meter.stats({ filter, backend: own.backendType, device: pool.device, nireq, batchSize });
      }),
      hasStageBefore: (place) => needsMiddleStage(plan, planning, place),
      framesOut: this.#log.framesEncoded ?? this.#progress.frame,
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
    const { plan, planning, dnns } = this.#options;
    let stream = await this.#decode();
    for (let place = 0; place < dnns.length; place++) {
      if (place > 0 && needsMiddleStage(plan, planning, place)) stream = await this.#filter(place, stream);
      stream = this.#infer(place, stream);
    }
    return this.#encode(stream);
  }

  /** @throws FfmpegFailure where the decoder ends before its first frame. */
  async #decode(): Promise<FrameStream> {
    const { plan, planning } = this.#options;
    const { pixelFormat, width, height } = planning.frames[0]!;
    const ring = this.#stages.ring(pixelFormat, width, height);
    const { exitCode } = this.#stages.start({
      label: 'decode',
      filters: plan.chain.parts[0],
      args: firstStageArgs(plan, planning, `${pipeFolder}/decoded`),
      pipes: [{ name: 'decoded', direction: 'write', ring }],
    });
    try {
      return await framesOf(ring, this.#buffers);
    } catch (error) {
      const code = await exitCode;
      throw code === 0 ? error : new FfmpegFailure(code);
    }
  }

  /** ffmpeg's filters between two DNN filters. */
  async #filter(place: number, stream: FrameStream): Promise<FrameStream> {
    const { plan, planning } = this.#options;
    const { info } = stream;
    const { pixelFormat, width, height } = planning.frames[place]!;
    const input = this.#stages.ring(info.format, info.width, info.height);
    const output = this.#stages.ring(pixelFormat, width, height);
    const names = { input: `between${place}-in`, output: `between${place}-out` };
    const paths = { input: `${pipeFolder}/${names.input}`, output: `${pipeFolder}/${names.output}` };
    this.#stages.start({
      label: `filter ${place}`,
      filters: plan.chain.parts[place],
      args: middleStageArgs(plan, planning, place, paths),
      pipes: [
        { name: names.input, direction: 'read', ring: input },
        { name: names.output, direction: 'write', ring: output },
      ],
    });
    const pump = pumpFrames(stream, input, this.#buffers, () => undefined);
    pump.catch(() => undefined); // read by #exitCode
    this.#pumps.push(pump);
    return framesOf(output, this.#buffers);
  }

  #infer(place: number, stream: FrameStream): FrameStream {
    const { dnns, planning, log } = this.#options;
    const { instance, pool, execution } = dnns[place]!;
    const { context, text } = instance;
    const { nireq, batchSize, scaleFirst, stripRows, tuner } = execution;
    const { width, height } = execution.output;
    const meter = new DnnStageMeter();
    this.#meters.push(meter);
    log(
      'info',
      `${instance.filter.name}: ${stream.info.width}x${stream.info.height} -> ${width}x${height} ${stream.info.format}, ` +
        `${context.backendType} on ${pool.device}, async=${context.async ? 1 : 0}, ${execution.text}`,
    );
    // NUT from ffmpeg says no frame rate; without one the stage behind would have to guess.
    const { frameRate } = planning.frames[place]!;
    const input = frameRate === undefined ? stream : { ...stream, info: { ...stream.info, frameRate } };
    return dnnStage(input, {
      filter: text,
      pool,
      ...(context.analytics === undefined
        ? {}
        : { analytics: { options: context.analytics, model: context.model } }),
      nireq,
      batchSize,
      scaleFirst,
      stripRows,
      timeline: context.enable === undefined ? undefined : new Timeline(instance.filter.name, context.enable),
      tuner,
      async: context.async,
      onError: context.onError,
      log,
      outWidth: width,
      outHeight: height,
      buffers: this.#buffers,
      meter,
      signal: this.#abort.signal,
      onFrame: this.#recordsDetections(place)
        ? (frame) => this.#options.detections?.add(text, input.info, planning.frames[place]!.timeBase, frame)
        : undefined,
    });
  }

  /** A frame is reported once, when the last filter that adds to its side data has seen it. */
  #recordsDetections(place: number): boolean {
    const analyses = this.#options.dnns.map(({ instance }) => instance.analytics !== undefined);
    return analyses[place] === true && !analyses.slice(place + 1).includes(true);
  }

  async #encode(stream: FrameStream): Promise<number> {
    const { plan, planning, output, writesStdout } = this.#options;
    const { format, width, height } = stream.info;
    const ring = this.#stages.ring(format, width, height);
    const encoder = (this.#encoder = this.#stages.start({
      label: 'encode',
      filters: plan.chain.parts.at(-1),
      args: withStatus(lastStageArgs(plan, planning, `${pipeFolder}/frames`)),
      pipes: [{ name: 'frames', direction: 'read', ring }],
      output: { outputs: output.coreOutputs, writesStdout, afterwards: (core) => output.collect(core) },
    }));
    // A decoder that finds no more frames for a long time must not outlive the encoder.
    void Promise.allSettled([encoder.exitCode]).then(() => {
      this.#log.muteUpstream();
      stream.stop();
    });
    const pump = this.#pumpToEncoder(stream, ring, encoder);
    pump.catch(() => undefined); // read by #exitCode, once the encoder has ended
    this.#pumps.push(pump);
    return this.#exitCode(encoder);
  }

  /**
   * ffmpeg's own failures are exit codes, those of a DNN stage are thrown; both once the encoder has finished the file.
   */
  async #exitCode(encoder: RunningStage): Promise<number> {
    const [encoded] = await Promise.allSettled([encoder.exitCode]);
    const failures: unknown[] = [];
    for (const pumped of await Promise.allSettled(this.#pumps)) {
      if (pumped.status === 'rejected') failures.push(pumped.reason);
    }
    const ownFailure = failures.find((reason) => !(reason instanceof SourceFailure));
    if (ownFailure !== undefined) throw ownFailure as Error;
    if (encoded.status === 'rejected') throw encoded.reason;
    if (encoded.value !== 0 || failures.length === 0) return encoded.value;
    const failed = await this.#stages.failedExitCode();
    if (failed === undefined) throw failures[0] as Error;
    return failed;
  }

  async #pumpToEncoder(stream: FrameStream, ring: FrameRingBuffer, encoder: RunningStage): Promise<void> {
    const { num, den } = stream.info.timeBase;
    let firstPts: number | undefined;
    const end = await pumpFrames(this.#endingOnStop(stream), ring, this.#buffers, ({ pts }) => {
      firstPts ??= pts;
      this.#progress.frameDone(((pts - firstPts) * num) / den);
      this.#memory.sample();
    });
    if (end === 'enough' || this.#stops === 0) return;
    // After a stop the encoder must not go on with the sound of the rest of the film.
    const view = new FrameRing(ring);
    while (view.available > 0 && !view.readerClosed) await new Promise((resolve) => setTimeout(resolve, 10));
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
    for (const { pool } of this.#options.dnns) pool.terminate(reason);
    this.#stages.kill();
  }
}

/** ffmpeg's status lines count the frames that were really encoded, which `-r` and `-frames` change. */
function withStatus(args: readonly string[]): string[] {
  return ['-stats', ...args.filter((word) => word !== '-stats' && word !== '-nostats')];
}

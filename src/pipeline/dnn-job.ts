/**
 * Runs a planned command: ffmpeg stage, DNN stage, …, ffmpeg stage, joined by pipes. Every stage works at the same time;
 * the slowest sets the pace, since each one waits for room in the pipe behind it.
 */
import type { Logger } from '../base/log.ts';
import { errorMessage } from '../base/errors.ts';
import { segmentText, type FfmpegSegment } from '../filtergraph/split-at-filters.ts';
import type { Frame } from '../frame/frame.ts';
import { frameLayout } from '../frame/plane-layout.ts';
import { pipeFolder, type CoreOutputs, type CorePipe } from '../media/core-options.ts';
import { createFrameRing, FrameRing, type FrameRingBuffer } from '../media/frame-ring.ts';
import type { InferencePool } from '../workers/inference-pool.ts';
import type { JobStats, StageStats } from '../workers/pipeline-api.ts';
import { BufferPool } from './buffer-pool.ts';
import { configureLink, type DnnInstance } from './dnn-instance.ts';
import { dnnStage } from './dnn-stage.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';
import { FfmpegStage, type StageFiles } from './ffmpeg-stage.ts';
import { stoppedExitCode } from './exit-codes.ts';
import { framesOf, pumpFrames, ringCapacity, SourceFailure } from './frame-pump.ts';
import type { FrameStream } from './frame-stream.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import { MemoryMeter } from './memory-meter.ts';
import type { OutputCollector } from './output-collector.ts';
import type { Plan } from './plan.ts';
import type { Planning } from './planning-log.ts';
import { ProgressMeter } from './progress-meter.ts';
import { StageLog } from './stage-log.ts';
import { firstStageArgs, lastStageArgs, middleStageArgs, needsMiddleStage } from './stage-args.ts';

/** One DNN filter of the job with its workers. */
export interface JobDnn {
  readonly instance: DnnInstance;
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
  /** Expected number of frames, where it is known. */
  readonly frames: number | undefined;
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
}

/** An ffmpeg stage at work. */
interface RunningStage {
  readonly stage: FfmpegStage;
  readonly filter: string;
  readonly exitCode: Promise<number>;
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
  readonly #progress: ProgressMeter;
  readonly #meters: DnnStageMeter[] = [];
  /** In the order of the data. */
  readonly #stages: RunningStage[] = [];
  readonly #pumps: Promise<unknown>[] = [];
  #stops = 0;
  readonly #log: StageLog;

  constructor(options: DnnJobOptions) {
    this.#options = options;
    this.#log = new StageLog((message) => {
      options.context.log({ type: 'stderr', message });
    });
    this.#progress = new ProgressMeter(options.frames, options.context.progress);
    this.#memory.add(() => this.#buffers.idleBytes);
    this.#memory.add(() => this.#stages.reduce((sum, { stage }) => sum + stage.memoryBytes, 0));
    this.#memory.add(() => this.#meters.reduce((sum, meter) => sum + meter.memoryBytes, 0));
  }

  stop(): void {
    this.#stops += 1;
    this.#log.muteDecoder();
    if (this.#stops === 1) this.#stages[0]?.stage.requestQuit();
    else this.#kill(new DOMException('The job was stopped.', 'AbortError'));
  }

  /**
   * @returns ffmpeg's exit code; 255 after a stop
   * @throws DnnError where inference or the output fails; what was encoded before is a valid file
   */
  async run(): Promise<number> {
    const { dnns, output } = this.#options;
    try {
      const exitCode = await this.#runStages();
      await output.finish();
      if (exitCode === 0) this.#progress.finish();
      return this.#stops > 0 ? stoppedExitCode : exitCode;
    } catch (error) {
      this.#kill(error);
      await Promise.allSettled([...this.#pumps, ...this.#stages.map(({ exitCode }) => exitCode)]);
      // What the encoder had finished is kept, also where the job failed.
      await output.finish().catch((lost: unknown) => {
        this.#options.log('error', `The output is incomplete: ${errorMessage(lost)}`);
      });
      if (this.#stops > 0) return stoppedExitCode;
      if (error instanceof FfmpegFailure) return error.exitCode;
      throw error;
    } finally {
      for (const { pool } of dnns) pool.terminate();
      output.abort();
    }
  }

  stats(): JobStats {
    const { dnns, started, plan } = this.#options;
    const first = this.#meters[0]?.firstIn;
    const now = performance.now();
    const dnnStats = this.#meters.map((meter, place) => {
      const { instance, pool } = dnns[place]!;
      const { backendType: backend, batchSize } = instance.context;
      const { nireq, text: filter } = instance;
      return meter.stats({ filter, backend, device: pool.device, nireq, batchSize });
    });
    return {
      frames_in: this.#meters[0]?.framesIn ?? 0,
      frames_out: this.#progress.frame,
      seconds_load: seconds((first ?? now) - started),
      seconds: seconds(first === undefined ? 0 : now - first),
      stages: this.#orderedStats(plan, dnnStats),
      page: { longest_task_ms: 0 },
      memory: { peak_bytes: this.#memory.peakBytes },
    };
  }

  /** ffmpeg and DNN stages in the order of the data: a DNN stage stands before the ffmpeg stage it feeds. */
  #orderedStats(plan: Plan, dnnStats: readonly StageStats[]): StageStats[] {
    const result: StageStats[] = [];
    let stage = 0;
    const ffmpeg = (): void => {
      const running = this.#stages[stage++];
      if (running === undefined) return;
      const frames = stage === 1 ? (this.#meters[0]?.framesIn ?? 0) : this.#progress.frame;
      result.push(running.stage.stats(running.filter, frames));
    };
    ffmpeg();
    for (const [place, stats] of dnnStats.entries()) {
      if (place > 0 && needsMiddleStage(plan, this.#options.planning, place)) ffmpeg();
      result.push(stats);
    }
    ffmpeg();
    return result;
  }

  async #runStages(): Promise<number> {
    const { plan, planning, dnns, output, writesStdout } = this.#options;
    const parts = plan.chain.parts;
    const firstRing = this.#ring(planning.frames[0]!);
    const first = this.#start(
      'decode',
      partText(parts[0]),
      firstStageArgs(plan, planning, `${pipeFolder}/decoded`),
      [{ name: 'decoded', direction: 'write', ring: firstRing }],
    );
    let stream = await this.#firstFrames(first, firstRing);
    for (let place = 0; place < dnns.length; place++) {
      if (place > 0 && needsMiddleStage(plan, planning, place)) stream = await this.#middle(place, stream);
      stream = this.#dnn(place, stream);
    }
    const lastRing = this.#ring({ pixelFormat: stream.info.format, ...stream.info });
    const last = this.#start(
      'encode',
      partText(parts[dnns.length]),
      lastStageArgs(plan, planning, `${pipeFolder}/frames`),
      [{ name: 'frames', direction: 'read', ring: lastRing }],
      { outputs: output.coreOutputs, writesStdout, afterwards: (core) => output.collect(core) },
    );
    // A decoder that finds no more frames for a long time must not outlive the encoder.
    const frames = stream;
    void Promise.allSettled([last.exitCode]).then(() => {
      this.#log.muteDecoder();
      frames.stop();
    });
    const pump = this.#pumpToEncoder(frames, lastRing);
    return this.#exitCode(last, pump);
  }

  /** @throws FfmpegFailure where the decoder ends before its first frame. */
  async #firstFrames(first: RunningStage, ring: FrameRingBuffer): Promise<FrameStream> {
    try {
      return await framesOf(ring, this.#buffers);
    } catch (error) {
      const exitCode = await first.exitCode;
      throw exitCode === 0 ? error : new FfmpegFailure(exitCode);
    }
  }

  /**
   * ffmpeg's own failures are exit codes, those of a DNN stage are thrown; both once the encoder has finished the file.
   */
  async #exitCode(last: RunningStage, pump: Promise<unknown>): Promise<number> {
    const [lastExit] = await Promise.allSettled([last.exitCode, pump]);
    this.#log.muteDecoder();
    const pumped = await Promise.allSettled([...this.#pumps, pump]);
    const failures = pumped.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    const ownFailure = failures.find((reason) => !(reason instanceof SourceFailure));
    if (ownFailure !== undefined) throw ownFailure as Error;
    if (lastExit.status === 'rejected') throw lastExit.reason;
    if (lastExit.value !== 0 || failures.length === 0) return lastExit.value;
    const exitCodes = await Promise.all(this.#stages.map(({ exitCode }) => exitCode));
    const failed = exitCodes.find((exitCode) => exitCode !== 0);
    if (failed === undefined) throw failures[0] as Error;
    return failed;
  }

  async #pumpToEncoder(stream: FrameStream, ring: FrameRingBuffer): Promise<void> {
    const { num, den } = stream.info.timeBase;
    let firstPts: number | undefined;
    const end = await pumpFrames(this.#endingOnStop(stream), ring, this.#buffers, ({ pts }) => {
      firstPts ??= pts;
      this.#progress.frameDone(((pts - firstPts) * num) / den);
      this.#memory.sample();
    });
    if (end === 'enough') this.#log.muteDecoder();
    // After a stop the encoder must not go on with the sound of the rest of the film.
    else if (this.#stops > 0) await this.#quitWhenRead(ring);
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

  async #quitWhenRead(ring: FrameRingBuffer): Promise<void> {
    const view = new FrameRing(ring);
    while (view.available > 0 && !view.readerClosed) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#stages.at(-1)?.stage.requestQuit();
  }

  /** ffmpeg's filters between two DNN filters. */
  async #middle(place: number, stream: FrameStream): Promise<FrameStream> {
    const { plan, planning } = this.#options;
    const input = this.#ring({ pixelFormat: stream.info.format, ...stream.info });
    const output = this.#ring(planning.frames[place]!);
    const names = { input: `between${place}-in`, output: `between${place}-out` };
    const paths = { input: `${pipeFolder}/${names.input}`, output: `${pipeFolder}/${names.output}` };
    const filter = partText(plan.chain.parts[place]);
    this.#start(`filter ${place}`, filter, middleStageArgs(plan, planning, place, paths), [
      { name: names.input, direction: 'read', ring: input },
      { name: names.output, direction: 'write', ring: output },
    ]);
    const pump = pumpFrames(stream, input, this.#buffers, () => undefined);
    pump.catch(() => undefined); // reaches the stages behind through the broken pipe
    this.#pumps.push(pump);
    return framesOf(output, this.#buffers);
  }

  #dnn(place: number, stream: FrameStream): FrameStream {
    const { instance, pool } = this.#options.dnns[place]!;
    const { width, height } = configureLink(instance, stream.info);
    const meter = new DnnStageMeter();
    this.#meters.push(meter);
    const frameBytes = frameLayout(stream.info.format, width, height).size;
    this.#memory.add(() => (meter.framesIn - meter.framesOut) * frameBytes);
    const { nireq, context, text } = instance;
    this.#options.log(
      'info',
      `${instance.filter.name}: ${stream.info.width}x${stream.info.height} -> ${width}x${height} ${stream.info.format}, ` +
        `${context.backendType} on ${pool.device}, nireq=${nireq}, batch_size=${context.batchSize}, ` +
        `async=${context.async ? 1 : 0}, ${pool.size} worker${pool.size === 1 ? '' : 's'}`,
    );
    // NUT from ffmpeg says no frame rate; without one the stage behind would have to guess.
    const { frameRate } = this.#options.planning.frames[place]!;
    const input = frameRate === undefined ? stream : { ...stream, info: { ...stream.info, frameRate } };
    return dnnStage(input, {
      filter: text,
      pool,
      nireq,
      batchSize: context.batchSize,
      async: context.async,
      outWidth: width,
      outHeight: height,
      buffers: this.#buffers,
      meter,
      signal: this.#abort.signal,
    });
  }

  #ring(frames: {
    readonly pixelFormat: FrameStream['info']['format'];
    readonly width: number;
    readonly height: number;
  }): FrameRingBuffer {
    const ring = createFrameRing(
      ringCapacity(frameLayout(frames.pixelFormat, frames.width, frames.height).size),
    );
    this.#memory.add(() => ring.memory.byteLength);
    return ring;
  }

  #start(
    label: string,
    filter: string,
    args: readonly string[],
    pipes: readonly CorePipe[],
    output: {
      readonly outputs?: CoreOutputs;
      readonly writesStdout?: boolean;
      readonly afterwards?: Parameters<FfmpegStage['run']>[2];
    } = {},
  ): RunningStage {
    const { context, files } = this.#options;
    const isFirst = this.#stages.length === 0;
    const stage = new FfmpegStage({
      cores: context.cores,
      files,
      pipes,
      outputs: output.outputs ?? { mode: 'discard' },
      stdout: output.writesStdout === true ? 'output' : 'log',
      onLog: (message) => {
        if (isFirst) this.#log.decoder(message);
        else this.#log.later(label, message);
      },
    });
    const exitCode = stage.run(args, 'ffmpeg', output.afterwards);
    exitCode.catch(() => undefined); // read by #exitCode
    const running = { stage, filter, exitCode };
    this.#stages.push(running);
    if (this.#stops > 0 && isFirst) stage.requestQuit();
    return running;
  }

  #kill(reason: unknown): void {
    this.#abort.abort(reason);
    for (const { pool } of this.#options.dnns) pool.terminate(reason);
    for (const { stage } of this.#stages) stage.kill();
  }
}

/** The filters as the user wrote them; empty where none stand. */
function partText(segment: FfmpegSegment | undefined): string {
  return segment === undefined ? '' : segmentText(segment);
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/**
 * Runs a planned command: sources, runs of filters and a sink, joined as the job's layout
 * says. Every stage works at the same time; the slowest sets the pace, since each one waits
 * until the one behind it takes a frame.
 */
import { errorMessage } from '../../base/errors.ts';
import type { JobStats } from '../../workers/pipeline-api.ts';
import { stoppedExitCode } from '../command/exit-codes.ts';
import { FrameGate } from '../frames/frame-gate.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { StageFailure } from '../frames/source-failure.ts';
import { ProgressMeter } from '../report/progress-meter.ts';
import type { DnnJobOptions } from './dnn-job-options.ts';
import { feedSink } from './feed-sink.ts';
import { FrameTransfers } from '../frames/frame-transfers.ts';
import type { RunningJob } from './job-context.ts';
import { jobStats } from './job-stats.ts';
import { joinRuns } from './join-runs.ts';
import { RunningEnds } from './running-ends.ts';

export class DnnJob implements RunningJob {
  readonly #options: DnnJobOptions;
  readonly #abort = new AbortController();
  readonly #gate = new FrameGate();
  readonly #progress: ProgressMeter;
  readonly #ends = new RunningEnds();
  readonly #transfers = new FrameTransfers();
  readonly #branches: FrameStream[] = [];
  #stops = 0;

  constructor(options: DnnJobOptions) {
    const { context, frames, memory, buffers, filters } = options;
    this.#options = options;
    this.#progress = new ProgressMeter(frames, context.progress);
    memory.add(() => buffers.idleBytes + buffers.outstandingBytes);
    memory.add(() => filters.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
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
    this.#options.stageLog.muteUpstream();
    if (this.#stops === 1) this.#ends.quitSources();
    else this.#kill(new DOMException('The job was stopped.', 'AbortError'));
  }

  /**
   * @returns the exit code of the stage that failed, 0 where none did; 255 after a stop
   * @throws DnnError where inference or the output fails; what was encoded before is a valid file
   */
  async run(): Promise<number> {
    const { output, context, filters, buffers } = this.#options;
    const ended = context.ledger.track({
      frames: () => buffers.outstanding,
      strayTensors: () => Math.max(0, ...filters.map((filter) => filter.strayTensors)),
    });
    try {
      const exitCode = await this.#runStages();
      await output.finish();
      if (exitCode === 0) this.#reportEnd();
      return this.#stops > 0 ? stoppedExitCode : exitCode;
    } catch (thrown) {
      // What a stage says of its broken pipe is no news beside why the pipe broke.
      const error = this.#transfers.ownFailure ?? thrown;
      this.#kill(error);
      for (const branch of this.#branches) branch.stop();
      await Promise.all([this.#transfers.ended(), this.#ends.ended()]);
      await this.#keepOutput();
      if (this.#stops > 0) return stoppedExitCode;
      if (error instanceof StageFailure) return error.exitCode;
      throw error;
    } finally {
      for (const filter of filters) filter.terminate();
      output.abort();
      ended();
    }
  }

  /** A trial stops by itself: it has done all that it was asked for. */
  #reportEnd(): void {
    const encoded = this.#ends.sink?.framesEncoded;
    const isCut = this.#stops > 0 && this.#options.stopAfter === undefined;
    if (isCut) this.#progress.stop(encoded);
    else this.#progress.finish(encoded);
  }

  /** As `ExecResult.secondsPerFrame`. */
  get secondsPerFrame(): number | undefined {
    const { frame, seconds } = this.#progress;
    return frame < 2 ? undefined : seconds / (frame - 1);
  }

  stats(): JobStats {
    const { started, layout, filters, memory } = this.#options;
    const { sink } = this.#ends;
    const framesOut = sink?.framesEncoded ?? this.#progress.frame;
    const stages = layout.runs.flatMap(({ localIndices }, run) => {
      const source = this.#ends.sourceOf(run)?.stats(filters[localIndices[0]!]!.framesIn);
      return [...(source ?? []), ...localIndices.flatMap((localIndex) => filters[localIndex]!.stats())];
    });
    if (sink !== undefined) stages.push(...sink.stats(framesOut));
    return jobStats({
      started,
      first: filters[layout.runs[0]!.localIndices[0]!],
      stages,
      framesOut,
      peakBytes: memory.peakBytes,
    });
  }

  /** What the sink had finished is kept, also where the job failed. */
  async #keepOutput(): Promise<void> {
    const { output, log } = this.#options;
    if (this.#ends.sink === undefined) return;
    try {
      await output.finish();
    } catch (lost) {
      log('error', `The output is incomplete: ${errorMessage(lost)}`);
    }
  }

  async #runStages(): Promise<number> {
    const { ends, stageLog } = this.#options;
    const streams = await joinRuns({
      ...this.#options,
      gate: this.#gate,
      running: this.#ends,
      transfers: this.#transfers,
      branches: this.#branches,
      signal: this.#abort.signal,
    });
    const sink = ends.startSink(streams.map(({ info }) => info));
    this.#ends.addSink(sink);
    return feedSink(sink, streams, {
      ...{ stageLog, running: this.#ends, transfers: this.#transfers },
      wasStopped: () => this.#stops > 0,
      onFrame: (input, time) => {
        this.#onFrame(input, time);
      },
    });
  }

  #onFrame(input: number, time: number): void {
    if (input === 0) {
      this.#progress.frameDone(time);
      if (this.#stops === 0 && this.#isTrialOver()) this.stop();
    }
    this.#options.memory.sample();
  }

  #isTrialOver(): boolean {
    const { stopAfter } = this.#options;
    if (stopAfter === undefined) return false;
    return this.#progress.frame >= stopAfter.frames && this.#progress.seconds >= stopAfter.seconds;
  }

  #kill(reason: unknown): void {
    this.#abort.abort(reason);
    for (const filter of this.#options.filters) filter.terminate(reason);
    this.#ends.kill();
  }
}

/** One DNN filter of live video: its workers, and how it runs on frames of the size that comes just now. */
import { DnnError, errorCode, errorMessage } from '../../base/errors.ts';
import { silentLogger } from '../../base/log.ts';
import { inferRequest } from '../../dnn/schedule/infer-request.ts';
import { RequestLost } from '../../dnn/schedule/request-lost.ts';
import { Timeline } from '../../filters/timeline.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import type { Frame } from '../../frame/frame.ts';
import type { InferencePool } from '../../workers/inference-pool.ts';
import type { DnnInstance } from '../instance/dnn-instance.ts';
import type { StageResult } from '../inference/dnn-stage-options.ts';
import { replaceFailedFrame } from '../inference/failed-frame.ts';
import { chooseInstanceExecution } from '../instance/instance-execution.ts';
import type { StageWork } from '../inference/stage-work.ts';
import { withStageWork } from '../inference/with-stage-work.ts';
import type { LiveFilter, LiveSurroundings } from './live-filter.ts';
import { LiveStageMeter } from './live-meter.ts';

/** Pts of live video are microseconds since its first frame. */
export const liveTimeBase = { num: 1, den: 1_000_000 } as const;

/** The filter for frames of one size. */
interface SizedStage {
  readonly result: StageResult;
  /** @throws what failed; the frame is untouched then. */
  readonly infer: (frame: Frame, slot: number) => Promise<Frame>;
}

export class LiveStage implements LiveFilter {
  readonly text: string;
  readonly detects: boolean;
  readonly #instance: DnnInstance;
  readonly #pool: InferencePool;
  readonly #around: LiveSurroundings;
  readonly #meter = new LiveStageMeter();
  readonly #timeline: Timeline | undefined;
  #sized: { readonly key: string; readonly stage: Promise<SizedStage> } | undefined;
  #most: number;
  #requests = 0;

  /** @param pool is the stage's from now on. */
  constructor(instance: DnnInstance, pool: InferencePool, around: LiveSurroundings) {
    this.#instance = instance;
    this.text = instance.text;
    this.detects = instance.task.kind === 'analyse';
    this.#pool = pool;
    this.#around = around;
    this.#most = pool.size;
    const { enable } = instance;
    this.#timeline = enable === undefined ? undefined : new Timeline(instance.filter.name, enable);
  }

  /** Frames that the workers take at the same time, by what is known so far. */
  get most(): number {
    return this.#most;
  }

  /**
   * Runs one frame through the filter. One that fails is reported and goes on without the network, scaled
   * where the size is known that it should have.
   *
   * @param frame is the stage's.
   * @param slot as of NewestFrameQueue.
   * @returns the frame that goes on; undefined where it is left out (`on_error=drop`).
   * @throws the signal's reason once it has aborted; the frame's buffer is given back.
   */
  async run(frame: Frame, slot: number): Promise<Frame | undefined> {
    let stage: SizedStage | undefined;
    try {
      stage = await this.#stageFor(frame);
      return await stage.infer(frame, slot);
    } catch (error) {
      const { signal, buffers } = this.#around;
      if (!signal.aborted) return this.#replace(frame, error, stage);
      buffers.give(frame.buffer);
      throw signal.reason;
    }
  }

  /** Ends the workers; requests that run fail. */
  terminate(): void {
    this.#pool.terminate();
  }

  async #infer<Item, Out>(frame: Frame, slot: number, work: StageWork<Item, Out>): Promise<Frame> {
    const items = work.items(frame);
    if (items.length === 0) return work.finish(frame, []);
    const outcomes = await inferRequest(
      { slot, serial: (this.#requests += 1), items, part: 0, parts: 1 },
      {
        execute: (request) => work.execute(request),
        parts: work.parts,
        discard: (outputs) => {
          for (const output of outputs) work.discard(output);
        },
        // The pool says in the log which workers were lost.
        meter: { onRetried: () => undefined, onSplit: () => undefined },
        signal: this.#around.signal,
      },
    );
    const outputs = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.output] : []));
    const failure = outcomes.find((outcome) => !outcome.ok);
    if (failure === undefined) return work.finish(frame, outputs);
    for (const output of outputs) work.discard(output);
    throw failure.error;
  }

  #replace(frame: Frame, error: unknown, stage: SizedStage | undefined): Frame | undefined {
    const { text, context } = this.#instance;
    const { buffers, report } = this.#around;
    const time = ((frame.pts * liveTimeBase.num) / liveTimeBase.den).toFixed(3);
    const cause = `${text}: ${errorMessage(error)}`;
    const failure = new DnnError(
      errorCode(error),
      `${text}: failed for the frame at ${time} s: ${errorMessage(error)}`,
      { filter: text, pts: frame.pts },
      { cause: error },
    );
    const isNew = report(cause, failure);
    // A camera goes on whatever becomes of one frame of it.
    const onError = context.onError === 'drop' ? 'drop' : 'passthrough';
    const { outWidth = frame.width, outHeight = frame.height } = stage?.result ?? {};
    const log = isNew ? this.#around.log : silentLogger;
    return replaceFailedFrame(frame, failure, { onError, outWidth, outHeight, buffers, log });
  }

  /** A source may change its size at any frame; the last size is kept ready. */
  #stageFor({ format, width, height }: Frame): Promise<SizedStage> {
    const key = `${format} ${width}x${height}`;
    if (this.#sized?.key !== key) {
      const stage = this.#configure({ format, width, height });
      this.#sized = { key, stage };
      stage.catch((error: unknown) => {
        // Another worker may tell; what the model refuses, it refuses again.
        if (error instanceof RequestLost && this.#sized?.key === key) this.#sized = undefined;
      });
    }
    return this.#sized.stage;
  }

  async #configure(link: VideoLink): Promise<SizedStage> {
    const { buffers, log, filters } = this.#around;
    const { context, task, text } = this.#instance;
    const execution = await chooseInstanceExecution(this.#instance, link, this.#pool, filters, log);
    const { width: outWidth, height: outHeight } = execution.output;
    const { scaleFirst, padded, stripRows, workers } = execution;
    this.#most = Math.max(1, Math.floor(Math.min(workers, this.#pool.size) / Math.max(1, stripRows.length)));
    const result: StageResult = { outWidth, outHeight, scaleFirst, padded, stripRows };
    const { model, onError } = context;
    const setup = {
      filter: { text, model, task, timeline: this.#timeline, onError },
      result,
      workers: { pool: this.#pool, buffers, meter: this.#meter },
      timeBase: liveTimeBase,
      log,
    };
    return withStageWork(setup, (work) => ({
      result,
      infer: (frame, slot) => this.#infer(frame, slot, work),
    }));
  }
}

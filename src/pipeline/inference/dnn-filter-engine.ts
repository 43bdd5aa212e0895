/** The workers of a DNN filter of a job, and its stage. */
import { DnnStageMeter } from './dnn-stage-meter.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import { InferencePool } from '../../workers/inference-pool.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { DnnInstance } from '../instance/dnn-instance.ts';
import { chooseInstanceExecution } from '../instance/instance-execution.ts';
import type { FilterEngine, FilterStage, FilterStart, FilterSurroundings } from './job-filter.ts';
import { startDnnStage, type JobDnn } from './start-dnn-stage.ts';

/** Starts the workers at once: they load while the planning run goes on. */
export class DnnFilterEngine implements FilterEngine {
  readonly sharesMemory = true;
  readonly ready: Promise<void>;
  readonly #instance: DnnInstance;
  readonly #pool: Promise<InferencePool>;
  readonly #abort = new AbortController();
  readonly #log: FilterStart['log'];

  constructor(instance: DnnInstance, { localIndex, assets, log }: FilterStart) {
    const { context, spec, task, filter, mostWorkers } = instance;
    this.#instance = instance;
    this.#log = log;
    this.#pool = InferencePool.start({
      size: mostWorkers,
      model: { backend: context.backendType, spec, task },
      assets,
      label: `${filter.name}_${localIndex}`,
      log,
      signal: this.#abort.signal,
    });
    this.ready = this.#pool.then(() => undefined);
    this.ready.catch(() => undefined); // awaited after the planning run
  }

  async configure(link: VideoLink, sharing: number): Promise<FilterStage> {
    const pool = await this.#pool;
    const execution = await chooseInstanceExecution(this.#instance, link, pool, sharing, this.#log);
    pool.shrink(execution.workers);
    return new DnnFilterStage({ instance: this.#instance, execution, pool });
  }

  terminate(reason?: unknown): void {
    this.#abort.abort(reason);
  }
}

class DnnFilterStage implements FilterStage {
  readonly detects: boolean;
  readonly mostInFlight: number;
  readonly #dnn: JobDnn;
  #meter: DnnStageMeter | undefined;

  constructor(dnn: JobDnn) {
    const { instance, execution } = dnn;
    this.#dnn = dnn;
    this.detects = instance.task.kind === 'analyse';
    this.mostInFlight = (execution.nireq + 1) * execution.batchSize;
  }

  start(stream: FrameStream, { localIndex, timeline, ...around }: FilterSurroundings): FrameStream {
    const { instance, pool } = this.#dnn;
    const meter = new DnnStageMeter(
      timeline?.workerLanes(`${instance.filter.name} ${localIndex}`, pool.size),
    );
    this.#meter = meter;
    return startDnnStage(this.#dnn, stream, { ...around, meter });
  }

  get framesIn(): number {
    return this.#meter?.framesIn ?? 0;
  }

  get firstIn(): number | undefined {
    return this.#meter?.firstIn;
  }

  get memoryBytes(): number {
    return this.#meter?.memoryBytes ?? 0;
  }

  get strayTensors(): number {
    return this.#meter?.strayTensors ?? 0;
  }

  stats(): readonly StageStats[] {
    if (this.#meter === undefined) return [];
    const { instance, execution, pool } = this.#dnn;
    const { nireq, tuner } = execution;
    const batchSize = Math.max(execution.batchSize, tuner?.chosen ?? 0);
    const { text, context } = instance;
    return [
      this.#meter.stats({
        filter: text,
        backend: context.backendType,
        device: pool.device,
        nireq,
        batchSize,
      }),
    ];
  }

  terminate(reason?: unknown): void {
    this.#dnn.pool.terminate(reason);
  }
}

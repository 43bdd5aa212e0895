/** Runs the executor on real inference workers over random schedules, and kills the workers in between. */
import { Executor } from '../src/dnn/schedule/executor.ts';
import type { FrameToInfer } from '../src/dnn/run/frame-to-infer.ts';
import { isAnswerOf } from '../src/dnn/run/runner-kinds.ts';
import type { Frame } from '../src/frame/frame.ts';
import { allocateFrame, frameFromBuffer } from '../src/frame/plane-layout.ts';
import { optimizeGraph } from '../src/graph/optimize-graph.ts';
import { loadModel } from '../src/model/load-model.ts';
import { defaultAssetUrls } from '../src/workers/default-asset-urls.ts';
import { InferencePool } from '../src/workers/inference-pool.ts';
import { RequestWatchdog } from '../src/workers/request-watchdog.ts';
import { WorkerClient } from '../src/workers/worker-client.ts';

/** One stream through one executor. */
export interface EngineSchedule {
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
  readonly frames: number;
  /** Pts of the frames on which the model throws. */
  readonly culprits: readonly number[];
  /** Workers that are killed, by the pts of the frame that is submitted next. */
  readonly kills: readonly { readonly pts: number; readonly worker: number }[];
  /** The stream is aborted before the frame of this pts. */
  readonly abortAt?: number | undefined;
  /** Flushes before the frames of these pts. */
  readonly flushes: readonly number[];
  readonly partialBatchAfterMs?: number | undefined;
}

/** What came out. */
export interface EngineOutcome {
  readonly results: readonly { readonly pts: number; readonly ok: boolean; readonly luma: number }[];
  /** How reading the results ended, where not by the end of the stream. */
  readonly ending?: string | undefined;
  readonly stats: Executor<Frame, FrameToInfer, Frame>['stats'];
  /** Frames that were taken back after the abort. */
  readonly takenBack: number;
  readonly respawns: number;
}

declare global {
  interface Window {
    /** Starts a pool with the fault model of e2e/models.ts. */
    startEngine(model: readonly number[], workers: number, leastMs?: number): Promise<void>;
    runEngine(schedule: EngineSchedule): Promise<EngineOutcome>;
    stopEngine(): number;
  }
}

const width = 16;
const height = 8;
let pool: InferencePool | undefined;

window.startEngine = async (model, workers, leastMs) => {
  const bytes = Uint8Array.from(model);
  const graph = await loadModel('fault.pb', () => Promise.resolve(bytes));
  const names = { input: 'x', outputs: ['y'] };
  const { graph: optimized, batchFree } = optimizeGraph(graph, names);
  const task = { kind: 'process', setup: undefined } as const;
  pool = await InferencePool.start({
    size: workers,
    model: { backend: 'tensorflow', spec: { graph: optimized, batchFree, ...names }, task },
    assets: defaultAssetUrls(),
    label: 'engine',
    log: () => undefined,
    mostRespawns: Infinity,
    ...(leastMs === undefined ? {} : { watchdog: new RequestWatchdog({ expectedMsPerItem: 1, leastMs }) }),
  });
};

/** @returns workers that are still alive. */
window.stopEngine = () => {
  pool?.terminate();
  return WorkerClient.alive;
};

window.runEngine = async (schedule) => {
  if (pool === undefined) throw new Error('startEngine() comes first.');
  const workers = pool;
  const respawnsBefore = workers.respawns;
  const controller = new AbortController();
  let takenBack = 0;
  const executor = new Executor<Frame, FrameToInfer, Frame>({
    nireq: schedule.nireq,
    batchSize: schedule.batchSize,
    async: schedule.async,
    signal: controller.signal,
    discardFrame: () => (takenBack += 1),
    execute: async ({ slot, items }) => {
      const sent = items.map((item) => ({ ...item, frame: copyOf(item.frame) }));
      const travelling = sent.map(({ frame }) => frame.buffer);
      const request = { kind: 'process', items: sent, outBuffers: [] } as const;
      const answer = await workers.run(slot % workers.size, request, travelling);
      if (!isAnswerOf('process', answer))
        throw new Error(`a worker answered as if it were to ${answer.kind}`);
      return answer.outputs;
    },
    ...(schedule.partialBatchAfterMs === undefined
      ? {}
      : { partialBatchAfterMs: schedule.partialBatchAfterMs }),
  });
  const reading = readAll(executor);
  try {
    await feed(executor, workers, schedule, controller);
  } catch {
    // Rejected by the abort: what reading says counts.
  }
  const { results, ending } = await reading;
  while (executor.stats.requestsRunning > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return { results, ending, stats: executor.stats, takenBack, respawns: workers.respawns - respawnsBefore };
};

async function feed(
  executor: Executor<Frame, FrameToInfer, Frame>,
  workers: InferencePool,
  { frames, culprits, kills, abortAt, flushes }: EngineSchedule,
  controller: AbortController,
): Promise<void> {
  for (let pts = 0; pts < frames; pts++) {
    // Not awaited: a kill comes while requests run, and while frames are submitted.
    for (const { worker } of kills.filter((kill) => kill.pts === pts)) kill(workers, worker);
    if (pts === abortAt) controller.abort(new Error('aborted by the schedule'));
    if (flushes.includes(pts)) executor.flush();
    const frame = allocateFrame('gray', width, height, pts);
    frame.data[0]!.fill(2 * (pts % 100));
    if (culprits.includes(pts)) frame.data[0]![5] = 255;
    await executor.executeModel(frame, [{ frame, outWidth: width, outHeight: height }]);
  }
  for (const { worker } of kills.filter(({ pts }) => pts >= frames)) kill(workers, worker);
  executor.end();
}

function kill(workers: InferencePool, worker: number): void {
  // One that is still starting after the last schedule is ended together with the pool instead.
  workers.crash(worker).catch(() => undefined);
}

async function readAll(
  executor: Executor<Frame, FrameToInfer, Frame>,
): Promise<Pick<EngineOutcome, 'results' | 'ending'>> {
  const results: { pts: number; ok: boolean; luma: number }[] = [];
  try {
    for await (const result of executor.results()) {
      const { pts } = result.inFrame;
      results.push({ pts, ok: result.ok, luma: result.ok ? result.outputs[0]!.data[0]![9]! : -1 });
    }
    return { results };
  } catch (error) {
    return { results, ending: (error as Error).message };
  }
}

function copyOf({ format, pts, buffer }: Frame): Frame {
  return frameFromBuffer(format, width, height, pts, buffer.slice(0));
}

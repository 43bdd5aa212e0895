/** A pool that inverts luma after a random number of turns of the event loop. */
import type { FrameToInfer } from '../../dnn/run/frame-to-infer.ts';
import { isRequestOf, type RunnerAnswer } from '../../dnn/run/runner-kinds.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type {
  DnnStageOptions,
  StageFilter,
  StageResult,
  StageSchedule,
  StageSurroundings,
  StageWorkers,
} from './dnn-stage-options.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';

/** Runs a request in a worker. */
export type Execute = (
  worker: number,
  items: readonly FrameToInfer[],
  outBuffers: readonly ArrayBuffer[],
) => Promise<RunnerAnswer<'process'>>;

/** A pool of so many workers, whose model makes pictures only. */
export function processing(size: number, execute: Execute): StageWorkers['pool'] {
  return {
    size,
    run: (worker, request) =>
      isRequestOf('process', request)
        ? execute(worker, request.items, request.outBuffers)
        : Promise.reject(new Error('this model makes pictures')),
  };
}

/** Runs a request. */
export async function invert(
  items: readonly FrameToInfer[],
  outBuffers: readonly ArrayBuffer[],
): Promise<RunnerAnswer<'process'>> {
  // Later requests are often faster than earlier ones.
  for (let turn = (items[0]!.frame.pts * 7) % 5; turn > 0; turn--) await new Promise(setImmediate);
  const outputs = items.map(({ frame, outWidth, outHeight }, index) => {
    const out = frameFromBuffer('gray', outWidth, outHeight, frame.pts, outBuffers[index]!);
    out.data[0]!.fill(255 - frame.data[0]![0]!);
    frame.data[0]!.fill(99); // as if it had been transferred away
    return out;
  });
  const spent = items.map(({ frame }) => frame.buffer);
  return { kind: 'process', outputs, spent, msExecute: 1, msIo: 0, memoryBytes: 10, strayTensors: 0 };
}

/** A pool whose model throws on frames of these pts. */
export function failing(...culprits: readonly number[]): StageWorkers['pool'] {
  return processing(2, (_worker, items, outBuffers) =>
    items.some(({ frame }) => culprits.includes(frame.pts))
      ? Promise.reject(new Error('NaN in layer 3'))
      : invert(items, outBuffers),
  );
}

/** The options of a stage without their parts. */
export type StageSettings = StageFilter & StageResult & StageSchedule & StageWorkers & StageSurroundings;

/** Options of a stage. */
export function options(overrides: Partial<StageSettings> = {}): DnnStageOptions {
  const all: StageSettings = {
    text: 'dnn_processing=model=m.pb',
    model: 'm.pb',
    task: { kind: 'process', setup: undefined },
    pool: failing(),
    nireq: 3,
    batchSize: 1,
    async: true,
    onError: 'fail',
    log: () => undefined,
    outWidth: 2,
    outHeight: 1,
    buffers: new BufferPool(4),
    meter: new DnnStageMeter(),
    signal: new AbortController().signal,
    ...overrides,
  };
  return { filter: all, result: all, schedule: all, workers: all, around: all };
}

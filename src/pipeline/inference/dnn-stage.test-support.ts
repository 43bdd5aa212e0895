/** A pool that inverts luma after a random number of turns of the event loop. */
import type { FrameToInfer } from '../../dnn/run/frame-to-infer.ts';
import type { InferredFrames } from '../../dnn/run/inference-runner.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type { DnnStageOptions } from './dnn-stage-options.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';

/** Runs a request. */
export async function invert(
  items: readonly FrameToInfer[],
  outBuffers: readonly ArrayBuffer[],
): Promise<InferredFrames> {
  // Later requests are often faster than earlier ones.
  for (let turn = (items[0]!.frame.pts * 7) % 5; turn > 0; turn--) await new Promise(setImmediate);
  const frames = items.map(({ frame, outWidth, outHeight }, index) => {
    const out = frameFromBuffer('gray', outWidth, outHeight, frame.pts, outBuffers[index]!);
    out.data[0]!.fill(255 - frame.data[0]![0]!);
    frame.data[0]!.fill(99); // as if it had been transferred away
    return out;
  });
  const spent = items.map(({ frame }) => frame.buffer);
  return { frames, spent, msExecute: 1, msIo: 0, memoryBytes: 10, strayTensors: 0 };
}

/** This pool's model makes pictures only. */
export const analysesNothing: DnnStageOptions['pool']['analyse'] = () =>
  Promise.reject(new Error('this model makes pictures'));

/** A pool whose model throws on frames of these pts. */
export function failing(...culprits: readonly number[]): DnnStageOptions['pool'] {
  return {
    size: 2,
    analyse: analysesNothing,
    execute: (_worker, items, outBuffers) =>
      items.some(({ frame }) => culprits.includes(frame.pts))
        ? Promise.reject(new Error('NaN in layer 3'))
        : invert(items, outBuffers),
  };
}

/** Options of a stage. */
export function options(overrides: Partial<DnnStageOptions> = {}): DnnStageOptions {
  return {
    filter: 'dnn_processing=model=m.pb',
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
}

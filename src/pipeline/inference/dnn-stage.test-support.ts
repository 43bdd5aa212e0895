/** Sources of frames, and a pool that inverts luma after a random number of turns of the event loop. */
import type { FrameToInfer, InferredFrames } from '../../dnn/run/inference-runner.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type { DnnStageOptions } from './dnn-stage.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';
import type { FrameStream } from '../frames/frame-stream.ts';

/** A decoder, and what became of it. */
export interface Source extends FrameStream {
  readonly state: { stopped: boolean; taken: number };
}

/** Gray frames of 2x1 pixels, filled with their pts. */
export function source(count: number, buffers: BufferPool, failAfter = Infinity): Source {
  const info = {
    format: 'gray',
    width: 2,
    height: 1,
    sampleAspectRatio: { num: 1, den: 1 },
    timeBase: { num: 1, den: 25 },
  } as const;
  const state = { stopped: false, taken: 0 };
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for (let pts = 0; pts < count; pts++) {
      await Promise.resolve();
      if (state.stopped) return;
      if (pts === failAfter) throw new Error('the decoder is gone');
      state.taken += 1;
      const frame = frameFromBuffer('gray', 2, 1, pts, buffers.take(2));
      frame.data[0]!.fill(pts);
      yield frame;
    }
  }
  const stop = (): void => {
    state.stopped = true;
  };
  return { info, state, frames: frames(), stop };
}

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

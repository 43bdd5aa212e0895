/** The stage over a pool that inverts luma after a random number of turns of the event loop. */
import { expect, test } from 'vitest';
import type { FrameToInfer, InferredFrames } from '../dnn/inference-runner.ts';
import type { Frame } from '../frame/frame.ts';
import { allocateFrame } from '../frame/plane-layout.ts';
import { BufferPool } from './buffer-pool.ts';
import { dnnStage, type DnnStageOptions } from './dnn-stage.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';
import type { FrameStream } from './frame-stream.ts';

/** A decoder, and what became of it. */
interface Source extends FrameStream {
  readonly state: { stopped: boolean; taken: number };
}

function source(count: number, failAfter = Infinity): Source {
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
      const frame = allocateFrame('gray', 2, 1, pts);
      frame.data[0]!.fill(pts);
      yield frame;
    }
  }
  const stop = (): void => {
    state.stopped = true;
  };
  return { info, state, frames: frames(), stop };
}

async function invert(items: readonly FrameToInfer[]): Promise<InferredFrames> {
  // Later requests are often faster than earlier ones.
  for (let turn = (items[0]!.frame.pts * 7) % 5; turn > 0; turn--) await new Promise(setImmediate);
  for (const { frame } of items)
    for (const [i, value] of frame.data[0]!.entries()) frame.data[0]![i] = 255 - value;
  return { frames: items.map(({ frame }) => frame), spent: [], msExecute: 1, msIo: 0, memoryBytes: 10 };
}

function options(overrides: Partial<DnnStageOptions> = {}): DnnStageOptions {
  return {
    filter: 'dnn_processing=model=m.pb',
    pool: { size: 2, execute: (_worker, items) => invert(items) },
    nireq: 3,
    batchSize: 1,
    async: true,
    outWidth: 2,
    outHeight: 1,
    buffers: new BufferPool(4),
    meter: new DnnStageMeter(),
    signal: new AbortController().signal,
    ...overrides,
  };
}

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const result: Frame[] = [];
  for await (const frame of frames) result.push(frame);
  return result;
}

test.each([
  { nireq: 1, batchSize: 1, async: false },
  { nireq: 3, batchSize: 1, async: true },
  { nireq: 2, batchSize: 4, async: true },
])('every frame comes out once, in order, inferred: %j', async (settings) => {
  const meter = new DnnStageMeter();
  const stage = dnnStage(source(23), options({ ...settings, meter }));
  const frames = await collect(stage.frames);
  expect(frames.map(({ pts }) => pts)).toEqual(Array.from({ length: 23 }, (_, pts) => pts));
  expect(frames.map(({ data }) => data[0]![0])).toEqual(Array.from({ length: 23 }, (_, pts) => 255 - pts));
  expect([meter.framesIn, meter.framesOut]).toEqual([23, 23]);
});

test('a worker gets the requests of every slot that falls to it', async () => {
  const workers = new Set<number>();
  const pool: DnnStageOptions['pool'] = {
    size: 2,
    execute: (worker, items) => {
      workers.add(worker);
      return invert(items);
    },
  };
  await collect(dnnStage(source(20), options({ pool, nireq: 5 })).frames);
  expect([...workers].sort()).toEqual([0, 1]);
});

test('a failed inference names filter, pts and cause; frames before it came out', async () => {
  const pool: DnnStageOptions['pool'] = {
    size: 1,
    execute: (_worker, items) =>
      items.some(({ frame }) => frame.pts === 5)
        ? Promise.reject(new Error('NaN in layer 3'))
        : invert(items),
  };
  const input = source(20);
  const got: number[] = [];
  const running = (async () => {
    for await (const { pts } of dnnStage(input, options({ pool })).frames) got.push(pts);
  })();
  await expect(running).rejects.toMatchObject({
    code: 'DNN_GENERIC_ERROR',
    details: { filter: 'dnn_processing=model=m.pb', pts: 5 },
    message: expect.stringContaining('NaN in layer 3') as string,
  });
  expect(got).toEqual([0, 1, 2, 3, 4]);
  expect(input.state.stopped).toBe(true);
});

test('what was decoded before the decoder failed is inferred, then the failure is thrown', async () => {
  const got: number[] = [];
  const running = (async () => {
    for await (const { pts } of dnnStage(source(20, 7), options({ batchSize: 4 })).frames) got.push(pts);
  })();
  await expect(running).rejects.toThrow('the decoder is gone');
  expect(got).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('who stops reading stops the source', async () => {
  const input = source(1000);
  for await (const { pts } of dnnStage(input, options()).frames) if (pts === 3) break;
  expect(input.state.stopped).toBe(true);
  expect(input.state.taken).toBeLessThan(20);
});

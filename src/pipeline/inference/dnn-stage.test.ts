/** The stage over a pool that inverts luma after a random number of turns of the event loop. */
import { describe, expect, test, vi } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { MeasuredRequest } from '../../dnn/tuning/execution-tuning.ts';
import type { Frame } from '../../frame/frame.ts';
import { RequestLost } from '../../dnn/schedule/request-lost.ts';
import { BatchTuner } from '../instance/batch-tuner.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { dnnStage } from './dnn-stage.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';
import { source, type Source } from '../frames/frame-source.test-support.ts';
import { failing, invert, options, processing, type StageSettings } from './dnn-stage.test-support.ts';

/** Runs a stage to its end, and checks that no frame is left on its way. */
async function run(
  input: (buffers: BufferPool) => Source,
  overrides: Partial<StageSettings> = {},
): Promise<{ frames: Frame[]; meter: DnnStageMeter; lines: string[]; error: unknown }> {
  const lines: string[] = [];
  const stageOptions = options({ log: (level, message) => lines.push(`${level}: ${message}`), ...overrides });
  const { buffers, meter } = stageOptions.workers;
  const frames: Frame[] = [];
  let error: unknown;
  try {
    for await (const frame of dnnStage(input(buffers), stageOptions).frames) {
      frames.push({ ...frame, data: [Uint8Array.from(frame.data[0]!)] });
      buffers.give(frame.buffer);
    }
  } catch (thrown) {
    error = thrown;
  }
  // Requests that were in flight when the stage failed bring their buffers later.
  await vi.waitFor(() => {
    expect(buffers.outstanding).toBe(0);
  });
  return { frames, meter, lines, error };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, pts) => pts);
const lumas = (frames: readonly Frame[]): number[] => frames.map(({ data }) => data[0]![0]!);

test.each([
  { nireq: 1, batchSize: 1, async: false },
  { nireq: 3, batchSize: 1, async: true },
  { nireq: 2, batchSize: 4, async: true },
])('every frame comes out once, in order, inferred: %j', async (settings) => {
  const { frames, meter } = await run((buffers) => source(23, buffers), settings);
  expect(frames.map(({ pts }) => pts)).toEqual(numbers(23));
  expect(lumas(frames)).toEqual(numbers(23).map((pts) => 255 - pts));
  expect([meter.framesIn, meter.framesOut]).toEqual([23, 23]);
});

test('a worker gets the requests of every slot that falls to it', async () => {
  const workers = new Set<number>();
  const pool = processing(2, (worker, items, outBuffers) => {
    workers.add(worker);
    return invert(items, outBuffers);
  });
  await run((buffers) => source(20, buffers), { pool, nireq: 5 });
  expect([...workers].sort()).toEqual([0, 1]);
});

test('a failed inference names filter, pts, request and cause; frames before it came out', async () => {
  let input!: Source;
  const { frames, error } = await run((buffers) => (input = source(20, buffers, Infinity)), {
    pool: failing(5),
  });
  expect(error).toMatchObject({
    code: 'DNN_GENERIC_ERROR',
    details: { filter: 'dnn_processing=model=m.pb', pts: 5, request: 6 },
    message: expect.stringMatching(/pts 5 \(0\.200 s\) in request 6: NaN in layer 3$/) as string,
  });
  expect(frames.map(({ pts }) => pts)).toEqual([0, 1, 2, 3, 4]);
  expect(input.state.stopped).toBe(true);
});

test('the code of the cause is the code of the failure, and the cause stays', async () => {
  const memory = new DnnError('ENOMEM', 'no memory for 9 bytes', { bytes: 9 });
  const pool = processing(2, () => Promise.reject(memory));
  const { error } = await run((buffers) => source(3, buffers), { pool });
  expect(error).toMatchObject({
    code: 'ENOMEM',
    details: { filter: 'dnn_processing=model=m.pb', pts: 0, request: 1 },
    message: expect.stringMatching(/with pts 0 \(0\.000 s\) in request 1: no memory for 9 bytes$/) as string,
  });
  expect((error as DnnError).cause).toBe(memory);
});

describe.each([1, 4])('frames that fail in batches of %i', (batchSize) => {
  const culprits = [0, 5, 6, 22];
  const good = numbers(23).filter((pts) => !culprits.includes(pts));

  test('pass unchanged', async () => {
    const { frames, lines } = await run((buffers) => source(23, buffers), {
      pool: failing(...culprits),
      batchSize,
      onError: 'passthrough',
    });
    expect(frames.map(({ pts }) => pts)).toEqual(numbers(23));
    expect(lumas(frames)).toEqual(numbers(23).map((pts) => (culprits.includes(pts) ? pts : 255 - pts)));
    expect(lines.map((line) => Number(/^error: .* pts (\d+) .*passes unchanged$/.exec(line)?.[1]))).toEqual(
      culprits,
    );
  });

  test('pass scaled where the filter changes the size', async () => {
    const { frames, lines } = await run((buffers) => source(23, buffers), {
      pool: failing(...culprits),
      batchSize,
      onError: 'passthrough',
      outWidth: 4,
      outHeight: 2,
    });
    expect(frames.every(({ width, height }) => width === 4 && height === 2)).toBe(true);
    expect(lumas(frames)).toEqual(numbers(23).map((pts) => (culprits.includes(pts) ? pts : 255 - pts)));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('the frame passes scaled to 4x2');
  });

  test('are dropped', async () => {
    const { frames, lines, meter } = await run((buffers) => source(23, buffers), {
      pool: failing(...culprits),
      batchSize,
      onError: 'drop',
    });
    expect(frames.map(({ pts }) => pts)).toEqual(good);
    expect(lines.filter((line) => line.endsWith('the frame is dropped'))).toHaveLength(4);
    expect([meter.framesIn, meter.framesOut]).toEqual([23, 19]);
  });
});

test('a request whose worker died is sent again, with the same pixels', async () => {
  const tries = new Map<number, number>();
  const pool = processing(2, (_worker, items, outBuffers) => {
    const { pts } = items[0]!.frame;
    tries.set(pts, (tries.get(pts) ?? 0) + 1);
    if (tries.get(pts) === 2) return invert(items, outBuffers);
    for (const { frame } of items) frame.data[0]!.fill(99); // gone with the worker
    return Promise.reject(new RequestLost('died', true, 'worker 0 died'));
  });
  const { frames, error } = await run((buffers) => source(9, buffers), { pool, batchSize: 2 });
  expect(error).toBeUndefined();
  expect(lumas(frames)).toEqual(numbers(9).map((pts) => 255 - pts));
});

describe('a timeline', () => {
  const everyThird = { isEnabled: ({ pts }: { readonly pts: number }) => pts % 3 === 0 };

  test.each([
    { nireq: 1, batchSize: 1, async: false },
    { nireq: 3, batchSize: 1, async: true },
    { nireq: 2, batchSize: 4, async: true },
  ])('lets frames pass untouched, in order, without inference: %j', async (settings) => {
    const inferred: number[] = [];
    const pool = processing(2, (_worker, items, outBuffers) => {
      inferred.push(...items.map(({ frame }) => frame.pts));
      return invert(items, outBuffers);
    });
    const overrides = { ...settings, pool, timeline: everyThird };
    const { frames, meter } = await run((buffers) => source(23, buffers), overrides);
    expect(frames.map(({ pts }) => pts)).toEqual(numbers(23));
    expect(lumas(frames)).toEqual(numbers(23).map((pts) => (pts % 3 === 0 ? 255 - pts : pts)));
    expect(inferred.sort((a, b) => a - b)).toEqual(numbers(23).filter((pts) => pts % 3 === 0));
    expect([meter.framesIn, meter.framesOut]).toEqual([23, 23]);
  });

  test('that is never on needs no worker', async () => {
    const timeline = { isEnabled: () => false };
    const { frames } = await run((buffers) => source(40, buffers), {
      timeline,
      pool: failing(...numbers(40)),
    });
    expect(lumas(frames)).toEqual(numbers(40));
  });

  test('that throws ends the stage, and its frame is given back', async () => {
    const timeline = {
      isEnabled: ({ pts }: { readonly pts: number }) => {
        if (pts === 4) throw new Error('the loop does not end');
        return true;
      },
    };
    const { frames, error } = await run((buffers) => source(20, buffers), { timeline });
    expect((error as Error).message).toBe('the loop does not end');
    expect(frames.map(({ pts }) => pts)).toEqual([0, 1, 2, 3]);
  });
});

test('workers are told to enlarge frames first, where the stage is', async () => {
  const told: unknown[] = [];
  const pool = processing(1, (_worker, items, outBuffers) => {
    told.push(...items.map(({ scaleFirst }) => scaleFirst));
    return invert(items, outBuffers);
  });
  await run((buffers) => source(2, buffers), { pool, scaleFirst: true });
  await run((buffers) => source(1, buffers), { pool });
  expect(told).toEqual([true, true, undefined]);
});

test('batches grow once the first requests were measured', async () => {
  const sizes: number[] = [];
  const pool = processing(1, (_worker, items, outBuffers) => {
    sizes.push(items.length);
    return invert(items, outBuffers);
  });
  const measured: MeasuredRequest[] = [];
  const tuner = new BatchTuner((requests) => {
    measured.push(...requests);
    return 4;
  });
  const { frames } = await run((buffers) => source(40, buffers), { pool, nireq: 1, tuner });
  expect(frames).toHaveLength(40);
  expect(measured.map(({ executePerFrame }) => executePerFrame)).toEqual([1, 1, 1, 1, 1, 1]);
  // One to warm up, six measured.
  expect(sizes.slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(Math.max(...sizes)).toBe(4);
});

test('what was decoded before the decoder failed is inferred, then the failure is thrown', async () => {
  const { frames, error } = await run((buffers) => source(20, buffers, 7), { batchSize: 4 });
  expect((error as Error).message).toBe('the decoder is gone');
  expect(frames.map(({ pts }) => pts)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('who stops reading stops the source', async () => {
  const buffers = new BufferPool(4);
  const input = source(1000, buffers);
  for await (const frame of dnnStage(input, options({ buffers })).frames) {
    buffers.give(frame.buffer);
    if (frame.pts === 3) break;
  }
  expect(input.state.stopped).toBe(true);
  expect(input.state.taken).toBeLessThan(20);
  await vi.waitFor(() => {
    expect(buffers.outstanding).toBe(0);
  });
});

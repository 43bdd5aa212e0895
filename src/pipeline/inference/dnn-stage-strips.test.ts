/** The stage with strips of each frame over several workers. */
import { expect, test, vi } from 'vitest';
import { resultShape } from '../../dnn/run/frame-strips.ts';
import type { FrameToInfer } from '../../dnn/run/frame-to-infer.ts';
import type { RunnerAnswer } from '../../dnn/run/runner-kinds.ts';
import { RequestLost } from '../../dnn/schedule/request-lost.ts';
import { splitRows } from '../../dnn/contract/split-rows.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { dnnStage } from './dnn-stage.ts';
import { DnnStageMeter } from './dnn-stage-meter.ts';
import { source, type Source } from '../frames/frame-source.test-support.ts';
import { options, processing, type Execute, type StageSettings } from './dnn-stage.test-support.ts';

const [width, height] = [6, 40];
const stripRows = splitRows(height, 3);

/** yuv420p frames whose bytes depend on position and pts. */
function pictures(count: number, buffers: BufferPool): Source {
  const plain = source(count, buffers);
  const { size } = frameLayout('yuv420p', width, height);
  async function* frames(): AsyncGenerator<Frame, void, undefined> {
    for await (const { pts, buffer } of plain.frames) {
      buffers.give(buffer);
      const frame = frameFromBuffer('yuv420p', width, height, pts, buffers.take(size));
      new Uint8Array(frame.buffer).forEach((_, i, all) => (all[i] = 7 * i + 13 * pts));
      yield frame;
    }
  }
  return { ...plain, info: { ...plain.info, format: 'yuv420p', width, height }, frames: frames() };
}

/** Inverts the luma rows that are asked for; what is transferred has no size any more. */
async function invertRows(
  items: readonly FrameToInfer[],
  outBuffers: readonly ArrayBuffer[],
): Promise<RunnerAnswer<'process'>> {
  const [sent, buffers] = structuredClone([items, outBuffers] as const, {
    transfer: [...items.map(({ frame }) => frame.buffer), ...outBuffers],
  });
  for (let turn = (sent[0]!.frame.pts * 7 + (sent[0]!.rows?.from ?? 0)) % 5; turn > 0; turn--) {
    await new Promise(setImmediate);
  }
  const outputs = sent.map((item, index) => {
    const { frame, rows = { from: 0, to: height } } = item;
    const shape = resultShape(item);
    const out = frameFromBuffer(shape.format, shape.width, shape.height, frame.pts, buffers[index]!);
    out.data.forEach((plane, number) => {
      if (number > 0) plane.set(frame.data[number]!);
    });
    const own = frame.data[0]!.subarray(rows.from * width, rows.to * width);
    out.data[0]!.fill(0).set(own.map((value) => 255 - value));
    return out;
  });
  const spent = sent.map(({ frame }) => frame.buffer);
  return { kind: 'process', outputs, spent, msExecute: 1, msIo: 0, memoryBytes: 10, strayTensors: 0 };
}

const settings = (execute: Execute): Partial<StageSettings> => ({
  pool: processing(3, execute),
  outWidth: width,
  outHeight: height,
  stripRows,
});

/** All frames of a stage, as bytes. */
async function bytesOf(overrides: Partial<StageSettings>): Promise<readonly (readonly number[])[]> {
  const buffers = new BufferPool(4);
  const results: number[][] = [];
  for await (const frame of dnnStage(pictures(9, buffers), options({ buffers, ...overrides })).frames) {
    expect(frame).toMatchObject({ format: 'yuv420p', width, height, pts: results.length });
    results.push([...new Uint8Array(frame.buffer)]);
    buffers.give(frame.buffer);
  }
  expect(buffers.outstanding).toBe(0);
  return results;
}

test.each([
  { nireq: 1, batchSize: 1, async: true },
  { nireq: 1, batchSize: 1, async: false },
  { nireq: 3, batchSize: 2, async: true },
])('give the frames that one worker gives, each strip from its own worker: %j', async (execution) => {
  const workers = new Map<number, Set<number>>();
  const pool = settings((worker, items, outBuffers) => {
    for (const { rows } of items)
      workers.set(worker, (workers.get(worker) ?? new Set()).add(rows?.from ?? -1));
    return invertRows(items, outBuffers);
  });
  const whole = await bytesOf({ ...settings((_, items, out) => invertRows(items, out)), stripRows: [] });
  const meter = new DnnStageMeter();
  expect(await bytesOf({ ...pool, ...execution, meter })).toEqual(whole);
  expect([...workers].sort()).toEqual(
    [0, 1, 2].map((worker) => [worker, new Set([stripRows[worker]!.from])]),
  );
  const { requests, ms_per_frame } = meter.stats({ filter: '', backend: '', device: '', ...execution });
  expect(requests).toBeLessThanOrEqual(9);
  expect(ms_per_frame).toBeGreaterThanOrEqual(1.5);
});

test('a strip whose worker dies is computed again, with the same pixels', async () => {
  const whole = await bytesOf({ ...settings((_, items, out) => invertRows(items, out)), stripRows: [] });
  const tries = new Map<string, number>();
  const execute: Execute = (_, items, outBuffers) => {
    const { frame, rows } = items[0]!;
    const strip = `${frame.pts} ${rows!.from}`;
    tries.set(strip, (tries.get(strip) ?? 0) + 1);
    if (frame.pts % 3 !== 0 || rows!.from === 0 || tries.get(strip) === 2)
      return invertRows(items, outBuffers);
    structuredClone(frame, { transfer: [frame.buffer] });
    return Promise.reject(new RequestLost('died', true, 'worker 1 died'));
  };
  const meter = new DnnStageMeter();
  expect(await bytesOf({ ...settings(execute), meter })).toEqual(whole);
  expect([...tries.values()].filter((count) => count === 2)).toHaveLength(6);
});

test('a strip that fails fails its frame, which passes with all of its pixels', async () => {
  const lines: string[] = [];
  const execute: Execute = (_, items, outBuffers) =>
    items[0]!.frame.pts === 4 && items[0]!.rows!.from === 16
      ? Promise.reject(new Error('NaN in layer 3'))
      : invertRows(items, outBuffers);
  const log = (_: string, message: string) => lines.push(message);
  const results = await bytesOf({ ...settings(execute), onError: 'passthrough', log });
  const luma = (pts: number) => results[pts]!.slice(0, 3).map((value) => (pts === 4 ? value : 255 - value));
  expect([3, 4, 5].map(luma)).toEqual(
    [3, 4, 5].map((pts) => [0, 7, 14].map((value) => (value + 13 * pts) % 256)),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/pts 4 .*NaN in layer 3; the frame passes unchanged$/);
});

test('who aborts waits for nothing, and no buffer is left on its way', async () => {
  const controller = new AbortController();
  const buffers = new BufferPool(4);
  const hanging: ((reason: unknown) => void)[] = [];
  const execute: Execute = (_, items, outBuffers) =>
    items[0]!.rows!.from > 0 && items[0]!.frame.pts > 2
      ? new Promise((_resolve, reject) => hanging.push(reject))
      : invertRows(items, outBuffers);
  const stage = dnnStage(
    pictures(20, buffers),
    options({ ...settings(execute), buffers, signal: controller.signal }),
  );
  const reason = new Error('stopped');
  await expect(
    (async () => {
      for await (const frame of stage.frames) {
        buffers.give(frame.buffer);
        if (frame.pts === 2) controller.abort(reason);
      }
    })(),
  ).rejects.toBe(reason);
  // As the pool's workers, which are ended then.
  for (const reject of hanging) reject(reason);
  await vi.waitFor(() => {
    expect(buffers.outstanding).toBe(0);
  });
});

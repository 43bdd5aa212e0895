import { afterEach, expect, test, vi } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import { BufferPool } from './buffer-pool.ts';
import { source } from './frame-source.test-support.ts';
import { teeFrames } from './frame-tee.ts';
import type { FrameStream } from './frame-stream.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Takes frames until `limit`, gives their buffers back, and tells their times. */
async function take(stream: FrameStream, buffers: BufferPool, limit = Infinity): Promise<number[]> {
  const taken: number[] = [];
  for await (const frame of stream.frames) {
    expect([...frame.data[0]!]).toEqual([frame.pts, frame.pts]);
    taken.push(frame.pts);
    buffers.give(frame.buffer);
    if (taken.length === limit) break;
  }
  return taken;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('every reader gets every frame, whose buffer is its own', async () => {
  const buffers = new BufferPool(4);
  const decoder = source(50, buffers);
  const branches = teeFrames(decoder, { readers: 3, frameLimit: 2, buffers });
  const taken = await Promise.all(branches.map((branch) => take(branch, buffers)));
  expect(taken).toEqual([numbers(50), numbers(50), numbers(50)]);
  expect(buffers.outstanding).toBe(0);
});

test('a reader that is ahead waits for the others', async () => {
  const buffers = new BufferPool(4);
  const decoder = source(50, buffers);
  const [fast, slow] = teeFrames(decoder, { readers: 2, frameLimit: 3, buffers, starvedAfterMs: 60_000 });
  const taking = take(fast!, buffers);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(decoder.state.taken).toBe(3);
  expect(await take(slow!, buffers)).toEqual(numbers(50));
  expect(await taking).toEqual(numbers(50));
});

test('a reader that starves may go ahead as far as it has to', async () => {
  vi.useFakeTimers();
  const buffers = new BufferPool(4);
  const [stuck, hungry] = teeFrames(source(50, buffers), { readers: 2, frameLimit: 1, buffers });
  const all = take(hungry!, buffers);
  // 1, 2, 4, … frames wait: six doublings are enough for 50.
  await vi.advanceTimersByTimeAsync(6 * 400);
  expect(await all).toEqual(numbers(50));
  expect(buffers.outstanding).toBe(50);
  expect(await take(stuck!, buffers)).toEqual(numbers(50));
  expect(buffers.outstanding).toBe(0);
});

test('a reader that leaves too much is given up, and the others go on', async () => {
  vi.useFakeTimers();
  const buffers = new BufferPool(4);
  const [stuck, hungry] = teeFrames(source(50, buffers), {
    ...{ readers: 2, frameLimit: 1, buffers },
    byteLimit: 10 * 2,
  });
  const all = take(hungry!, buffers);
  await vi.advanceTimersByTimeAsync(6 * 400);
  expect(await all).toEqual(numbers(50));
  expect(buffers.outstanding).toBe(0);
  await expect(take(stuck!, buffers)).rejects.toThrow(/11 frames wait for one branch/);
});

test('a reader that stops holds nobody up; the last one stops the source', async () => {
  const buffers = new BufferPool(4);
  const decoder = source(50, buffers);
  const [one, other, third] = teeFrames(decoder, { readers: 3, frameLimit: 2, buffers });
  third!.stop(); // never read
  const [few, more] = await Promise.all([take(one!, buffers, 5), take(other!, buffers, 20)]);
  expect([few, more]).toEqual([numbers(5), numbers(20)]);
  expect(decoder.state.stopped).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(buffers.outstanding).toBe(0);
});

test('stop() ends a wait for the next frame', async () => {
  const buffers = new BufferPool(4);
  const { info } = source(0, buffers);
  let stopped = 0;
  const never = {
    [Symbol.asyncIterator]: (): AsyncIterator<Frame> => ({ next: () => new Promise<never>(() => undefined) }),
  };
  const silent: FrameStream = { info, frames: never, stop: () => (stopped += 1) };
  const branches = teeFrames(silent, { readers: 2, frameLimit: 2, buffers });
  const waiting = branches.map((branch) => take(branch, buffers));
  await Promise.resolve();
  branches[0]!.stop();
  expect(await waiting[0]).toEqual([]);
  expect(stopped).toBe(0);
  branches[1]!.stop();
  expect(await waiting[1]).toEqual([]);
  expect(stopped).toBe(1);
});

test('a failure of the source comes to every reader, behind the frames before it', async () => {
  const buffers = new BufferPool(4);
  const branches = teeFrames(source(50, buffers, 7), { readers: 2, frameLimit: 2, buffers });
  const seen: number[][] = [[], []];
  const reading = branches.map(async (branch, reader) => {
    for await (const frame of branch.frames) {
      seen[reader]!.push(frame.pts);
      buffers.give(frame.buffer);
    }
  });
  for (const result of reading) await expect(result).rejects.toThrow('the decoder is gone');
  expect(seen).toEqual([numbers(7), numbers(7)]);
  expect(buffers.outstanding).toBe(0);
});

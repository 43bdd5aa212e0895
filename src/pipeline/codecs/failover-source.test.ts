import { expect, it } from 'vitest';
import { BufferPool } from '../frames/buffer-pool.ts';
import { source } from '../frames/frame-source.test-support.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import { DecoderFailure } from './decoder-failure.ts';
import { startFailoverSource } from './failover-source.ts';

const buffers = new BufferPool(4);

interface Told extends FrameSource {
  readonly told: string[];
}

function sourceOf(frames: Promise<FrameStream>, exitCode = 0): Told {
  const told: string[] = [];
  frames.catch(() => undefined);
  return {
    ...{ frames, told, inputs: [], exitCode: Promise.resolve(exitCode) },
    quit: () => told.push('quit'),
    kill: () => told.push('kill'),
    stats: () => [],
  };
}

/** Gives so many frames, and then fails. */
function failing(after: number, error: unknown): FrameStream {
  const stream = source(after, buffers);
  return {
    ...stream,
    frames: (async function* () {
      yield* stream.frames;
      throw error;
    })(),
  };
}

async function run(first: Told, second: Told, onFrame?: (pts: number, started: FrameSource) => void) {
  const reasons: unknown[] = [];
  const started = startFailoverSource({
    ...{ first, buffers },
    startSecond: (reason, time) => {
      reasons.push([reason, time]);
      return second;
    },
  });
  const pts: number[] = [];
  for await (const frame of (await started.frames).frames) {
    pts.push(frame.pts);
    buffers.give(frame.buffer);
    onFrame?.(frame.pts, started);
  }
  return { pts, reasons, exitCode: await started.exitCode };
}

const gaveUp = new DecoderFailure('it gave up');

it('gives the frames of the first where nothing fails', async () => {
  const outcome = await run(
    sourceOf(Promise.resolve(source(3, buffers))),
    sourceOf(new Promise(() => undefined)),
  );
  expect(outcome).toEqual({ pts: [0, 1, 2], reasons: [], exitCode: 0 });
});

it('goes on with the second behind what was given, once each', async () => {
  const first = sourceOf(Promise.resolve(failing(3, gaveUp)), 1);
  const outcome = await run(first, sourceOf(Promise.resolve(source(6, buffers))));
  expect(outcome).toEqual({ pts: [0, 1, 2, 3, 4, 5], reasons: [['it gave up', 0.08]], exitCode: 0 });
  expect(first.told).toEqual(['kill']);
  expect(buffers.outstanding).toBe(0);
});

it('begins with the second where the first has no frame', async () => {
  const outcome = await run(sourceOf(Promise.reject(gaveUp)), sourceOf(Promise.resolve(source(2, buffers))));
  expect(outcome).toEqual({ pts: [0, 1], reasons: [['it gave up', undefined]], exitCode: 0 });
});

it('ends where something else fails, and after a quit', async () => {
  const second = sourceOf(Promise.resolve(source(9, buffers)));
  const other = new Error('the filters fail');
  await expect(run(sourceOf(Promise.resolve(failing(1, other))), second)).rejects.toBe(other);
  const quitting = run(sourceOf(Promise.resolve(failing(2, gaveUp))), second, (pts, started) => {
    if (pts === 1) started.quit();
  });
  await expect(quitting).rejects.toBeInstanceOf(SourceFailure);
});

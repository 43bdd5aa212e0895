import { expect, test } from 'vitest';
import { createDeferred } from '../../base/deferred.ts';
import type { EncodeResult, EncodeSetup } from '../../codecs/codec-contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { manualClock } from '../../workers/request-watchdog.test-support.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { EncoderWorker } from './encoder-worker.ts';

/** A worker that answers so many calls and then none, with all that it was told. */
function hangingAfter(answers: number, watchdogSeconds?: number) {
  const clock = manualClock();
  const lost = createDeferred<never>();
  lost.promise.catch(() => undefined);
  let calls = 0;
  const result = { packets: [{ pts: 0 }], buffers: [] } as unknown as EncodeResult;
  const worker = new EncoderWorker(
    {
      take: (_label, failure) =>
        ({
          call: () => (calls++ < answers ? Promise.resolve(result) : lost.promise),
          giveUp: (what: string) => {
            lost.reject(failure(what));
          },
        }) as unknown as WorkerClient<CodecApi>,
    },
    { name: 'h264_webcodecs', watchdogSeconds, clock },
  );
  return { worker, clock };
}

async function* threeFrames() {
  for (let pts = 0; pts < 3; pts++) yield await Promise.resolve({ pts, buffer: new ArrayBuffer(6) } as Frame);
}

/** Takes packets until the worker hangs, and lets that time pass. @returns how many came, and the error. */
async function encodeFor(ms: number, { worker, clock }: ReturnType<typeof hangingAfter>) {
  let packets = 0;
  const feeding = { buffers: new BufferPool(4), isForcedKey: () => false };
  const taken = (async () => {
    for await (const packet of worker.packets(threeFrames(), feeding)) if (packet.pts === 0) packets += 1;
    return 'all';
  })().catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve));
  clock.pass(ms);
  await new Promise((resolve) => setTimeout(resolve));
  const outcome = await Promise.race([taken, Promise.resolve('waits')]);
  return { packets, outcome, watches: clock.running };
}

const words = (seconds: number): string =>
  `The h264_webcodecs worker gave no answer for ${seconds} s: run the command again, or name another encoder.`;

test('a worker that answers no call any more is given up, behind the packets it gave', async () => {
  const { packets, outcome, watches } = await encodeFor(45_000, hangingAfter(1));
  expect(outcome).toMatchObject({ code: 'EIO', message: words(45) });
  expect({ packets, watches }).toEqual({ packets: 1, watches: 0 });
});

test('it has less time where -dnn_watchdog says so, and all of it with 0', async () => {
  expect((await encodeFor(2000, hangingAfter(1, 2))).outcome).toMatchObject({ message: words(2) });
  expect((await encodeFor(1500, hangingAfter(1, 2))).outcome).toBe('waits');
  expect(await encodeFor(1e6, hangingAfter(1, 0))).toMatchObject({ outcome: 'waits', watches: 0 });
});

test('the last packets have their time', async () => {
  const outcome = await encodeFor(44_500, hangingAfter(3));
  expect(outcome).toMatchObject({ packets: 3, outcome: 'waits' });
  expect((await encodeFor(45_000, hangingAfter(3))).outcome).toMatchObject({ message: words(45) });
});

test('an encoder that does not begin is given up', async () => {
  const { worker, clock } = hangingAfter(0);
  const begun = worker.begin({} as EncodeSetup);
  clock.pass(120_000);
  await expect(begun).rejects.toThrow(words(120));
});

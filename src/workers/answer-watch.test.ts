import { expect, test } from 'vitest';
import { watchAnswers } from './answer-watch.ts';
import { livingWorker } from './living-worker.test-support.ts';
import { manualClock } from './request-watchdog.test-support.ts';

interface Api {
  ask(): Promise<void>;
  work(): Promise<void>;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const never = (): Promise<void> => new Promise(() => undefined);

test('a worker that answers nothing for two minutes is ended, and says so to whoever waits for it', async () => {
  const { client } = livingWorker<Api>({ ask: never, work: never } satisfies Api, 'a worker');
  const clock = manualClock();
  watchAnswers(client, (api) => api.ask(), undefined, clock);
  const working = client.call((api) => api.work());
  clock.pass(119_500);
  await turn();
  clock.pass(500);
  await expect(working).rejects.toThrow('a worker hung: it has not answered for 120 s and was ended');
  expect(clock.running).toBe(0);
});

test('one that answers is asked one question at a time, as long as it is watched', async () => {
  let asked = 0;
  const api: Api = {
    ask: () => {
      asked += 1;
      return Promise.resolve();
    },
    work: never,
  };
  const { client } = livingWorker<Api>(api, 'a worker');
  const clock = manualClock();
  const stop = watchAnswers(client, (remote) => remote.ask(), undefined, clock);
  let isEnded = false;
  void client.ended.then(() => (isEnded = true));
  for (let minute = 0; minute < 6; minute++) {
    clock.pass(60_000);
    await expect.poll(() => asked).toBe(minute + 1);
    await turn();
  }
  expect(isEnded).toBe(false);
  stop();
  expect(clock.running).toBe(0);
  client.terminate();
});

test('one that is too busy to answer but gets on is not ended', async () => {
  const { client } = livingWorker<Api>({ ask: never, work: never } satisfies Api, 'a worker');
  const clock = manualClock();
  let progress = 0;
  watchAnswers(
    client,
    (api) => api.ask(),
    () => progress,
    clock,
  );
  const working = client.call((api) => api.work());
  for (let minute = 0; minute < 6; minute++) {
    progress += 1;
    clock.pass(60_000);
    await turn();
  }
  expect(clock.running).toBe(1);
  clock.pass(120_000);
  await expect(working).rejects.toThrow('a worker hung');
});

/**
 * The executor's promises with real workers: order, exactly once, only culprits fail,
 * killed workers change nothing.
 */
import fc from 'fast-check';
import type { EngineOutcome, EngineSchedule } from './engine-page.ts';
import { faultModel } from './models.ts';
import { expect, test } from './page-test.ts';

const workers = 2;

const schedules: fc.Arbitrary<EngineSchedule> = fc
  .record({
    nireq: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.integer({ min: 1, max: 5 }),
    async: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    frames: fc.integer({ min: 0, max: 24 }),
    culprits: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(23), { maxLength: 4 })),
    kills: fc.oneof(
      { weight: 2, arbitrary: fc.constant<EngineSchedule['kills']>([]) },
      {
        weight: 1,
        // One kill for a request at most, or its second try would be lost too.
        arbitrary: fc.record({ pts: fc.nat(26), worker: fc.nat(workers - 1) }).map((kill) => [kill]),
      },
    ),
    flushes: fc.array(fc.nat(23), { maxLength: 3 }),
    partialBatchAfterMs: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    abort: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(23) }),
  })
  .map(({ abort, ...schedule }) => ({ ...schedule, abortAt: abort }));

function check(schedule: EngineSchedule, { results, ending, stats, takenBack }: EngineOutcome): void {
  const { frames, culprits, abortAt } = schedule;
  const wasAborted = abortAt !== undefined && abortAt < frames;
  expect(results.map(({ pts }) => pts)).toEqual(results.map((_, index) => index));
  for (const { pts, ok, luma } of results) {
    expect(ok, `frame ${pts}`).toBe(!culprits.includes(pts));
    expect(luma, `luma of frame ${pts}`).toBe(ok ? pts % 100 : -1);
  }
  expect(stats.requestsRunning).toBe(0);
  if (wasAborted) {
    expect(ending).toBe('aborted by the schedule');
    expect(results.length + takenBack).toBe(abortAt + 1);
    return;
  }
  expect(ending).toBeUndefined();
  expect(results).toHaveLength(frames);
  expect(takenBack).toBe(0);
  expect([stats.inferenceTodo, stats.inferenceStarted, stats.inferenceDone]).toEqual([
    frames,
    frames,
    frames,
  ]);
  expect(stats.tasksFailed).toBe(new Set(culprits.filter((pts) => pts < frames)).size);
}

test('random schedules with workers that are killed', { tag: '@dev' }, async ({ page }) => {
  test.slow();
  await page.goto('/e2e/engine.html');
  await page.evaluate(([model, count]) => window.startEngine(model, count), [
    [...faultModel()],
    workers,
  ] as const);
  const property = fc.asyncProperty(schedules, async (schedule) => {
    check(schedule, await page.evaluate((value) => window.runEngine(value), schedule));
  });
  await fc.assert(property, { numRuns: 60, endOnFailure: true });
  expect(await page.evaluate(() => window.stopEngine())).toBe(0);
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a worker that hangs is ended, and its request runs in the next one', async ({ page }) => {
  await page.goto('/e2e/engine.html');
  await page.evaluate(([model, leastMs]) => window.startEngine(model, 1, leastMs), [
    [...faultModel()],
    1500,
  ] as const);
  const [worker] = page.workers();
  // From the next task on: a hang that the browser was only asked for may come behind the first request.
  await worker!.evaluate(() => {
    setTimeout(() => {
      for (;;);
    }, 0);
  });
  const schedule = { nireq: 1, batchSize: 1, async: true, frames: 3, culprits: [], kills: [], flushes: [] };
  const outcome = await page.evaluate((value) => window.runEngine(value), schedule);
  check(schedule, outcome);
  expect(outcome).toMatchObject({ respawns: 1, stats: { requestsRetried: 1 } });
  await page.evaluate(() => window.stopEngine());
});

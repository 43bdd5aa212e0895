import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StepWatch, type StepLimit } from './step-watch.ts';

const limit: StepLimit = { leastMs: 60_000, isFixed: false };
const tick = 500;

/** Something at work, seen every half second. */
class Work {
  readonly #watch = new StepWatch();
  readonly #limit: StepLimit;
  #steps = 0;
  #waitedMs = 0;

  constructor(of = limit) {
    this.#limit = of;
  }

  /** @returns milliseconds after which it is given up; undefined where it is not. */
  run(ms: number, { waits = 0, stepsAtEnd = 0 } = {}): number | undefined {
    let givenUp: number | undefined;
    for (let at = tick; at <= ms; at += tick) {
      this.#waitedMs += waits * tick;
      if (at > ms - tick) this.#steps += stepsAtEnd;
      const sample = { steps: this.#steps, waitedMs: this.#waitedMs };
      if (this.#watch.look(sample, tick, this.#limit) !== undefined) givenUp ??= at;
    }
    return givenUp;
  }
}

test('a first step may take three minutes, the next ones a minute', () => {
  const work = new Work();
  expect(work.run(179_500)).toBeUndefined();
  expect(new Work().run(200_000)).toBe(180_000);
  const quick = new Work();
  expect(quick.run(500, { stepsAtEnd: 10 })).toBeUndefined();
  expect(quick.run(59_500)).toBeUndefined();
  expect(quick.run(500)).toBe(500);
});

test('a slow encoder is given a hundred times its slowest step', () => {
  const encoder = new Work();
  for (let frame = 0; frame < 5; frame++) expect(encoder.run(20_000, { stepsAtEnd: 1 })).toBeUndefined();
  expect(encoder.run(500, { stepsAtEnd: 1000 })).toBeUndefined();
  // It gives what it has held back, 60 frames of 20 s, without a step.
  expect(encoder.run(60 * 20_000, { stepsAtEnd: 1 })).toBeUndefined();
});

test('many steps between two looks are as fast as they are', () => {
  // Taken for one step of half a second each, they would be given 50 s.
  const work = new Work({ leastMs: 20_000, isFixed: false });
  for (let looks = 0; looks < 100; looks++) work.run(500, { stepsAtEnd: 50 });
  expect(work.run(100_000)).toBe(20_000);
});

test('what waits for its neighbour is not to be blamed, however long', () => {
  const work = new Work();
  work.run(500, { stepsAtEnd: 1 });
  expect(work.run(3_600_000, { waits: 1 })).toBeUndefined();
  expect(work.run(50_000)).toBeUndefined();
  expect(work.run(3_600_000, { waits: 1 })).toBeUndefined();
  expect(work.run(20_000)).toBe(10_000);
});

test('a fixed limit is the limit, before the first step and after slow ones', () => {
  const fixed = { leastMs: 2000, isFixed: true };
  expect(new Work(fixed).run(10_000)).toBe(2000);
  const work = new Work(fixed);
  expect(work.run(1500, { stepsAtEnd: 1 })).toBeUndefined();
  expect(work.run(10_000)).toBe(2000);
});

test('nothing is given up that steps or waits within the limit, and all else is, in the end', () => {
  const phase = fc.record({
    ms: fc.integer({ min: 1, max: 119 }).map((ticks) => ticks * tick),
    waits: fc.constantFrom(0, 0.5, 1),
    stepsAtEnd: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(phase, { maxLength: 20 }), (phases) => {
      const work = new Work();
      for (const { ms, ...more } of phases) expect(work.run(ms, more)).toBeUndefined();
      const slowest = Math.max(0, ...phases.map(({ ms, waits }) => ms * (1 - waits)));
      const end = work.run(Math.max(180_000, 100 * slowest) + tick);
      expect(end).toBeGreaterThanOrEqual(60_000);
    }),
    { numRuns: 50 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StepDown } from './step-down.ts';

/**
 * Runs seconds of so many frames, of which so many are dropped.
 * @returns the seconds after which it steps down.
 */
function steps(seconds: readonly (readonly [came: number, dropped: number])[]): number[] {
  const rule = new StepDown();
  const found: number[] = [];
  let framesIn = 0;
  let framesDropped = 0;
  rule.update({ framesIn, framesDropped }, 0);
  seconds.forEach(([came, dropped], index) => {
    framesIn += came;
    framesDropped += dropped;
    if (rule.update({ framesIn, framesDropped }, 1000 * (index + 1))) found.push(index + 1);
  });
  return found;
}

test('three seconds in which most frames were dropped are too slow', () => {
  expect(
    steps([
      [24, 20],
      [24, 20],
      [24, 20],
      [24, 0],
    ]),
  ).toEqual([3]);
  expect(
    steps([
      [24, 20],
      [24, 20],
      [24, 2],
      [24, 20],
      [24, 20],
    ]),
  ).toEqual([]);
  expect(
    steps([
      [24, 12],
      [24, 12],
      [24, 12],
      [24, 12],
    ]),
  ).toEqual([]);
});

test('few frames say nothing', () => {
  expect(
    steps([
      [2, 2],
      [2, 2],
      [2, 2],
      [2, 2],
    ]),
  ).toEqual([]);
});

test('it never steps down twice within three seconds, whatever happens', () => {
  const second = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const);
  fc.assert(
    fc.property(fc.array(second, { maxLength: 40 }), (seconds) => {
      const found = steps(seconds);
      for (const [index, at] of found.entries()) {
        if (index > 0) expect(at - found[index - 1]!).toBeGreaterThanOrEqual(3);
        for (const [came, dropped] of seconds.slice(at - 1, at)) expect(dropped / came).toBeGreaterThan(0.5);
      }
    }),
  );
});

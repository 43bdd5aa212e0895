import { expect, test } from 'vitest';
import { slowestSpecFiles, specCount, unitCount } from './test-reports.mjs';

const spec = (...durations: readonly number[]) => ({
  tests: durations.map((duration) => ({ results: [{ duration }] })),
});

test('the seconds of a spec file are those of all its tests, in nested suites and in every run', () => {
  const first = {
    suites: [
      { file: 'a.spec.ts', specs: [spec(1000, 500)], suites: [{ file: 'a.spec.ts', specs: [spec(2000)] }] },
      { file: 'b.spec.ts', specs: [spec(250)] },
    ],
  };
  const second = {
    suites: [
      { file: 'b.spec.ts', specs: [spec(4000)] },
      { file: 'c.spec.ts', specs: [spec(1)] },
    ],
  };
  expect(slowestSpecFiles([first, second], 2)).toEqual([
    { file: 'b.spec.ts', took: 4.25 },
    { file: 'a.spec.ts', took: 3.5 },
  ]);
});

test('a test that passed at the second try has passed; one that is still to be written is skipped', () => {
  expect(specCount({ stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 } })).toEqual({
    passed: 6,
    failed: 2,
    skipped: 3,
  });
  expect(unitCount({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 })).toEqual({
    passed: 5,
    failed: 1,
    skipped: 3,
  });
});

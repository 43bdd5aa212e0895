import { expect, test, vi } from 'vitest';
import { RequestWatchdog } from './request-watchdog.ts';
import { manualClock } from './request-watchdog.test-support.ts';

test('before anything is measured the expected cost makes the limit, then the slowest item does', () => {
  const clock = manualClock();
  const watchdog = new RequestWatchdog({ expectedMsPerItem: 4000, leastMs: 1000, clock });
  expect(watchdog.limitMs(2)).toBe(160_000);
  const first = watchdog.watch(2, vi.fn());
  clock.pass(200);
  first(true);
  expect(watchdog.limitMs(1)).toBe(2000);
  const slower = watchdog.watch(1, vi.fn());
  clock.pass(300);
  slower(true);
  const faster = watchdog.watch(1, vi.fn());
  clock.pass(10);
  faster(true);
  expect([watchdog.limitMs(1), watchdog.limitMs(4)]).toEqual([6000, 24_000]);
});

test('a cheap request has the least limit', () => {
  expect(new RequestWatchdog({ expectedMsPerItem: 1 }).limitMs(1)).toBe(15_000);
});

test('a request that does not answer is reported once; one that does never', () => {
  const clock = manualClock();
  const watchdog = new RequestWatchdog({ expectedMsPerItem: 1, leastMs: 2000, clock });
  const [hung, fine] = [vi.fn(), vi.fn()];
  watchdog.watch(1, hung);
  const answered = watchdog.watch(1, fine);
  clock.pass(1500);
  answered(true);
  expect(hung).not.toHaveBeenCalled();
  clock.pass(1500);
  expect(hung.mock.calls).toEqual([[2000]]);
  expect(fine).not.toHaveBeenCalled();
  expect(clock.running).toBe(0);
});

test('a machine that slept for an hour has not made a request hung', () => {
  const clock = manualClock();
  const hung = vi.fn();
  new RequestWatchdog({ expectedMsPerItem: 1, leastMs: 2000, clock }).watch(1, hung);
  clock.pass(3_600_000, 1);
  expect(hung).not.toHaveBeenCalled();
});

test('a request that was not answered teaches nothing', () => {
  const clock = manualClock();
  const watchdog = new RequestWatchdog({ expectedMsPerItem: 100, leastMs: 10, clock });
  const end = watchdog.watch(1, vi.fn());
  clock.pass(1000, 0);
  end(false);
  expect(watchdog.limitMs(1)).toBe(2000);
});

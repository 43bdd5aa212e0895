import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startDeadline } from './deadline.ts';

const days = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([0, 1, 50, 2 ** 31 - 1, 2 ** 31, 60 * days])('%d ms are reached once, and no sooner', (ms) => {
  const reached = vi.fn();
  startDeadline(ms, reached);
  vi.advanceTimersByTime(Math.max(0, ms - 1));
  expect(reached).toHaveBeenCalledTimes(ms === 0 ? 1 : 0);
  vi.advanceTimersByTime(100 * days);
  expect(reached).toHaveBeenCalledTimes(1);
});

test.each([-1, -5, NaN, Infinity, -Infinity])('%d ms are never reached', (ms) => {
  const reached = vi.fn();
  startDeadline(ms, reached);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100 * days);
  expect(reached).not.toHaveBeenCalled();
});

test.each([50, 2 ** 31, 60 * days])('nothing is reached once the waiting for %d ms has ended', (ms) => {
  const reached = vi.fn();
  const stop = startDeadline(ms, reached);
  // Into the second timer of a long wait.
  vi.advanceTimersByTime(Math.min(ms - 1, 30 * days));
  stop();
  vi.advanceTimersByTime(100 * days);
  expect(reached).not.toHaveBeenCalled();
});

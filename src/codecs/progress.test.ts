import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('what is reached already is not waited for', async () => {
  expect(await new Progress().until(() => true, 1000)).toBe(true);
});

test('waits until it is reached, however long that takes while things happen', async () => {
  const progress = new Progress();
  let steps = 0;
  const reached = progress.until(() => steps === 5, 2000);
  for (; steps < 5; steps++) {
    progress.made();
    vi.advanceTimersByTime(1400);
  }
  progress.made();
  expect(await reached).toBe(true);
});

test('gives up when nothing happens for so long', async () => {
  const progress = new Progress();
  const reached = progress.until(() => false, 1000);
  vi.advanceTimersByTime(900);
  progress.made();
  vi.advanceTimersByTime(500);
  const early = await Promise.race([reached, Promise.resolve('waits')]);
  expect(early).toBe('waits');
  vi.advanceTimersByTime(1000);
  expect(await reached).toBe(false);
});

test('looks by itself, where nobody tells', async () => {
  let isReached = false;
  const reached = new Progress().until(() => isReached, 60_000);
  isReached = true;
  vi.advanceTimersByTime(500);
  expect(await reached).toBe(true);
});

import { expect, test, vi } from 'vitest';
import { holdLifeLock, onLifeEnded } from './life-lock.ts';
import { WebLocks } from './web-locks.test-support.ts';

/** Everything that is ready to run has run. */
const turn = () => new Promise(setImmediate);

test('the end of a worker is told once, and no sooner', async () => {
  const locks = new WebLocks();
  const [worker, other, page] = [locks.realm(), locks.realm(), locks.realm()];
  expect(await holdLifeLock('life 1', worker)).toBe(true);
  expect(await holdLifeLock('life 2', other)).toBe(true);
  const [ended, endedOther] = [vi.fn(), vi.fn()];
  onLifeEnded('life 1', new AbortController().signal, ended, page);
  onLifeEnded('life 2', new AbortController().signal, endedOther, page);
  await turn();
  expect(locks.waiting).toEqual({ 'life 1': 1, 'life 2': 1 });
  expect(ended).not.toHaveBeenCalled();
  worker.end();
  await turn();
  expect(ended).toHaveBeenCalledTimes(1);
  expect(endedOther).not.toHaveBeenCalled();
  // Whoever is told keeps nothing.
  expect(locks.waiting).toEqual({ 'life 2': 1 });
});

test('the signal ends the wait', async () => {
  const locks = new WebLocks();
  const [worker, page] = [locks.realm(), locks.realm()];
  await holdLifeLock('life', worker);
  const controller = new AbortController();
  const ended = vi.fn();
  onLifeEnded('life', controller.signal, ended, page);
  controller.abort(new Error('nobody wants to know'));
  await turn();
  expect(locks.waiting).toEqual({ life: 0 });
  worker.end();
  await turn();
  expect(ended).not.toHaveBeenCalled();
});

test('an engine without locks says so, and one that refuses says why', async () => {
  expect(await holdLifeLock('life', undefined)).toBe(false);
  const reason = new DOMException('not in this frame', 'SecurityError');
  await expect(holdLifeLock('life', { request: () => Promise.reject(reason) })).rejects.toBe(reason);
});

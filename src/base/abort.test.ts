import { describe, expect, test, vi } from 'vitest';
import { onAbort, raceAbort } from './abort.ts';
import { createDeferred } from './deferred.ts';

const reason = new Error('enough');

/** A signal, and how many listeners it has. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  vi.spyOn(signal, 'addEventListener').mockImplementation((...args: Parameters<typeof add>) => {
    listeners.add(args[1]);
    add(...args);
  });
  vi.spyOn(signal, 'removeEventListener').mockImplementation((...args: Parameters<typeof remove>) => {
    listeners.delete(args[1]);
    remove(...args);
  });
  return { controller, signal, listeners };
}

describe('onAbort', () => {
  test('calls back once with the reason', () => {
    const { controller, signal } = countedSignal();
    const listener = vi.fn();
    onAbort(signal, listener);
    expect(listener).not.toHaveBeenCalled();
    controller.abort(reason);
    controller.abort(new Error('again'));
    expect(listener.mock.calls).toEqual([[reason]]);
  });

  test('calls back at once where the signal has aborted already', () => {
    const listener = vi.fn();
    onAbort(AbortSignal.abort(reason), listener)();
    expect(listener.mock.calls).toEqual([[reason]]);
  });

  test('stops listening on request', () => {
    const { controller, signal, listeners } = countedSignal();
    const listener = vi.fn();
    onAbort(signal, listener)();
    expect(listeners.size).toBe(0);
    controller.abort(reason);
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('raceAbort', () => {
  test('settles as the promise does and leaves no listener behind', async () => {
    const { signal, listeners } = countedSignal();
    const waiting = raceAbort(Promise.resolve(7), signal);
    expect(listeners.size).toBe(1);
    expect(await waiting).toBe(7);
    await expect(raceAbort(Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(listeners.size).toBe(0);
  });

  test('rejects with the reason of the signal, at once where it has aborted already', async () => {
    const { controller, signal } = countedSignal();
    const never = createDeferred<number>().promise;
    const waiting = raceAbort(never, signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(raceAbort(never, signal)).rejects.toBe(reason);
  });
});

import { describe, expect, test, vi } from 'vitest';
import { readAll, setUp, settle, state, success } from './executor-by-hand.test-support.ts';

describe('order', () => {
  test('a slow head holds back what finished before it, and nothing is lost', async () => {
    const { executor, succeed, submit } = setUp({ nireq: 3 });
    const results = readAll(executor);
    for (const name of ['a', 'b', 'c']) await submit(name);
    executor.end();
    succeed(2);
    succeed(1);
    await settle();
    expect(executor.stats).toMatchObject({ inferenceDone: 2, tasksDelivered: 0 });
    succeed(0);
    expect(await results).toEqual(['a', 'b', 'c'].map(success));
  });

  test('an empty stream ends at once, however often it is flushed and ended', async () => {
    const { executor, calls } = setUp();
    executor.flush();
    executor.flush();
    executor.end();
    executor.end();
    expect(await readAll(executor)).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('a task without inferences waits for its turn', async () => {
    const { executor, succeed, submit } = setUp();
    await submit('a');
    await executor.executeModel('none', []);
    executor.end();
    const results = readAll(executor);
    expect(await state(results)).toBe('pending');
    succeed(0);
    expect(await results).toEqual([success('a'), { ok: true, inFrame: 'none', outputs: [] }]);
  });

  test('the outputs of one task keep the order of its items over several requests', async () => {
    const { executor, succeed } = setUp({ nireq: 2, batchSize: 2 });
    await executor.executeModel('frame', ['a', 'b', 'c']);
    executor.end();
    succeed(1);
    succeed(0);
    expect(await readAll(executor)).toEqual([{ ok: true, inFrame: 'frame', outputs: ['A', 'B', 'C'] }]);
  });
});

describe('batches', () => {
  test('a request starts with the item that makes it full', async () => {
    const { calls, submit } = setUp({ batchSize: 3 });
    await submit('a');
    await submit('b');
    expect(calls).toEqual([]);
    await submit('c');
    expect(calls).toMatchObject([{ slot: 0, serial: 1, items: ['a', 'b', 'c'] }]);
  });

  test('flush starts a partial batch once, and a second flush nothing', async () => {
    const { executor, calls, submit } = setUp({ batchSize: 3 });
    await submit('a');
    await submit('b');
    executor.flush();
    executor.flush();
    expect(calls.map(({ items }) => items)).toEqual([['a', 'b']]);
    await submit('c');
    expect(calls).toHaveLength(1);
  });

  test('flush while all requests are busy takes effect with the first that is idle', async () => {
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, batchSize: 2 });
    for (const name of ['a', 'b', 'c']) await submit(name);
    executor.flush();
    expect(calls).toHaveLength(1);
    succeed(0);
    await settle();
    expect(calls[1]).toMatchObject({ slot: 0, serial: 2, items: ['c'] });
  });

  test('a flushed batch is filled with what finds room in the same moment', async () => {
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, batchSize: 2 });
    for (const name of ['a', 'b', 'c']) await submit(name);
    executor.flush();
    for (let held = 3; held < executor.taskLimit; held++) await executor.executeModel('none', []);
    const last = submit('d');
    void executor.results().next();
    succeed(0); // makes room for d and an idle request at once
    await last;
    expect(calls[1]?.items).toEqual(['c', 'd']);
  });

  test('a partial batch starts on its own when its oldest item has waited for the given time', async () => {
    const timers: { ms: number; callback: () => void }[] = [];
    const { calls, submit } = setUp({
      batchSize: 3,
      partialBatchAfterMs: 40,
      clock: {
        now: () => 0,
        after: (ms, callback) => {
          const timer = { ms, callback };
          timers.push(timer);
          return () => timers.splice(timers.indexOf(timer), 1);
        },
      },
    });
    await submit('a');
    await submit('b');
    expect(timers).toMatchObject([{ ms: 40 }]); // the second frame does not put it off
    timers.splice(0)[0]!.callback();
    expect(calls.map(({ items }) => items)).toEqual([['a', 'b']]);
    expect(timers).toEqual([]);
  });

  test('a batch that grows lets in and carries more; it never shrinks', async () => {
    const { executor, calls, submit } = setUp({ nireq: 1, batchSize: 1 });
    await submit('a');
    expect(executor.taskLimit).toBe(2);
    executor.growBatch(3);
    executor.growBatch(2);
    expect([executor.batchSize, executor.taskLimit]).toEqual([3, 8]);
    for (const name of ['b', 'c']) await submit(name);
    const last = submit('d');
    expect(await state(last)).toBe('pending');
    calls[0]!.outputs.resolve(['A']);
    await last;
    expect(calls[1]?.items).toEqual(['b', 'c', 'd']);
    expect(() => {
      executor.growBatch(0);
    }).toThrow('batch_size=0');
  });

  test('frames without boxes that take all places do not lock up a partial batch before them', async () => {
    const { executor, calls, submit } = setUp({ nireq: 1, batchSize: 2 });
    await submit('a');
    const rest = Array.from({ length: executor.taskLimit }, () => executor.executeModel('none', []));
    await settle();
    expect(calls.map(({ items }) => items)).toEqual([['a']]);
    expect(await state(rest.at(-1)!)).toBe('pending');
  });
});

describe('back-pressure', () => {
  test('executeModel waits for an idle request', async () => {
    const { succeed, submit } = setUp({ nireq: 2 });
    await submit('a');
    await submit('b');
    const third = submit('c');
    expect(await state(third)).toBe('pending');
    succeed(1);
    expect(await state(third)).toBe('resolved');
  });

  test('executeModel waits for a reader once taskLimit tasks are held', async () => {
    const { executor, submit } = setUp({ nireq: 2, execute: ({ items }) => Promise.resolve(items) });
    expect(executor.taskLimit).toBe(4);
    for (const name of ['a', 'b', 'c', 'd']) await submit(name);
    const fifth = submit('e');
    expect(await state(fifth)).toBe('pending');
    await executor.results().next();
    expect(await state(fifth)).toBe('resolved');
  });

  test('without async the next task is accepted when the previous one is complete', async () => {
    const { executor, calls, succeed, submit } = setUp({ async: false, batchSize: 4 });
    const first = submit('a');
    const second = submit('b');
    expect(await state(first)).toBe('pending');
    expect(calls.map(({ items }) => items)).toEqual([['a']]);
    succeed(0);
    expect(await state(first)).toBe('resolved');
    expect(calls[1]).toMatchObject({ slot: 0, items: ['b'] });
    succeed(1);
    await second;
    executor.end();
    expect(await readAll(executor)).toEqual(['a', 'b'].map(success));
  });
});

describe('close', () => {
  const reason = new Error('enough');

  test('rejects everybody, aborts the requests, and gives back what is there and what still comes', async () => {
    const discard = vi.fn();
    const { executor, calls, succeed, submit } = setUp({ discard });
    await submit('a');
    await submit('b');
    const reading = executor.results().next();
    succeed(1);
    await submit('c');
    const fourth = submit('d');
    executor.close(reason);
    expect(discard.mock.calls).toEqual([['B']]);
    expect(calls[0]!.signal.reason).toBe(reason);
    for (const wait of [fourth, reading, submit('e'), executor.results().next()]) {
      await expect(wait).rejects.toBe(reason);
    }
    succeed(0);
    calls[2]!.outputs.reject(calls[2]!.signal.reason);
    await settle();
    expect(discard.mock.calls).toEqual([['B'], ['A']]);
    expect(executor.stats.requestsRunning).toBe(0);
  });

  test('rejections that nobody waits for are not unhandled', async () => {
    const onUnhandled = vi.fn();
    process.on('unhandledRejection', onUnhandled);
    const { executor, calls, submit } = setUp({ nireq: 1 });
    for (const name of ['a', 'b', 'c']) void submit(name);
    void executor.results().next();
    executor.close(reason);
    calls[0]!.outputs.reject(new Error('too late'));
    void submit('d');
    await settle();
    process.off('unhandledRejection', onUnhandled);
    expect(onUnhandled).not.toHaveBeenCalled();
  });

  test('an aborted signal closes the executor, before its start too; a finished one lets go of the signal', async () => {
    expect(await state(setUp({ signal: AbortSignal.abort(reason) }).submit('a'))).toBe(reason);

    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const { executor } = setUp({ signal: controller.signal });
    executor.end();
    expect(remove).toHaveBeenCalled();
    controller.abort(reason);
    expect(await readAll(executor)).toEqual([]);
  });

  test('a reader that leaves its loop closes the executor', async () => {
    const { executor, succeed, submit } = setUp({ nireq: 1 });
    await submit('a');
    const second = submit('b');
    succeed(0);
    const iterator = executor.results();
    for await (const result of iterator) {
      expect(result).toEqual(success('a'));
      break;
    }
    await second;
    await expect(submit('c')).rejects.toMatchObject({ name: 'AbortError' });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('a discard that throws closes the executor with its exception', async () => {
    const { executor, calls, submit } = setUp({
      discard: () => {
        throw reason;
      },
    });
    await submit('a');
    calls[0]!.outputs.resolve(['A', 'B']);
    await settle();
    await expect(submit('b')).rejects.toBe(reason);
    await expect(readAll(executor)).rejects.toBe(reason);
  });

  test('after the last result it changes nothing', async () => {
    const { executor, succeed, submit } = setUp();
    await submit('a');
    executor.end();
    succeed(0);
    expect(await readAll(executor)).toEqual([success('a')]);
    executor.close(reason);
    expect(await readAll(executor)).toEqual([]);
  });
});

test('busyMs is the union of the time of all requests', async () => {
  let now = 0;
  const { executor, succeed, submit } = setUp({ clock: { now: () => now, after: () => () => undefined } });
  await submit('a');
  now = 10;
  await submit('b');
  now = 30;
  succeed(0);
  await settle();
  now = 45;
  expect(executor.stats.busyMs).toBe(45);
  succeed(1);
  await settle();
  now = 100;
  const third = submit('c');
  now = 103;
  expect(executor.stats).toMatchObject({ busyMs: 48, requestsStarted: 3, requestsRunning: 1 });
  await third;
});

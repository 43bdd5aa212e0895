/** What becomes of requests that fail or lose their worker. */
import { describe, expect, test, vi } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { readAll, setUp, settle, success } from './executor-by-hand.test-support.ts';
import { RequestLost } from './request-lost.ts';

describe('failure', () => {
  test('a task fails in its place, and the slot goes on', async () => {
    const reason = new Error('no such kernel');
    const { executor, calls, succeed, submit } = setUp({ nireq: 1 });
    await submit('a');
    const second = submit('b');
    calls[0]!.outputs.reject(reason);
    await second;
    succeed(1);
    executor.end();
    expect(await readAll(executor)).toEqual([
      { ok: false, inFrame: 'a', error: reason, request: 1 },
      success('b'),
    ]);
    expect(executor.stats.tasksFailed).toBe(1);
  });

  test('a task keeps the first of its errors and gives back the outputs of its other items', async () => {
    const discard = vi.fn();
    const { executor, calls, succeed } = setUp({ nireq: 3, discard });
    await executor.executeModel('frame', ['a', 'b', 'c']);
    executor.end();
    succeed(1);
    calls[2]!.outputs.reject('first');
    await settle();
    calls[0]!.outputs.reject('second');
    expect(await readAll(executor)).toEqual([{ ok: false, inFrame: 'frame', error: 'first', request: 3 }]);
    expect(discard.mock.calls).toEqual([['B']]);
  });

  test('a wrong number of outputs fails the request, and they are given back', async () => {
    const discard = vi.fn();
    const { executor, calls, submit } = setUp({ discard });
    await submit('a');
    executor.end();
    calls[0]!.outputs.resolve(['A', 'B']);
    const [result] = await readAll(executor);
    expect(result).toMatchObject({ ok: false, error: { code: 'DNN_GENERIC_ERROR' } });
    expect(result?.ok === false && String(result.error)).toContain('Request 1 gave 2 outputs for 1 items');
    expect(discard.mock.calls).toEqual([['A'], ['B']]);
  });

  test('an exception of execute is a failed request', async () => {
    const reason = new Error('thrown at once');
    const { executor, submit } = setUp({
      execute: () => {
        throw reason;
      },
    });
    await submit('a');
    executor.end();
    expect(await readAll(executor)).toEqual([{ ok: false, inFrame: 'a', error: reason, request: 1 }]);
  });

  test('a batch that fails is run item by item, and only the culprit fails', async () => {
    const reason = new Error('frame b has no end');
    const seen: string[] = [];
    const { executor, submit } = setUp({
      nireq: 1,
      batchSize: 3,
      execute: ({ items, serial }) => {
        seen.push(`${serial}: ${items.join('')}`);
        if (items.includes('b')) return Promise.reject(reason);
        return Promise.resolve(items.map((item) => item.toUpperCase()));
      },
    });
    for (const name of ['a', 'b', 'c']) await submit(name);
    executor.end();
    expect(await readAll(executor)).toEqual([
      success('a'),
      { ok: false, inFrame: 'b', error: reason, request: 1 },
      success('c'),
    ]);
    expect(seen).toEqual(['1: abc', '1: a', '1: b', '1: c']);
    expect(executor.stats).toMatchObject({ requestsStarted: 1, requestsSplit: 1, requestsRetried: 0 });
  });

  test('a request whose worker was lost is tried once more, whole; a second loss fails it', async () => {
    const lost = new RequestLost('died', true, 'worker 0 died');
    const { executor, calls, submit } = setUp({ nireq: 1, batchSize: 2 });
    for (const name of ['a', 'b', 'c', 'd']) void submit(name);
    executor.end();
    calls[0]!.outputs.reject(lost);
    await settle();
    expect(calls.map(({ items, serial }) => [serial, ...items])).toEqual([
      [1, 'a', 'b'],
      [1, 'a', 'b'],
    ]);
    calls[1]!.outputs.resolve(['A', 'B']);
    await settle();
    calls[2]!.outputs.reject(lost);
    await settle();
    calls[3]!.outputs.reject(lost);
    const failed = { ok: false, error: lost, request: 2 };
    expect(await readAll(executor)).toEqual([
      success('a'),
      success('b'),
      { ...failed, inFrame: 'c' },
      { ...failed, inFrame: 'd' },
    ]);
    expect(calls).toHaveLength(4);
    expect(executor.stats).toMatchObject({ requestsStarted: 2, requestsRetried: 2, requestsSplit: 0 });
  });

  test('a request is not tried again where no worker is left, nor after a close', async () => {
    const { executor, calls, submit } = setUp({ nireq: 2 });
    await submit('a');
    await submit('b');
    calls[0]!.outputs.reject(new RequestLost('hung', false, 'worker 0 hung, and no more are started'));
    await settle();
    executor.close(new Error('enough'));
    calls[1]!.outputs.reject(new RequestLost('died', true, 'worker 1 died'));
    await settle();
    expect(calls).toHaveLength(2);
  });

  test('a frame after the end is refused', async () => {
    const { executor, submit } = setUp();
    executor.end();
    await expect(submit('a')).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test.each([
    [{ nireq: 0 }, 'nireq=0'],
    [{ nireq: 1.5 }, 'nireq=1.5'],
    [{ batchSize: -1 }, 'batch_size=-1'],
    [{ partialBatchAfterMs: Number.NaN }, 'NaN ms'],
  ])('options out of range are refused: %o', (options, words) => {
    expect(() => setUp(options)).toThrow(DnnError);
    expect(() => setUp(options)).toThrow(words);
  });
});

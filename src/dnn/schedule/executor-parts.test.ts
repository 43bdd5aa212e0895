/**
 * Requests that run in parts: side by side, each with its own second try, joined in
 * order whatever becomes of them.
 */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readAll, settle, setUp, state, success } from './executor-by-hand.test-support.ts';
import { Executor } from './executor.ts';
import type { InferenceRequest, RequestSplit } from './executor-options.ts';
import { RequestLost } from './request-lost.ts';

/** Part 0 of `a` is `a0`; `A0` and `A1` make `A0+A1`. */
const inTwo: RequestSplit<string, string> = {
  split: (items) => [0, 1].map((part) => items.map((item) => `${item}${part}`)),
  join: (parts) => parts[0]!.map((_, index) => parts.map((part) => part[index]).join('+')),
};
const joined = (name: string) => ({ ok: true, inFrame: name, outputs: [`${name}0+${name}1`.toUpperCase()] });
const lost = new RequestLost('died', true, 'worker 1 died');

describe('a request in parts', () => {
  test('runs them at the same time, and is done with the last', async () => {
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, parts: inTwo });
    await submit('a');
    executor.end();
    expect(
      calls.map(({ slot, serial, items, part, parts }) => [slot, serial, part, parts, ...items]),
    ).toEqual([
      [0, 1, 0, 2, 'a0'],
      [0, 1, 1, 2, 'a1'],
    ]);
    succeed(1);
    const reading = executor.results().next();
    expect(await state(reading)).toBe('pending');
    succeed(0);
    expect((await reading).value).toEqual(joined('a'));
    expect(executor.stats).toMatchObject({ requestsStarted: 1, inferenceStarted: 1, inferenceDone: 1 });
  });

  test('carries the same part of each of its items', async () => {
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, batchSize: 2, parts: inTwo });
    await submit('a');
    await submit('b');
    executor.end();
    expect(calls.map(({ items }) => items)).toEqual([
      ['a0', 'b0'],
      ['a1', 'b1'],
    ]);
    [0, 1].forEach(succeed);
    expect(await readAll(executor)).toEqual([joined('a'), joined('b')]);
  });

  test('runs whole where it cannot be split', async () => {
    const { executor, calls, succeed, submit } = setUp({ parts: { ...inTwo, split: (items) => [items] } });
    await submit('a');
    executor.end();
    expect(calls.map(({ items, part, parts }) => [part, parts, ...items])).toEqual([[0, 1, 'a']]);
    succeed(0);
    expect(await readAll(executor)).toEqual([success('a')]);
  });

  test('tries a part again whose worker was lost, and that one only', async () => {
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, parts: inTwo });
    await submit('a');
    executor.end();
    succeed(0);
    calls[1]!.outputs.reject(lost);
    await settle();
    expect(calls.map(({ items, part }) => [part, ...items])).toEqual([
      [0, 'a0'],
      [1, 'a1'],
      [1, 'a1'],
    ]);
    succeed(2);
    expect(await readAll(executor)).toEqual([joined('a')]);
    expect(executor.stats.requestsRetried).toBe(1);
  });

  test('fails once all parts have ended, and gives back what the others made', async () => {
    const discard = vi.fn();
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, parts: inTwo, discard });
    await submit('a');
    void submit('b');
    executor.end();
    const reason = new Error('NaN in layer 3');
    calls[0]!.outputs.reject(reason);
    await settle();
    expect(calls).toHaveLength(2);
    succeed(1);
    await settle();
    expect(discard.mock.calls).toEqual([['A1']]);
    expect(calls).toHaveLength(4);
    [2, 3].forEach(succeed);
    expect(await readAll(executor)).toEqual([
      { ok: false, inFrame: 'a', error: reason, request: 1 },
      joined('b'),
    ]);
  });

  test('names the failure of a part before the loss of a worker, and finds the culprit of a batch', async () => {
    const reason = new Error('b has no end');
    const { executor, submit } = setUp({
      nireq: 1,
      batchSize: 2,
      parts: inTwo,
      execute: ({ items, part }) => {
        if (!items.some((item) => item.startsWith('b'))) {
          return Promise.resolve(items.map((item) => item.toUpperCase()));
        }
        return Promise.reject(part === 0 ? new RequestLost('hung', false, 'worker 0 hung') : reason);
      },
    });
    await submit('a');
    await submit('b');
    executor.end();
    expect(await readAll(executor)).toEqual([
      joined('a'),
      { ok: false, inFrame: 'b', error: reason, request: 1 },
    ]);
  });

  test('waits for nothing after a close, and gives back what still arrives', async () => {
    const discard = vi.fn();
    const { executor, calls, succeed, submit } = setUp({ nireq: 1, parts: inTwo, discard });
    await submit('a');
    const reading = executor.results().next();
    succeed(0);
    await settle();
    const reason = new Error('enough');
    executor.close(reason);
    await expect(reading).rejects.toBe(reason);
    calls[1]!.outputs.reject(lost);
    await settle();
    expect(calls).toHaveLength(2);
    expect(discard.mock.calls).toEqual([['A0']]);
    expect(executor.stats.requestsRunning).toBe(0);
  });
});

/** What a call of a fake worker comes to. */
type Fate = 'good' | 'fails' | 'lost' | 'lost for good';

/** What a call is given of a frame; part -1 is all of it. */
interface Strip {
  readonly frame: number;
  readonly part: number;
}

interface Row extends Strip {
  fate: 'on its way' | 'taken' | 'discarded';
}

const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Fate>('good') },
    { weight: 1, arbitrary: fc.constantFrom<Fate>('fails', 'lost', 'lost for good') },
  ),
);

test('over random workers: frames in order, every strip joined once or given back, nothing left running', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        nireq: fc.integer({ min: 1, max: 3 }),
        batchSize: fc.integer({ min: 1, max: 3 }),
        parts: fc.integer({ min: 1, max: 4 }),
        frames: fc.integer({ min: 0, max: 12 }),
        closesAfter: fc.option(fc.nat(20), { nil: undefined }),
      }),
      fates,
      fc.infiniteStream(fc.nat(4)),
      async ({ nireq, batchSize, parts, frames, closesAfter }, fate, turns) => {
        const rows: Row[] = [];
        const running = new Set<string>();
        const failed = new Set<number>();
        // What is thrown inside the executor's callbacks counts as the backend's.
        const violations: unknown[] = [];
        const check = (assertion: () => void): void => {
          try {
            assertion();
          } catch (violation) {
            violations.push(violation);
          }
        };
        let calls = 0;
        const execute = async ({ slot, items, part }: InferenceRequest<Strip>): Promise<Row[]> => {
          const key = `${slot} ${part}`;
          check(() => {
            expect(running.has(key)).toBe(false);
            expect(items.every((item) => item.part === (parts > 1 ? part : -1))).toBe(true);
          });
          running.add(key);
          calls += 1;
          if (calls === closesAfter) executor.close(new Error('closed'));
          for (let turn = turns.next().value as number; turn > 0; turn--) await Promise.resolve();
          running.delete(key);
          const end = fate.next().value as Fate;
          if (end === 'fails') throw new Error('failed');
          if (end !== 'good') throw new RequestLost('died', end === 'lost', 'lost');
          const made = items.map((item): Row => ({ ...item, fate: 'on its way' }));
          rows.push(...made);
          return made;
        };
        const take = (row: Row, how: 'taken' | 'discarded'): void => {
          check(() => {
            expect(row.fate).toBe('on its way');
          });
          row.fate = how;
        };
        const executor: Executor<number, Strip, Row> = new Executor({
          nireq,
          batchSize,
          async: true,
          execute,
          parts: {
            split: (items) =>
              parts === 1
                ? [items]
                : Array.from({ length: parts }, (_, part) => items.map((item) => ({ ...item, part }))),
            join: (strips) =>
              strips[0]!.map((first, index) => {
                strips.forEach((strip, part) => {
                  const row = strip[index]!;
                  check(() => {
                    expect(row).toMatchObject({ frame: first.frame, part });
                  });
                  if (part > 0) take(row, 'taken');
                });
                return first;
              }),
          },
          discard: (row) => {
            take(row, 'discarded');
          },
        });
        const feeding = (async () => {
          for (let frame = 0; frame < frames; frame++) {
            await executor.executeModel(frame, [{ frame, part: -1 }]);
          }
          executor.end();
        })();
        feeding.catch(() => undefined);
        let next = 0;
        try {
          for await (const result of executor.results()) {
            expect(result.inFrame).toBe(next++);
            if (!result.ok) failed.add(result.inFrame);
            else for (const row of result.outputs) take(row, 'taken');
          }
          expect(next).toBe(frames);
        } catch (error) {
          expect((error as Error).message).toBe('closed');
        }
        await settle();
        expect(violations).toEqual([]);
        expect(executor.stats.requestsRunning).toBe(0);
        expect(running.size).toBe(0);
        expect(rows.filter((row) => row.fate === 'on its way')).toEqual([]);
        expect(executor.stats.tasksFailed).toBe(failed.size);
      },
    ),
    { numRuns: 400 },
  );
});

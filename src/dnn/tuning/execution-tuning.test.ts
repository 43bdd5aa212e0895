import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import {
  chooseBatchSize,
  chooseExecution,
  defaultMemoryBudget,
  executionBytes,
  type ExecutionMemory,
  type ExecutionWish,
} from './execution-tuning.ts';
import { Executor } from '../schedule/executor.ts';

const mebibyte = 2 ** 20;
const memory: ExecutionMemory = {
  workerBytes: 32 * mebibyte,
  weightBytes: 8 * mebibyte,
  arenaBytes: 0,
  tensorBytes: 60 * mebibyte,
  frameBytes: mebibyte,
  batchFree: true,
};
const open: ExecutionWish = {
  filter: 'dnn_processing',
  nireq: 0,
  batchSize: 0,
  async: true,
  cores: 4,
  deviceWorkers: 4,
  memory,
  memoryBudget: 4096 * mebibyte,
};

describe('chooseExecution', () => {
  test.each([
    [1, 1, 1],
    [2, 2, 2],
    [4, 3, 3],
    [16, 9, 9],
  ])('%i cores', (cores, nireq, workers) => {
    const wish = { ...open, cores, deviceWorkers: cores };
    expect(chooseExecution(wish)).toMatchObject({ nireq, workers, batchSize: 1 });
  });

  test('what was given is kept, workers do not exceed the cores', () => {
    expect(chooseExecution({ ...open, nireq: 7, batchSize: 5 })).toMatchObject({
      nireq: 7,
      workers: 4,
      batchSize: 5,
    });
  });

  test('a device that is worth one worker has one, for as many requests as the cores ask for', () => {
    const chosen = chooseExecution({ ...open, cores: 8, deviceWorkers: 1 });
    expect(chosen).toMatchObject({ nireq: 5, workers: 1 });
    expect(chosen.text).toContain('nireq=5 (for 8 cores), 1 worker, ');
  });

  test('async=0 is one request and one worker, whose batches would never fill', () => {
    const sync = { ...open, async: false, nireq: 5, wantedBatchSize: 8 };
    expect(chooseExecution(sync)).toMatchObject({ nireq: 1, workers: 1, batchSize: 1 });
    expect(chooseExecution({ ...sync, batchSize: 3 }).batchSize).toBe(3);
  });

  test('a worker for each strip, beyond requests and cores, and memory for its copies', () => {
    const sync = { ...open, async: false, strips: 3 };
    // 3 * 100, two frames and two copies of the one that runs
    expect(chooseExecution(sync)).toMatchObject({ nireq: 1, workers: 3, strips: 3, bytes: 304 * mebibyte });
    expect(chooseExecution({ ...open, cores: 2, deviceWorkers: 2, strips: 3 })).toMatchObject({
      nireq: 2,
      workers: 3,
    });
    expect(chooseExecution({ ...open, strips: 2 })).toMatchObject({ nireq: 3, workers: 3, strips: 2 });
    expect(chooseExecution({ ...open, strips: 1 })).not.toHaveProperty('strips');
    const tight = chooseExecution({ ...sync, memoryBudget: 303 * mebibyte });
    expect(tight).toMatchObject({ workers: 2, strips: 2, bytes: 203 * mebibyte });
    expect(tight.text).toContain('2 workers, lowered from 3 for memory');
    expect(chooseExecution({ ...sync, memoryBudget: 103 * mebibyte })).toMatchObject({
      workers: 1,
      strips: 1,
    });
  });

  test('first the batch becomes smaller, then the workers, then the requests', () => {
    const choose = (mebibytes: number) => {
      const { nireq, workers, batchSize } = chooseExecution({
        ...open,
        wantedBatchSize: 8,
        memoryBudget: mebibytes * mebibyte,
      });
      return [nireq, workers, batchSize];
    };
    // 3 workers of 40 + 480 MiB, and 6 * 8 + 7 frames
    expect(choose(1615)).toEqual([3, 3, 8]);
    expect(choose(1614)).toEqual([3, 3, 4]);
    // 3 * 100 + 6
    expect(choose(306)).toEqual([3, 3, 1]);
    expect(choose(305)).toEqual([3, 2, 1]);
    expect(choose(206)).toEqual([3, 2, 1]);
    expect(choose(106)).toEqual([3, 1, 1]);
    expect(choose(105)).toEqual([2, 1, 1]);
    expect(choose(102)).toEqual([1, 1, 1]);
  });

  test('a batch that is not free is not chosen, and adds no tensors where it is given', () => {
    const fixed = { ...open, memory: { ...memory, batchFree: false } };
    expect(chooseExecution({ ...fixed, wantedBatchSize: 8 }).batchSize).toBe(1);
    expect(chooseExecution({ ...fixed, batchSize: 4 }).bytes).toBe((3 * 100 + 2 * 3 * 4 + 3) * mebibyte);
  });

  test('an arena is held once by each worker, however large the batch', () => {
    const planned = { ...memory, arenaBytes: 60 * mebibyte, tensorBytes: 0 };
    const { bytes, batchSize } = chooseExecution({ ...open, memory: planned, batchSize: 8 });
    expect(batchSize).toBe(8);
    expect(bytes).toBe((3 * 100 + 6 * 8 + 7) * mebibyte);
    const exact = { ...open, memory: planned, wantedBatchSize: 8, memoryBudget: bytes };
    expect(chooseExecution(exact)).toMatchObject({ workers: 3, batchSize: 8 });
  });

  test('more than the budget is refused with the way out', () => {
    const least = failure(() => chooseExecution({ ...open, memoryBudget: 100 * mebibyte }));
    expect(least.code).toBe('ENOMEM');
    expect(least.message).toBe(
      'dnn_processing: one worker with nireq=1 and batch_size=1 needs an estimated 102 MiB, the memory budget is ' +
        '100 MiB: scale the frames down before the filter, or give more with memory_budget=102',
    );
    const given = { ...open, nireq: 2, batchSize: 8, memoryBudget: 512 * mebibyte };
    const { message } = failure(() => chooseExecution(given));
    expect(message).toContain('needs an estimated 559 MiB, the memory budget is 512 MiB');
    expect(message).toContain(
      'ask for fewer requests than nireq=2, for fewer frames a request than batch_size=8',
    );
    expect(chooseExecution({ ...given, memoryBudget: 559 * mebibyte }).workers).toBe(1);
  });

  test('the text for the log', () => {
    expect(chooseExecution(open).text).toBe(
      'nireq=3 (for 4 cores), 3 workers, batch_size=1 (to start with), an estimated 306 MiB of a memory budget of 4096 MiB',
    );
    const tight = { ...open, nireq: 2, wantedBatchSize: 4, memoryBudget: 110 * mebibyte };
    expect(chooseExecution(tight).text).toBe(
      'nireq=2 (given), 1 worker, lowered from 2 for memory, batch_size=1 (by measured time, lowered from 4 for memory), ' +
        'an estimated 104 MiB of a memory budget of 110 MiB',
    );
    const unknown = { ...open, batchSize: 2, memory: { ...memory, tensorBytes: undefined } };
    expect(chooseExecution(unknown).text).toContain('and tensors of a size not known before they are made');
  });

  const count = (max: number) => fc.integer({ min: 0, max });
  const bytes = fc.integer({ min: 0, max: 300 * mebibyte });
  test('never more than the budget, never other than what was given, refused only where the least is too much', () => {
    fc.assert(
      fc.property(
        fc.record({
          filter: fc.constant('f'),
          nireq: count(6),
          batchSize: count(9),
          wantedBatchSize: fc.constantFrom(1, 2, 4, 8),
          async: fc.boolean(),
          strips: fc.integer({ min: 1, max: 5 }),
          cores: fc.integer({ min: 1, max: 12 }),
          deviceWorkers: fc.integer({ min: 1, max: 12 }),
          memory: fc.record({
            workerBytes: bytes,
            weightBytes: bytes,
            arenaBytes: bytes,
            tensorBytes: bytes,
            frameBytes: fc.integer({ min: 0, max: 20 * mebibyte }),
            batchFree: fc.boolean(),
          }),
          memoryBudget: fc.integer({ min: mebibyte, max: 4096 * mebibyte }),
        }),
        (wish) => {
          const nireq = wish.async ? wish.nireq : 1;
          const least = {
            nireq: nireq === 0 ? 1 : nireq,
            workers: 1,
            batchSize: Math.max(1, wish.batchSize),
          };
          if (executionBytes(wish.memory, least, wish.async) > wish.memoryBudget) {
            expect(failure(() => chooseExecution(wish)).code).toBe('ENOMEM');
            return;
          }
          const chosen = chooseExecution(wish);
          expect(executionBytes(wish.memory, chosen, wish.async)).toBe(chosen.bytes);
          expect(chosen.bytes).toBeLessThanOrEqual(wish.memoryBudget);
          expect(chosen.workers).toBeGreaterThanOrEqual(1);
          expect(chosen.workers).toBeLessThanOrEqual(
            Math.max(wish.strips, Math.min(chosen.nireq, wish.deviceWorkers)),
          );
          expect(chosen.strips ?? 1).toBeLessThanOrEqual(Math.min(wish.strips, chosen.workers));
          if (nireq !== 0) expect(chosen.nireq).toBe(nireq);
          if (wish.batchSize !== 0) expect(chosen.batchSize).toBe(wish.batchSize);
          expect(chosen.text).not.toContain('\n');
        },
      ),
    );
  });
});

test.each([
  { nireq: 3, batchSize: 4, async: true },
  { nireq: 1, batchSize: 1, async: true },
  { nireq: 1, batchSize: 2, async: false },
])('executionBytes counts the frames that an Executor holds: %o', ({ nireq, batchSize, async }) => {
  const { taskLimit } = new Executor({ nireq, batchSize, async, execute: () => Promise.resolve([]) });
  const none = { workerBytes: 0, weightBytes: 0, arenaBytes: 0, tensorBytes: 0, batchFree: true };
  const execution = { nireq, batchSize, workers: 1 };
  expect(executionBytes({ ...none, frameBytes: 10 }, execution, async)).toBe(10 * taskLimit);
});

describe('chooseBatchSize', () => {
  const running = { nireq: 2, workers: 2 };
  const choose = (executePerFrame: number, overhead: number, budget = 4096): number =>
    chooseBatchSize([{ executePerFrame, overhead }], memory, running, budget * mebibyte);

  test('the smallest with at most 5 % of overhead', () => {
    expect([0, 1, 1.01, 2, 2.01, 4, 4.01, 8, 80].map((overhead) => choose(5, overhead / 4))).toEqual([
      1, 1, 2, 2, 4, 4, 8, 8, 8,
    ]);
    expect(choose(0, 0)).toBe(1);
    expect(choose(0, 1)).toBe(8);
    expect(choose(5, -1)).toBe(1);
  });

  test('frames that take long are not joined', () => {
    expect([10, 11, 20, 21, 40, 41, 500].map((perFrame) => choose(perFrame, perFrame))).toEqual([
      8, 4, 4, 2, 2, 1, 1,
    ]);
  });

  test('within the budget, at least 1', () => {
    // 2 workers of 40 + 60 n MiB, 5 n - 1 frames
    expect(choose(1, 1, 2 * 520 + 39)).toBe(8);
    expect(choose(1, 1, 2 * 520 + 38)).toBe(4);
    expect(choose(1, 1, 2 * 160 + 9)).toBe(2);
    expect(choose(1, 1, 10)).toBe(1);
  });

  test('1 where frames run one by one, tensors are not known, or nothing was measured', () => {
    const slow = [{ executePerFrame: 1, overhead: 1 }];
    const budget = 4096 * mebibyte;
    expect(chooseBatchSize(slow, { ...memory, batchFree: false }, running, budget)).toBe(1);
    expect(chooseBatchSize(slow, { ...memory, tensorBytes: undefined }, running, budget)).toBe(1);
    expect(chooseBatchSize([], memory, running, budget)).toBe(1);
  });

  test('one slow request among the first does not count', () => {
    const usual = { executePerFrame: 10, overhead: 0.9 };
    const measured = [
      { executePerFrame: 12, overhead: 700 },
      usual,
      usual,
      { executePerFrame: 11, overhead: 0.8 },
    ];
    expect(chooseBatchSize(measured.slice(0, 3), memory, running, 4096 * mebibyte)).toBe(2);
    expect(chooseBatchSize([usual, usual, usual], memory, running, 4096 * mebibyte)).toBe(2);
  });
});

test('defaultMemoryBudget is half of the device', () => {
  expect([8, 0.5, undefined, 0, NaN].map((gib) => defaultMemoryBudget(gib) / mebibyte)).toEqual([
    4096, 256, 2048, 2048, 2048,
  ]);
});

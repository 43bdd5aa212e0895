/**
 * Holds the executor to its promises over random schedules: no real time, every step chosen by fast-check.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RigSetup, Step, StepKind } from './executor-steps.test-support.ts';
import { ExecutorRig } from './executor.test-support.ts';

const setups: fc.Arbitrary<RigSetup> = fc.record(
  {
    nireq: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.integer({ min: 1, max: 5 }),
    async: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    partialBatchAfterMs: fc.constant(10),
  },
  { requiredKeys: ['nireq', 'batchSize', 'async'] },
);

type Weights = Partial<Record<StepKind, number>>;

/** Schedules made of the given steps; `items` chooses the number of inferences of a task. */
function schedules(weights: Weights, items: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const kinds = Object.entries(weights) as [StepKind, number][];
  const kind = fc.oneof(...kinds.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
  const step = fc.record({ kind, pick: fc.nat(7), items, settles: fc.boolean() });
  return fc.array(step, { maxLength: 60, size: 'max' });
}

const oneItem = fc.constant(1);
const anyItems = fc.oneof({ weight: 3, arbitrary: oneItem }, { weight: 2, arbitrary: fc.nat(7) });
const goodDay: Weights = { submit: 60, succeed: 50, read: 50, flush: 10 };
const badDay: Weights = { ...goodDay, elapse: 10, fail: 20, miscount: 10, 'throw next': 10, grow: 2 };
const worstDay: Weights = { ...badDay, lose: 20, 'lose for good': 5 };

async function holds(numRuns: number, steps: fc.Arbitrary<Step[]>): Promise<void> {
  const property = fc.asyncProperty(setups, steps, async (setup, schedule) => {
    const rig = new ExecutorRig(setup);
    for (const step of schedule) await rig.take(step);
    await rig.finish();
  });
  await fc.assert(property, { numRuns });
}

test('one inference per frame', () => holds(2500, schedules(goodDay, oneItem)));

test('several inferences per frame, or none', () => holds(1500, schedules(goodDay, anyItems)));

test('frames mostly without inferences', () => {
  const fewItems = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: oneItem });
  return holds(500, schedules({ submit: 8, succeed: 1, read: 1 }, fewItems));
});

test('requests that fail, throw or miscount', () => holds(1500, schedules(badDay, anyItems)));

test('workers that are lost, once and again, also during the flush', () =>
  holds(2000, schedules(worstDay, anyItems)));

test('the end of the stream at any step', () => holds(750, schedules({ ...worstDay, end: 5 }, anyItems)));

test('an abort or a close at any step', () =>
  holds(1500, schedules({ ...worstDay, end: 4, abort: 4, close: 4 }, anyItems)));

test('an abort at every single step of a schedule', async () => {
  const kinds: StepKind[] = [
    'submit',
    'submit',
    'submit',
    'read',
    'succeed',
    'submit',
    'fail',
    'read',
    'lose',
    'read',
    'submit',
  ];
  const steps = kinds.map((kind): Step => ({ kind, pick: 1, items: 2, settles: false }));
  for (const nireq of [1, 2]) {
    for (const batchSize of [1, 3]) {
      for (let at = 0; at <= steps.length; at++) {
        const rig = new ExecutorRig({ nireq, batchSize, async: true });
        const abort: Step = { kind: 'abort', pick: 0, items: 0, settles: true };
        for (const step of steps.toSpliced(at, 0, abort)) await rig.take(step);
        await rig.finish();
        expect(rig.isClosed).toBe(true);
      }
    }
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NewestFrameQueue } from './newest-frame-queue.ts';

/** A frame with the times of the schedule, in milliseconds. */
interface TestFrame {
  readonly number: number;
  readonly at: number;
  readonly work: number;
  /** The work has no result. */
  readonly fails: boolean;
}

interface Run {
  readonly shown: { readonly number: number; readonly latency: number }[];
  readonly dropped: number[];
  readonly discarded: number[];
  readonly mostRunning: number;
  readonly counts: NewestFrameQueue<TestFrame, TestFrame>['counts'];
}

/** Lets everything happen that has become possible. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

/** Plays a schedule on a clock of its own. */
async function play(frames: readonly TestFrame[], most: number): Promise<Run> {
  let now = 0;
  let mostRunning = 0;
  const slots = new Set<number>();
  const events: { readonly at: number; readonly happen: () => void }[] = [];
  const later = (at: number, happen: () => void): void => {
    events.push({ at, happen });
  };
  const run: Omit<Run, 'mostRunning' | 'counts'> = { shown: [], dropped: [], discarded: [] };
  const queue = new NewestFrameQueue<TestFrame, TestFrame>({
    most: () => most,
    run: (frame, slot) => {
      expect(slots.has(slot), `slot ${slot} is free`).toBe(false);
      expect(slot).toBeLessThan(most);
      slots.add(slot);
      mostRunning = Math.max(mostRunning, slots.size);
      return new Promise((resolve) => {
        later(now + frame.work, () => {
          slots.delete(slot);
          resolve(frame.fails ? undefined : frame);
        });
      });
    },
    show: ({ number, at }) => {
      run.shown.push({ number, latency: now - at });
    },
    drop: ({ number }) => {
      run.dropped.push(number);
    },
    discard: ({ number }) => {
      run.discarded.push(number);
    },
  });
  for (const frame of frames) {
    later(frame.at, () => {
      queue.push(frame);
    });
  }
  while (events.length > 0) {
    const next = events.reduce((least, event) => (event.at < least.at ? event : least));
    events.splice(events.indexOf(next), 1);
    now = next.at;
    next.happen();
    await settle();
  }
  await queue.close();
  return { ...run, mostRunning, counts: queue.counts };
}

const schedules = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 60 }),
      work: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(1000)),
      fails: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ gap, work, fails }, number): TestFrame => {
      at += gap;
      return { number, at, work, fails: fails && number % 3 === 0 };
    });
  });

test('random schedules: order, nothing twice, every frame accounted for, latency bounded', async () => {
  const property = fc.asyncProperty(schedules, fc.integer({ min: 1, max: 4 }), async (frames, most) => {
    const { shown, dropped, discarded, mostRunning, counts } = await play(frames, most);
    const numbers = shown.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(mostRunning).toBeLessThanOrEqual(most);
    expect(counts.framesIn).toBe(frames.length);
    expect(counts.framesShown).toBe(shown.length);
    expect(counts.framesDropped).toBe(frames.length - shown.length);
    // Each frame is given back once: unworked, as a result that is not shown, as
    // one that is, or without a result.
    const withoutResult = frames
      .filter(({ number, fails }) => fails && !dropped.includes(number))
      .map(({ number }) => number);
    const all = [...numbers, ...dropped, ...discarded, ...withoutResult].sort((a, b) => a - b);
    expect(all).toEqual(frames.map(({ number }) => number));
    const slowest = Math.max(0, ...frames.map(({ work }) => work));
    for (const { number, latency } of shown)
      expect(latency, `frame ${number}`).toBeLessThanOrEqual(2 * slowest);
  });
  await fc.assert(property, { numRuns: 300 });
});

test('the newest frame waits, and the one that waited before is dropped', async () => {
  const frames = [0, 10, 20, 30].map((at, number) => ({ number, at, work: 100, fails: false }));
  const { shown, dropped } = await play(frames, 1);
  expect(dropped).toEqual([1, 2]);
  expect(shown).toEqual([
    { number: 0, latency: 100 },
    { number: 3, latency: 170 },
  ]);
});

test('a result waits for one older frame, and a frame that hangs is given up when a second one waits', async () => {
  const late = [
    { number: 0, at: 0, work: 30, fails: false },
    { number: 1, at: 10, work: 10, fails: false },
  ];
  // Both are ready at 30: only the newer one is seen.
  expect((await play(late, 2)).shown).toEqual([{ number: 1, latency: 20 }]);

  const hung = [0, 10, 20, 30].map((at, number) => ({
    number,
    at,
    work: number === 0 ? 9999 : 10,
    fails: false,
  }));
  const { shown, discarded } = await play(hung, 2);
  expect(shown).toEqual([
    { number: 2, latency: 10 },
    { number: 3, latency: 10 },
  ]);
  expect(discarded).toEqual([1, 0]);
});

test('after close() nothing is shown, and it settles when nothing runs any more', async () => {
  let finish: ((value: string) => void) | undefined;
  const told: string[] = [];
  const queue = new NewestFrameQueue<string, string>({
    most: () => 1,
    run: () => new Promise((resolve) => (finish = resolve)),
    show: (result) => told.push(`shown ${result}`),
    drop: (frame) => told.push(`dropped ${frame}`),
    discard: (result) => told.push(`discarded ${result}`),
  });
  queue.push('a');
  queue.push('b');
  const closed = queue.close().then(() => told.push('closed'));
  queue.push('c');
  await settle();
  expect(told).toEqual(['dropped b', 'dropped c']);
  finish?.('A');
  await closed;
  expect(told).toEqual(['dropped b', 'dropped c', 'discarded A', 'closed']);
  expect(queue.counts).toEqual({ framesIn: 3, framesShown: 0, framesDropped: 3 });
});

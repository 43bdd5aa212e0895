import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketTimes } from './packet-times.ts';

test('every frame gets the pts of its packet, in any time base and decode order', () => {
  const rational = fc.record({
    num: fc.integer({ min: 1, max: 1001 }),
    den: fc.constantFrom(1, 25, 30_000, 90_000, 1e9),
  });
  const pts = fc.array(fc.integer({ min: -1e6, max: 2 ** 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(rational, pts, (timeBase, decodeOrder) => {
      const times = new PacketTimes(timeBase);
      const sent = decodeOrder.map((value) => times.add(value));
      expect(new Set(sent).size).toBe(sent.length);
      const shown = sent.toSorted((a, b) => a - b).map((time) => times.take(time));
      expect(shown).toEqual(decodeOrder.toSorted((a, b) => a - b));
      expect(times.size).toBe(0);
    }),
  );
});

test('times are microseconds, rounded', () => {
  const times = new PacketTimes({ num: 1001, den: 30_000 });
  expect([0, 1, 2, -1].map((pts) => times.add(pts))).toEqual([0, 33_367, 66_733, -33_367]);
});

test('a time that no packet had has no pts', () => {
  const times = new PacketTimes({ num: 1, den: 25 });
  times.add(3);
  expect(times.take(120_001)).toBeUndefined();
  expect(times.take(120_000)).toBe(3);
  expect(times.take(120_000)).toBeUndefined();
});

test('packets that never become frames are not kept for ever', () => {
  const times = new PacketTimes({ num: 1, den: 25 });
  for (let pts = 0; pts < 10_000; pts += 2) {
    times.add(pts);
    expect(times.take(times.add(pts + 1))).toBe(pts + 1);
  }
  expect(times.size).toBeLessThan(100);
});

test.each([
  { num: 0, den: 1 },
  { num: 1, den: 0 },
  { num: -1, den: 25 },
  { num: NaN, den: 25 },
])('time base $num/$den is refused', (timeBase) => {
  expect(() => new PacketTimes(timeBase)).toThrow(/Time base .* is no positive number/);
});

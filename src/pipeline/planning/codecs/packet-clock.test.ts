import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRange, PacketClock, timeShift } from './packet-clock.ts';

const rational = fc.record({
  num: fc.integer({ min: 1, max: 2002 }),
  den: fc.constantFrom(1, 25, 1000, 30_000, 90_000, 12_800, 1e9),
});

describe('PacketClock', () => {
  it('reads every pts back, below zero too, whatever finer ticks ffmpeg writes', () => {
    const pts = fc.integer({ min: -90_000 * 3600, max: 2 ** 32 });
    fc.assert(
      fc.property(rational, fc.integer({ min: 1, max: 64 }), pts, ({ num, den }, finer, value) => {
        const clock = new PacketClock({ num, den }, { num, den: den * finer });
        const shift = (timeShift({ num, den }) * den) / num;
        expect(Number.isInteger(shift)).toBe(true);
        expect(clock.ptsOf((value + shift) * finer)).toBe(value);
      }),
    );
  });

  it('compares times of other ticks', () => {
    const clock = new PacketClock({ num: 1, den: 25 }, { num: 1, den: 50 });
    const at = (pts: number, den: number): boolean => clock.isAt(-2, { pts, timeBase: { num: 1, den } });
    expect([at(-2, 25), at(-80, 1000), at(-1, 25), at(-79, 1000)]).toEqual([true, true, false, false]);
  });

  it('refuses ticks and times that frames do not have', () => {
    expect(() => new PacketClock({ num: 1, den: 25 }, { num: 1, den: 30 })).toThrow(
      'its packets come in ticks of 1/30 and not 1/25',
    );
    const clock = new PacketClock({ num: 1, den: 25 }, { num: 1, den: 50 });
    expect(() => clock.ptsOf(5_000_001)).toThrow('between two ticks');
  });
});

it('FrameRange goes from the first frame to a limit behind it', () => {
  const range = new FrameRange(-3, 100_000, { num: 1, den: 25 });
  // 100 ms are 2.5 ticks, which round up.
  expect([-4, -3, -1, 0].map((pts) => range.placeOf(pts))).toEqual(['before', 'within', 'within', 'behind']);
  expect(new FrameRange(0, undefined, { num: 1, den: 25 }).placeOf(1e9)).toBe('within');
});

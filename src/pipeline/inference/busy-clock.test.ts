import { expect, test } from 'vitest';
import { BusyClock } from './busy-clock.ts';

test('overlapping activities count once', () => {
  let now = 0;
  const clock = new BusyClock(() => now);
  const at = (time: number): BusyClock => {
    now = time;
    return clock;
  };
  at(10).start();
  at(15).start();
  at(20).stop();
  at(30).stop();
  at(50).start();
  expect(at(55).milliseconds).toBe(25);
  at(60).stop();
  expect(at(100).milliseconds).toBe(30);
});

test('a stop too many is a mistake of the caller', () => {
  expect(() => {
    new BusyClock().stop();
  }).toThrow(RangeError);
});

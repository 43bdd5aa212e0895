import { expect, test } from 'vitest';
import { parseCommand } from '../command.ts';
import { KeyFrameTimes } from './key-frame-times.ts';

/** The frames, of ten a second, for which a key frame is asked. */
function forced(value: string | undefined, first = 0): number[] {
  const words = value === undefined ? [] : ['-force_key_frames', value];
  const times = KeyFrameTimes.of(parseCommand(['-i', 'a', ...words, 'o.mkv']).outputs[0]!);
  return Array.from({ length: 30 }, (_, frame) => frame).filter((frame) =>
    times.isForced(first + frame / 10),
  );
}

test('without the option there are none', () => {
  expect(forced(undefined)).toEqual([]);
});

test('the first frame at a time or behind it', () => {
  expect(forced('0.5,00:00:01.25,2')).toEqual([5, 13, 20]);
  expect(forced('2,0.3')).toEqual([3, 20]);
});

test('each frame for one time only, as in ffmpeg', () => {
  expect(forced('0.31,0.32')).toEqual([4, 5]);
});

test('an expression counts from the first frame', () => {
  expect(forced('expr:gte(t,n_forced*1)')).toEqual([0, 10, 20]);
  expect(forced('expr:gte(t,n_forced*1)', 5)).toEqual([0, 10, 20]);
  expect(forced('expr:eq(mod(n,7),0)')).toEqual([0, 7, 14, 21, 28]);
  expect(forced('expr:if(isnan(prev_forced_n),1,gte(n,prev_forced_n+12))')).toEqual([0, 12, 24]);
});

test('what is no expression is refused with its place', () => {
  expect(() => forced('expr:gte(t')).toThrow();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

test('does what an array does, over any sequence of calls', () => {
  const calls = fc.array(fc.oneof(fc.nat(), fc.constant('shift'), fc.constant('drain')), {
    maxLength: 300,
    size: 'max',
  });
  fc.assert(
    fc.property(calls, (sequence) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const [at, call] of sequence.entries()) {
        if (typeof call === 'number') {
          fifo.push(call);
          model.push(call);
        } else if (call === 'shift') {
          expect(fifo.shift()).toBe(model.shift());
        } else if (at % 20 === 0) {
          expect(fifo.drain()).toEqual(model);
          model = [];
        }
        expect(fifo.size).toBe(model.length);
        expect(fifo.peek()).toBe(model[0]);
      }
    }),
  );
});

test('keeps its order across compaction', () => {
  const fifo = new Fifo<number>();
  const out: number[] = [];
  for (let value = 0; value < 1000; value++) {
    fifo.push(value);
    if (value % 3 !== 0) out.push(fifo.shift()!);
  }
  out.push(...fifo.drain());
  expect(out).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  expect(fifo.shift()).toBeUndefined();
});

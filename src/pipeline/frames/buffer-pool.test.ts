import { expect, test } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

test('a buffer that was given back is taken again, by its size', () => {
  const pool = new BufferPool(2);
  const [small, large] = [pool.take(10), pool.take(20)];
  pool.give(small);
  pool.give(large);
  expect(pool.idleBytes).toBe(30);
  expect(pool.take(20)).toBe(large);
  expect(pool.take(20)).not.toBe(large);
  expect(pool.take(10)).toBe(small);
  expect(pool.idleBytes).toBe(0);
});

test('no more than the limit is kept', () => {
  const pool = new BufferPool(2);
  const taken = Array.from({ length: 5 }, () => pool.take(8));
  expect([pool.outstanding, pool.outstandingBytes]).toEqual([5, 40]);
  for (const buffer of taken) pool.give(buffer);
  expect([pool.idleBytes, pool.outstanding, pool.outstandingBytes]).toEqual([16, 0, 0]);
});

test('a buffer that was lost no longer counts', () => {
  const pool = new BufferPool(2);
  const [lost, kept] = [pool.take(3), pool.take(3)];
  structuredClone(lost, { transfer: [lost] });
  pool.lose(3);
  pool.give(kept);
  expect(pool.outstanding).toBe(0);
});

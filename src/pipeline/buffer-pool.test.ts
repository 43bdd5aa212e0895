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

test('no more than the limit is kept, and nothing that was transferred away', () => {
  const pool = new BufferPool(2);
  for (let i = 0; i < 5; i++) pool.give(new ArrayBuffer(8));
  const gone = new ArrayBuffer(8);
  structuredClone(gone, { transfer: [gone] });
  pool.give(gone);
  expect(pool.idleBytes).toBe(16);
});

import { expect, test } from 'vitest';
import { rescaled } from './copy-esrgan-model.mjs';

const spec = (name: string, ...shape: number[]) => ({ name, shape, dtype: 'float32' });
const specs = [spec('F_m1/kernel', 1, 2), spec('F_m1/bias', 2), spec('SR/kernel', 2, 1), spec('SR/bias', 1)];

test('a network of 0 to 255 is one of 0 to 1', () => {
  const weights = Float32Array.of(0.5, -0.25, 10, 20, 2, 3, 51);
  const bytes = rescaled(specs, new Uint8Array(weights.buffer));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = new Float32Array(bytes.buffer);
  const relu = (value: number): number => Math.max(0, value);
  const before = (x: number): number => 2 * relu(0.5 * x + 10) + 3 * relu(-0.25 * x + 20) + 51;
  const after = (x: number): number => e * relu(a * x + c) + f * relu(b * x + d) + g;
  for (const x of [0, 0.1, 0.5, 1]) expect(after(x)).toBeCloseTo(before(255 * x) / 255, 5);
  expect(weights[0]).toBe(0.5);
});

test('another network is refused', () => {
  expect(() => rescaled(specs.slice(1), new Uint8Array(20))).toThrow('not those of esrgan-slim');
  expect(() => rescaled(specs, new Uint8Array(32))).toThrow('not those of esrgan-slim');
});

import { expect, test } from 'vitest';
import { kernelBuilds, testKernels } from './kernels.test-support.ts';
import { hasRelaxedSimd } from './load-kernels.ts';

test('relaxed SIMD is found', () => {
  expect(hasRelaxedSimd()).toBe(true);
});

test.each(kernelBuilds)('the %s build starts with a memory of its own', async (build) => {
  const [one, other] = [await testKernels(build), await testKernels(build)];
  expect(one.memory).not.toBe(other.memory);
  expect(one.heapBase()).toBeGreaterThan(0);
});

import { depthToSpace, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

/**
 * TensorFlow's definition: channel (by * block + bx) * c + i of a pixel is channel i
 * of pixel (by, bx) of its block.
 */
function definition(values: readonly number[], shape: readonly number[], block: number): number[] {
  const [n = 0, height = 0, width = 0, depth = 0] = shape;
  const channels = depth / block ** 2;
  const result: number[] = [];
  for (let b = 0; b < n; b++)
    for (let y = 0; y < height * block; y++)
      for (let x = 0; x < width * block; x++)
        for (let i = 0; i < channels; i++) {
          const pixel = (b * height + Math.floor(y / block)) * width + Math.floor(x / block);
          result.push(values[pixel * depth + ((y % block) * block + (x % block)) * channels + i]!);
        }
  return result;
}

it.each([
  ['[1, 3, 5, 4]', 1, 3, 5, 4, 2],
  ['[2, 2, 3, 12]', 2, 2, 3, 12, 2],
  ['[3, 1, 2, 18]', 3, 1, 2, 18, 3],
])('equals the definition for %s', (_, n, height, width, depth, block) => {
  const values = Array.from({ length: n * height * width * depth }, (__, i) => (i * 7919) % 1000);
  tidy(() => {
    const result = depthToSpace(tensor4d(values, [n, height, width, depth]), block, 'NHWC');
    expect(result.shape).toEqual([n, height * block, width * block, depth / block ** 2]);
    expect([...result.dataSync()]).toEqual(definition(values, [n, height, width, depth], block));
  });
});

it('leaves other layouts to the stock kernel', () => {
  tidy(() => {
    const planes = tensor4d([1, 2, 3, 4], [1, 4, 1, 1]);
    expect(depthToSpace(planes, 2, 'NCHW').shape).toEqual([1, 1, 2, 2]);
  });
});

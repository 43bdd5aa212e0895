/** The kernels for tests in Node; built by scripts/build-kernels.mjs where they are missing. */
import { readFileSync } from 'node:fs';
import { buildKernels, kernelFiles } from '../../../scripts/build-kernels.mjs';
import { PixelKernels } from './pixel-kernels.ts';

/** A new instance. */
export async function testPixelKernels(): Promise<PixelKernels> {
  await buildKernels();
  const kernels = await PixelKernels.load(new Uint8Array(readFileSync(kernelFiles['simd.wasm']!)));
  if (kernels === undefined) throw new Error('this engine has no SIMD');
  return kernels;
}

/**
 * The kernels of both builds for tests in Node; built by scripts/build-kernels.mjs where they are missing.
 */
import { readFileSync } from 'node:fs';
import { buildKernels, kernelFiles } from '../../../../scripts/build-kernels.mjs';
import type { KernelExports } from './kernel-exports.ts';
import { instantiateKernels, type KernelBuild } from './load-kernels.ts';

/** Both builds, for tests that run on each. */
export const kernelBuilds: readonly KernelBuild[] = ['simd', 'relaxed'];

/** A new instance. */
export async function testKernels(build: KernelBuild): Promise<KernelExports> {
  await buildKernels();
  return instantiateKernels(await WebAssembly.compile(readFileSync(kernelFiles[`${build}.wasm`]!)));
}

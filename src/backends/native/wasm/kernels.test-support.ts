/**
 * The kernels of both builds for tests in Node; built by scripts/build-kernels.mjs where they are missing.
 */
import { readFileSync } from 'node:fs';
import { buildKernels, kernelFiles } from '../../../../scripts/build-kernels.mjs';
import type { KernelExports } from './kernel-exports.ts';
import { instantiateKernels, type KernelBuild } from './load-kernels.ts';

/** Both builds, for tests that run on each. */
export const kernelBuilds: readonly KernelBuild[] = ['simd', 'relaxed'];

const modules = new Map<KernelBuild, Promise<WebAssembly.Module>>();

async function compiled(build: KernelBuild): Promise<WebAssembly.Module> {
  await buildKernels();
  return WebAssembly.compile(readFileSync(kernelFiles[`${build}.wasm`]!));
}

/** A new instance; each build is compiled once. */
export async function testKernels(build: KernelBuild): Promise<KernelExports> {
  const module = modules.get(build) ?? compiled(build);
  modules.set(build, module);
  return instantiateKernels(await module);
}

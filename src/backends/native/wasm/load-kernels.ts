/** Chooses the build of wasm/ that the engine can run, and makes instances of it. */
import type { KernelExports } from './kernel-exports.ts';

/** The two builds of the same kernels. */
export type KernelBuild = 'simd' | 'relaxed';

/** A module of one function that is `f32x4.relaxed_madd` of three zeros. */
const relaxedProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x13, 0x01, 0x11, 0x00],
  ...[0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
);

/** Whether the engine has relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

/**
 * A new instance with a memory of its own.
 *
 * @throws WebAssembly.CompileError where the engine has no SIMD.
 */
export async function instantiateKernels(module: WebAssembly.Module): Promise<KernelExports> {
  const { exports } = await WebAssembly.instantiate(module, {
    env: {
      abort: (): never => {
        throw new Error('a kernel was aborted');
      },
    },
  });
  return exports as unknown as KernelExports;
}

/** tfjs's WebAssembly backend in Node, as tests start it. */
import { startWasmRuntime, type TensorflowAssets, type WasmRuntime } from './wasm-runtime.ts';

const binaries = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm';

export const nodeAssets: TensorflowAssets = {
  simdWasmURL: `${binaries}-simd.wasm`,
  wasmURL: `${binaries}.wasm`,
};

/** For `beforeAll`; the first call of a process starts it, the others wait for the same one. */
export function startNodeRuntime(): Promise<WasmRuntime> {
  return startWasmRuntime(nodeAssets);
}

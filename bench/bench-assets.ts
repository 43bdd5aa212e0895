/** URLs of what the bench page's worker fetches: all from this page's own server. */
import coreUrl from '@ffmpeg/core?url&no-inline';
import coreWasmUrl from '@ffmpeg/core/wasm?url&no-inline';
import tfjsSimdWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url&no-inline';
import tfjsWasmUrl from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url&no-inline';
import ortWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url&no-inline';
import relaxedKernelsUrl from '../wasm/build/relaxed.wasm?url&no-inline';
import simdKernelsUrl from '../wasm/build/simd.wasm?url&no-inline';
import type { NativeAssets } from '../src/backends/native/native-module.ts';
import type { TensorflowAssets } from '../src/backends/tensorflow/wasm-runtime.ts';

/** Absolute URLs. */
export interface BenchAssets extends NativeAssets, TensorflowAssets {
  readonly ortWasmURL: string;
  /** Stock `@ffmpeg/core`: fetched and never bundled, as in the product. */
  readonly coreURL: string;
  readonly coreWasmURL: string;
}

const absolute = (url: string): string => new URL(url, import.meta.url).href;

export const benchAssets: BenchAssets = {
  simdKernelsURL: absolute(simdKernelsUrl),
  relaxedKernelsURL: absolute(relaxedKernelsUrl),
  simdWasmURL: absolute(tfjsSimdWasmUrl),
  wasmURL: absolute(tfjsWasmUrl),
  ortWasmURL: absolute(ortWasmUrl),
  coreURL: absolute(coreUrl),
  coreWasmURL: absolute(coreWasmUrl),
};

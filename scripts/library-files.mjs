/**
 * What the files of the built library are called, by the property of `load()` that overrides each: for the
 * build, and for `load({ baseURL })`, which finds all of them below one folder.
 */

/** @satisfies {Readonly<Record<string, string>>} */
export const libraryFiles = /** @type {const} */ ({
  pipelineWorkerURL: 'pipeline.worker.js',
  inferenceWorkerURL: 'inference.worker.js',
  tensorflowWorkerURL: 'tensorflow.worker.js',
  onnxWorkerURL: 'onnx.worker.js',
  writerWorkerURL: 'writer.worker.js',
  codecWorkerURL: 'codec.worker.js',
  containerWorkerURL: 'container.worker.js',
  liveWorkerURL: 'live.worker.js',
  classWorkerURL: 'ffmpeg.worker.js',
  coreModuleURL: 'core-module.js',
  coreURL: 'assets/ffmpeg-core.js',
  wasmURL: 'assets/ffmpeg-core.wasm',
  tfjsWasmURL: 'assets/tfjs-backend-wasm.wasm',
  tfjsSimdWasmURL: 'assets/tfjs-backend-wasm-simd.wasm',
  ortWasmURL: 'assets/ort-wasm-simd-threaded.wasm',
  simdKernelsURL: 'assets/kernels-simd.wasm',
  relaxedKernelsURL: 'assets/kernels-relaxed.wasm',
});

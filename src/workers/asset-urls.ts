/**
 * Every file that is fetched at run time. The page resolves all URLs once, and workers get them as messages.
 */

/** Absolute URLs; each can be overridden in `load()`. */
export interface AssetUrls {
  /**
   * The worker that plans and runs jobs. A browser starts this and every other worker
   * from the page's own origin only.
   */
  readonly pipelineWorkerURL: string;
  /** The worker of inference with this project's kernels. */
  readonly inferenceWorkerURL: string;
  /** The worker of inference with tfjs. */
  readonly tensorflowWorkerURL: string;
  /** The worker of inference with ONNX Runtime, for models that the kernels do not compute. */
  readonly onnxWorkerURL: string;
  /** The worker that writes outputs. */
  readonly writerWorkerURL: string;
  /** The worker with a decoder or an encoder of the browser. */
  readonly codecWorkerURL: string;
  /** The worker that reads and writes files where the page has no shared memory for ffmpeg's pipes. */
  readonly containerWorkerURL: string;
  /** The worker of live video. */
  readonly liveWorkerURL: string;
  /**
   * The worker of `@ffmpeg/ffmpeg`'s class, by its name there, which here takes a compiled core too. With the
   * package's own worker each core compiles for itself.
   */
  readonly classWorkerURL: string;
  /** This project's own module around the core: gives it pipes. */
  readonly coreModuleURL: string;
  /** Stock `@ffmpeg/core`, ES module build. GPL: a separate file, fetched and never bundled. */
  readonly coreURL: string;
  /** Its WebAssembly. */
  readonly wasmURL: string;
  /** tfjs-backend-wasm's binary for engines without SIMD. */
  readonly tfjsWasmURL: string;
  /** Its binary for engines with SIMD. */
  readonly tfjsSimdWasmURL: string;
  /** ONNX Runtime's binary, of onnxruntime-web. */
  readonly ortWasmURL: string;
  /** The native backend's kernels for engines with SIMD, and those that convert frames. */
  readonly simdKernelsURL: string;
  /** Its kernels for engines with relaxed SIMD too. */
  readonly relaxedKernelsURL: string;
}

/** Every file that is fetched at run time. The page resolves all URLs once, and workers get them as messages. */

/** Absolute URLs; each can be overridden in `load()`. */
export interface AssetUrls {
  /** The workers. A browser starts them from the page's own origin only. */
  readonly pipelineWorkerURL: string;
  /** Inference with this project's kernels, and with tfjs. */
  readonly inferenceWorkerURL: string;
  readonly tensorflowWorkerURL: string;
  readonly writerWorkerURL: string;
  readonly liveWorkerURL: string;
  /** The worker of `@ffmpeg/ffmpeg`'s class, by its name there. */
  readonly classWorkerURL: string;
  /** This project's own module around the core: gives it pipes. */
  readonly coreModuleURL: string;
  /** Stock `@ffmpeg/core`, ES module build. GPL: a separate file, fetched and never bundled. */
  readonly coreURL: string;
  readonly wasmURL: string;
  /** tfjs-backend-wasm's binaries. */
  readonly tfjsWasmURL: string;
  readonly tfjsSimdWasmURL: string;
  /** The native backend's kernels: for engines with SIMD, and for those with relaxed SIMD too. */
  readonly simdKernelsURL: string;
  readonly relaxedKernelsURL: string;
}

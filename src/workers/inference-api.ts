/** What an inference worker offers; imported by both sides, imports no code. */
import type { DNNBackendType, DNNModelSpec } from '../dnn/interface.ts';
import type { Frame } from '../frame/frame.ts';
import type { AssetUrls } from './asset-urls.ts';

/** One frame to run through the model, and the size of what comes out. */
export interface InferenceItem {
  readonly frame: Frame;
  readonly outWidth: number;
  readonly outHeight: number;
}

/** The result of one request; the frames' buffers are transferred to the caller. */
export interface InferenceResult {
  /** One per item, in order. */
  readonly frames: readonly Frame[];
  /** Buffers of the input frames, given back for reuse. */
  readonly spent: readonly ArrayBuffer[];
  /** Time in the backend, and time in frame↔tensor conversion and chroma, both for the whole request. */
  readonly msExecute: number;
  readonly msIo: number;
  /** Bytes that the worker's backend holds. */
  readonly memoryBytes: number;
}

/** One worker holds one model. */
export interface InferenceApi {
  /** @returns the backend's device, such as `wasm-simd`. */
  load(backend: DNNBackendType, spec: DNNModelSpec, assets: AssetUrls): Promise<string>;
  /** Takes the items' buffers. Requests of one worker run one after another. */
  execute(items: readonly InferenceItem[], outBuffers: readonly ArrayBuffer[]): Promise<InferenceResult>;
  close(): Promise<void>;
}

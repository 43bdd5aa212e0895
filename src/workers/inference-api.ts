/** What an inference worker offers; imported by both sides, imports no code. */
import type { FrameShape } from '../dnn/frame-strips.ts';
import type { DNNBackendType, DNNModelSpec, FrameSize, RowRange } from '../dnn/interface.ts';
import type { FrameGeometry, FrameToInfer, InferredFrames } from '../dnn/inference-runner.ts';
import type { AssetUrls } from './asset-urls.ts';

/** One worker holds one model. */
export interface InferenceApi {
  /** Comes first. @returns whether the worker holds the Web Lock of this name for life. */
  live(lockName: string): Promise<boolean>;
  /** @returns the backend's device, such as `wasm-simd`. */
  load(backend: DNNBackendType, spec: DNNModelSpec, assets: AssetUrls): Promise<string>;
  /** As InferenceRunner.plannedBytes. */
  plannedBytes(geometry: FrameGeometry): Promise<number | undefined>;
  /** Takes the items' buffers. Requests of one worker run one after another. */
  execute(items: readonly FrameToInfer[], outBuffers: readonly ArrayBuffer[]): Promise<InferredFrames>;
  /** As InferenceRunner.rowShares. */
  rowShares(
    frame: FrameShape,
    out: Pick<FrameSize, 'width' | 'height'>,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined>;
  close(): Promise<void>;
}

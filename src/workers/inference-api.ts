/** What an inference worker offers; imported by both sides, imports no code. */
import type { AnalysedFrames } from '../dnn/run/analytics-runner.ts';
import type { AnalyticsSpec } from '../dnn/contract/analytics-spec.ts';
import type { FrameShape } from '../dnn/run/frame-strips.ts';
import type { DNNBackendType, DNNModelSpec, FrameSize, RowRange } from '../dnn/contract/interface.ts';
import type { FrameToInfer } from '../dnn/run/frame-to-infer.ts';
import type { FrameGeometry, InferredFrames } from '../dnn/run/inference-runner.ts';
import type { PlannedBytes } from '../dnn/contract/planned-bytes.ts';
import type { Frame } from '../frame/frame.ts';
import type { AssetUrls } from './asset-urls.ts';

/** What a worker loads. */
export interface ModelToLoad {
  readonly backend: DNNBackendType;
  readonly spec: DNNModelSpec;
  /** Where the filter detects or classifies; left out where it makes pictures. */
  readonly analytics?: AnalyticsSpec | undefined;
}

/** One worker holds one model. */
export interface InferenceApi {
  /** Comes first. @returns whether the worker holds the Web Lock of this name for life. */
  live(lockName: string): Promise<boolean>;
  /** @returns the backend's device, such as `wasm-simd`. */
  load(model: ModelToLoad, assets: AssetUrls): Promise<string>;
  /** As the plannedBytes of InferenceRunner and AnalyticsRunner. */
  plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined>;
  /** Takes the items' buffers. Requests of one worker run one after another. */
  execute(items: readonly FrameToInfer[], outBuffers: readonly ArrayBuffer[]): Promise<InferredFrames>;
  /** Likewise for a filter that detects or classifies. */
  analyse(frames: readonly Frame[]): Promise<AnalysedFrames>;
  /** As InferenceRunner.rowShares; undefined where the filter detects or classifies. */
  rowShares(
    frame: FrameShape,
    out: Pick<FrameSize, 'width' | 'height'>,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined>;
  close(): Promise<void>;
}

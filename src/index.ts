/** The public API: export lists only. */
export { DnnError } from './base/errors.ts';
export type { DnnErrorCode, DnnErrorDetails } from './base/errors.ts';
export type { CodecCapability, CodecName, EncoderCapability } from './codecs/codec-contract.ts';
export { escapeOptionValue } from './filtergraph/filter-options.ts';
export type { PixelFormat } from './frame/pixel-format.ts';
export type { Classification, Confidence, DetectionBBox } from './frame/detection-bboxes.ts';
export { convertModel } from './page/convert-model.ts';
export type {
  ExecOptions,
  LogCallback,
  MessageOptions,
  ProgressCallback,
  ProgressEvent,
  TrialOptions,
} from './page/exec-options.ts';
export { FFmpegDNN } from './page/ffmpeg-dnn.ts';
export type { ReadFile } from './model/model-format.ts';
export type { LiveOptions } from './page/live-options.ts';
export type { LiveSource } from './page/live-source.ts';
export { LiveVideo } from './page/live-video.ts';
export { registerIsolation } from './service-worker/register-isolation.ts';
export type {
  IsolationObstacle,
  IsolationOptions,
  IsolationResult,
} from './service-worker/register-isolation.ts';
export type { EmbedderPolicy } from './service-worker/isolated-response.ts';
export type { LiveResources, LiveStats } from './workers/live-api.ts';
export type {
  Capabilities,
  DefaultOutput,
  DetectionsEvent,
  JobStats,
  ListEntry,
  LogEvent,
  Progress,
  Resources,
  StageStats,
  TimelineEvent,
  TimelineLane,
  TimelineSpan,
} from './workers/pipeline-api.ts';
export type { AssetUrls } from './workers/asset-urls.ts';
export type { AssetBytes, LoadConfig } from './workers/resolve-assets.ts';
export type { TrialResult } from './page/trial-estimate.ts';
export type { HttpTarget, OutputTarget } from './media/output/output-target.ts';

/** What the options of `dnn_detect` say of the detector, and what they come to for a kind of detector. */
import type { DetectionModelType, DetectOptions } from '../../dnn/contract/analytics-spec.ts';
import type { DetectorDefaults } from './detector.ts';
import { detectors, isDetectorType } from './detectors.ts';
import { frameBoxDefaults } from './frame-box-defaults.ts';

/** The options that the user has written, where they depend on the kind of detector. */
export interface DetectWish {
  readonly modelType?: DetectionModelType;
  readonly confidence?: number;
  readonly nms?: DetectOptions['nms'];
  readonly nmsThreshold?: number;
  readonly letterbox?: boolean;
}

/** The options that mean the same for every kind. */
export type PlainDetectOptions = Pick<DetectOptions, 'cellW' | 'cellH' | 'nbClasses' | 'anchors'>;

/** What is usual of a kind. */
export function defaultsOf(modelType: DetectionModelType): DetectorDefaults {
  return isDetectorType(modelType) ? detectors[modelType].defaults : frameBoxDefaults[modelType];
}

/** The options for a kind, without labels: what is not written follows from the defaults. */
export function detectOptionsFor(
  modelType: DetectionModelType,
  wish: DetectWish,
  plain: PlainDetectOptions,
  defaults: DetectorDefaults = defaultsOf(modelType),
): DetectOptions {
  const confidence = wish.confidence ?? defaults.confidence;
  return {
    ...plain,
    kind: 'detect',
    modelType,
    confidence,
    labels: [],
    nms: wish.nms ?? defaults.nms,
    nmsThreshold: wish.nmsThreshold ?? defaults.nmsThreshold ?? confidence,
  };
}

/**
 * What the options of the DNN filters come to: a DnnContext, which all have, and each filter's
 * own; mirrors the structs of libavfilter/vf_sr.c, vf_derain.c, vf_dnn_detect.c and
 * vf_dnn_classify.c, which hold a DnnContext each.
 */
import type { SourceText } from '../base/source-text.ts';
import type { AnalyticsOptions } from '../dnn/contract/analytics-spec.ts';
import type { DnnContext } from '../dnn/options/dnn-context.ts';
import type { DetectWish } from './detectors/detect-wish.ts';

/** Of sr. */
export interface SrContext extends DnnContext {
  /** `scale_factor`, 2..4: how much frames are enlarged before a model that keeps their size. */
  readonly scaleFactor: number;
}

/** Of derain; `filter_type` changes nothing, as in FFmpeg, and is not kept. */
export interface DerainContext extends DnnContext {
  /** The timeline expression, checked: frames where it is off pass untouched. */
  readonly enable?: SourceText;
}

/** Of dnn_detect and dnn_classify. */
export interface AnalyticsContext extends DnnContext {
  /** What the filter asks of its workers; labels are empty until their file is read. */
  readonly analytics: AnalyticsOptions;
  /** Path of the labels file as the user wrote it. */
  readonly labels?: string;
  /** Of dnn_detect: what the user has written of what else follows from the model. */
  readonly wish?: DetectWish;
}

/** Of any DNN filter; dnn_processing has nothing of its own. */
export type FilterContext = DnnContext | SrContext | DerainContext | AnalyticsContext;

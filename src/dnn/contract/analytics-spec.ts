/** What a detecting or classifying filter asks of its inference workers; plain data. */

import type { Classification, DetectionBBox } from '../../frame/detection-bboxes.ts';

/**
 * The tensor that a frame becomes for detection and classification: `height x width x channels` floats, the
 * frame scaled to that size as 8-bit RGB, BGR, or gray, and then `(byte - mean) / scale` of each.
 */
export interface AnalyticsInput {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Of three channels: the tensorflow backend of FFmpeg gives RGB, openvino BGR. */
  readonly order: 'rgb' | 'bgr';
  readonly mean: number;
  readonly scale: number;
}

/** How the outputs of a detection model are read; the first four are FFmpeg's, the others this project's. */
export type DetectionModelType = 'ssd' | 'yolo' | 'yolov3' | 'yolov4' | 'centernet' | 'blazeface';

/** The checked options of `dnn_detect`. */
export interface DetectOptions {
  readonly kind: 'detect';
  readonly modelType: DetectionModelType;
  /** Threshold, 0..1: a box is kept where its confidence is not below. */
  readonly confidence: number;
  /** By id; empty without a labels file. */
  readonly labels: readonly string[];
  /** Grid of `yolo`; 0 where not given. */
  readonly cellW: number;
  readonly cellH: number;
  readonly nbClasses: number;
  /** Widths and heights in turn. */
  readonly anchors: readonly number[];
  /**
   * Which of two overlapping boxes of one label goes: FFmpeg's own rule (`label`: any box of
   * higher confidence suppresses, also one that is suppressed itself), or one box after another
   * from the best (`sequential`), or none.
   */
  readonly nms: 'label' | 'sequential' | 'none';
  /** Least intersection over union of boxes of which one goes. FFmpeg takes `confidence` for it. */
  readonly nmsThreshold: number;
}

/** The checked options of `dnn_classify`. */
export interface ClassifyOptions {
  readonly kind: 'classify';
  readonly confidence: number;
  readonly labels: readonly string[];
  /** Only boxes of this label are classified; compared without case. */
  readonly target?: string;
}

export type AnalyticsOptions = DetectOptions | ClassifyOptions;

/** What a worker is told beside the model, where the filter does not make pictures. */
export interface AnalyticsSpec {
  /** Width and height are -1 where the model takes any: then frames keep theirs. */
  readonly input: AnalyticsInput;
  readonly options: AnalyticsOptions;
}

/** What one inference found: of a whole frame, or of the picture of one box. */
export type AnalyticsResult =
  | { readonly kind: 'detect'; readonly bboxes: readonly DetectionBBox[] }
  /** Without a classification where none reaches the threshold. */
  | { readonly kind: 'classify'; readonly classification?: Classification };

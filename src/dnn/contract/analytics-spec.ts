/** What a detecting or classifying filter asks of its inference workers; plain data. */

import type { Classification, DetectionBBox } from '../../frame/detection-bboxes.ts';

/** One value for all channels, or one for each in the order of the tensor's. */
export type ChannelValues = number | readonly [number, number, number];

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
  readonly mean: ChannelValues;
  readonly scale: ChannelValues;
  /** Where frames keep their aspect ratio; left out where they fill the tensor. */
  readonly letterbox?: Letterbox;
  /** The size where the model takes any: of frames themselves where it is left out. */
  readonly openSize?: OpenSize;
}

/** What is around a frame that keeps its aspect ratio. */
export interface Letterbox {
  /** The byte of every channel of the bars: 114 is the grey of YOLO's trainers. */
  readonly value: number;
  /** Bars on both sides, where an odd row stands below and an odd column right; or below and right only. */
  readonly place: 'centre' | 'start';
}

/** The longest side in pixels that frames are scaled down to, and what both sides are rounded up to. */
export interface OpenSize {
  readonly longest: number;
  readonly multiple: number;
}

/** FFmpeg's kinds of detectors, and two of this project whose boxes are made in the same way. */
export type FrameBoxModelType = 'ssd' | 'yolo' | 'yolov3' | 'yolov4' | 'centernet' | 'blazeface';

/** Kinds of detectors of today, which FFmpeg does not have. */
export type DetectorModelType =
  'yolov5' | 'yolov8' | 'yolo_end2end' | 'yolox' | 'nanodet' | 'yunet' | 'ultraface' | 'mediapipe_ssd';

/** How the outputs of a detection model are read. */
export type DetectionModelType = FrameBoxModelType | DetectorModelType;

/** The checked options of `dnn_detect`. */
export interface DetectOptions {
  readonly kind: 'detect';
  readonly modelType: DetectionModelType;
  /** Threshold, 0..1: a box is kept where its confidence is not below. */
  readonly confidence: number;
  /** By id; empty where neither a file nor the model says them. */
  readonly labels: readonly string[];
  /** True where the model gives boxes as shares of its picture, though its type has them in pixels. */
  readonly inShares?: boolean;
  /** Grid of `yolo`; 0 where not given. */
  readonly cellW: number;
  readonly cellH: number;
  /** How many classes the model knows; 0 where its outputs are to tell. */
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
  /** Width and height are -1 where the model takes any: then the frame says them. */
  readonly input: AnalyticsInput;
  readonly options: AnalyticsOptions;
}

/** What one inference found: of a whole frame, or of the picture of one box. */
export type AnalyticsResult =
  | { readonly kind: 'detect'; readonly bboxes: readonly DetectionBBox[] }
  /** Without a classification where none reaches the threshold. */
  | { readonly kind: 'classify'; readonly classification?: Classification };

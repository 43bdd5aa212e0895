/**
 * What detection found in a frame: AV_FRAME_DATA_DETECTION_BBOXES of
 * libavutil/detection_bbox.h as plain data.
 */

/** AVRational. FFmpeg keeps confidences as `int(confidence * 10000) / 10000`. */
export interface Confidence {
  /** 0 to `den` for a probability. */
  readonly num: number;
  /** 10000. */
  readonly den: number;
}

/** One label that classification gave to a box. */
export interface Classification {
  /** Of the labels file; the number of the class where there is none. */
  readonly label: string;
  /** How sure the model is. */
  readonly confidence: Confidence;
}

/**
 * AVDetectionBBox: a box in whole pixels of the frame that it was found in; it may reach beyond the frame.
 */
export interface DetectionBBox {
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width. */
  readonly w: number;
  /** Height. */
  readonly h: number;
  /** Of the labels file; the number of the class where there is none. */
  readonly detectLabel: string;
  /** At least the filter's option `confidence`. */
  readonly detectConfidence: Confidence;
  /** At most 4, in the order in which the classifying filters stand. */
  readonly classifications: readonly Classification[];
}

/** AVDetectionBBoxHeader with its boxes, of which there is at least one. */
export interface DetectionBBoxes {
  /** The model that detected; dnn_classify appends its own. */
  readonly source: string;
  readonly bboxes: readonly DetectionBBox[];
}

/** AV_NUM_DETECTION_BBOX_CLASSIFY. */
export const maxClassifications = 4;

/**
 * A confidence as FFmpeg stores it (vf_dnn_detect.c · dnn_detect_post_proc_ov): cut, not rounded, to four
 * decimals. The product is a float32, so that 0.9, whose float32 is a little less, is 9000 / 10000. Within 0
 * and INT_MAX, as newer versions have it (dnn_detect_confidence_num); NaN is 0.
 */
export function confidenceOf(value: number): Confidence {
  const scaled = Math.fround(Math.fround(value) * 10000);
  return { num: Math.trunc(Math.min(Math.max(scaled, 0), 2147483647)) || 0, den: 10000 };
}

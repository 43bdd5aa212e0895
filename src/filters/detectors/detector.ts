/** What every kind of detector of today is to the filter `dnn_detect`: a constant record. */
import type {
  AnalyticsInput,
  DetectionModelType,
  DetectOptions,
  Letterbox,
  OpenSize,
} from '../../dnn/contract/analytics-spec.ts';
import type { DNNData } from '../../dnn/contract/interface.ts';
import type { PictureSize } from '../detect/bounding-box.ts';
import type { Candidate } from './candidate.ts';

/** An output of a model, before it runs. */
export interface OutputShape {
  /** Name of its node. */
  readonly name: string;
  /** Sizes for one frame, -1 where they are not known. */
  readonly dims: readonly number[];
}

/** What is known of a model before it runs. */
export interface ModelShape {
  /** Of its input, in pixels: its own, or one that it takes. */
  readonly picture: PictureSize;
  /** In the model's order. */
  readonly outputs: readonly OutputShape[];
  /** How many classes there are, by the option `nb_classes` or the model's own names. */
  readonly nbClasses?: number;
}

/** What follows from the kind of detector where the filter's options do not say it. */
export interface DetectorDefaults {
  readonly confidence: number;
  readonly nms: DetectOptions['nms'];
  /** Left out where it is `confidence`, as FFmpeg has it. */
  readonly nmsThreshold?: number;
  /** Whether frames keep their aspect ratio, and with which bars where they do. */
  readonly letterbox: boolean;
  readonly bars: Letterbox;
  /** Pixels become `(byte - mean) / scale`, in the order of the channels. */
  readonly mean: AnalyticsInput['mean'];
  readonly scale: AnalyticsInput['scale'];
  /** Left out where it is usual of the model's format. */
  readonly order?: AnalyticsInput['order'];
  /** What a model that takes any size is given; left out where it is the frame's. */
  readonly openSize?: OpenSize;
  /** Names of classes where nothing says them. */
  readonly labels?: readonly string[];
}

/** How the outputs of one kind are known. */
export interface DetectorForm {
  readonly name: DetectionModelType;
  /** What tells it from others of the same shapes. */
  readonly what: string;
  /**
   * The outputs that it reads, in the order that it reads them in; undefined where they are no such model's.
   */
  pick(model: ModelShape): readonly OutputShape[] | undefined;
}

/** A kind whose boxes are read into candidates. */
export interface Detector extends DetectorForm {
  readonly defaults: DetectorDefaults;
  /** What is different for one model of the kind; left out where nothing is. */
  variant?(model: ModelShape): Partial<DetectorDefaults>;
  /**
   * The objects of one frame that are not below the threshold.
   *
   * @param outputs in the order of `pick`; tensors of fewer than 4 dimensions have leading ones.
   * @param model size of the picture that the model was given.
   * @throws DnnError `EINVAL` for outputs of another form.
   */
  candidates(outputs: readonly DNNData[], options: DetectOptions, model: PictureSize): Candidate[];
}

/** The grey that YOLO's trainers pad with, on both sides (ultralytics/data/augment.py · LetterBox). */
export const greyBars: Letterbox = { value: 114, place: 'centre' };

/** Black on both sides (mediapipe/calculators/tensor/image_to_tensor_calculator.cc · BORDER_ZERO). */
export const blackBars: Letterbox = { value: 0, place: 'centre' };

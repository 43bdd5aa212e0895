/** What a detecting filter does with a model: by its options, and by the model where they leave it open. */
import type { Logger } from '../../base/log.ts';
import type {
  AnalyticsInput,
  ChannelValues,
  DetectionModelType,
  DetectOptions,
} from '../../dnn/contract/analytics-spec.ts';
import type { DetectorDefaults, ModelShape, OutputShape } from './detector.ts';
import { defaultsOf, detectOptionsFor, type DetectWish, type PlainDetectOptions } from './detect-wish.ts';
import { detectors, isDetectorType } from './detectors.ts';
import { recogniseDetector, shapesText } from './recognise-detector.ts';
import { ssdOutputs } from './ssd-outputs.ts';

/** What is known of the model and of the user's wishes. */
export interface DetectorSetting {
  /** Path of the model, for messages. */
  readonly path: string;
  readonly model: ModelShape;
  /** Names of the classes that the model carries, which tell how many there are. */
  readonly ownLabels?: readonly string[];
  /** Names of the classes in the labels file. */
  readonly labels?: readonly string[];
  readonly wish: DetectWish;
  readonly plain: PlainDetectOptions;
  /** True where outputs are named by the user: then all of them are read. */
  readonly hasOutputs: boolean;
  /** The values of pixels that the user has written. */
  readonly levels: Partial<Pick<AnalyticsInput, 'mean' | 'scale'>>;
  /** Whether the model's input is of whole numbers: then it makes of bytes itself what it needs. */
  readonly takesBytes: boolean;
  /** Whether the format of the model has boxes as shares where others have pixels. */
  readonly inShares: boolean;
}

export interface SettledDetector {
  readonly options: DetectOptions;
  /** Names of the outputs that are read, in the order of the reader. */
  readonly outputs: readonly string[];
  /** What the model is given; the order of the colours is left out where the format of the model says it. */
  readonly input: Pick<AnalyticsInput, 'mean' | 'scale' | 'letterbox' | 'openSize'> &
    Partial<Pick<AnalyticsInput, 'order'>>;
}

/**
 * Settles the kind of the detector, its outputs, and what follows from the kind. A kind that the user has not
 * written is said in the log.
 *
 * @throws DnnError `EINVAL` where the shapes of the outputs are those of several kinds.
 */
export function settleDetector(setting: DetectorSetting, log: Logger): SettledDetector {
  const { model, path, wish, plain, ownLabels = [] } = setting;
  const nbClasses = plain.nbClasses || ownLabels.length;
  const known: ModelShape = nbClasses === 0 ? model : { ...model, nbClasses };
  const recognised = wish.modelType === undefined ? recogniseDetector(known, path) : undefined;
  const modelType = wish.modelType ?? recognised?.modelType ?? 'ssd';
  const isDetector = isDetectorType(modelType);
  const detector = isDetector ? detectors[modelType] : undefined;
  const outputs = recognised?.outputs ?? outputsOf(modelType, known, setting.hasOutputs);
  const defaults = {
    ...defaultsOf(modelType),
    ...detector?.variant?.(known),
    ...(setting.takesBytes ? { mean: 0, scale: 1 } : {}),
    ...setting.levels,
  };
  const names = setting.labels ?? setting.ownLabels ?? defaults.labels ?? [];
  // A table of more columns than names has something behind the classes: masks, points.
  const counted = isDetector ? { ...plain, nbClasses } : plain;
  const options: DetectOptions = {
    ...detectOptionsFor(modelType, wish, counted, defaults),
    labels: names,
    ...(setting.inShares && isDetector ? { inShares: true } : {}),
  };
  const letterbox = wish.letterbox ?? defaults.letterbox;
  if (recognised !== undefined) log('info', sentence(path, outputs, options, defaults, letterbox));
  return {
    options,
    outputs: outputs.map(({ name }) => name),
    input: {
      mean: defaults.mean,
      scale: defaults.scale,
      ...(letterbox ? { letterbox: defaults.bars } : {}),
      ...(defaults.openSize === undefined ? {} : { openSize: defaults.openSize }),
      ...(defaults.order === undefined ? {} : { order: defaults.order }),
    },
  };
}

/** The outputs that a kind reads; all of them where it finds none that it knows. */
function outputsOf(
  modelType: DetectionModelType,
  model: ModelShape,
  hasOutputs: boolean,
): readonly OutputShape[] {
  // FFmpeg's types read what the user names, in the user's order.
  if (!isDetectorType(modelType)) {
    return (hasOutputs || modelType !== 'ssd' ? undefined : ssdOutputs(model)) ?? model.outputs;
  }
  const picked = detectors[modelType].pick(model);
  if (hasOutputs && picked?.length !== model.outputs.length) return model.outputs;
  return picked ?? model.outputs;
}

function sentence(
  path: string,
  outputs: readonly OutputShape[],
  { modelType, confidence, nms, nmsThreshold, labels }: DetectOptions,
  { mean, scale, order }: DetectorDefaults,
  letterbox: boolean,
): string {
  const levels = numbersText('minus', mean, 0) + numbersText('divided by', scale, 1);
  const pixels = `${order === undefined ? '' : `${order} `}pixels${levels}`;
  return (
    `${path}: read as model_type=${modelType} by its outputs ${shapesText(outputs)}: ${pixels}, ` +
    `letterbox=${letterbox ? 1 : 0}:confidence=${confidence}:nms=${nms}:nms_threshold=${nmsThreshold}` +
    `, classes with names: ${labels.length}`
  );
}

function numbersText(verb: string, values: ChannelValues, nothing: number): string {
  return values === nothing ? '' : ` ${verb} ${typeof values === 'number' ? values : values.join('/')}`;
}

/**
 * The filter `dnn_detect`: boxes for each frame, which itself stays as it is;
 * mirrors libavfilter/vf_dnn_detect.c.
 */
import {
  intMax,
  type NamedConstant,
  type OptionAssignment,
  type OptionTable,
  type OptionValues,
} from '../base/option-table.ts';
import { sourceError, type SourceText } from '../base/source-text.ts';
import type { DetectionModelType } from '../dnn/contract/analytics-spec.ts';
import { createDnnContext, type DnnEnvironment } from '../dnn/options/dnn-context.ts';
import { analyticsDnnOptions, analyticsTuningOptions } from '../dnn/options/dnn-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import { pixelFormats } from '../frame/pixel-format.ts';
import { analyticsLinks, labelsOf } from './analytics-filter.ts';
import { parseAnchors } from './detect/parse-anchors.ts';
import { detectOptionsFor, type DetectWish, type PlainDetectOptions } from './detectors/detect-wish.ts';
import type { DnnFilter } from './dnn-filter.ts';
import type { AnalyticsContext } from './filter-context.ts';
import { parseOwnOptions } from './parse-own-options.ts';

const name = 'dnn_detect';

/** FFmpeg's numbers (DNNDetectionModelType), and behind them this project's own. */
const modelTypeConstants = [
  { name: 'ssd', value: 0, help: 'output shape [1, 1, N, 7]' },
  { name: 'yolo', value: 1, help: 'output shape [1, N*Cx*Cy*DetectionBox]' },
  { name: 'yolov3', value: 2, help: 'outputs shape [1, N*D, Cx, Cy]' },
  { name: 'yolov4', value: 3, help: 'outputs shape [1, N*D, Cx, Cy]' },
  { name: 'centernet', value: 4, help: 'output shape [1, N, 6]' },
  { name: 'blazeface', value: 5, help: 'outputs shape [1, N, 1] and [1, N, 16]' },
  { name: 'yolov5', value: 6, help: 'output shape [1, N, 5 + classes], decoded: YOLOv5, v6, v7' },
  { name: 'yolov8', value: 7, help: 'output shape [1, 4 + classes, N]: YOLOv8 to v12, v26' },
  { name: 'yolo_end2end', value: 8, help: 'output shape [1, N, 6] after NMS: YOLOv10, v26' },
  { name: 'yolox', value: 9, help: 'output shape [1, N, 5 + classes], not decoded' },
  { name: 'nanodet', value: 10, help: 'output shape [1, N, classes + 32]' },
  { name: 'yunet', value: 11, help: 'three outputs or more for each of three strides' },
  { name: 'ultraface', value: 12, help: 'outputs shape [1, N, 2] and [1, N, 4]' },
  { name: 'mediapipe_ssd', value: 13, help: 'outputs shape [1, N, 4 and more] and [1, N, classes]' },
] as const satisfies readonly (NamedConstant & { readonly name: DetectionModelType })[];

const nmsConstants = [
  {
    name: 'auto',
    value: -1,
    help: "label for FFmpeg's yolo types, none for other types of its and yolo_end2end, else sequential",
  },
  { name: 'none', value: 0, help: 'overlapping boxes are kept' },
  { name: 'label', value: 1, help: "FFmpeg's: any better box of the same label suppresses" },
  { name: 'sequential', value: 2, help: 'from the best box on, those that are kept suppress' },
] as const satisfies readonly NamedConstant[];

const dnnDetectOptions = [
  ...analyticsDnnOptions,
  {
    name: 'model_type',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: modelTypeConstants.length - 1,
    constants: modelTypeConstants,
    help: 'DNN detection model type; not given, it is told by the shapes of the outputs where they tell',
  },
  { name: 'cell_w', byNameOnly: true, type: 'int', default: 0, min: 0, max: intMax, help: 'cell width' },
  { name: 'cell_h', byNameOnly: true, type: 'int', default: 0, min: 0, max: intMax, help: 'cell height' },
  {
    name: 'nb_classes',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: intMax,
    help: 'The number of class',
  },
  { name: 'anchors', byNameOnly: true, type: 'string', help: "anchors, joined by '&'" },
  {
    name: 'nms',
    byNameOnly: true,
    type: 'int',
    default: -1,
    min: -1,
    max: 2,
    constants: nmsConstants,
    help: 'which of overlapping boxes of one label goes',
  },
  {
    name: 'nms_threshold',
    byNameOnly: true,
    type: 'float',
    default: 0.5,
    min: 0,
    max: 1,
    help: 'least intersection over union of overlapping boxes; not given, it is confidence, or what is usual of model_type',
  },
  {
    name: 'letterbox',
    byNameOnly: true,
    type: 'bool',
    default: false,
    help: 'frames keep their aspect ratio, with bars around them; not given, it follows from model_type',
  },
  ...analyticsTuningOptions,
] as const satisfies OptionTable;

export const dnnDetect: DnnFilter<AnalyticsContext> = {
  name,
  description: 'Apply DNN detect filter to the input.',
  functionType: 'analytics_detect',
  options: dnnDetectOptions,
  pixelFormats,
  parse,
  ...analyticsLinks(name),
};

interface ParsedDetectOptions {
  readonly values: OptionValues<typeof dnnDetectOptions>;
  readonly given: ReadonlyMap<string, OptionAssignment>;
}

function parse(node: FilterNode, environment: DnnEnvironment): AnalyticsContext {
  const options: ParsedDetectOptions = parseOwnOptions(dnnDetectOptions, node, environment.log);
  const wish = detectWish(options);
  const modelType = wish.modelType ?? 'ssd';
  return {
    ...createDnnContext(node.name, options, environment, { mayFindNames: true }),
    ...labelsOf(options.values.labels),
    analytics: detectOptionsFor(modelType, wish, plainOptions(node.name, modelType, options)),
    wish,
  };
}

/** What the user has written of what depends on the kind of detector. */
function detectWish({ values, given }: ParsedDetectOptions): DetectWish {
  const nms = nmsConstants.find(({ value }) => value === values.nms)!.name;
  const modelType = modelTypeConstants.find(({ value }) => value === values.model_type)!.name;
  return {
    ...(given.has('model_type') ? { modelType } : {}),
    ...(given.has('confidence') ? { confidence: values.confidence } : {}),
    ...(nms === 'auto' ? {} : { nms }),
    ...(given.has('nms_threshold') ? { nmsThreshold: values.nms_threshold } : {}),
    ...(given.has('letterbox') ? { letterbox: values.letterbox } : {}),
  };
}

/** @throws DnnError `EINVAL` where the model type needs an option that is not given */
function plainOptions(
  filter: SourceText,
  modelType: DetectionModelType,
  { values, given }: ParsedDetectOptions,
): PlainDetectOptions {
  const yolo = modelType === 'yolo' || modelType === 'yolov3' || modelType === 'yolov4';
  const need = (option: string, form: string): void => {
    throw sourceError(
      'EINVAL',
      `Option '${option}' of ${filter.text} is missing, model_type=${modelType} needs it: write ${option}=${form}`,
      given.get(option)?.value ?? given.get('model_type')?.value ?? filter,
      0,
      { filter: filter.text, option },
    );
  };
  if (yolo && values.anchors === undefined) need('anchors', "W&H&W&H, the model's anchors joined by '&'");
  if (modelType === 'yolo' && values.cell_w === 0) need('cell_w', "N, the columns of the model's grid");
  if (modelType === 'yolo' && values.cell_h === 0) need('cell_h', "N, the rows of the model's grid");
  if (yolo && values.nb_classes === 0) need('nb_classes', 'N, how many classes the model knows');
  const anchors = given.get('anchors')?.value;
  return {
    cellW: values.cell_w,
    cellH: values.cell_h,
    nbClasses: values.nb_classes,
    anchors: anchors === undefined ? [] : parseAnchors(filter, anchors),
  };
}

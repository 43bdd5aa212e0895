/**
 * The options that every DNN filter has; mirrors the DNN_COMMON_OPTIONS of FFmpeg 5.1's filters and the
 * direct options of libavfilter/dnn/dnn_interface.c since 7.1.
 */
import {
  intMax,
  intMin,
  type NamedConstant,
  type NumberOption,
  type OptionAssignment,
  type OptionTable,
  type OptionValues,
  type StringOption,
} from '../../base/option-table.ts';
import { analyticsBackend, dnnBackendConstants, pictureBackend } from './backend-values.ts';

/** What `kernels` forces in the native backend, for tests and measurements. */
export const kernelConstants = [
  { name: 'auto', value: 0, help: 'the fastest that the browser runs' },
  { name: 'simd', value: 1, help: 'the build without relaxed SIMD' },
  { name: 'relaxed', value: 2, help: 'the build with relaxed SIMD' },
  { name: 'direct', value: 3, help: 'direct convolutions only' },
  { name: 'winograd', value: 4, help: 'Winograd convolutions wherever there is a kernel' },
] as const satisfies readonly NamedConstant[];

/** What `engine` of the onnx backend may say; not in FFmpeg. The values are positions in this list. */
export const engineConstants = [
  { name: 'auto', value: 0, help: 'the kernels of native where they have every op, else ONNX Runtime' },
  { name: 'native', value: 1, help: 'the kernels of native' },
  { name: 'ort', value: 2, help: 'ONNX Runtime' },
] as const satisfies readonly NamedConstant[];

/** What `on_error` may say; not in FFmpeg, which ends the run. The values are positions in this list. */
export const onErrorConstants = [
  { name: 'fail', value: 0, help: 'the run fails' },
  { name: 'passthrough', value: 1, help: 'the frame goes on as it came, scaled to the size of the output' },
  { name: 'drop', value: 2, help: 'the frame is left out' },
] as const satisfies readonly NamedConstant[];

/**
 * Options that stand on the filter itself since FFmpeg 7.1, and in `backend_configs` before; behind
 * `sess_config` those that FFmpeg does not have. FFmpeg's `batch_size` is 1..1000 with the default 1.
 */
const executionOptions = [
  {
    name: 'async',
    type: 'bool',
    default: true,
    help: 'infer several frames at a time; 0 waits for each',
  },
  {
    name: 'nireq',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: intMax,
    help: 'number of inference requests, 0 for half the cores and one',
  },
  {
    name: 'batch_size',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: 1000,
    help: 'frames per inference request, 0 chooses by memory and measured time',
  },
  { name: 'device', byNameOnly: true, type: 'string', help: 'device to run the model on' },
  {
    name: 'device_id',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: intMax,
    help: 'number of the device, of which there is one here (warned about and ignored)',
  },
  {
    name: 'threads_per_operation',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: intMax,
    help: 'threads of an operation, 1 here: nireq says how many requests run at once (warned about and ignored)',
  },
  {
    name: 'sess_config',
    byNameOnly: true,
    type: 'string',
    help: 'TensorFlow session configuration as 0x… (read, warned about and ignored)',
  },
  {
    name: 'memory_budget',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: intMax,
    help: "most memory for inference in MiB, 0 for half of the device's",
  },
  {
    name: 'on_error',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: onErrorConstants.length - 1,
    constants: onErrorConstants,
    help: 'what becomes of a frame whose inference failed',
  },
] as const satisfies OptionTable;

/** `layout` by the numbers of DNNLayout, which are positions in this list. */
export const layoutConstants = [
  { name: 'none', value: 0, help: 'as the model says' },
  { name: 'nchw', value: 1, help: 'channels before height and width' },
  { name: 'nhwc', value: 2, help: 'channels behind height and width' },
] as const satisfies readonly NamedConstant[];

/**
 * What a model takes its pixels as; options of FFmpeg's openvino backend since 6.1, which
 * stand in `backend_configs` there.
 */
const inputTensorOptions = [
  {
    name: 'layout',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: 2,
    constants: layoutConstants,
    help: "layout of the model's input",
  },
  {
    name: 'scale',
    byNameOnly: true,
    type: 'float',
    default: 0,
    min: intMin,
    max: intMax,
    help: 'a pixel becomes (value - mean) / scale, 0 for 1',
  },
  {
    name: 'mean',
    byNameOnly: true,
    type: 'float',
    default: 0,
    min: intMin,
    max: intMax,
    help: 'a pixel becomes (value - mean) / scale',
  },
] as const satisfies OptionTable;

/** FFmpeg's openvino backend fits such a model to the frames (dnn_backend_openvino.c · get_output_ov). */
const inputResizableOption = {
  name: 'input_resizable',
  byNameOnly: true,
  type: 'bool',
  default: false,
  help: 'the model takes frames of any size, whatever size is written in it',
} as const;

const [asyncOption, ...requestOptions] = executionOptions;

export const dnnBackendOption = {
  name: 'dnn_backend',
  type: 'int',
  default: pictureBackend,
  min: intMin,
  max: intMax,
  constants: dnnBackendConstants,
  help: 'DNN backend',
} as const satisfies NumberOption;

export const dnnModelOption = {
  name: 'model',
  type: 'string',
  help: 'path of the model file',
} as const satisfies StringOption;

const backendConfigsOption = {
  name: 'backend_configs',
  type: 'string',
  help: "backend options, 'key=value' joined by '&'",
  aliases: [{ name: 'options', help: 'backend options', deprecated: 'write backend_configs' }],
} as const satisfies StringOption;

const modelOptions = [
  dnnModelOption,
  { name: 'input', type: 'string', help: "name of the model's input" },
  { name: 'output', type: 'string', help: "name of the model's output, several joined by '&'" },
  backendConfigsOption,
] as const satisfies OptionTable;

/** What the tables of all DNN filters have in common. */
export const commonDnnOptions = [
  dnnBackendOption,
  ...modelOptions,
  ...executionOptions,
] as const satisfies OptionTable;

/** The filter's own options; values without a name are assigned in this order, as in FFmpeg 5.1. */
export const dnnOptions = [
  ...commonDnnOptions,
  ...inputTensorOptions,
  inputResizableOption,
] as const satisfies OptionTable;

/** The options of the backends for filters that do not have them in FFmpeg 5.1: by name only. */
export const dnnOptionsByName = [
  { ...backendConfigsOption, byNameOnly: true },
  { ...asyncOption, byNameOnly: true },
  ...requestOptions,
] as const satisfies OptionTable;

/**
 * The first options of a filter that infers from frames and leaves them as they
 * are, in the order of FFmpeg 5.1.
 */
export const analyticsDnnOptions = [
  { ...dnnBackendOption, default: analyticsBackend },
  ...modelOptions,
  asyncOption,
  {
    name: 'confidence',
    type: 'float',
    default: 0.5,
    min: 0,
    max: 1,
    help: 'threshold of confidence',
  },
  { name: 'labels', type: 'string', help: 'path of the labels file, one label a line' },
] as const satisfies OptionTable;

/** The rest of their options, behind those that the filter adds. */
export const analyticsTuningOptions = [
  ...requestOptions,
  ...inputTensorOptions,
] as const satisfies OptionTable;

/** What may stand in `backend_configs`. */
export const backendConfigOptions = [
  ...executionOptions,
  {
    name: 'conv2d_threads',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: intMin,
    max: intMax,
    help: 'workers that share a frame of the native backend, each computes a strip of it; 0 or less for whole frames',
  },
  {
    name: 'engine',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: engineConstants.length - 1,
    constants: engineConstants,
    help: 'what the onnx backend runs a model on',
  },
  {
    name: 'kernels',
    byNameOnly: true,
    type: 'int',
    default: 0,
    min: 0,
    max: 4,
    constants: kernelConstants,
    help: 'kernels of the native backend',
  },
  ...inputTensorOptions,
  inputResizableOption,
] as const satisfies OptionTable;

/**
 * Options of a filter whose table contains `commonDnnOptions`, and as many others of `dnnOptions` as it has.
 */
export interface ParsedDnnOptions {
  readonly values: OptionValues<typeof commonDnnOptions> & Partial<OptionValues<typeof dnnOptions>>;
  readonly given: ReadonlyMap<string, OptionAssignment>;
}

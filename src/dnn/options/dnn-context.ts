/** The common options of one filter instance, checked; mirrors DnnContext of libavfilter/dnn_filter_common.c. */
import type { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { parseOptions, type OptionAssignment, type OptionValues } from '../../base/option-table.ts';
import { sourceError, sourceText, type SourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import { getToken } from '../../filtergraph/token.ts';
import type { AnalyticsOptions } from '../contract/analytics-spec.ts';
import { backendCapabilities } from '../contract/backend-capabilities.ts';
import {
  backendConfigOptions,
  dnnBackendConstants,
  kernelConstants,
  layoutConstants,
  onErrorConstants,
  openvinoBackend,
  type commonDnnOptions,
  type dnnOptions,
} from './dnn-options.ts';
import type { DNNBackendType, NativeKernels } from '../contract/interface.ts';

/** What becomes of a frame whose inference failed, and of the run. */
export type OnError = (typeof onErrorConstants)[number]['name'];

/** Plain data: what a filter instance asks of the DNN module. */
export interface DnnContext {
  readonly backendType: DNNBackendType;
  /** False where the filter leaves the backend to the model: `backendType` then holds for models of TensorFlow. */
  readonly backendGiven?: boolean;
  /** True where the user wrote dnn_backend=openvino: the model must be one of OpenVINO, which `backendType` then runs. */
  readonly openvino?: true;
  /** Path of the model as the user wrote it. */
  readonly model: string;
  /** Name of the one input, and the names of the outputs (1 to 4), as the user wrote them. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** Number of requests; 0 where `chooseExecution` is to choose, whose wish is `nireqDefault`. */
  readonly nireq: number;
  readonly async: boolean;
  /** Frames per request, 1..1000; 0 where `chooseExecution` and `chooseBatchSize` are to choose. */
  readonly batchSize: number;
  /** Most bytes that inference of this filter instance may take; undefined for `defaultMemoryBudget`. */
  readonly memoryBudget?: number;
  readonly onError: OnError;
  readonly device?: string;
  /** The text of `sess_config`, unchecked. */
  readonly sessConfig?: string;
  /**
   * `conv2d_threads` of the native backend, at least 1: how many workers share a frame. Left out where it is not given or
   * means nothing here.
   */
  readonly conv2dThreads?: number;
  /** Where the native backend is told which kernels to use. */
  readonly kernels?: NativeKernels;
  /** What the filter asks of its workers where it does not make pictures; labels are empty until their file is read. */
  readonly analytics?: AnalyticsOptions;
  /** Path of the labels file as the user wrote it. */
  readonly labels?: string;
  /** Layout of the model's input, where the user says it. */
  readonly layout?: 'nchw' | 'nhwc';
  /** A pixel becomes (value - mean) / scale; left out for 1 and 0. */
  readonly scale?: number;
  readonly mean?: number;
  /** `scale_factor` of sr, 2..4: how much frames are enlarged before a model that keeps their size. */
  readonly scaleFactor?: number;
  /** The timeline expression of a filter that has one, checked: frames where it is off pass untouched. */
  readonly enable?: SourceText;
  /** The model takes frames of any size, whatever size is written in it. */
  readonly inputResizable?: true;
}

/** Where a filter instance finds itself. */
export interface DnnEnvironment {
  /** The backends that are built in. */
  readonly availableBackends: readonly DNNBackendType[];
  /** Takes warnings about options that are deprecated, ignored or given twice. */
  readonly log: Logger;
}

/** Options of a filter whose table contains `commonDnnOptions`, and as many others of `dnnOptions` as it has. */
export interface ParsedDnnOptions {
  readonly values: OptionValues<typeof commonDnnOptions> & Partial<OptionValues<typeof dnnOptions>>;
  readonly given: ReadonlyMap<string, OptionAssignment>;
}

/** MAX_OUTPUTS of the detection models: a model may have up to four outputs. */
const maxOutputs = 4;

/** The number of requests that `nireq=0` stands for: floor(cores / 2) + 1 (dnn_backend_tf.c · ff_dnn_load_model_tf). */
export function nireqDefault(cores: number): number {
  return Math.floor(Math.max(cores, 1) / 2) + 1;
}

/**
 * The number of threads that `conv2d_threads` of more than the cores stands for (dnn_backend_native_layer_conv2d.c ·
 * ff_dnn_execute_layer_conv2d).
 */
export function threadLimit(cores: number): number {
  return Math.floor(Math.max(cores, 1)) + 1;
}

/**
 * Checks the options as ff_dnn_init does, in its order, and merges the two spellings of the execution options.
 *
 * @param filter the filter's name, for messages and for the place of what is missing
 * @throws DnnError `EINVAL` for a missing or malformed option, `ENOSYS` for a backend that is not built in
 */
export function createDnnContext(
  filter: SourceText,
  options: ParsedDnnOptions,
  environment: DnnEnvironment,
): DnnContext {
  const { given } = options;
  const model = required(filter, options, 'model', 'FILE.pb (a frozen TensorFlow model) or FILE.json (tfjs)');
  const input = required(filter, options, 'input', "NAME, the name of the model's input, such as x");
  const output = required(filter, options, 'output', "NAME, the name of the model's output, such as y");
  const outputs = separateOutputNames(filter, given.get('output')?.value ?? sourceText(output));
  const ofModel = !given.has('dnn_backend') && options.values.dnn_backend === openvinoBackend;
  const backendType = ofModel ? backendOfModel(environment) : chooseBackend(filter, options, environment);
  const isOpenvino = !ofModel && options.values.dnn_backend === openvinoBackend;
  const backend = { type: backendType, name: isOpenvino ? 'openvino' : backendType };
  const execution = mergeExecutionOptions(filter, options, backend, environment.log);
  return {
    backendType,
    ...(ofModel ? { backendGiven: false } : {}),
    ...(isOpenvino ? { openvino: true } : {}),
    model,
    input,
    outputs,
    ...execution,
  };
}

function required(
  filter: SourceText,
  { values, given }: ParsedDnnOptions,
  option: 'model' | 'input' | 'output',
  form: string,
): string {
  const value = values[option];
  if (value !== undefined && value !== '') return value;
  const state = value === undefined ? 'missing' : 'empty';
  const place = given.get(option)?.value ?? filter;
  throw sourceError(
    'EINVAL',
    `Option '${option}' of ${filter.text} is ${state}: write ${option}=${form}`,
    place,
    0,
    { filter: filter.text, option },
  );
}

/**
 * Splits `output` at `&`, one level of quoting off (dnn_filter_common.c · separate_output_names).
 *
 * @throws DnnError `EINVAL` for an empty name and for more than four
 */
export function separateOutputNames(filter: SourceText, value: SourceText): string[] {
  const names: string[] = [];
  const fail = (message: string, index: number): DnnError =>
    sourceError('EINVAL', `${message} in option 'output' of ${filter.text}`, value, index, {
      filter: filter.text,
      option: 'output',
    });
  let index = 0;
  do {
    const token = getToken(value, index, '&');
    if (token.value.text === '') throw fail("An empty name, names are joined by one '&',", index);
    if (names.length === maxOutputs) throw fail(`More than ${maxOutputs} names`, index);
    names.push(token.value.text);
    index = token.end + 1;
  } while (index < value.text.length);
  return names;
}

/** What runs models of TensorFlow where the backend follows the model. */
function backendOfModel({ availableBackends }: DnnEnvironment): DNNBackendType {
  return availableBackends.find((name) => name === 'tensorflow') ?? availableBackends[0] ?? 'tensorflow';
}

/** What to do instead of a backend whose models no browser runs. */
const waysOut: ReadonlyMap<string, string> = new Map([
  [
    'torch',
    'export the network in Python with torch.onnx.export, convert that file with `ovc model.onnx`, and write dnn_backend=openvino:model=model.xml',
  ],
  ['onnx', 'convert the model with `ovc model.onnx`, and write dnn_backend=openvino:model=model.xml'],
]);

function chooseBackend(
  filter: SourceText,
  { values, given }: ParsedDnnOptions,
  { availableBackends }: DnnEnvironment,
): DNNBackendType {
  const number = values.dnn_backend;
  const constant = dnnBackendConstants.find((candidate) => candidate.value === number);
  // Models of OpenVINO are read into the same graph as all others: the native backend runs them.
  const wanted = constant?.name === 'openvino' ? 'native' : constant?.name;
  const available = availableBackends.find((candidate) => candidate === wanted);
  if (available !== undefined) return available;
  const assignment = given.get('dnn_backend');
  const place = assignment?.value ?? filter;
  const details = { filter: filter.text, option: 'dnn_backend' };
  const otherwise = availableBackends.includes('tensorflow')
    ? availableBackends.includes('native')
      ? 'write dnn_backend=native or dnn_backend=tensorflow'
      : 'write dnn_backend=tensorflow, which runs frozen TensorFlow models (.pb) and tfjs models'
    : `write dnn_backend=${availableBackends.join(' or ')}`;
  const wayOut = waysOut.get(constant?.name ?? '') ?? otherwise;
  if (constant === undefined) {
    const names = dnnBackendConstants.map(({ name, value }) => `${name} (${value})`).join(', ');
    throw sourceError(
      'EINVAL',
      `dnn_backend=${number} of ${filter.text} is no backend (FFmpeg's are ${names}): ${wayOut}`,
      place,
      0,
      details,
    );
  }
  const subject =
    assignment === undefined
      ? `dnn_backend of ${filter.text} is not set, and its default, ${constant.name},`
      : `Backend ${constant.name} of ${filter.text}`;
  throw sourceError('ENOSYS', `${subject} is not available in this version: ${wayOut}`, place, 0, details);
}

type ExecutionOptions = Omit<
  DnnContext,
  'backendType' | 'backendGiven' | 'openvino' | 'model' | 'input' | 'outputs'
>;

const bytesOfMebibyte = 2 ** 20;

/** Direct options win over those in `backend_configs`; what has no effect here is warned about. */
function mergeExecutionOptions(
  filter: SourceText,
  { values: direct, given }: ParsedDnnOptions,
  /** What runs the model, and what the user calls it. */
  backend: { readonly type: DNNBackendType; readonly name: string },
  log: Logger,
): ExecutionOptions {
  const text = given.get('backend_configs')?.value;
  const configs = parseOptions(
    backendConfigOptions,
    text === undefined ? [] : requireKeys(filter, parseFilterOptions(text, '&')),
    `backend_configs of ${filter.text}`,
    log,
  );
  const chosen = <Name extends keyof typeof configs.values & keyof typeof direct>(name: Name) => {
    // A value that is given stands in the filter's own table.
    const own = given.has(name) ? direct[name] : undefined;
    if (own === undefined) return configs.values[name];
    if (configs.given.has(name)) {
      log('warning', `${name} is given both to ${filter.text} and in backend_configs: the former is used`);
    }
    return own;
  };
  const conv2dThreads = configs.values.conv2d_threads;
  if (configs.given.has('conv2d_threads') && backend.type !== 'native') {
    log(
      'warning',
      `conv2d_threads is ignored: with dnn_backend=${backend.name} a request runs in one thread, nireq says how many run at once`,
    );
  }
  const device = chosen('device');
  const devices = backendCapabilities[backend.type]?.devices ?? [];
  if (device !== undefined && !devices.some((name) => name === device.toLowerCase())) {
    log(
      'warning',
      `device=${device} is ignored: dnn_backend=${backend.name} runs models on ${devices.join(', ')}`,
    );
  }
  const sessConfig = chosen('sess_config');
  const memoryBudget = chosen('memory_budget') * bytesOfMebibyte;
  const layout = layoutConstants[chosen('layout')]!.name;
  const scale = chosen('scale');
  const mean = chosen('mean');
  return {
    nireq: chosen('nireq'),
    async: chosen('async'),
    batchSize: chosen('batch_size'),
    onError: onErrorConstants[chosen('on_error')]!.name,
    ...(memoryBudget === 0 ? {} : { memoryBudget }),
    ...(device === undefined ? {} : { device }),
    ...(sessConfig === undefined ? {} : { sessConfig }),
    ...(backend.type === 'native' && conv2dThreads > 0 ? { conv2dThreads } : {}),
    ...(configs.given.has('kernels') ? { kernels: kernelConstants[configs.values.kernels]!.name } : {}),
    ...(layout === 'none' ? {} : { layout }),
    ...(scale === 0 ? {} : { scale }),
    ...(mean === 0 ? {} : { mean }),
    ...(chosen('input_resizable') ? { inputResizable: true } : {}),
  };
}

/** Values without a key are refused: `backend_configs` has no shorthand in FFmpeg. */
function requireKeys(filter: SourceText, assignments: OptionAssignment[]): OptionAssignment[] {
  const keyless = assignments.find(({ key }) => key === undefined);
  if (keyless === undefined) return assignments;
  const names = backendConfigOptions.map(({ name }) => name).join(', ');
  throw sourceError(
    'EINVAL',
    `No option name near '${keyless.value.text}' in backend_configs of ${filter.text}: write key=value&key=value with the keys ${names}`,
    keyless.value,
    0,
    { filter: filter.text, option: 'backend_configs' },
  );
}

/**
 * The common options of one filter instance, checked; mirrors DnnContext of libavfilter/dnn_filter_common.c.
 */
import type { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { sourceError, sourceText, type SourceText } from '../../base/source-text.ts';
import { getToken } from '../../filtergraph/token.ts';
import type { DNNBackendType } from '../contract/backends.ts';
import { onnxBackend } from './backend-values.ts';
import { chooseBackend, type BackendChoice } from './choose-backend.ts';
import type { ParsedDnnOptions } from './dnn-options.ts';
import { mergeExecutionOptions, type ExecutionOptions } from './execution-options.ts';

/** Plain data: what an instance of any DNN filter asks of the DNN module. */
export interface DnnContext extends BackendChoice, ExecutionOptions {
  /** Path of the model as the user wrote it. */
  readonly model: string;
  /**
   * Name of the one input, and the names of the outputs (1 to 4), as the user wrote them; left out where the
   * model is to say them.
   */
  readonly input?: string;
  readonly outputs?: readonly string[];
}

/** Where a filter instance finds itself. */
export interface DnnEnvironment {
  /** The backends that are built in. */
  readonly availableBackends: readonly DNNBackendType[];
  /** Takes warnings about options that are deprecated, ignored or given twice. */
  readonly log: Logger;
}

/** What differs from filter to filter. */
export interface DnnContextRules {
  /**
   * Whether `input` and `output` may be left out, and are looked for in the model. Where this is left out,
   * with `dnn_backend=onnx` only, as in FFmpeg (libavfilter/dnn/dnn_backend_onnx.c).
   */
  readonly mayFindNames?: boolean;
}

/** MAX_OUTPUTS of the detection models: a model may have up to four outputs. */
const maxOutputs = 4;

/**
 * The number of requests that `nireq=0` stands for: floor(cores / 2) + 1
 * (dnn_backend_tf.c · ff_dnn_load_model_tf).
 */
export function nireqDefault(cores: number): number {
  return Math.floor(Math.max(cores, 1) / 2) + 1;
}

/**
 * The number of threads that `conv2d_threads` of more than the cores stands for
 * (dnn_backend_native_layer_conv2d.c · ff_dnn_execute_layer_conv2d).
 */
export function threadLimit(cores: number): number {
  return Math.floor(Math.max(cores, 1)) + 1;
}

/**
 * Checks the options as ff_dnn_init does, in its order, and merges the two
 * spellings of the execution options.
 *
 * @param filter the filter's name, for messages and for the place of what is missing
 * @throws DnnError `EINVAL` for a missing or malformed option, `ENOSYS` for a backend that is not built in
 */
export function createDnnContext(
  filter: SourceText,
  options: ParsedDnnOptions,
  environment: DnnEnvironment,
  rules: DnnContextRules = {},
): DnnContext {
  const { values } = options;
  const mayFindNames = rules.mayFindNames ?? values.dnn_backend === onnxBackend;
  const model = required(filter, options, 'model', 'FILE.pb (a frozen TensorFlow model) or FILE.json (tfjs)');
  const names = {
    ...(mayFindNames && values.input === undefined
      ? {}
      : { input: required(filter, options, 'input', "NAME, the name of the model's input, such as x") }),
    ...(mayFindNames && values.output === undefined ? {} : { outputs: outputNames(filter, options) }),
  };
  const backend = chooseBackend(filter, options, environment.availableBackends);
  const execution = mergeExecutionOptions(filter, options, backend, environment.log);
  return { ...backend, model, ...names, ...execution };
}

function outputNames(filter: SourceText, options: ParsedDnnOptions): string[] {
  const output = required(filter, options, 'output', "NAME, the name of the model's output, such as y");
  return separateOutputNames(filter, options.given.get('output')?.value ?? sourceText(output));
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

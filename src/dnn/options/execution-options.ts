/** The options of a filter that say how its requests run, with the two places in which they may stand. */
import type { Logger } from '../../base/log.ts';
import { parseOptions, type OptionAssignment } from '../../base/option-table.ts';
import { sourceError, type SourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import { backends, namedDevice } from '../contract/backends.ts';
import type { NativeKernels } from '../contract/interface.ts';
import type { BackendChoice } from './choose-backend.ts';
import {
  backendConfigOptions,
  engineConstants,
  kernelConstants,
  layoutConstants,
  onErrorConstants,
  type ParsedDnnOptions,
} from './dnn-options.ts';

/** What runs a model of the onnx backend. */
export type Engine = (typeof engineConstants)[number]['name'];

/** What becomes of a frame whose inference failed, and of the run. */
export type OnError = (typeof onErrorConstants)[number]['name'];

/** How requests run, and what the model takes its pixels as. */
export interface ExecutionOptions {
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
   * `conv2d_threads` of the native backend, at least 1: how many workers share a frame. Left out where it is
   * not given or means nothing here.
   */
  readonly conv2dThreads?: number;
  /** What the onnx backend runs the model on, where that is said. */
  readonly engine?: Engine;
  /** Where the native backend is told which kernels to use. */
  readonly kernels?: NativeKernels;
  /** Layout of the model's input, where the user says it. */
  readonly layout?: 'nchw' | 'nhwc';
  /** A pixel becomes (value - mean) / scale; left out where they are not given, scale for 0 too. */
  readonly scale?: number;
  readonly mean?: number;
  /** The model takes frames of any size, whatever size is written in it. */
  readonly inputResizable?: true;
}

const noSuchChoice = {
  device_id: 'there is one device of each name here',
  threads_per_operation: 'a request runs in one thread, nireq says how many run at once',
} as const;

const bytesOfMebibyte = 2 ** 20;

/**
 * Direct options win over those in `backend_configs`; what has no effect here is warned about.
 *
 * @param filter the filter's name, for messages.
 * @throws DnnError `EINVAL` for an option of `backend_configs` that there is
 * not, or that is out of its range.
 */
export function mergeExecutionOptions(
  filter: SourceText,
  { values: direct, given }: ParsedDnnOptions,
  { backendType, dnnBackend = backendType }: BackendChoice,
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
  const { sharesFrames, devices } = backends[backendType].capabilities;
  const conv2dThreads = configs.values.conv2d_threads;
  if (configs.given.has('conv2d_threads') && !sharesFrames) {
    log(
      'warning',
      `conv2d_threads is ignored: with dnn_backend=${dnnBackend} a request runs in one thread, nireq says how many run at once`,
    );
  }
  const device = chosen('device');
  if (device !== undefined && namedDevice(backendType, device) === undefined) {
    const names = devices.map(({ name }) => name).join(', ');
    log('warning', `device=${device} is ignored: dnn_backend=${dnnBackend} runs models on ${names}`);
  }
  for (const name of ['device_id', 'threads_per_operation'] as const) {
    const value = chosen(name);
    if (value > 1 || (value > 0 && name === 'device_id'))
      log('warning', `${name}=${value} is ignored: ${noSuchChoice[name]}`);
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
    ...(sharesFrames && conv2dThreads > 0 ? { conv2dThreads } : {}),
    ...(configs.given.has('engine') ? { engine: engineConstants[configs.values.engine]!.name } : {}),
    ...(configs.given.has('kernels') ? { kernels: kernelConstants[configs.values.kernels]!.name } : {}),
    ...(layout === 'none' ? {} : { layout }),
    ...(scale === 0 ? {} : { scale }),
    ...(given.has('mean') || configs.given.has('mean') ? { mean } : {}),
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

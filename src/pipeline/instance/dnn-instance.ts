/**
 * One DNN filter of a command, made ready: options read, model loaded, names checked; before any frame flows.
 */
import { describeSessConfig } from '../../backends/tensorflow/sess-config.ts';
import type { Logger } from '../../base/log.ts';
import type { SourceText } from '../../base/source-text.ts';
import { nireqDefault, threadLimit } from '../../dnn/options/dnn-context.ts';
import { availableBackends, chosenDevice } from '../../dnn/contract/backends.ts';
import { mostWorkers } from '../../dnn/tuning/execution-tuning.ts';
import type { DNNModelSpec } from '../../dnn/contract/interface.ts';
import { getInput, getOutput } from '../../dnn/contract/model-io.ts';
import type { RunnerTask } from '../../dnn/run/runner-kinds.ts';
import type { DnnFilter, ModelInput, VideoLink } from '../../filters/dnn-filter.ts';
import type { FilterContext } from '../../filters/filter-context.ts';
import { findDnnFilter } from '../../filters/filters.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Graph } from '../../graph/graph.ts';
import { optimizeGraph } from '../../graph/optimize-graph.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import { checkSizes } from './check-sizes.ts';
import { loadFilterGraph } from './load-graph.ts';
import { paddedLinks, type PaddedLinks } from './padded-links.ts';
import { runnerTask } from './runner-task.ts';

export interface DnnInstance {
  /** The filter as the user wrote it. */
  readonly text: string;
  readonly filter: DnnFilter;
  readonly context: FilterContext;
  readonly graph: Graph;
  readonly input: ModelInput;
  /** What the workers load. */
  readonly spec: DNNModelSpec;
  /** What they do with it. */
  readonly task: RunnerTask;
  /** The timeline expression of a filter that has one, checked: frames where it is off pass untouched. */
  readonly enable?: SourceText | undefined;
  /** Workers that the backend's device is worth. */
  readonly deviceWorkers: number;
  /** Workers that are started before the frames' size is known; memory may allow fewer. */
  readonly mostWorkers: number;
}

/** Reads options only. @throws DnnError with the position in the filter string. */
export function parseDnnFilter(node: FilterNode, log: Logger): { filter: DnnFilter; context: FilterContext } {
  const filter = findDnnFilter(node);
  return { filter, context: filter.parse(node, { availableBackends, log }) };
}

/**
 * Loads the model of a parsed filter and looks up its names.
 *
 * @param cores logical processors.
 * @param readFile gives the bytes of an absolute path
 * @throws DnnError `ENOENT`, `EINVAL` for a model or a name that is not there; `ENOMEM` for a model that
 *   makes a tensor too large for any machine
 */
export async function loadDnnInstance(
  text: string,
  { filter, context: parsed }: { filter: DnnFilter; context: FilterContext },
  cwd: string,
  cores: number,
  readFile: (path: string) => Promise<Uint8Array>,
  log: Logger,
): Promise<DnnInstance> {
  if (parsed.sessConfig !== undefined) {
    log(
      'warning',
      `sess_config is ignored, a browser has no such session (it asks for ${describeSessConfig(parsed.sessConfig)})`,
    );
  }
  const path = resolvePath(parsed.model, cwd);
  const loaded = await loadFilterGraph(parsed, filter.functionType, path, readFile, log);
  const { graph, context } = loaded;
  const input = getInput(graph, context.input ?? loaded.input);
  const { task, outputs } = await runnerTask(loaded, input, cwd, readFile, log);
  const names = { input: loaded.input, outputs };
  const optimized = optimizeGraph(graph, names);
  checkSizes(optimized.graph, names.input);
  const { batchFree } = optimized;
  if (context.batchSize > 1 && !batchFree) {
    log(
      'warning',
      `${context.model}: the batch dimension is fixed` +
        `${optimized.batchBlockedBy === undefined ? '' : ` by node ${optimized.batchBlockedBy}`}, ` +
        `so the ${context.batchSize} frames of a request run one after another`,
    );
  }
  const requested = context.nireq === 0 ? nireqDefault(cores) : context.nireq;
  const nireq = context.async ? requested : 1;
  const deviceWorkers = chosenDevice(context.backendType, context.device).mostWorkers(cores);
  return {
    text,
    filter,
    context,
    graph,
    input,
    spec: {
      graph: optimized.graph,
      batchFree,
      ...names,
      ...(loaded.file === undefined ? {} : { file: loaded.file }),
      ...(context.kernels === undefined ? {} : { kernels: context.kernels }),
    },
    task,
    ...('enable' in context ? { enable: context.enable } : {}),
    deviceWorkers,
    mostWorkers: mostWorkers(nireq, deviceWorkers, Math.min(context.conv2dThreads ?? 1, threadLimit(cores))),
  };
}

/** What a filter makes of frames of one size. */
export interface ConfiguredLinks {
  /** The frames that the model runs on: the input's own, or those that the filter has enlarged. */
  readonly modelInput: VideoLink;
  /** The link behind the filter. */
  readonly output: VideoLink;
  /** Whether `modelInput` is the input enlarged to the size of the output. */
  readonly scaleFirst: boolean;
  /** Where the model takes multiples of a size only: `modelInput` is the input padded to one. */
  readonly padded?: PaddedLinks | undefined;
}

/** Settles the sizes for frames of this size. @throws DnnError `EIO` where the model cannot take them. */
export function configureLinks(
  { filter, context, graph, input, spec }: DnnInstance,
  link: VideoLink,
): ConfiguredLinks {
  const result = ({ width, height }: VideoLink) =>
    getOutput(graph, context.input ?? spec.input, context.outputs?.[0] ?? spec.outputs[0]!, width, height);
  filter.configInput(context, link, input);
  if (filter.functionType !== 'process_frame') return { modelInput: link, output: link, scaleFirst: false };
  const padded = filter.enlargedInput === undefined ? paddedLinks(link, result) : undefined;
  if (padded !== undefined) {
    const output = filter.configOutput(context, link, padded.kept);
    return { modelInput: padded.input, output, scaleFirst: false, padded };
  }
  const plain = result(link);
  const enlarged = filter.enlargedInput?.(context, link, input, plain);
  if (enlarged === undefined) {
    return { modelInput: link, output: filter.configOutput(context, link, plain), scaleFirst: false };
  }
  const output = filter.configOutput(context, enlarged, result(enlarged));
  return { modelInput: enlarged, output, scaleFirst: true };
}

/** One DNN filter of a command, made ready: options read, model loaded, names checked; before any frame flows. */
import { describeSessConfig } from '../backends/tensorflow/sess-config.ts';
import type { Logger } from '../base/log.ts';
import { nireqDefault, threadLimit, type DnnContext } from '../dnn/dnn-context.ts';
import { availableBackends } from '../dnn/backend-capabilities.ts';
import { mostWorkers } from '../dnn/execution-tuning.ts';
import type { DNNModelSpec } from '../dnn/interface.ts';
import { getInput, getOutput } from '../dnn/model-io.ts';
import type { DnnFilter, ModelInput, VideoLink } from '../filters/dnn-filter.ts';
import { findDnnFilter } from '../filters/filters.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { Graph } from '../graph/graph.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { resolvePath } from '../media/file-store.ts';
import { loadFilterGraph } from './load-graph.ts';

export interface DnnInstance {
  /** The filter as the user wrote it. */
  readonly text: string;
  readonly filter: DnnFilter;
  readonly context: DnnContext;
  readonly graph: Graph;
  readonly input: ModelInput;
  /** What the workers load. */
  readonly spec: DNNModelSpec;
  /** Workers that are started before the frames' size is known; memory may allow fewer. */
  readonly mostWorkers: number;
}

/** Reads options only. @throws DnnError with the position in the filter string. */
export function parseDnnFilter(node: FilterNode, log: Logger): { filter: DnnFilter; context: DnnContext } {
  const filter = findDnnFilter(node);
  return { filter, context: filter.parse(node, { availableBackends, log }) };
}

/**
 * Loads the model of a parsed filter and looks up its names.
 *
 * @param readFile gives the bytes of an absolute path
 * @throws DnnError `ENOENT`, `EINVAL` for a model or a name that is not there
 */
export async function loadDnnInstance(
  text: string,
  { filter, context: parsed }: { filter: DnnFilter; context: DnnContext },
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
  const loaded = await loadFilterGraph(parsed, filter.functionType, path, readFile);
  const { graph, context, ...names } = loaded;
  const input = getInput(graph, context.input);
  const optimized = optimizeGraph(graph, names);
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
      ...(context.kernels === undefined ? {} : { kernels: context.kernels }),
    },
    mostWorkers: mostWorkers(nireq, cores, Math.min(context.conv2dThreads ?? 1, threadLimit(cores))),
  };
}

/** The link behind the filter for frames of this size. @throws DnnError `EIO` where the model cannot take them. */
export function configureLink({ filter, context, graph, input }: DnnInstance, link: VideoLink): VideoLink {
  filter.configInput(context, link, input);
  const output = getOutput(graph, context.input, context.outputs[0]!, link.width, link.height);
  return filter.configOutput(context, link, output);
}

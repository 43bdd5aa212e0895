/**
 * How one DNN filter of a job runs: requests, workers and batches, from the cores, the
 * network's cost and the memory budget.
 */
import type { Logger } from '../../base/log.ts';
import { chooseStrips, type ChosenStrips } from '../../dnn/tuning/choose-strips.ts';
import { backends } from '../../dnn/contract/backends.ts';
import {
  chooseBatchSize,
  chooseExecution,
  defaultMemoryBudget,
  type ChosenExecution,
  type ExecutionMemory,
} from '../../dnn/tuning/execution-tuning.ts';
import type { RowRange } from '../../dnn/contract/interface.ts';
import type { PaddedSize } from '../../dnn/run/frame-to-infer.ts';
import type { PlannedBytes } from '../../dnn/contract/planned-bytes.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { graphCost } from '../../graph/cost/graph-cost.ts';
import type { InferencePool } from '../../workers/inference-pool.ts';
import { BatchTuner } from './batch-tuner.ts';
import { configureLinks, type ConfiguredLinks, type DnnInstance } from './dnn-instance.ts';

export interface InstanceExecution extends ChosenExecution {
  /** The link behind the filter. */
  readonly output: VideoLink;
  /** Whether the frames are enlarged to the size of that link before they go through the model. */
  readonly scaleFirst: boolean;
  /** Sizes of the larger frames that the model gets; undefined where it gets them as they are. */
  readonly padded: PaddedSize | undefined;
  /**
   * The strips of each result that workers compute side by side, from top to
   * bottom; empty where frames run whole.
   */
  readonly stripRows: readonly RowRange[];
  /**
   * Chooses the batch size when the first requests were measured; undefined where the
   * user has, or nothing is to gain.
   */
  readonly tuner: BatchTuner | undefined;
}

/**
 * Chooses what the user left open for frames of this size, and says in the log
 * what `conv2d_threads` comes to.
 *
 * @param pool the instance's workers, whose models tell what they plan to hold, and
 * at what price they compute rows.
 * @param filters number of DNN filters in the job, which share the default memory budget.
 * @throws DnnError `ENOMEM` where the least that can be run needs more than the budget; `EIO` where the model
 *   cannot take the frames; RequestLost where workers are lost again and again.
 */
export async function chooseInstanceExecution(
  instance: DnnInstance,
  input: VideoLink,
  pool: Pick<InferencePool, 'plannedBytes' | 'rowShares'>,
  filters: number,
  log: Logger,
): Promise<InstanceExecution> {
  const { context, spec, text } = instance;
  const links = configureLinks(instance, input);
  const { modelInput, output, scaleFirst } = links;
  const padded = paddedSize(links);
  const { outWidth, outHeight } = padded ?? { outWidth: output.width, outHeight: output.height };
  const planned = await pool.plannedBytes({ ...modelInput, outWidth, outHeight });
  const memory = executionMemory(instance, input, links, planned);
  const { deviceMemory } = navigator as WorkerNavigator & { readonly deviceMemory?: number };
  const memoryBudget = context.memoryBudget ?? defaultMemoryBudget(deviceMemory) / filters;
  // A padded frame is cut as a whole.
  const choose = (workers: number) =>
    padded === undefined ? chooseInstanceStrips(instance, modelInput, output, pool, workers) : undefined;
  if (links.padded !== undefined) {
    log(
      'info',
      `${instance.filter.name}: the model takes multiples of ${links.padded.multiple} pixels only: frames of ` +
        `${input.width}x${input.height} are padded by their edge to ${modelInput.width}x${modelInput.height}, ` +
        `and the result is cut to ${output.width}x${output.height}`,
    );
  }
  const wanted = await choose(instance.mostWorkers);
  const wantedStrips = wanted?.strips.length ?? 0;
  const chosen = chooseExecution({
    filter: text,
    nireq: context.nireq,
    batchSize: context.batchSize,
    async: context.async,
    strips: Math.max(1, wantedStrips),
    cores: navigator.hardwareConcurrency,
    deviceWorkers: instance.deviceWorkers,
    memory,
    memoryBudget,
  });
  // Memory may allow fewer workers than strips.
  const split = chosen.workers < wantedStrips ? await choose(chosen.workers) : wanted;
  if (split !== undefined) log('info', `${instance.filter.name}: ${split.text}`);
  const isSplit = (split?.strips.length ?? 0) > 1;
  // Whoever wants a frame sooner does not want it to wait for others.
  const tunes = context.batchSize === 0 && context.async && spec.batchFree && !isSplit;
  const tuner = new BatchTuner((measured) => {
    const batchSize = chooseBatchSize(measured, memory, chosen, memoryBudget);
    if (batchSize > chosen.batchSize) {
      log(
        'info',
        `${instance.filter.name}: batch_size=${batchSize} from now on, by the first ${measured.length} requests`,
      );
    }
    return batchSize;
  });
  return {
    ...chosen,
    output,
    scaleFirst,
    padded,
    stripRows: isSplit ? split!.strips : [],
    tuner: tunes ? tuner : undefined,
  };
}

function paddedSize({ padded }: ConfiguredLinks): PaddedSize | undefined {
  if (padded === undefined) return undefined;
  const { input, output } = padded;
  return { width: input.width, height: input.height, outWidth: output.width, outHeight: output.height };
}

/**
 * What `conv2d_threads` comes to with so many workers; undefined where frames run
 * whole without a word about it.
 */
function chooseInstanceStrips(
  { context }: DnnInstance,
  modelInput: VideoLink,
  output: VideoLink,
  pool: Pick<InferencePool, 'rowShares'>,
  workers: number,
): Promise<ChosenStrips> | undefined {
  const { conv2dThreads } = context;
  if (conv2dThreads === undefined) return undefined;
  const { width, height } = output;
  return chooseStrips({
    conv2dThreads,
    workers,
    outHeight: height,
    rowShares: (parts) => pool.rowShares(modelInput, { width, height }, parts),
  });
}

function executionMemory(
  { context, spec, input, task }: DnnInstance,
  from: VideoLink,
  { modelInput, output: to, scaleFirst, padded }: ConfiguredLinks,
  planned: PlannedBytes | undefined,
): ExecutionMemory {
  const [, height, width, channels] = input.dims;
  // A detecting model has its own size where it says one: frames are scaled to it.
  const analyses = task.kind === 'analyse';
  const scales = analyses && height > 0 && width > 0;
  const size = scales ? [1, height, width, channels] : [1, modelInput.height, modelInput.width, channels];
  const {
    weightBytes,
    peakTensorBytes,
    ioTensorBytes = 0,
  } = graphCost(spec.graph, { [spec.input]: size }, spec.outputs);
  const bytes = ({ format, width, height }: VideoLink): number => frameLayout(format, width, height).size;
  const { workerBytes, heapFactor } = backends[context.backendType].capabilities;
  // The runner holds input and output once more beside the backend's own.
  const estimated = peakTensorBytes === undefined ? undefined : heapFactor * peakTensorBytes + ioTensorBytes;
  return {
    workerBytes,
    weightBytes,
    ...(planned ?? { arenaBytes: 0, tensorBytes: estimated }),
    frameBytes:
      bytes(from) + (analyses ? 0 : bytes(to)) + (scaleFirst || padded !== undefined ? bytes(modelInput) : 0),
    batchFree: spec.batchFree,
  };
}

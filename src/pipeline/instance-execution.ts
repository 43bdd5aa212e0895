/** How one DNN filter of a job runs: requests, workers and batches, from the cores, the network's cost and the memory budget. */
import type { Logger } from '../base/log.ts';
import { backendCapabilities } from '../dnn/backend-capabilities.ts';
import {
  chooseBatchSize,
  chooseExecution,
  defaultMemoryBudget,
  type ChosenExecution,
  type ExecutionMemory,
} from '../dnn/execution-tuning.ts';
import type { FrameGeometry } from '../dnn/inference-runner.ts';
import type { VideoLink } from '../filters/dnn-filter.ts';
import { frameLayout } from '../frame/plane-layout.ts';
import { graphCost } from '../graph/graph-cost.ts';
import { BatchTuner } from './batch-tuner.ts';
import { configureLink, type DnnInstance } from './dnn-instance.ts';

export interface InstanceExecution extends ChosenExecution {
  /** The link behind the filter. */
  readonly output: VideoLink;
  /** Chooses the batch size when the first requests were measured; undefined where the user has, or nothing is to gain. */
  readonly tuner: BatchTuner | undefined;
}

/**
 * Chooses what the user left open for frames of this size.
 *
 * @param filters number of DNN filters in the job, which share the default memory budget.
 * @param plannedBytes asks a worker what it plans to hold for the tensors of a run with one frame; undefined where the
 *   backend does not plan.
 * @throws DnnError `ENOMEM` where the least that can be run needs more than the budget; `EIO` where the model cannot take
 *   the frames.
 */
export async function chooseInstanceExecution(
  instance: DnnInstance,
  input: VideoLink,
  filters: number,
  plannedBytes: (geometry: FrameGeometry) => Promise<number | undefined>,
  log: Logger,
): Promise<InstanceExecution> {
  const { context, spec, text } = instance;
  const output = configureLink(instance, input);
  const { width: outWidth, height: outHeight } = output;
  const planned = await plannedBytes({ ...input, outWidth, outHeight });
  const memory = executionMemory(instance, input, output, planned);
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  const memoryBudget = context.memoryBudget ?? defaultMemoryBudget(deviceMemory) / filters;
  const chosen = chooseExecution({
    filter: text,
    nireq: context.nireq,
    batchSize: context.batchSize,
    async: context.async,
    cores: navigator.hardwareConcurrency,
    memory,
    memoryBudget,
  });
  const tunes = context.batchSize === 0 && context.async && spec.batchFree;
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
  return { ...chosen, output, tuner: tunes ? tuner : undefined };
}

function executionMemory(
  { context, spec, input }: DnnInstance,
  from: VideoLink,
  to: VideoLink,
  planned: number | undefined,
): ExecutionMemory {
  const size = [1, from.height, from.width, input.dims[3]];
  const {
    weightBytes,
    peakTensorBytes,
    ioTensorBytes = 0,
  } = graphCost(spec.graph, { [spec.input]: size }, spec.outputs);
  const bytes = ({ format, width, height }: VideoLink): number => frameLayout(format, width, height).size;
  const { workerBytes, heapFactor } = backendCapabilities[context.backendType]!;
  // The runner holds input and output once more beside the backend's own.
  const estimated = peakTensorBytes === undefined ? undefined : heapFactor * peakTensorBytes + ioTensorBytes;
  return {
    workerBytes,
    weightBytes,
    tensorBytes: planned ?? estimated,
    frameBytes: bytes(from) + bytes(to),
    batchFree: spec.batchFree,
  };
}

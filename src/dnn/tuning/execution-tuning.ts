/** Chooses what the user left open, requests, workers and frames per request, within a memory budget. */
import { DnnError } from '../../base/errors.ts';
import { median } from '../../base/median.ts';
import { nireqDefault } from '../options/dnn-context.ts';

const mebibyte = 2 ** 20;

/** Frames per request that are chosen by themselves. */
const batchSizes = [1, 2, 4, 8] as const;

/** A request is long enough where what surrounds it takes at most this share of its execution. */
const overheadShare = 0.05;

/**
 * Milliseconds of execution from which on frames are not joined: where all cores are busy the
 * overhead is mostly waiting for one of them, which larger requests do not shorten, while long
 * requests leave workers idle at the end.
 */
const longestJoinedMs = 80;

/** navigator.deviceMemory where the browser does not tell, in GiB. */
const assumedDeviceMemory = 4;

/** What of the device's memory inference takes at most without `memory_budget`. */
const budgetShare = 0.5;

/** What one filter instance needs memory for, in bytes. */
export interface ExecutionMemory {
  /** Of a worker before it holds a model: DNNCapabilities.workerBytes. */
  readonly workerBytes: number;
  /** Weights, held by each worker. */
  readonly weightBytes: number;
  /**
   * Held once by each worker, however many frames a request has: their tensors come
   * and go in it one after another.
   */
  readonly arenaBytes: number;
  /**
   * Of each frame of a request: its tensors, in the backend and around it; undefined
   * where the graph does not tell.
   */
  readonly tensorBytes: number | undefined;
  /** One frame before and behind the filter, together. */
  readonly frameBytes: number;
  /** False where the frames of a request run one after another, so that their tensors do not add up. */
  readonly batchFree: boolean;
}

/** What the user asked for, and what there is. */
export interface ExecutionWish {
  /** The filter as the user wrote it, for messages. */
  readonly filter: string;
  /** 0 where it is to be chosen. */
  readonly nireq: number;
  /** 0 where it is to be chosen. */
  readonly batchSize: number;
  readonly async: boolean;
  /** Strips of a frame that workers are to compute side by side; 1, a whole frame, without it. */
  readonly strips?: number;
  /** Logical processors, at least 1: what the number of requests follows. */
  readonly cores: number;
  /** The most workers that the backend's device is worth, at least 1. */
  readonly deviceWorkers: number;
  readonly memory: ExecutionMemory;
  /** Bytes. */
  readonly memoryBudget: number;
  /** The batch size to choose if memory allows, such as what `chooseBatchSize` gave; 1 without it. */
  readonly wantedBatchSize?: number;
}

/** How a filter instance runs. */
export interface Execution {
  readonly nireq: number;
  /** At least 1, at most `nireq` or `strips`. */
  readonly workers: number;
  readonly batchSize: number;
  /** As in the wish; as many as there are workers at most. */
  readonly strips?: number;
}

export interface ChosenExecution extends Execution {
  /** The estimate; without the tensors where their size is not known. */
  readonly bytes: number;
  /** One line for the log: what was chosen and why. */
  readonly text: string;
}

/**
 * Bytes that inference may take: half of the device's memory, which is taken as 4 GiB
 * where the browser does not tell.
 */
export function defaultMemoryBudget(deviceMemoryGiB: number | undefined): number {
  const known = deviceMemoryGiB !== undefined && deviceMemoryGiB > 0 && deviceMemoryGiB < Infinity;
  return (known ? deviceMemoryGiB : assumedDeviceMemory) * 2 ** 30 * budgetShare;
}

/**
 * Bytes at the worst moment: every worker runs a full request, and the executor holds as many frames as it
 * may (Executor.taskLimit), each with the memory for its result.
 */
export function executionBytes(memory: ExecutionMemory, execution: Execution, async: boolean): number {
  const { nireq, workers, batchSize, strips = 1 } = execution;
  const runTogether = memory.batchFree ? batchSize : 1;
  const { workerBytes, weightBytes, arenaBytes, tensorBytes = 0 } = memory;
  const worker = workerBytes + weightBytes + arenaBytes + tensorBytes * runTogether;
  const frames = async ? 2 * nireq * batchSize + batchSize - 1 : 2;
  // Each strip's worker has a copy of the frame.
  const copies = nireq * batchSize * (strips - 1);
  return workers * worker + (frames + copies) * memory.frameBytes;
}

/**
 * Chooses `nireq` (half the cores and one), `batchSize` and the number of workers (one for each request, at
 * most as many as the device is worth; and one for each strip) where the user left them open, and makes them
 * smaller until the estimate is within the budget: first the batch, then the workers, then the requests. What
 * the user gave stays. `async=0` has one request and one worker.
 *
 * @throws DnnError `ENOMEM` where the least that can be run needs more than the budget.
 */
export function chooseExecution(wish: ExecutionWish): ChosenExecution {
  const { async, cores, deviceWorkers, memory, memoryBudget, strips = 1 } = wish;
  const nireq = async ? (wish.nireq === 0 ? nireqDefault(cores) : wish.nireq) : 1;
  // Frames that are awaited one by one never fill a batch.
  const wantedBatchSize = async && memory.batchFree ? (wish.wantedBatchSize ?? 1) : 1;
  const wanted: Execution = {
    nireq,
    workers: mostWorkers(nireq, deviceWorkers, strips),
    batchSize: wish.batchSize === 0 ? wantedBatchSize : wish.batchSize,
    ...(strips > 1 ? { strips } : {}),
  };
  const bytesOf = (execution: Execution): number => executionBytes(memory, execution, async);
  const fits = (execution: Execution): boolean => bytesOf(execution) <= memoryBudget;
  let chosen = wanted;
  while (!fits(chosen)) {
    const smaller = nextSmaller(chosen, wish);
    if (smaller === undefined) throw tooLarge(wish, chosen, bytesOf(chosen));
    chosen = smaller;
  }
  const bytes = bytesOf(chosen);
  return { ...chosen, bytes, text: describeChoice(wish, wanted, chosen, bytes) };
}

/**
 * Workers before memory is looked at.
 *
 * @param deviceWorkers the most that the device is worth.
 * @param strips of a frame that run side by side; 1 where frames run whole.
 */
export function mostWorkers(nireq: number, deviceWorkers: number, strips: number): number {
  return Math.max(1, Math.min(nireq, deviceWorkers), strips);
}

/** The next try; undefined where nothing that was left open can become smaller. */
function nextSmaller(execution: Execution, wish: ExecutionWish): Execution | undefined {
  const { nireq, workers, batchSize } = execution;
  if (wish.batchSize === 0 && batchSize > 1) return { ...execution, batchSize: Math.floor(batchSize / 2) };
  if (workers > 1) return { ...execution, workers: workers - 1, ...fewerStrips(execution, workers - 1) };
  return wish.async && wish.nireq === 0 && nireq > 1 ? { ...execution, nireq: nireq - 1 } : undefined;
}

/** A worker for each strip. */
function fewerStrips({ strips }: Execution, workers: number): Pick<Execution, 'strips'> {
  return strips === undefined ? {} : { strips: Math.min(strips, workers) };
}

function tooLarge(wish: ExecutionWish, least: Execution, bytes: number): DnnError {
  const { filter, memoryBudget } = wish;
  const ways = ['scale the frames down before the filter'];
  if (least.nireq > 1) ways.push(`ask for fewer requests than nireq=${least.nireq}`);
  if (least.batchSize > 1) ways.push(`for fewer frames a request than batch_size=${least.batchSize}`);
  const needed = Math.ceil(bytes / mebibyte);
  return new DnnError(
    'ENOMEM',
    `${filter}: one worker with nireq=${least.nireq} and batch_size=${least.batchSize} needs an estimated ${needed} MiB, ` +
      `the memory budget is ${Math.floor(memoryBudget / mebibyte)} MiB: ${ways.join(', ')}, or give more with memory_budget=${needed}`,
    { filter, option: 'memory_budget', bytes, memoryBudget },
  );
}

function describeChoice(wish: ExecutionWish, wanted: Execution, chosen: Execution, bytes: number): string {
  const { async, cores, memory, memoryBudget } = wish;
  const origin = (given: number, fallback: string): string => (given === 0 ? fallback : 'given');
  const lowered = (name: 'nireq' | 'workers' | 'batchSize'): string =>
    wanted[name] === chosen[name] ? '' : `, lowered from ${wanted[name]} for memory`;
  const nireq = async ? origin(wish.nireq, `for ${cores} core${cores === 1 ? '' : 's'}`) : 'for async=0';
  const batch = origin(
    wish.batchSize,
    wish.wantedBatchSize === undefined ? 'to start with' : 'by measured time',
  );
  const unknown =
    memory.tensorBytes === undefined ? ' and tensors of a size not known before they are made' : '';
  return (
    `nireq=${chosen.nireq} (${nireq}${lowered('nireq')}), ` +
    `${chosen.workers} worker${chosen.workers === 1 ? '' : 's'}${lowered('workers')}, ` +
    `batch_size=${chosen.batchSize} (${batch}${lowered('batchSize')}), an estimated ` +
    `${Math.ceil(bytes / mebibyte)} MiB${unknown} of a memory budget of ${Math.floor(memoryBudget / mebibyte)} MiB`
  );
}

/** One request that ran, in milliseconds. */
export interface MeasuredRequest {
  /** In the backend, for one frame. */
  readonly executePerFrame: number;
  /** Round trip without execution and without the conversion of frames, for the whole request. */
  readonly overhead: number;
}

/**
 * The smallest of 1, 2, 4 and 8 frames a request with which the overhead is at most 5 % of the
 * execution, 8 where none is, as long as they take no more than 80 ms together; 1 where batches bring
 * nothing, since frames run one after another, or where nothing was measured. It is made smaller until
 * the estimate for the workers and requests that run is within the budget. Medians are taken, so that a
 * slow first request does not count.
 *
 * @param memoryBudget bytes.
 */
export function chooseBatchSize(
  measured: readonly MeasuredRequest[],
  memory: ExecutionMemory,
  running: Pick<Execution, 'nireq' | 'workers'>,
  memoryBudget: number,
): number {
  // The tensors of more frames cannot be answered for where those of one are not known.
  if (!memory.batchFree || memory.tensorBytes === undefined || measured.length === 0) return 1;
  const executePerFrame = median(measured.map((request) => request.executePerFrame));
  const overhead = median(measured.map((request) => request.overhead));
  const isLongEnough = (frames: number): boolean => overhead <= overheadShare * frames * executePerFrame;
  const wanted = batchSizes.find(isLongEnough) ?? batchSizes.at(-1)!;
  const fits = (batchSize: number): boolean =>
    batchSize <= wanted &&
    (batchSize === 1 || batchSize * executePerFrame <= longestJoinedMs) &&
    executionBytes(memory, { ...running, batchSize }, true) <= memoryBudget;
  return batchSizes.findLast(fits) ?? 1;
}

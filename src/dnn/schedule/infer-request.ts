/**
 * One request from its first try to the outcome of each of its items: what FFmpeg lacks where its workers
 * fail (libavfilter/dnn/dnn_backend_tf.c · tf_start_inference leaves the task undone and the request lost).
 */
import { DnnError } from '../../base/errors.ts';
import type { InferenceRequest, RequestSplit } from './executor-options.ts';
import type { ExecutorMeter } from './executor-stats.ts';
import { RequestLost } from './request-lost.ts';

/** What one inference came to. */
export type InferOutcome<Out> =
  { readonly ok: true; readonly output: Out } | { readonly ok: false; readonly error: unknown };

/** What running a request needs of the executor. */
export interface InferSurroundings<Item, Out> {
  readonly execute: (request: InferenceRequest<Item>) => Promise<readonly Out[]>;
  readonly parts?: RequestSplit<Item, Out> | undefined;
  /** Takes outputs back that belong to no item. */
  readonly discard: (outputs: readonly Out[]) => void;
  readonly meter: Pick<ExecutorMeter, 'onRetried' | 'onSplit'>;
  /** Nothing is tried again once it has aborted. */
  readonly signal: AbortSignal;
}

/**
 * Runs the request, in parts where it can be split: once more where its worker was lost, then item by item
 * where it failed and has several, so that only the culprit fails. A part, or an item alone, that loses its
 * worker has its own second try.
 *
 * @returns one outcome per item, in order; never rejects.
 */
export async function inferRequest<Item, Out>(
  request: InferenceRequest<Item>,
  surroundings: InferSurroundings<Item, Out>,
): Promise<readonly InferOutcome<Out>[]> {
  const { items } = request;
  try {
    const outputs = await tryInParts(request, surroundings);
    return outputs.map((output) => ({ ok: true, output }));
  } catch (error) {
    // A worker lost twice is no item's fault, and each further try would cost another worker.
    const isOver = surroundings.signal.aborted || error instanceof RequestLost;
    if (isOver || items.length === 1) return items.map(() => ({ ok: false, error }));
  }
  surroundings.meter.onSplit();
  const outcomes: InferOutcome<Out>[] = [];
  for (const item of items) outcomes.push(await inferAlone({ ...request, items: [item] }, surroundings));
  return outcomes;
}

async function inferAlone<Item, Out>(
  request: InferenceRequest<Item>,
  surroundings: InferSurroundings<Item, Out>,
): Promise<InferOutcome<Out>> {
  const { signal } = surroundings;
  if (signal.aborted) return { ok: false, error: signal.reason };
  try {
    const [output] = await tryInParts(request, surroundings);
    return { ok: true, output: output! };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * Runs the parts side by side and joins them. All of them have ended when it does:
 * nothing of the request runs on.
 *
 * @throws the failure of a part; that of a lost worker only where no part failed by itself.
 */
async function tryInParts<Item, Out>(
  request: InferenceRequest<Item>,
  surroundings: InferSurroundings<Item, Out>,
): Promise<readonly Out[]> {
  const { parts, discard } = surroundings;
  const split = parts?.split(request.items) ?? [request.items];
  if (parts === undefined || split.length <= 1) return tryTwice(request, surroundings);
  const ended = await Promise.allSettled(
    split.map((items, part) => tryTwice({ ...request, items, part, parts: split.length }, surroundings)),
  );
  const outputs = ended.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  if (outputs.length === split.length) return parts.join(outputs);
  discard(outputs.flat());
  const reasons = ended.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  throw reasons.find((reason) => !(reason instanceof RequestLost)) ?? reasons[0];
}

/** @throws what the last try was rejected with. */
async function tryTwice<Item, Out>(
  request: InferenceRequest<Item>,
  surroundings: InferSurroundings<Item, Out>,
): Promise<readonly Out[]> {
  try {
    return await tryOnce(request, surroundings);
  } catch (error) {
    if (!(error instanceof RequestLost) || !error.canRetry || surroundings.signal.aborted) throw error;
  }
  surroundings.meter.onRetried();
  return tryOnce(request, surroundings);
}

/** @throws DnnError `DNN_GENERIC_ERROR` where the backend does not give one output per item. */
async function tryOnce<Item, Out>(
  request: InferenceRequest<Item>,
  { execute, discard }: InferSurroundings<Item, Out>,
): Promise<readonly Out[]> {
  const { items, serial, slot } = request;
  const outputs = await execute(request);
  if (outputs.length === items.length) return outputs;
  discard(outputs);
  throw new DnnError(
    'DNN_GENERIC_ERROR',
    `Request ${serial} gave ${outputs.length} outputs for ${items.length} items: the backend must give one per item.`,
    { request: serial, slot, items: items.length, outputs: outputs.length },
  );
}

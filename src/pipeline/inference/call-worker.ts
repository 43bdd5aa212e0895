/** One call of an inference worker, with everything that the stage counts of it. */
import type { InferenceRequest } from '../../dnn/schedule/executor-options.ts';
import type { RequestFigures } from '../../dnn/contract/request-figures.ts';
import type { DnnStageOptions } from './dnn-stage-options.ts';

/**
 * Chooses the worker of a request, or of a part of it, and measures the call.
 *
 * @param travelling buffers of the pool that the call transfers away: those that come back as `spent` are given back, and
 *   all of them are lost with a call that fails. What else comes back is the caller's.
 * @throws what `call` throws.
 */
export async function callWorker<Result extends RequestFigures>(
  { slot, items, part, parts }: InferenceRequest<unknown>,
  travelling: readonly ArrayBuffer[],
  { pool, buffers, meter, tuner }: DnnStageOptions,
  call: (worker: number) => Promise<Result>,
): Promise<Result> {
  // More requests than workers keep a worker's next request waiting at its door. Where there are as many workers as
  // parts, each has the same rows of every frame, for which it is ready.
  const worker = (slot * parts + part) % pool.size;
  const request = meter.requestStarted(part);
  // A buffer that was transferred away has no size any more.
  const sizes = travelling.map(({ byteLength }) => byteLength);
  const started = performance.now();
  try {
    const result = await call(worker);
    for (const buffer of result.spent) buffers.give(buffer);
    meter.requestMeasured({ items: items.length, parts }, result, worker);
    tuner?.measure(worker, items.length, performance.now() - started, result);
    return result;
  } catch (error) {
    for (const bytes of sizes) buffers.lose(bytes);
    throw error;
  } finally {
    request.end();
  }
}

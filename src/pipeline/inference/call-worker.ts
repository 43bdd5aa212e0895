/** One call of an inference worker, with everything that the stage counts of it. */
import { DnnError } from '../../base/errors.ts';
import type { InferenceRequest } from '../../dnn/schedule/executor-options.ts';
import {
  isAnswerOf,
  type RunnerAnswer,
  type RunnerKind,
  type RunnerRequest,
} from '../../dnn/run/runner-kinds.ts';
import type { StageWorkers } from './dnn-stage-options.ts';

/**
 * Chooses the worker of a request, or of a part of it, and measures the call.
 *
 * @param sent what the worker gets of the request.
 * @param travelling buffers of the pool that the call transfers away: those that come back as `spent` are
 *   given back, and all of them are lost with a call that fails. What else comes back is the caller's.
 * @throws what the call throws.
 */
export async function callWorker<Kind extends RunnerKind>(
  { slot, items, part, parts }: InferenceRequest<unknown>,
  sent: RunnerRequest<Kind>,
  travelling: readonly ArrayBuffer[],
  { pool, buffers, meter, tuner }: StageWorkers,
): Promise<RunnerAnswer<Kind>['outputs']> {
  // More requests than workers keep a worker's next request waiting at its door. Where there are as many
  // workers as parts, each has the same rows of every frame, for which it is ready.
  const worker = (slot * parts + part) % pool.size;
  const request = meter.requestStarted(part);
  // A buffer that was transferred away has no size any more.
  const sizes = travelling.map(({ byteLength }) => byteLength);
  const started = performance.now();
  try {
    const answer = await pool.run(worker, sent, travelling);
    if (!isAnswerOf(sent.kind, answer))
      throw new DnnError(
        'EINVAL',
        `A request to ${sent.kind} was answered by a worker that is to ${answer.kind}.`,
      );
    for (const buffer of answer.spent) buffers.give(buffer);
    meter.requestMeasured({ items: items.length, parts }, answer, worker);
    tuner?.measure(worker, items.length, performance.now() - started, answer);
    return answer.outputs;
  } catch (error) {
    for (const bytes of sizes) buffers.lose(bytes);
    throw error;
  } finally {
    request.end();
  }
}

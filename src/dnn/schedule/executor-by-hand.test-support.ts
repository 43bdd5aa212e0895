/** An executor whose requests a test finishes by hand. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import type { ExecutorOptions, InferenceRequest } from './executor-options.ts';
import { Executor } from './executor.ts';
import type { TaskResult } from './task-item.ts';

export type Result = TaskResult<string, string>;

export interface Call extends InferenceRequest<string> {
  readonly signal: AbortSignal;
  readonly outputs: Deferred<readonly string[]>;
}

/** An executor whose requests the test finishes; the output of item `a` is `A`. */
export function setUp(options: Partial<ExecutorOptions<string, string, string>> = {}) {
  const calls: Call[] = [];
  const executor = new Executor<string, string, string>({
    nireq: 2,
    batchSize: 1,
    async: true,
    execute: (request, signal) => {
      const outputs = createDeferred<readonly string[]>();
      calls.push({ ...request, signal, outputs });
      return outputs.promise;
    },
    ...options,
  });
  const succeed = (call: number): void => {
    const { items, outputs } = calls[call]!;
    outputs.resolve(items.map((item) => item.toUpperCase()));
  };
  return { executor, calls, succeed, submit: (name: string) => executor.executeModel(name, [name]) };
}

export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has resolved, been rejected (then: with what), or is pending. */
export async function state(promise: Promise<unknown>): Promise<unknown> {
  let now: unknown = 'pending';
  promise.then(
    () => (now = 'resolved'),
    (reason: unknown) => (now = reason),
  );
  await settle();
  return now;
}

export async function readAll(executor: Executor<string, string, string>): Promise<Result[]> {
  const results: Result[] = [];
  for await (const result of executor.results()) results.push(result);
  return results;
}

export const success = (name: string): Result => ({ ok: true, inFrame: name, outputs: [name.toUpperCase()] });

/** Starts a pool of workers without threads. */
import type { RunnerTask } from '../dnn/run/runner-kinds.ts';
import { InferencePool, type InferencePoolOptions } from './inference-pool.ts';
import type { TestHost } from './pool-host.test-support.ts';
import { resolveAssets } from './resolve-assets.ts';

/** What tests choose. */
type PoolSettings = Partial<Pick<InferencePoolOptions, 'size' | 'watchdog' | 'mostRespawns' | 'signal'>> & {
  readonly task?: RunnerTask;
};

/**
 * @returns the pool with what it says in the log; one worker that makes pictures
 * unless the settings say otherwise.
 */
export async function startPool(
  host: TestHost,
  { task = { kind: 'process', setup: undefined }, ...settings }: PoolSettings = {},
): Promise<{ pool: InferencePool; lines: readonly string[] }> {
  const lines: string[] = [];
  const graph = { nodes: [], signature: { inputs: {}, outputs: {} } };
  const pool = await InferencePool.start({
    size: 1,
    model: { backend: 'native', spec: { graph, batchFree: true, input: 'x', outputs: ['y'] }, task },
    assets: resolveAssets({ baseURL: '/lib/' }, 'https://page.test/', 'https://page.test').urls,
    label: 'test',
    log: (level, message) => lines.push(`${level}: ${message}`),
    host,
    ...settings,
  });
  return { pool, lines };
}

/** A DNN filter of live video. */
import { isDnnFilter } from '../../filters/filters.ts';
import { InferencePool } from '../../workers/inference-pool.ts';
import { loadDnnInstance, parseDnnFilter, type DnnInstance } from '../instance/dnn-instance.ts';
import { dnnLocalFilter } from '../planning/dnn-local-filter.ts';
import type { LocalFilterKind } from '../planning/local-filter.ts';
import type {
  LiveEngine,
  LiveLoading,
  LiveStart,
  LoadedLiveFilter,
  ParsedLiveFilter,
} from './live-filter.ts';
import { LiveStage } from './live-stage.ts';

/** FFmpeg's filters with a network. */
export const liveDnnKind: LocalFilterKind<ParsedLiveFilter> = {
  recognises: ({ name }) => isDnnFilter(name.text),
  parse: (text, node, log) => {
    const options = parseDnnFilter(node, log);
    return { text, load: (loading) => loadLive(text, options, loading) };
  },
};

async function loadLive(
  text: string,
  { filter, context }: ReturnType<typeof parseDnnFilter>,
  { readFile, log }: LiveLoading,
): Promise<LoadedLiveFilter> {
  // A frame that waits for others to share its request is late.
  const single = { filter, context: { ...context, batchSize: 1 } };
  const instance = await loadDnnInstance(text, single, '/', navigator.hardwareConcurrency, readFile, log);
  return {
    ...dnnLocalFilter(instance),
    hasWorkers: true,
    start: (start) => startWorkers(instance, start),
  };
}

async function startWorkers(
  instance: DnnInstance,
  { localIndex, assets, log, signal }: LiveStart,
): Promise<LiveEngine> {
  const { context, spec, task, filter, mostWorkers } = instance;
  const model = { backend: context.backendType, spec, task };
  const label = `live ${filter.name}_${localIndex}`;
  const pool = await InferencePool.start({ size: mostWorkers, model, assets, label, log, signal });
  return {
    filterWith: (around) => new LiveStage(instance, pool, around),
    terminate: () => {
      pool.terminate();
    },
  };
}

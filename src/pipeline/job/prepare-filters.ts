/** Makes the filters of a command ready that run on this side: options, models, workers, and how they run. */
import type { Logger } from '../../base/log.ts';
import { InferencePool } from '../../workers/inference-pool.ts';
import type { Plan } from '../command/plan.ts';
import { loadDnnInstance, parseDnnFilter, type DnnInstance } from '../instance/dnn-instance.ts';
import { chooseInstanceExecution } from '../instance/instance-execution.ts';
import { isDrawing, parseDrawingFilter, type OwnFilter } from '../planning/own-filter.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { JobFilter } from './dnn-job.ts';
import type { CommandRun } from './execution.ts';

/** The workers of each filter, by its place; undefined for a filter that has none. */
export type StartingPools = readonly Promise<InferencePool | undefined>[];

/** Reads the filters' options and loads their models. @throws DnnError with the position in the filter string */
export function loadFilters(plan: Plan, { context, request, log }: CommandRun): Promise<OwnFilter[]> {
  const cores = navigator.hardwareConcurrency;
  // All options are read before the first model is: a typo in the last filter costs no time.
  const parsed = plan.filters.map(
    ({ text, node }) => parseDrawingFilter(text, node, log) ?? { text, options: parseDnnFilter(node, log) },
  );
  const readFile = async (path: string): Promise<Uint8Array> => {
    if (!context.store.exists(path)) throw new Error('No such file or directory');
    return new Uint8Array(await context.store.blob(path).arrayBuffer());
  };
  return Promise.all(
    parsed.map((filter) =>
      isDrawing(filter)
        ? Promise.resolve(filter)
        : loadDnnInstance(filter.text, filter.options, request.cwd, cores, readFile, log),
    ),
  );
}

/** Starts workers for each DNN filter. What fails is thrown to whoever awaits the pool; {@link endPools} ends all of them. */
export function startPools(filters: readonly OwnFilter[], { context, log }: CommandRun): StartingPools {
  return filters.map((filter, place) => {
    if (isDrawing(filter)) return Promise.resolve(undefined);
    const pool = startPool(filter, place, context.assets, log);
    pool.catch(() => undefined); // awaited after the planning run
    return pool;
  });
}

function startPool(
  instance: DnnInstance,
  place: number,
  assets: CommandRun['context']['assets'],
  log: Logger,
): Promise<InferencePool> {
  return InferencePool.start({
    size: instance.mostWorkers,
    model: {
      backend: instance.context.backendType,
      spec: instance.spec,
      task: instance.task,
    },
    assets,
    label: `${instance.filter.name}_${place}`,
    log,
  });
}

/** Ends the workers, also those that are still starting. */
export function endPools(pools: StartingPools): void {
  for (const pool of pools) {
    void pool.then(
      (value) => {
        value?.terminate();
      },
      () => undefined,
    );
  }
}

/**
 * Chooses how each filter runs on the frames that the planning run saw, and ends the workers that are too many.
 *
 * @throws DnnError where workers or their models do not start, or memory does not suffice.
 */
export async function chooseExecutions(
  filters: readonly OwnFilter[],
  pools: StartingPools,
  planning: Planning,
  log: Logger,
): Promise<JobFilter[]> {
  // First what the workers say: ops without a kernel are the reason why a size is not known.
  const ready = await Promise.all(pools);
  const sharing = ready.filter((pool) => pool !== undefined).length;
  return Promise.all(
    filters.map(async (instance, place): Promise<JobFilter> => {
      if (isDrawing(instance)) return instance;
      const { pixelFormat: format, width, height } = planning.frames[place]!;
      const link = { format, width, height };
      const pool = ready[place]!;
      const execution = await chooseInstanceExecution(instance, link, pool, sharing, log);
      pool.shrink(execution.workers);
      return { instance, execution, pool };
    }),
  );
}

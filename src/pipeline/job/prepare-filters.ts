/** Makes the local filters of a command ready: options, models, workers, and how they run. */
import { raceAbort } from '../../base/abort.ts';
import type { Plan } from '../command/plan.ts';
import type { FilterEngine, FilterStage, JobFilter } from '../inference/job-filter.ts';
import { parseLocalFilter } from '../inference/local-filters.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { CommandRun } from './execution.ts';

/**
 * Reads the filters' options and loads their models.
 *
 * @throws DnnError with the position in the filter string; the signal's reason
 */
export function loadFilters(plan: Plan, { context, request, log, signal }: CommandRun): Promise<JobFilter[]> {
  // All options are read before the first model is: a typo in the last filter costs no time.
  const parsed = plan.filters.map(({ text, node }) => parseLocalFilter(text, node, log));
  const readFile = async (path: string): Promise<Uint8Array> => {
    signal.throwIfAborted();
    if (!context.store.exists(path)) throw new Error('No such file or directory');
    return new Uint8Array(await context.store.blob(path).arrayBuffer());
  };
  const loading = { cwd: request.cwd, cores: navigator.hardwareConcurrency, readFile, log };
  return raceAbort(Promise.all(parsed.map((filter) => filter.load(loading))), signal);
}

/** Starts what each filter runs on. Whoever calls it ends all of it. */
export function startFilters(filters: readonly JobFilter[], { context, log }: CommandRun): FilterEngine[] {
  return filters.map((filter, localIndex) => filter.start({ localIndex, assets: context.assets, log }));
}

/**
 * Chooses how each filter runs on the frames that the planning run saw.
 *
 * @throws DnnError where workers or their models do not start, or memory does not suffice.
 */
export async function configureFilters(
  engines: readonly FilterEngine[],
  planning: Planning,
): Promise<FilterStage[]> {
  // First what the workers say: ops without a kernel are the reason why a size is not known.
  await Promise.all(engines.map(({ ready }) => ready));
  const sharing = engines.filter(({ sharesMemory }) => sharesMemory).length;
  return Promise.all(
    engines.map((engine, localIndex) => {
      const { pixelFormat: format, width, height } = planning.frames[localIndex]!;
      return engine.configure({ format, width, height }, sharing);
    }),
  );
}

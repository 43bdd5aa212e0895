/** A DNN filter of a job. */
import { isDnnFilter } from '../../filters/filters.ts';
import { loadDnnInstance, parseDnnFilter } from '../instance/dnn-instance.ts';
import { dnnLocalFilter } from '../planning/dnn-local-filter.ts';
import type { LocalFilterKind } from '../planning/local-filter.ts';
import { DnnFilterEngine } from './dnn-filter-engine.ts';
import type { FilterLoading, JobFilter, ParsedJobFilter } from './job-filter.ts';

/** FFmpeg's filters with a network. */
export const dnnFilterKind: LocalFilterKind<ParsedJobFilter> = {
  recognises: ({ name }) => isDnnFilter(name.text),
  parse: (text, node, log) => {
    const options = parseDnnFilter(node, log);
    return { load: (loading) => loadDnnFilter(text, options, loading) };
  },
};

async function loadDnnFilter(
  text: string,
  options: ReturnType<typeof parseDnnFilter>,
  { cwd, cores, readFile, log }: FilterLoading,
): Promise<JobFilter> {
  const instance = await loadDnnInstance(text, options, cwd, cores, readFile, log);
  return { ...dnnLocalFilter(instance), start: (start) => new DnnFilterEngine(instance, start) };
}

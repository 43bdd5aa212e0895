/** Reads options and models of a command's filters before a browser starts: a mistake is said at once. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { drawsDetections, findDrawingFilter, isDnnFilter } from '../filters/filters.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { Command } from '../pipeline/command/command.ts';
import { planCommand, type Plan, type PlanResult } from '../pipeline/command/plan.ts';
import { loadDnnInstance, parseDnnFilter } from '../pipeline/instance/dnn-instance.ts';
import { scriptTexts } from './files/named-filters.ts';

const isOwnFilter = (node: FilterNode): boolean => isDnnFilter(node.name.text) || drawsDetections(node);

/** The page says it again, with everything that is no mistake. */
const silent = (): void => undefined;

/** As the page will plan it. @throws DnnError as planCommand does */
export function planOf(command: Command, cwd: string): PlanResult {
  return planCommand(command, { isOwnFilter, scripts: scriptTexts(command, cwd) });
}

/**
 * @param inputs absolute paths of the files that the page gets.
 * @throws DnnError as the page would, for a filter's options, its model and the names in it, its labels
 */
export async function checkFilters({ filters }: Plan, inputs: readonly string[], cwd: string): Promise<void> {
  const given = new Set(inputs);
  const read = async (path: string): Promise<Uint8Array> => {
    if (!given.has(path)) throw new Error('No such file or directory');
    return new Uint8Array(await readFile(path));
  };
  const parsed = filters
    .filter(({ node }) => findDrawingFilter(node) === undefined)
    .map(({ text, node }) => ({ text, own: parseDnnFilter(node, silent) }));
  for (const { text, own } of parsed) {
    await loadDnnInstance(text, own, cwd, availableParallelism(), read, silent);
  }
}

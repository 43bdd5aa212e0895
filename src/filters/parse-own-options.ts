/** Reads the options of a filter of the graph: its own, and those that ffmpeg accepts on every filter. */
import type { Logger } from '../base/log.ts';
import { parseOptions, type OptionTable, type ParsedOptions } from '../base/option-table.ts';
import type { SourceText } from '../base/source-text.ts';
import { parseFilterOptions } from '../filtergraph/filter-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import { checkGenericOptions, genericOptions } from './generic-options.ts';

export interface ParsedOwnOptions<Table extends OptionTable> extends ParsedOptions<Table> {
  /** The expression of `enable`, unchecked; only of a filter with a timeline. */
  readonly enable: SourceText | undefined;
}

/**
 * @param table the filter's own options
 * @throws DnnError `EINVAL` for an option that is not in the table or out of its range, `ENOSYS` for `enable`
 *   on a filter without a timeline; with the position
 */
export function parseOwnOptions<const Table extends OptionTable>(
  table: Table,
  node: FilterNode,
  log: Logger,
  supportsTimeline = false,
): ParsedOwnOptions<Table> {
  const assignments = node.args === undefined ? [] : parseFilterOptions(node.args);
  // The generic ones are read only to be checked here.
  const all = [...table, ...genericOptions] as OptionTable as Table;
  const options = parseOptions(all, assignments, node.name.text, log);
  return { ...options, enable: checkGenericOptions(node.name, options.given, log, supportsTimeline) };
}

/** Reads the options of a filter of the graph: its own, and those that ffmpeg accepts on every filter. */
import type { Logger } from '../base/log.ts';
import {
  parseOptions,
  type OptionAssignment,
  type OptionTable,
  type ParsedOptions,
} from '../base/option-table.ts';
import { sourceError, type SourceText } from '../base/source-text.ts';
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
  refuseNamelessModel(table, assignments[0], node.name.text);
  // The generic ones are read only to be checked here.
  const all = [...table, ...genericOptions] as OptionTable as Table;
  const options = parseOptions(all, assignments, node.name.text, log);
  return { ...options, enable: checkGenericOptions(node.name, options.given, log, supportsTimeline) };
}

/** FFmpeg gives a value without a name to the first option, a number: a file there is meant as the model. */
function refuseNamelessModel(
  [first]: OptionTable,
  assignment: OptionAssignment | undefined,
  filter: string,
): void {
  if (assignment === undefined || assignment.key !== undefined || first?.type !== 'int') return;
  const { value } = assignment;
  if (!/[^\d.+-]/.test(value.text) || !/[./\\]/.test(value.text)) return;
  throw sourceError(
    'EINVAL',
    `'${value.text}' stands without a name, so it is the value of ${first.name}, which is no file: write ` +
      `model=${value.text}`,
    value,
    0,
    { filter, option: first.name },
  );
}

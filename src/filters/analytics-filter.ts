/** What the filters that look at frames and leave them as they are have in common. */
import { parseOptions, type OptionTable, type ParsedOptions } from '../base/option-table.ts';
import type { DnnContext, DnnEnvironment } from '../dnn/dnn-context.ts';
import { parseFilterOptions } from '../filtergraph/filter-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { DnnFilter, VideoLink } from './dnn-filter.ts';
import { checkGenericOptions, genericOptions } from './generic-options.ts';
import { modelInputSize } from './model-input-size.ts';

/**
 * Reads the options of a filter by its table and those that every filter has.
 *
 * @throws DnnError `EINVAL` for an option that is not in the table or out of its range, `ENOSYS` for `enable`
 */
export function parseAnalyticsOptions<const Table extends OptionTable>(
  table: Table,
  node: FilterNode,
  { log }: DnnEnvironment,
): ParsedOptions<Table> {
  const assignments = node.args === undefined ? [] : parseFilterOptions(node.args);
  const all: Table = [...table, ...genericOptions] as OptionTable as Table;
  const options = parseOptions(all, assignments, node.name.text, log);
  checkGenericOptions(node.name, options.given, log);
  return options;
}

/** The part of a context that the option `labels` makes. */
export function labelsOf(path: string | undefined): Pick<DnnContext, 'labels'> {
  return path === undefined || path === '' ? {} : { labels: path };
}

/** The checks of links for a filter of this name: frames of any size are taken, and go on unchanged. */
export function analyticsLinks(name: string): Pick<DnnFilter, 'configInput' | 'configOutput'> {
  return {
    configInput(context, input, model): void {
      modelInputSize(name, context, input, model);
    },
    configOutput: (_context, input): VideoLink => input,
  };
}

/** The pixel formats that a `format` filter lets through (libavfilter/vf_format.c). */
import { parseFilterOptions } from './filter-options.ts';
import type { FilterNode } from './filtergraph.ts';

/**
 * @param node of a `format` filter.
 * @returns names as the user wrote them, in his order.
 * @throws DnnError `EINVAL` for options that do not parse.
 */
export function formatNames({ args }: FilterNode): readonly string[] {
  const options = args === undefined ? [] : parseFilterOptions(args);
  return options
    .filter(({ key }) => key === undefined || key.text === 'pix_fmts')
    .flatMap(({ value }) => value.text.split('|'));
}

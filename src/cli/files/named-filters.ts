/** The filters that a command names, in its options and in its filter scripts, with their options. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sourceText } from '../../base/source-text.ts';
import { parseFilterOptions } from '../../filtergraph/filter-options.ts';
import { filtersOf, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Command } from '../../pipeline/command/command.ts';
import { filterScripts } from '../../pipeline/command/plan.ts';
import { isFile } from './is-file.ts';

/** A filter with the values of its options, quoting taken off; a value without a name has the name ''. */
export interface NamedFilter {
  readonly name: string;
  readonly options: readonly (readonly [name: string, value: string])[];
}

const graphOptions = ['vf', 'af', 'filter', 'filter_complex', 'lavfi'];

/** Texts of the filter scripts that exist, by the names that the command has for them. */
export function scriptTexts(command: Command, cwd: string): Map<string, string> {
  const found = filterScripts(command).filter((name) => isFile(resolve(cwd, name)));
  return new Map(found.map((name) => [name, readFileSync(resolve(cwd, name), 'utf8')]));
}

/** Of a text that does not parse there is none: ffmpeg will say what is wrong with it. */
export function filtersIn(text: string): NamedFilter[] {
  try {
    return filtersOf(parseFiltergraph(text)).map(namedFilter);
  } catch {
    return [];
  }
}

function namedFilter({ name, args }: FilterNode): NamedFilter {
  const options = parseFilterOptions(args ?? sourceText(''));
  return {
    name: name.text,
    options: options.map(({ key, value }) => [key?.text ?? '', value.text] as const),
  };
}

/** Filter texts of the whole command: chains, graphs, sources of `-f lavfi`, scripts. */
export function filterTexts(command: Command, cwd: string): string[] {
  const groups = [...command.inputs, ...command.outputs];
  const options = [...command.global, ...groups.flatMap((group) => group.options)];
  const sources = command.inputs.filter(({ options: own }) =>
    own.some(({ name, value }) => name === 'f' && value === 'lavfi'),
  );
  return [
    ...options.filter(({ name }) => graphOptions.includes(name)).map(({ value }) => value),
    ...sources.map(({ url }) => url),
    ...scriptTexts(command, cwd).values(),
  ];
}

/** Every filter of the command. */
export function namedFilters(command: Command, cwd: string): NamedFilter[] {
  return filterTexts(command, cwd).flatMap(filtersIn);
}

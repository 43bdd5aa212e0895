/** Option tables as data, and reading option values with FFmpeg's rules; mirrors libavutil/opt.c. */
import type { Logger } from './log.ts';
import { nearestNames, parseOptionNumber, roundHalfToEven } from './option-table-values.ts';
import { sourceError, sourceText, type SourceText } from './source-text.ts';

/** A word that stands for a number (AV_OPT_TYPE_CONST). */
export interface NamedConstant {
  readonly name: string;
  readonly value: number;
  readonly help: string;
}

/** Another name of an option; `deprecated` says what to write instead. */
export interface OptionAlias {
  readonly name: string;
  readonly help: string;
  readonly deprecated?: string;
}

interface OptionCommon {
  /** FFmpeg's name, in snake_case. */
  readonly name: string;
  readonly help: string;
  readonly aliases?: readonly OptionAlias[];
  /** A value without a name is never assigned to this option. */
  readonly byNameOnly?: boolean;
  /** Neither listed nor described, and by name only. */
  readonly hidden?: boolean;
}

export interface NumberOption extends OptionCommon {
  readonly type: 'int' | 'float';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly constants?: readonly NamedConstant[];
}

export interface BoolOption extends OptionCommon {
  readonly type: 'bool';
  readonly default: boolean;
}

export interface StringOption extends OptionCommon {
  readonly type: 'string';
  readonly default?: string;
}

export type OptionDefinition = NumberOption | BoolOption | StringOption;

/** The options of one filter or back end, in the order in which values without a name are assigned. */
export type OptionTable = readonly OptionDefinition[];

type ValueOf<Definition extends OptionDefinition> = Definition extends { readonly type: 'bool' }
  ? boolean
  : Definition extends { readonly type: 'int' | 'float' }
    ? number
    : Definition extends { readonly default: string }
      ? string
      : string | undefined;

/** The value of every option of a table, defaults filled in, by name. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Definition in Table[number] as Definition['name']]: ValueOf<Definition>;
};

/** One `key=value` of the user's text; `key` is absent for a value without a name. */
export interface OptionAssignment {
  readonly key?: SourceText;
  readonly value: SourceText;
}

/** What `parseOptions` read. */
export interface ParsedOptions<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  /** The options that the user gave, by name (never by alias), with the assignment that won. */
  readonly given: ReadonlyMap<string, OptionAssignment>;
}

/** INT_MAX and INT_MIN, the range of options that FFmpeg does not bound. */
export const intMax = 2147483647;
export const intMin = -2147483648;

const trueWords = ['true', 'y', 'yes', 'enable', 'enabled', 'on'];
const falseWords = ['false', 'n', 'no', 'disable', 'disabled', 'off'];

/** An assignment from plain text, for values that come from an API and not from a filter string. */
export function assignment(key: string, value: string): OptionAssignment {
  return { key: sourceText(key), value: sourceText(value) };
}

/**
 * Reads assignments by a table. As in FFmpeg a repeated option's last value wins, and a value
 * without a name goes to the option behind the one assigned before it (to the first one at the
 * start and after a hidden option).
 *
 * @param owner whose options these are, for messages: `dnn_processing`
 * @throws DnnError `EINVAL` with the position, for an unknown option, a value of
 * the wrong kind or out of range
 */
export function parseOptions<const Table extends OptionTable>(
  table: Table,
  assignments: readonly OptionAssignment[],
  owner: string,
  log: Logger,
): ParsedOptions<Table> {
  const values = new Map<string, string | number | boolean | undefined>();
  for (const definition of table) values.set(definition.name, definition.default);
  const given = new Map<string, OptionAssignment>();
  let next = 0;
  for (const item of assignments) {
    const definition =
      item.key === undefined
        ? optionWithoutName(table[next], item.value, owner)
        : findOption(table, item.key, owner, log);
    next = definition.hidden === true ? 0 : table.indexOf(definition) + 1;
    values.set(definition.name, parseOptionValue(definition, item.value, owner));
    given.set(definition.name, item);
  }
  return { values: Object.fromEntries(values) as OptionValues<Table>, given };
}

function optionWithoutName(
  definition: OptionDefinition | undefined,
  value: SourceText,
  owner: string,
): OptionDefinition {
  if (definition !== undefined && definition.byNameOnly !== true && definition.hidden !== true) {
    return definition;
  }
  throw sourceError(
    'EINVAL',
    `No option name near '${value.text}' in the options of ${owner}: write name=value`,
    value,
    0,
    { filter: owner },
  );
}

function findOption(table: OptionTable, key: SourceText, owner: string, log: Logger): OptionDefinition {
  const name = key.text;
  for (const definition of table) {
    if (definition.name === name) return definition;
    const alias = definition.aliases?.find((candidate) => candidate.name === name);
    if (alias === undefined) continue;
    if (alias.deprecated !== undefined) {
      log('warning', `Option '${name}' of ${owner} is deprecated: ${alias.deprecated}`);
    }
    return definition;
  }
  throw unknownOption(table, key, owner);
}

/** The options that are shown to users. */
export function listedOptions(table: OptionTable): OptionDefinition[] {
  return table.filter((definition) => definition.hidden !== true);
}

function unknownOption(table: OptionTable, key: SourceText, owner: string): Error {
  const names = listedOptions(table).flatMap((definition) => [
    definition.name,
    ...(definition.aliases ?? []).map((alias) => alias.name),
  ]);
  const near = nearestNames(key.text, names);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return sourceError(
    'EINVAL',
    `Option '${key.text}' of ${owner} not found: ${hint}The options are ${names.join(', ')}`,
    key,
    0,
    { filter: owner, option: key.text },
  );
}

/**
 * Reads one value.
 *
 * @throws DnnError `EINVAL` with the position
 */
export function parseOptionValue(
  definition: OptionDefinition,
  value: SourceText,
  owner: string,
): string | number | boolean {
  switch (definition.type) {
    case 'string':
      return value.text;
    case 'bool':
      return parseBool(definition, value, owner);
    case 'int':
    case 'float':
      return parseNumber(definition, value, owner);
  }
}

function parseBool(definition: BoolOption, value: SourceText, owner: string): boolean {
  // av_match_name compares without case.
  const word = value.text.toLowerCase();
  if (trueWords.includes(word)) return true;
  if (falseWords.includes(word)) return false;
  if (/^\s*\+?0*1$/.test(word)) return true;
  if (/^\s*[+-]?0+$/.test(word)) return false;
  throw sourceError(
    'EINVAL',
    `Unable to parse option value "${value.text}" of ${definition.name} as boolean: write ${definition.name}=1 or ${definition.name}=0`,
    value,
    0,
    { filter: owner, option: definition.name },
  );
}

function parseNumber(definition: NumberOption, value: SourceText, owner: string): number {
  const details = { filter: owner, option: definition.name };
  const constants = definition.constants ?? [];
  const named = new Map([
    ...constants.map((constant) => [constant.name, constant.value] as const),
    ['default', definition.default],
    ['min', definition.min],
    ['max', definition.max],
    ['none', 0],
  ]);
  const parsed = named.get(value.text) ?? parseOptionNumber(value.text);
  if (parsed === undefined) {
    const words = constants.map((constant) => constant.name).join(', ');
    throw sourceError(
      'EINVAL',
      `Unable to parse option value "${value.text}" of ${definition.name}: write ${words === '' ? '' : `one of ${words}, or `}a number`,
      value,
      0,
      details,
    );
  }
  if (parsed < definition.min || parsed > definition.max) {
    throw sourceError(
      'EINVAL',
      `Value ${parsed} for parameter '${definition.name}' out of range [${definition.min} - ${definition.max}]: write a number in this range (default ${definition.default})`,
      value,
      0,
      details,
    );
  }
  return definition.type === 'int' ? roundHalfToEven(parsed) : parsed;
}

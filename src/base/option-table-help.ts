/** Option tables as text, in the layout of `ffmpeg -h filter=NAME`; mirrors libavutil/opt.c · opt_list. */
import { intMax, intMin, listedOptions, type OptionDefinition, type OptionTable } from './option-table.ts';

/** The help text of a filter or back end: one line per option, with range, default and named constants. */
export function describeOptions(owner: string, table: OptionTable): string {
  const lines = listedOptions(table).flatMap((definition) => [
    optionLine(definition.name, definition, definition.help),
    ...constantLines(definition),
    ...(definition.aliases ?? []).map((alias) =>
      optionLine(
        alias.name,
        definition,
        alias.deprecated === undefined ? alias.help : `${alias.help} (deprecated: ${alias.deprecated})`,
      ),
    ),
  ]);
  return [`${owner} AVOptions:`, ...lines, ''].join('\n');
}

const typeNames = { int: '<int>', float: '<float>', bool: '<boolean>', string: '<string>' } as const;

function optionLine(name: string, definition: OptionDefinition, help: string): string {
  return `   ${name.padEnd(17)} ${typeNames[definition.type].padEnd(12)} ${help}${rangeText(definition)}${defaultText(definition)}`;
}

function constantLines(definition: OptionDefinition): string[] {
  if (definition.type !== 'int' && definition.type !== 'float') return [];
  return (definition.constants ?? []).map(
    (constant) => `     ${constant.name.padEnd(15)} ${String(constant.value).padEnd(12)} ${constant.help}`,
  );
}

function rangeText(definition: OptionDefinition): string {
  if (definition.type !== 'int' && definition.type !== 'float') return '';
  return ` (from ${boundText(definition.min)} to ${boundText(definition.max)})`;
}

function boundText(bound: number): string {
  if (bound === intMax) return 'INT_MAX';
  return bound === intMin ? 'INT_MIN' : String(bound);
}

function defaultText(definition: OptionDefinition): string {
  switch (definition.type) {
    case 'string':
      return definition.default === undefined ? '' : ` (default "${definition.default}")`;
    case 'bool':
      return ` (default ${definition.default})`;
    case 'int':
    case 'float': {
      const constant = definition.constants?.find(({ value }) => value === definition.default);
      return ` (default ${constant?.name ?? definition.default})`;
    }
  }
}

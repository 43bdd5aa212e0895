/**
 * `-h filter=NAME` for the DNN filters, which ffmpeg.wasm does not know in this form; mirrors
 * fftools/cmdutils.c · show_help_filter.
 */
import { describeOptions } from '../base/option-table-help.ts';
import { backendConfigOptions } from '../dnn/options/dnn-options.ts';
import { builtInFilter } from './filters.ts';

/** @returns the help text where the words ask for that of a built-in DNN filter. */
export function filterHelp(args: readonly string[]): string | undefined {
  const position = args.findIndex((word) => ['-h', '-help', '--help', '-?'].includes(word));
  const name = position < 0 ? undefined : /^filter=(.+)$/.exec(args[position + 1] ?? '')?.[1];
  const filter = name === undefined ? undefined : builtInFilter(name);
  if (filter === undefined) return undefined;
  const formats = filter.pixelFormats.join(' ');
  const own = new Set(filter.options.map((option) => option.name));
  const others = backendConfigOptions.filter((option) => !own.has(option.name));
  return (
    `Filter ${filter.name}\n  ${filter.description}\n  Pixel formats: ${formats}\n` +
    `${describeOptions(filter.name, filter.options)}\n` +
    describeOptions(`${filter.name} backend_configs`, others) +
    (filter.supportsTimeline === true
      ? "\nThis filter has support for timeline through the 'enable' option.\n"
      : '')
  );
}

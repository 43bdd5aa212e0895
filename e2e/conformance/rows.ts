/**
 * The rows that the suite has to cover, by stable ids: one for each option, named value, pixel format, layer
 * and mode that the program's own tables have, and those of the lists that are written by hand.
 */
import { backendConfigOptions } from '../../src/dnn/options/dnn-options.ts';
import type { OptionDefinition } from '../../src/base/option-table.ts';
import { builtInFilter, dnnFilterNames } from '../../src/filters/filters.ts';
import { isFilterFormat } from '../../src/frame/pixel-format.ts';
import { genericOptions } from '../../src/filters/generic-options.ts';
import {
  activations,
  binaryOps,
  layerKinds,
  padModes,
  paddings,
  unaryOps,
} from '../../src/model/native/native-model.ts';
import { errorRows } from './error-rows.ts';
import { ffmpegBugs } from './ffmpeg-bugs.ts';
import { specRows } from './spec-rows.ts';

function rowsOfOption(prefix: string, option: OptionDefinition): string[] {
  const constants = 'constants' in option ? (option.constants ?? []) : [];
  return [
    `${prefix}${option.name}`,
    ...constants.map(({ name }) => `${prefix}${option.name}=${name}`),
    ...(option.aliases ?? []).map(({ name }) => `${prefix}${name}`),
  ];
}

/**
 * Every option of every filter that is built in, those of any filter included, and the formats that it takes
 * and FFmpeg's takes.
 */
function filterRows(): string[] {
  return dnnFilterNames.flatMap((name) => {
    const filter = builtInFilter(name);
    if (filter === undefined) return [`filter:${name}`];
    return [
      ...filter.options.flatMap((option) => rowsOfOption(`option:${name}.`, option)),
      ...genericOptions.map((option) => `option:${name}.${option.name}`),
      ...filter.pixelFormats.filter(isFilterFormat).map((format) => `format:${name}.${format}`),
    ];
  });
}

/** The keys of `backend_configs`, with their words. */
function configRows(): string[] {
  const keys: readonly OptionDefinition[] = backendConfigOptions;
  return [...new Set(keys.flatMap((option) => rowsOfOption('config:', option)))];
}

/** Layers of a `.model` file and every value of their enums. */
function nativeRows(): string[] {
  return [
    ...layerKinds.map((kind) => `layer:${kind}`),
    ...paddings.map((name) => `conv2d.padding:${name}`),
    ...(['VALID', 'SAME'] as const).map((name) => `avg_pool.padding:${name}`),
    ...activations.flatMap((name) => [`conv2d.activation:${name}`, `dense.activation:${name}`]),
    ...padModes.map((name) => `mirror_pad.mode:${name}`),
    ...binaryOps.map((name) => `math_binary:${name}`),
    ...unaryOps.map((name) => `math_unary:${name}`),
  ];
}

/** Ids of all rows, each once. */
export function allRows(): ReadonlySet<string> {
  return new Set([
    ...filterRows(),
    ...configRows(),
    ...nativeRows(),
    ...Object.keys(specRows),
    ...Object.keys(errorRows),
    ...Object.keys(ffmpegBugs),
  ]);
}

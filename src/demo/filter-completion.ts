/** What can stand at the caret in a filter chain: names of filters, their options, and values. */
import { listedOptions, type OptionDefinition, type OptionTable } from '../base/option-table.ts';
import { builtInFilter, dnnFilterNames } from '../filters/filters.ts';
import { pixelFormats } from '../frame/pixel-format.ts';

export interface Completion {
  /** Takes the place of what has been written of the word. */
  readonly text: string;
  readonly help: string;
}

export interface Completions {
  /** The word at the caret, as offsets in the text. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** Filters of ffmpeg that are often before or behind a network. */
const ffmpegFilters: Readonly<Record<string, string>> = {
  crop: 'cut a part out: crop=width:height:x:y',
  drawbox: 'draw a box; with box_source=side_data_detection_bboxes around what was detected',
  drawtext: 'write; with text_source=side_data_detection_bboxes what was detected',
  format: 'convert to one of these pixel formats',
  fps: 'change the frame rate',
  hflip: 'mirror from left to right',
  scale: 'change the size: scale=width:height',
  setpts: 'change the times of the frames',
  transpose: 'turn by 90 degrees',
  trim: 'take a part of the time: trim=start=1:end=2',
};

const detections = 'side_data_detection_bboxes';

/** Values of ffmpeg's own options that go with networks. */
const ffmpegOptions: Readonly<Record<string, readonly Completion[]>> = {
  drawbox: [{ text: `box_source=${detections}`, help: 'around what was detected' }],
  drawtext: [{ text: `text_source=${detections}`, help: 'the labels of what was detected' }],
};

/** At most as many are offered. */
const limit = 12;

/** Where the word at the end of a text begins, and what it is part of. */
interface CaretWord {
  /** Start of the word. */
  readonly from: number;
  /** The filter's name, where the word is behind its `=`. */
  readonly filter?: string;
  /** The option's name, where the word is behind its `=`. */
  readonly option?: string;
}

/**
 * @param caret offset in the text
 * @param files names that the user can give as a model or as labels
 */
export function completeFilter(text: string, caret: number, files: readonly string[]): Completions {
  const { from, filter, option } = wordAt(text.slice(0, caret));
  const written = text.slice(from, caret);
  const to = caret + (/^[\w./-]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const all = candidates(filter, option, files);
  const ranked = [
    ...all.filter((item) => item.text.startsWith(written)),
    ...all.filter((item) => !item.text.startsWith(written) && item.text.includes(written)),
  ];
  // What stands there already is not offered.
  const items = ranked.filter((item) => item.text !== text.slice(from, to));
  return { from, to, items: items.slice(0, limit) };
}

function candidates(
  filter: string | undefined,
  option: string | undefined,
  files: readonly string[],
): readonly Completion[] {
  if (filter === undefined) return filterNames();
  const table = builtInFilter(filter)?.options;
  if (option !== undefined) return table === undefined ? [] : values(table, option, files);
  if (filter === 'format') return pixelFormats.map((text) => ({ text, help: 'pixel format' }));
  if (table === undefined) return ffmpegOptions[filter] ?? [];
  return listedOptions(table).map(({ name, help }) => ({ text: `${name}=`, help }));
}

function filterNames(): readonly Completion[] {
  const dnn = dnnFilterNames.map((name) => ({
    text: `${name}=`,
    help: builtInFilter(name)?.description ?? '',
  }));
  const others = Object.entries(ffmpegFilters).map(([name, help]) => ({
    text: name === 'hflip' ? name : `${name}=`,
    help,
  }));
  return [...dnn, ...others];
}

function values(table: OptionTable, name: string, files: readonly string[]): readonly Completion[] {
  const definition = table.find((option) => option.name === name || isAlias(option, name));
  if (definition === undefined) return [];
  if (definition.type === 'bool') {
    return [
      { text: '1', help: 'on' },
      { text: '0', help: 'off' },
    ];
  }
  if (definition.type !== 'string')
    return (definition.constants ?? []).map(({ name: text, help }) => ({ text, help }));
  const wanted = { model: /\.(pb|model|json|xml)$/i, labels: /\.(txt|labels|names)$/i }[definition.name];
  if (wanted === undefined) return [];
  return files.filter((file) => wanted.test(file)).map((text) => ({ text, help: 'file' }));
}

function isAlias(option: OptionDefinition, name: string): boolean {
  return option.aliases?.some((alias) => alias.name === name) === true;
}

/** Follows FFmpeg's rules of quoting: a backslash keeps one character, apostrophes keep all between them. */
function wordAt(text: string): CaretWord {
  let from = 0;
  let filter: string | undefined;
  let option: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at++;
    else if (character === "'") at = (text.indexOf("'", at + 1) + text.length) % text.length;
    else if (character === ',' || character === ';' || character === ']') {
      [filter, option] = [undefined, undefined];
      from = at + 1;
    } else if (character === ' ' && filter === undefined) from = at + 1;
    else if (character === '=' && filter === undefined) {
      filter = text.slice(from, at).split('@')[0];
      from = at + 1;
    } else if (character === '=' && option === undefined) {
      option = text.slice(from, at);
      from = at + 1;
    } else if (character === ':' && filter !== undefined) {
      option = undefined;
      from = at + 1;
    } else if (character === '|' && filter === 'format') from = at + 1;
  }
  return {
    from,
    ...(filter === undefined ? {} : { filter }),
    ...(option === undefined ? {} : { option }),
  };
}

/** Which files on disk a command line may read: the browser can only open what it was given beforehand. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { filesWith } from '../../model/model-formats.ts';
import { lastValue, type Command, type FileGroup } from '../../pipeline/command/command.ts';
import { escapePattern } from './file-pattern.ts';
import { concatenatedFiles, followedFiles, withoutProtocols } from './followed-files.ts';
import { isFile } from './is-file.ts';
import { isModelPart } from './model-part.ts';
import { filtersIn, filterTexts, namedFilters } from './named-filters.ts';

/** More files than this in one command are surely a mistake, such as a pattern in a huge folder. */
const fileLimit = 20_000;

/** `img%03d.png` or a glob: every file of the folder whose name fits. */
function matchingFiles(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const pattern = escapePattern(basename(path))
    .replaceAll('%%', '%')
    .replaceAll(/%(0\d+)?d/g, '\\d+')
    .replaceAll('\\*', '.*')
    .replaceAll('\\?', '.')
    .replaceAll(/\\\[((?:\\-|[^\\])+)\\\]/g, (_, set: string) => `[${set}]`);
  const expression = new RegExp(`^${pattern}$`);
  return readdirSync(folder)
    .filter((name) => expression.test(name))
    .map((name) => join(folder, name))
    .filter(isFile);
}

/** The other files of a model, and the model beside its weights. */
function modelParts(path: string): string[] {
  const folder = dirname(path);
  return filesWith(basename(path), readdirSync(folder))
    .map((name) => join(folder, name))
    .filter((part) => isModelPart(part, path));
}

/** What opening an input reads: the file, those that it lists, or those that fit its pattern. */
function openedFiles(url: string, cwd: string, format?: string, isSafe = true): string[] {
  const concatenated = concatenatedFiles(url, cwd);
  if (concatenated.length > 0) return concatenated;
  const path = resolve(cwd, withoutProtocols(url));
  if (isFile(path)) return followedFiles(path, { format, isSafe });
  return /[%*?[]/.test(url) ? matchingFiles(path) : [];
}

function inputFiles({ url, options }: FileGroup, cwd: string): string[] {
  const format = lastValue(options, 'f');
  // Its filters are read with all others.
  if (format === 'lavfi') return [];
  return openedFiles(url, cwd, format, !/^(0|-1)$/.test(lastValue(options, 'safe') ?? '1'));
}

/**
 * Paths inside a word such as a filter string: `model=a.pb` or `movie=b.mp4`. Every piece between separators
 * that is a file counts; a piece too many is only opened, never read.
 */
function pathsIn(word: string, cwd: string): string[] {
  const pieces = (word.match(/(?:\\.|[^=:,;'"[\]|\\])+/g) ?? []).map((piece) =>
    piece.replaceAll(/\\(.)/g, '$1').trim(),
  );
  const values = filtersIn(word).flatMap(({ options }) => options.map(([, value]) => value));
  return [word, ...pieces, ...values]
    .filter((piece) => piece !== '' && piece !== '.' && piece !== '..')
    .flatMap((piece) => {
      const path = resolve(cwd, piece);
      // Of a SavedModel's folder the file that tells that it is one.
      const model = isFile(path) ? path : join(path, 'saved_model.pb');
      return isFile(model) ? [model, ...modelParts(model)] : [];
    });
}

/** What `movie` and `amovie` open, in any form that an input has. */
function movieFiles(command: Command, cwd: string): string[] {
  return namedFilters(command, cwd)
    .filter(({ name }) => name === 'movie' || name === 'amovie')
    .flatMap(({ options }) => {
      const format = options.find(([name]) => name === 'f' || name === 'format_name')?.[1];
      const files = options.filter(([name]) => name === '' || name === 'filename');
      return files.flatMap(([, url]) => openedFiles(url, cwd, format));
    });
}

/** Fonts in the folders of `fontsdir`: libass reads every file of the folder itself that is not hidden. */
function fontFiles(command: Command, cwd: string): string[] {
  return namedFilters(command, cwd)
    .flatMap(({ options }) => options.filter(([name]) => name === 'fontsdir'))
    .map(([, folder]) => resolve(cwd, folder))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => !basename(path).startsWith('.') && isFile(path));
}

/** The key that `-hls_key_info_file` names in its second line. */
function hlsKeys(command: Command, cwd: string): string[] {
  return command.outputs
    .flatMap(({ options }) => options.filter(({ name }) => name === 'hls_key_info_file'))
    .map(({ value }) => resolve(cwd, value))
    .filter(isFile)
    .map((path) => readFileSync(path, 'utf8').split('\n')[1]?.trim() ?? '')
    .filter((name) => name !== '')
    .map((name) => resolve(cwd, name));
}

/** Logs of a first pass, `-passlogfile` or ffmpeg's default name. */
function passLogs(command: Command, cwd: string): string[] {
  const prefix = command.outputs
    .flatMap((output) => output.options)
    .findLast((option) => option.name === 'passlogfile')?.value;
  const path = resolve(cwd, prefix ?? 'ffmpeg2pass');
  return matchingFiles(`${path}-*.log*`);
}

/**
 * Absolute paths of every file that the command may read, each once.
 *
 * @throws RangeError where there are more than a browser should be asked to hold open.
 */
export function inputPaths(command: Command, cwd: string): string[] {
  const outputs = command.outputs.map((output) => resolve(cwd, output.url));
  const options = [
    ...command.global,
    ...[...command.inputs, ...command.outputs].flatMap((group) => group.options),
  ];
  const paths = new Set([
    ...command.inputs.flatMap((input) => inputFiles(input, cwd)),
    ...options.flatMap((option) => pathsIn(option.value, cwd)),
    ...filterTexts(command, cwd).flatMap((text) => pathsIn(text, cwd)),
    ...movieFiles(command, cwd),
    ...fontFiles(command, cwd),
    ...hlsKeys(command, cwd),
    ...passLogs(command, cwd),
  ]);
  const inputs = [...paths].filter((path) => isFile(path));
  if (inputs.length > fileLimit) {
    throw new RangeError(
      `The command names ${inputs.length} input files; ${fileLimit} is the most that can be opened.`,
    );
  }
  // A file that is only overwritten need not be read; one that is both stays readable.
  const read = new Set(command.inputs.map((input) => resolve(cwd, input.url)));
  return inputs.filter((path) => read.has(path) || !outputs.includes(path));
}

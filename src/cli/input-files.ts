/** Which files on disk a command line may read: the browser can only open what it was given beforehand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { filesWith } from '../model/model-formats.ts';
import type { Command, FileGroup } from '../pipeline/command/command.ts';
import { filterScripts } from '../pipeline/command/plan.ts';
import { isFile } from './is-file.ts';
import { isModelPart } from './model-part.ts';

/** More files than this in one command are surely a mistake, such as a pattern in a huge folder. */
const fileLimit = 20_000;

/** `img%03d.png` or a glob: every file of the folder whose name fits. */
function matchingFiles(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const pattern = basename(path)
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/%(0\d+)?d/g, '\\d+')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${pattern}$`);
  return readdirSync(folder)
    .filter((name) => expression.test(name))
    .map((name) => join(folder, name))
    .filter(isFile);
}

/** The files that a concat script names, relative to the script. */
function concatFiles(script: string): string[] {
  const lines = readFileSync(script, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const name = /^\s*file\s+'?(.*?)'?\s*$/.exec(line)?.[1];
    return name === undefined ? [] : [resolve(dirname(script), name)];
  });
}

/** The other files of a model, and the model beside its weights. */
function modelParts(path: string): string[] {
  const folder = dirname(path);
  return filesWith(basename(path), readdirSync(folder))
    .map((name) => join(folder, name))
    .filter((part) => isModelPart(part, path));
}

function inputFiles(group: FileGroup, cwd: string): string[] {
  const format = group.options.findLast((option) => option.name === 'f')?.value;
  if (format === 'lavfi') return pathsIn(group.url, cwd);
  const path = resolve(cwd, group.url.replace(/^file:/, ''));
  if (isFile(path)) return format === 'concat' ? [path, ...concatFiles(path)] : [path];
  if (group.url.startsWith('concat:')) {
    return group.url
      .slice('concat:'.length)
      .split('|')
      .map((name) => resolve(cwd, name));
  }
  return /[%*?]/.test(group.url) ? matchingFiles(path) : [];
}

/**
 * Paths inside a word such as a filter string: `model=a.pb` or `movie=b.mp4`. Every piece between separators
 * that is a file counts; a piece too many is only opened, never read.
 */
function pathsIn(word: string, cwd: string): string[] {
  return (
    (word.match(/(?:\\.|[^=:,;'"[\]|\\])+/g) ?? [])
      .map((piece) => piece.replaceAll(/\\(.)/g, '$1').trim())
      .filter((piece) => piece !== '' && piece !== '.' && piece !== '..')
      .map((piece) => resolve(cwd, piece))
      // Of a SavedModel's folder the file that tells that it is one.
      .map((path) => (isFile(path) ? path : join(path, 'saved_model.pb')))
      .filter(isFile)
      .flatMap((path) => [path, ...modelParts(path)])
  );
}

/**
 * Models, labels and other files that the filters in scripts name; like those of a filter
 * string, from the user's folder.
 */
function scriptFiles(command: Command, cwd: string): string[] {
  return filterScripts(command)
    .map((script) => resolve(cwd, script))
    .filter(isFile)
    .flatMap((path) => pathsIn(readFileSync(path, 'utf8'), cwd));
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
    ...scriptFiles(command, cwd),
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

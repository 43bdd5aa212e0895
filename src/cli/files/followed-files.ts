/**
 * The files that a playlist or a list names, which ffmpeg opens in turn; mirrors what libavformat's
 * concatdec.c, hls.c, vobsub.c and concat.c look for.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sourceText } from '../../base/source-text.ts';
import { getToken } from '../../filtergraph/token.ts';
import { isFile } from './is-file.ts';

/** How an input is opened. */
export interface InputManner {
  /** `-f`; undefined where the content tells it. */
  readonly format?: string | undefined;
  /** Whether `-safe` keeps a list to names in or below its folder, as by default. */
  readonly isSafe: boolean;
}

/** A list is short: what is longer is a film. */
const mostListBytes = 16 * 1024 * 1024;

function startOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(64);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)).toString('latin1');
  } finally {
    closeSync(file);
  }
}

/** Without the protocols that read another file as it is. */
export function withoutProtocols(url: string): string {
  const plain = url.replace(/^((file|async|cache|crypto)[:+])+/, '');
  // subfile,,start,0,end,100,,:NAME (libavformat/subfile.c)
  return plain.replace(/^subfile,.*?,,:(file:)?/, '');
}

const isRemote = (url: string): boolean => /^([a-z][a-z0-9.-]+:\/\/|data:)/i.test(url);

/** A name in a list, by the list's own folder (libavformat/url.c · ff_make_absolute_url). */
function besides(list: string, name: string): string[] {
  return name === '' || isRemote(name) ? [] : [resolve(dirname(list), withoutProtocols(name))];
}

/** concatdec.c · safe_filename: words of letters, digits, `_`, `-`, and dots that do not come first. */
function isSafeName(name: string): boolean {
  return name.split('/').every((part) => /^([\w-][\w.-]*)?$/.test(part)) && !name.startsWith('/');
}

/** The lines `file NAME`, quoted as ffmpeg quotes. */
function concatNames(text: string, isSafe: boolean): string[] {
  return text.split('\n').flatMap((line) => {
    const [, quoted] = /^\s*file[ \t\r]+(.*)$/s.exec(line) ?? [];
    if (quoted === undefined) return [];
    const name = getToken(sourceText(quoted), 0, ' \t\r\n').value.text;
    return isSafe && !isSafeName(name) ? [] : [name];
  });
}

/** Segments and other playlists, keys, headers of segments, and other renditions. */
function playlistNames(text: string): string[] {
  return text.split(/[\r\n]+/).flatMap((line) => {
    const trimmed = line.trim();
    if (!trimmed.startsWith('#')) return [trimmed];
    return /^#EXT/.test(trimmed) ? [...trimmed.matchAll(/\bURI="([^"]*)"/g)].map((found) => found[1]!) : [];
  });
}

function namedBy(path: string, { format, isSafe }: InputManner): string[] {
  const start = startOf(path);
  const text = (): string => readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  if (statSync(path).size > mostListBytes) return [];
  if (format === 'concat' || (format === undefined && start.startsWith('ffconcat version 1.0')))
    return concatNames(text(), isSafe);
  if (format === 'hls' || /^(\xEF\xBB\xBF)?#EXTM3U/.test(start)) return playlistNames(text());
  if (/^# VobSub index file,/.test(start)) return [path.replace(/\.idx$/i, '.sub')];
  return [];
}

/** The file, and everything that it names in turn, as far as it exists; absolute, each once. */
export function followedFiles(path: string, manner: InputManner): string[] {
  const found = new Set<string>();
  const follow = (file: string, how: InputManner): void => {
    if (found.has(file) || !isFile(file)) return;
    found.add(file);
    for (const name of namedBy(file, how)) {
      // What a list names is opened by its content.
      for (const next of besides(file, name)) follow(next, { isSafe: how.isSafe });
    }
  };
  follow(path, manner);
  return [...found];
}

/** The files of `concat:a|b` and, a name in each line, of `concatf:list` (libavformat/concat.c). */
export function concatenatedFiles(url: string, cwd: string): string[] {
  const [, names] = /^concat:(.*)$/s.exec(url) ?? [];
  if (names !== undefined) return names.split('|').map((name) => resolve(cwd, withoutProtocols(name)));
  const [, list] = /^concatf:(.*)$/s.exec(url) ?? [];
  const path = list === undefined ? undefined : resolve(cwd, withoutProtocols(list));
  if (path === undefined || !isFile(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return [path, ...lines.filter((line) => line !== '').map((name) => resolve(cwd, withoutProtocols(name)))];
}

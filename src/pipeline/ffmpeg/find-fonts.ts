/**
 * Fonts for the filters that draw text. The core has no fontconfig: libass knows the fonts of `fontsdir`, and
 * those that a file brings, and draws nothing, without a word, where none has the name that a style asks for.
 */
import type { Logger } from '../../base/log.ts';
import type { CoreInput } from '../../media/core-options.ts';
import type { FileStore } from '../../media/file-store.ts';
import { fontWithFamilies, mostFamilies } from '../../media/font/font-with-families.ts';
import { fontNames, isFont, isSingleFont, type FontNames } from '../../media/font/sfnt.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import { textFilters, type SubtitlesFilter } from '../command/text-filters.ts';
import { subtitleNeeds } from './subtitle-needs.ts';

/** What the ffmpeg of a command gets beside the user's files, or why it cannot draw. */
export interface FoundFonts {
  /** Fonts under more names, in the folders of `fontsdir`. */
  readonly inputs: readonly CoreInput[];
  /** A line to end the command with, where text would be missing. */
  readonly refusal: string | undefined;
}

interface Font extends FontNames {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const fontlessDrawtext =
  'drawtext: No font filename provided, and ffmpeg.wasm has no fonts of its own: name one, as in fontfile=fonts/NAME.ttf';

/** @param texts of all chains and graphs of the command. */
export async function findFonts(
  texts: readonly string[],
  store: FileStore,
  cwd: string,
  log: Logger,
): Promise<FoundFonts> {
  const found = texts.map(textFilters);
  if (found.some(({ hasFontlessDrawtext }) => hasFontlessDrawtext))
    return { inputs: [], refusal: fontlessDrawtext };
  const inputs: CoreInput[] = [];
  for (const [index, filter] of found.flatMap(({ subtitles }) => subtitles).entries()) {
    const { input, refusal } = await fontsFor(filter, index, store, cwd, log);
    if (refusal !== undefined) return { inputs: [], refusal };
    if (input !== undefined) inputs.push(input);
  }
  return { inputs, refusal: undefined };
}

async function fontsFor(
  { name, file, fontsdir, forcedFamily }: SubtitlesFilter,
  index: number,
  store: FileStore,
  cwd: string,
  log: Logger,
): Promise<{ input?: CoreInput | undefined; refusal?: string }> {
  const path = resolvePath(file, cwd);
  // A missing file is ffmpeg's to complain about.
  if (!store.isFile(path)) return {};
  const needs = await subtitleNeeds(store.blob(path));
  if (needs.hasFonts) return {};
  const folder = fontsdir === undefined ? undefined : resolvePath(fontsdir, cwd);
  const fonts = folder === undefined ? [] : await readFonts(folder, store);
  if (folder === undefined || fonts.length === 0) {
    const where = fontsdir === undefined ? '' : ` ${fontsdir} holds no .ttf or .otf file.`;
    const what = `${name}=${file}: there is no font to draw text with, ffmpeg.wasm has none of its own.${where}`;
    const todo = `Put a font into a folder and name that folder in the filter: fontsdir=fonts`;
    if (!needs.maybeNoText) return { refusal: `${what} ${todo}` };
    log('warning', `${what} ${todo}, unless the file brings its fonts or holds no text`);
    return {};
  }
  const known = new Set(fonts.flatMap(({ families }) => families).map((family) => family.toLowerCase()));
  const wanted = new Set([...(forcedFamily === undefined ? needs.styles : [forcedFamily]), ...needs.tags]);
  const missing = [...wanted].filter((family) => !known.has(family.toLowerCase())).slice(0, mostFamilies);
  return { input: missing.length === 0 ? undefined : substitute(fonts, missing, folder, index, log) };
}

/** The fonts directly in a folder; libass leaves out hidden files. */
async function readFonts(folder: string, store: FileStore): Promise<Font[]> {
  if (!store.exists(folder) || store.isFile(folder)) return [];
  const fonts: Font[] = [];
  for (const { name, isDir } of store.listDir(folder)) {
    if (isDir || name.startsWith('.')) continue;
    const path = resolvePath(name, folder);
    const blob = store.blob(path);
    if (!isFont(new Uint8Array(await blob.slice(0, 12).arrayBuffer()))) continue;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    fonts.push({ path, bytes, ...fontNames(bytes) });
  }
  return fonts;
}

/** As fontconfig does: text in a family that is not there is drawn in one that is, upright if possible. */
function substitute(
  fonts: readonly Font[],
  missing: readonly string[],
  folder: string,
  index: number,
  log: Logger,
): CoreInput | undefined {
  const single = fonts.filter(({ bytes }) => isSingleFont(bytes));
  const font = single.find(({ style }) => /^(regular|book|normal|roman)$/i.test(style)) ?? single[0];
  const bytes = font && fontWithFamilies(font.bytes, missing);
  const names = missing.join(', ');
  if (font === undefined || bytes === undefined) {
    log(
      'warning',
      `No font in ${folder} is named ${names}: text in it is not drawn. Name one that is there in
      force_style='FontName=…'`.replaceAll(/\s+/g, ' '),
    );
    return undefined;
  }
  log(
    'info',
    `No font in ${folder} is named ${names}: ${font.families[0] ?? font.path} is used in its place`,
  );
  // Behind all others, so that it is asked last.
  return { path: resolvePath(`~substitute-${index}.ttf`, folder), blob: new Blob([bytes]) };
}

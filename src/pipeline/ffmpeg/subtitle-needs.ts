/** What a file of subtitles needs of fonts, as far as can be seen without opening it as ffmpeg does. */

/** Families and own fonts of one file. */
export interface SubtitleNeeds {
  /** Families that its styles name, which `force_style` replaces. */
  readonly styles: readonly string[];
  /** Families that tags in its text name. */
  readonly tags: readonly string[];
  /** Whether it brings fonts: `[Fonts]` of an ASS script, attachments of a Matroska file. */
  readonly hasFonts: boolean;
  /** Whether something in it needs none, or whether there is text at all cannot be known. */
  readonly maybeNoText: boolean;
}

/** At either end: attachments and styles stand near one. */
const scannedBytes = 8 * 1024 * 1024;

/** Of plain subtitles ffmpeg makes a script in this font (libavcodec/ass.h). */
const defaultFamily = 'Arial';

const fontTypes =
  /(application\/(x-truetype-font|x-font-ttf|x-font-otf|vnd\.ms-opentype|font-sfnt|x-font)|font\/(ttf|otf|sfnt|collection))/;

/** @throws what reading the Blob rejects with. */
export async function subtitleNeeds(file: Blob): Promise<SubtitleNeeds> {
  const ends = [file.slice(0, scannedBytes), file.slice(Math.max(scannedBytes, file.size - scannedBytes))];
  const text = (await Promise.all(ends.map((end) => end.text()))).join('\n');
  const familiesOf = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)]
      .map((found) => found[1]!.trim().replace(/^@/, ''))
      .filter((name) => name !== '');
  const styles = familiesOf(/^(?:\uFEFF)?Style:[^,\n]*,([^,\n]*),/gm);
  const isScript = /^\uFEFF?\s*\[Script Info\]/i.test(text);
  const isBinary = text.includes('\0');
  return {
    styles: isScript ? styles : [...styles, defaultFamily],
    tags: familiesOf(/\\fn([^\\}\n]+)/g),
    hasFonts: isBinary ? fontTypes.test(text) : /^\[Fonts\]/im.test(text),
    maybeNoText: isBinary || /\\p[1-9]/.test(text),
  };
}

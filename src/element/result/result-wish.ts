/** What a person wants a result to be: its format and its quality, in words. */

/** `mp4` plays everywhere, `webm` is for web pages, `mkv` keeps whatever sound there is. */
export type ResultFormat = 'mp4' | 'webm' | 'mkv';

/** Containers that are offered. */
export const resultFormats: readonly ResultFormat[] = ['mp4', 'webm', 'mkv'];

/** How much a file may take for how it looks. */
export type ResultQuality = 'smaller' | 'good' | 'best';

/** Qualities that are offered, the smallest file first. */
export const resultQualities: readonly ResultQuality[] = ['smaller', 'good', 'best'];

/** What a result is to be. */
export interface ResultWish {
  /** Undefined for another container, which the result's name says. */
  readonly format: ResultFormat | undefined;
  readonly quality: ResultQuality;
}

/** @param word of an attribute or a field. @returns undefined for any other word. */
export function resultFormat(word: string | null): ResultFormat | undefined {
  return resultFormats.find((format) => format === word);
}

/** @param word of an attribute or a field. @returns undefined for any other word. */
export function resultQuality(word: string | null): ResultQuality | undefined {
  return resultQualities.find((quality) => quality === word);
}

/** The format that a file's name says. @returns undefined for an ending that is not offered. */
export function formatOfName(filename: string): ResultFormat | undefined {
  return resultFormat(/\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? null);
}

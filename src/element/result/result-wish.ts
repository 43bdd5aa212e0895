/** What a person wants a result to be: its format and its quality, in words. */

/** Containers that are offered. */
export const resultFormats = ['mp4', 'webm', 'mkv'] as const;

/** `mp4` plays everywhere, `webm` is for web pages, `mkv` keeps whatever sound there is. */
export type ResultFormat = (typeof resultFormats)[number];

/** Qualities that are offered, the smallest file first. */
export const resultQualities = ['smaller', 'good', 'best'] as const;

/** How much a file may take for how it looks. */
export type ResultQuality = (typeof resultQualities)[number];

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

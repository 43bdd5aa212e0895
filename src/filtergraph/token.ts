/** FFmpeg's quoting: single quotes, backslash and blanks; mirrors libavutil/avstring.c · av_get_token. */
import { positionOf, type SourceText } from '../base/source-text.ts';

/** The characters that FFmpeg's parsers skip between words. */
export const whitespace = ' \n\t\r';

/** A word with its quoting taken off, and the index of the terminator (or of the text's end) behind it. */
export interface Token {
  readonly value: SourceText;
  readonly end: number;
}

/** Index of the first character from `start` on that is not blank. */
export function skipWhitespace(text: string, start: number): number {
  let index = start;
  while (index < text.length && whitespace.includes(text.charAt(index))) index++;
  return index;
}

/**
 * Reads up to the first of `terminators` that is neither quoted nor escaped, and takes one level
 * of quoting off. Blanks at both ends are dropped unless quoted. An unclosed quote runs to the
 * end; a lone final backslash is kept.
 */
export function getToken(source: SourceText, start: number, terminators: string): Token {
  const { text } = source;
  const characters: string[] = [];
  const positions: number[] = [];
  let protectedLength = 0;
  let index = skipWhitespace(text, start);
  const take = (): void => {
    characters.push(text.charAt(index));
    positions.push(positionOf(source, index));
    index++;
  };
  while (index < text.length && !terminators.includes(text.charAt(index))) {
    const character = text.charAt(index);
    if (character === '\\' && index + 1 < text.length) {
      index++;
      take();
      protectedLength = characters.length;
    } else if (character === "'") {
      index++;
      while (index < text.length && text.charAt(index) !== "'") take();
      if (index < text.length) {
        index++;
        protectedLength = characters.length;
      }
    } else {
      take();
    }
  }
  let length = characters.length;
  while (length > protectedLength && whitespace.includes(characters[length - 1] ?? '')) length--;
  const end = positions[length] ?? positionOf(source, index);
  return {
    value: {
      text: characters.slice(0, length).join(''),
      origin: source.origin,
      positions: [...positions.slice(0, length), end],
    },
    end: index,
  };
}

/** Writes text so that `getToken` with these terminators reads it back unchanged. */
export function escapeToken(text: string, terminators: string): string {
  const special = `\\'${terminators}`;
  const first = skipWhitespace(text, 0);
  let last = text.length;
  while (last > first && whitespace.includes(text.charAt(last - 1))) last--;
  let escaped = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    // Blanks matter at both ends only; escaping them all would make file names with blanks unreadable.
    const needed = index < first || index >= last || special.includes(character);
    escaped += needed ? `\\${character}` : character;
  }
  return escaped;
}

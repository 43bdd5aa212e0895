/** Text that remembers where it stood in what the user wrote, so that errors can point at the place. */
import { DnnError, type DnnErrorCode, type DnnErrorDetails } from './errors.ts';

/** A piece of the user's text, possibly with quoting already taken off. Plain data. */
export interface SourceText {
  readonly text: string;
  /** What the user wrote, whole. */
  readonly origin: string;
  /**
   * Offset in `origin` of each character of `text`, and of its end; absent
   * where text and origin are the same.
   */
  readonly positions?: readonly number[];
}

/** Text as the user wrote it. */
export function sourceText(text: string): SourceText {
  return { text, origin: text };
}

/**
 * Offset in the user's text of the character `index` of a piece; the end of the piece for any larger index.
 */
export function positionOf(source: SourceText, index = 0): number {
  const last = source.text.length;
  const inside = Math.min(Math.max(index, 0), last);
  return source.positions?.[inside] ?? inside;
}

/** Characters shown on either side of the caret. */
const contextLength = 48;

/** Two lines: the text around `position`, and a caret under it. Line ends and tabs are shown as blanks. */
export function caretLines(origin: string, position: number): string {
  const start = Math.max(0, position - contextLength);
  const end = Math.min(origin.length, position + contextLength);
  const head = start > 0 ? '…' : '';
  const tail = end < origin.length ? '…' : '';
  // eslint-disable-next-line no-control-regex -- control characters would move the caret
  const shown = origin.slice(start, end).replace(/[\u0000-\u001f\u007f]/g, ' ');
  return `  ${head}${shown}${tail}\n  ${' '.repeat(head.length + position - start)}^`;
}

/**
 * An error about one place of the user's text: the message's first line says what is wrong, two more show the
 * place. `details.position` is the offset in the whole text.
 */
export function sourceError(
  code: DnnErrorCode,
  message: string,
  source: SourceText,
  index = 0,
  details: DnnErrorDetails = {},
): DnnError {
  const position = positionOf(source, index);
  const place = source.origin === '' ? '' : `\n${caretLines(source.origin, position)}`;
  return new DnnError(code, `${message} (at position ${position})${place}`, { ...details, position });
}

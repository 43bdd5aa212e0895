/** The options behind a filter's `=`; mirrors libavutil/opt.c · av_opt_get_key_value. */
import type { OptionAssignment } from '../base/option-table.ts';
import type { SourceText } from '../base/source-text.ts';
import { positionOf } from '../base/source-text.ts';
import { escapeToken, getToken, skipWhitespace } from './token.ts';

/**
 * Splits `key=value:key=value` and takes one level of quoting off each value. A part that does not begin with
 * `word=` is a value without a key, `=` signs and all. An empty key is a key: no table knows it.
 *
 * Nothing is refused here: whether a key exists, and whether a value may go without
 * one, is the option table's to say.
 */
export function parseFilterOptions(args: SourceText, pairSeparator = ':'): OptionAssignment[] {
  const assignments: OptionAssignment[] = [];
  let index = 0;
  while (index < args.text.length) {
    const key = readKey(args, index);
    const value = getToken(args, key?.end ?? index, pairSeparator);
    assignments.push(key === undefined ? { value: value.value } : { key: key.name, value: value.value });
    index = value.end + 1;
  }
  return assignments;
}

function readKey(args: SourceText, start: number): { name: SourceText; end: number } | undefined {
  const { text, origin } = args;
  const nameStart = skipWhitespace(text, start);
  let nameEnd = nameStart;
  while (/[\w\-/.]/.test(text.charAt(nameEnd))) nameEnd++;
  const separator = skipWhitespace(text, nameEnd);
  if (text.charAt(separator) !== '=') return undefined;
  const positions = Array.from({ length: nameEnd - nameStart + 1 }, (_, offset) =>
    positionOf(args, nameStart + offset),
  );
  return { name: { text: text.slice(nameStart, nameEnd), origin, positions }, end: separator + 1 };
}

/**
 * Quotes a value for use behind `key=` in a filter string: once for the options, once for the filtergraph.
 */
export function escapeOptionValue(value: string): string {
  return escapeToken(escapeToken(value, ':'), '[],;');
}

/**
 * The small arithmetic behind option values: numbers as libavutil/eval.c ·
 * av_strtod reads them, and near names.
 */

/** Powers of ten behind SI prefixes; `i` behind one makes it a power of 1024^(1/3 per power of ten). */
const siPowers: Readonly<Record<string, number>> = {
  y: -24,
  z: -21,
  a: -18,
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  m: -3,
  c: -2,
  d: -1,
  h: 2,
  k: 3,
  K: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
  Z: 21,
  Y: 24,
};

const magnitudePattern = '(?:0[xX]([0-9a-fA-F]+)|((?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?))';
const postfixPattern = '([yzafpnumcdhkKMGTPEZY]i?)?(B?)';
const numberPattern = new RegExp(`^\\s*([+-]?)${magnitudePattern}${postfixPattern}\\s*$`);
const leadingPattern = new RegExp(`^([+-]?)${magnitudePattern}(?:(?!dB)${postfixPattern}|(dB))`);
const notFinitePattern = /^([+-]?)(?:(inf(?:inity)?)|nan)/i;

function numberOf([, sign, hexadecimal, decimal, prefix, bytes]: readonly (string | undefined)[]): number {
  const magnitude = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  const power = siPowers[prefix?.charAt(0) ?? ''] ?? 0;
  const factor = prefix?.endsWith('i') === true ? 2 ** (power / 0.3) : 10 ** power;
  const value = magnitude * factor * (bytes === 'B' ? 8 : 1);
  return sign === '-' ? -value : value;
}

/**
 * A plain number: decimal or `0x` hexadecimal, an SI prefix (`1k` = 1000, `1Ki` = 1024) and `B` (times 8).
 * Expressions are not read. Undefined where the text is no such number.
 */
export function parseOptionNumber(text: string): number | undefined {
  const match = numberPattern.exec(text);
  return match === null ? undefined : numberOf(match);
}

/** A number at the start of a text, with its postfix. */
export interface LeadingNumber {
  readonly value: number;
  /** Characters that belong to it. */
  readonly length: number;
  /** Whether it was given in decibels: `-6dB` is about a half. */
  readonly isDecibel: boolean;
}

/**
 * The number that av_strtod reads at the start of a text without blanks: what `parseOptionNumber` reads,
 * `inf`, `nan`, and decibels. Undefined where none stands there.
 */
export function leadingNumber(text: string): LeadingNumber | undefined {
  const match = leadingPattern.exec(text);
  if (match !== null) {
    const isDecibel = match[6] !== undefined;
    const value = numberOf(match);
    return { value: isDecibel ? 10 ** (value / 20) : value, length: match[0].length, isDecibel };
  }
  const special = notFinitePattern.exec(text);
  if (special === null) return undefined;
  const magnitude = special[2] === undefined ? NaN : Infinity;
  return { value: special[1] === '-' ? -magnitude : magnitude, length: special[0].length, isDecibel: false };
}

/** C's llrint in the default rounding mode: FFmpeg rounds a fraction given for an integer option this way. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The names within two edits of a word (one for short words), nearest first. */
export function nearestNames(word: string, names: readonly string[]): string[] {
  const limit = word.length < 4 ? 1 : 2;
  return names
    .map((name) => ({ name, distance: editDistance(word, name, limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance)
    .map(({ name }) => name);
}

/** Levenshtein distance; words whose lengths differ by more than `limit` are not compared. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution =
        (previous[column - 1] ?? 0) + (left.charAt(row - 1) === right.charAt(column - 1) ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? limit + 1;
}

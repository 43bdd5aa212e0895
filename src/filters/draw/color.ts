/** Colours as ffmpeg reads them; mirrors libavutil/parseutils.c · av_parse_color. */
import { nearestNames } from '../../base/option-table-values.ts';
import { sourceError, type SourceText } from '../../base/source-text.ts';
import { colorTable } from './color-table.ts';

/** Red, green, blue and alpha, whole numbers 0..255 each; alpha 255 covers what is below. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * Reads `name`, `#RRGGBB[AA]`, `0xRRGGBB[AA]` or `RRGGBB[AA]`, each with `@alpha` behind it where wanted: 0
 * to 1, cut to whole 255ths, or `0x00` to `0xff`. Names are compared without case.
 *
 * `random`, which ffmpeg knows too, is refused: two runs of one command give the same pixels here.
 *
 * @param owner the filter, for messages: `drawbox`
 * @throws DnnError `EINVAL`, for `random` `ENOSYS`, with the position
 */
export function parseColor(value: SourceText, owner: string, option: string): Color {
  const { text } = value;
  const separator = text.indexOf('@');
  const name = separator < 0 ? text : text.slice(0, separator);
  const details = { filter: owner, option };
  if (/^(?:#|0x)?(?:random|bikeshed)$/i.test(name)) {
    throw sourceError(
      'ENOSYS',
      `${option}=${name} of ${owner} is not available: name a color, so that each run gives the same pixels`,
      value,
      0,
      details,
    );
  }
  const rgb = hexadecimalColor(name) ?? namedColor(name);
  if (rgb === undefined) {
    throw sourceError(
      'EINVAL',
      `Cannot find color '${name}' for ${option} of ${owner}: ${nameHint(name)}write a name that "ffmpeg -colors" lists, or 0xRRGGBB`,
      value,
      0,
      details,
    );
  }
  if (separator < 0) return rgb;
  const alpha = parseAlpha(text.slice(separator + 1));
  if (alpha === undefined) {
    throw sourceError(
      'EINVAL',
      `Invalid alpha value specifier '${text.slice(separator + 1)}' in ${option}=${text} of ${owner}: write a number from 0 to 1, or 0x00 to 0xff`,
      value,
      separator + 1,
      details,
    );
  }
  return [rgb[0], rgb[1], rgb[2], alpha];
}

function hexadecimalColor(name: string): Color | undefined {
  const digits = /^(?:#|0x)?((?:[0-9a-fA-F]{2}){3,4})$/.exec(name)?.[1];
  if (digits === undefined) return undefined;
  const byte = (index: number): number => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
  return [byte(0), byte(1), byte(2), digits.length === 8 ? byte(3) : 255];
}

function namedColor(name: string): Color | undefined {
  const rgb = colorTable.get(name.toLowerCase());
  return rgb === undefined ? undefined : [rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255];
}

function nameHint(name: string): string {
  const near = nearestNames(name.toLowerCase(), [...colorTable.keys()]);
  return near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
}

function parseAlpha(text: string): number | undefined {
  if (/^0x[0-9a-fA-F]+$/.test(text)) {
    const alpha = Number.parseInt(text, 16);
    return alpha <= 255 ? alpha : undefined;
  }
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const alpha = Number(text);
  // Adding 0 makes the zero of "-0.0" positive.
  return alpha >= 0 && alpha <= 1 ? Math.trunc(255 * alpha) + 0 : undefined;
}

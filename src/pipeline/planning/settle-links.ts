/**
 * What frames are like on their way from a decoder of the browser through a chain to one of its encoders,
 * where no ffmpeg negotiates: only conversions that codec workers do. Pure.
 */
import type { VideoLink } from '../../filters/dnn-filter.ts';
import { hasAutoRgb24 } from '../../frame/packed-rgb/auto-rgb24.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { ConversionStep } from '../command/conversion-steps.ts';
import { headersMissing } from '../command/without-headers.ts';
import type { LocalFilter } from './local-filter.ts';

export interface SettledLinks {
  /** What the decoder's frames are converted to. */
  readonly convertTo: 'rgb24' | undefined;
  /** Frames before each filter. */
  readonly before: readonly VideoLink[];
  /** Frames behind the last one. */
  readonly behind: VideoLink;
  /** Of the pictures that are encoded. */
  readonly encoded: PixelFormat;
}

/**
 * @param decoded frames of the decoder.
 * @param steps before each filter and behind the last one, one more than there are filters.
 * @throws DnnError `ENOSYS` for a conversion that is not done here, with the headers; `EIO` where a model
 *   cannot take the frames.
 */
export function settleLinks(
  decoded: VideoLink,
  filters: readonly LocalFilter[],
  steps: readonly (readonly ConversionStep[])[],
): SettledLinks {
  let link = decoded;
  let convertTo: 'rgb24' | undefined;
  const require = (formats: readonly PixelFormat[], what: string, isHead: boolean): void => {
    if (formats.includes(link.format)) return;
    if (!isHead || !formats.includes('rgb24') || !hasAutoRgb24(link.format, link)) throw refuse(link, what);
    convertTo = 'rgb24';
    link = { ...link, format: 'rgb24' };
  };
  const before = filters.map((filter, index) => {
    for (const { formats, text } of steps[index]!) require(formats, text, index === 0);
    if (filter.pixelFormats.length > 0) require(filter.pixelFormats, filter.text, index === 0);
    const entering = link;
    link = filter.linkBehind(link);
    return entering;
  });
  const encoded = link.format === 'rgb24' ? 'yuv420p' : link.format;
  for (const { formats, text } of steps.at(-1)!) {
    if (formats.includes(encoded) || formats.includes(link.format)) continue;
    throw refuse({ ...link, format: encoded }, text);
  }
  return { convertTo, before, behind: link, encoded };
}

function refuse({ format, width, height }: VideoLink, what: string): Error {
  return headersMissing(`${what} would need a conversion of ${format} ${width}x${height}`);
}

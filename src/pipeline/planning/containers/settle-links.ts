/**
 * What frames are like on their way from a decoder of the browser through a chain to one of its encoders,
 * where no ffmpeg negotiates: only conversions that codec workers do. Pure.
 */
import type { VideoLink } from '../../../filters/dnn-filter.ts';
import { hasAutoRgb24 } from '../../../frame/packed-rgb/auto-rgb24.ts';
import type { PixelFormat } from '../../../frame/pixel-format.ts';
import { hasAutoYuv } from '../../../frame/planar-yuv/auto-yuv.ts';
import type { ConversionStep } from '../../command/conversion-steps.ts';
import { headersMissing } from '../../command/without-headers.ts';
import type { LocalFilter } from '../local-filter.ts';

export interface SettledLinks {
  /** What the decoder's frames are converted to. */
  readonly convertTo: 'rgb24' | undefined;
  /** Frames before each filter. */
  readonly before: readonly VideoLink[];
  /** Frames behind the last one. */
  readonly behind: VideoLink;
}

export interface LinksToSettle {
  /** Frames of the decoder. */
  readonly decoded: VideoLink;
  readonly filters: readonly LocalFilter[];
  /** Before each filter and behind the last one, one more than there are filters. */
  readonly steps: readonly (readonly ConversionStep[])[];
  /** Of the pictures that are encoded. */
  readonly encoded: PixelFormat;
}

/**
 * @throws DnnError `ENOSYS` for a conversion that is not done here, with the headers; `EIO` where a model
 *   cannot take the frames.
 */
export function settleLinks({ decoded, filters, steps, encoded }: LinksToSettle): SettledLinks {
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
  if (link.format !== encoded && !hasAutoYuv(link.format, encoded))
    throw refuse(link, `an encoder of ${encoded}`);
  const unmet = steps.at(-1)!.find(({ formats }) => !formats.includes(encoded));
  if (unmet !== undefined) throw refuse(link, unmet.text);
  return { convertTo, before, behind: link };
}

function refuse({ format, width, height }: VideoLink, what: string): Error {
  return headersMissing(`${what} would need a conversion of ${format} ${width}x${height}`);
}

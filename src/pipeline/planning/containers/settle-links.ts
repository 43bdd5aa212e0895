/**
 * What frames are like on their way from a decoder of the browser through a chain to one of its encoders,
 * where no ffmpeg negotiates: only conversions that codec workers do, and `scale`. Pure.
 */
import type { VideoLink } from '../../../filters/dnn-filter.ts';
import { hasAutoRgb24 } from '../../../frame/packed-rgb/auto-rgb24.ts';
import { isEightBit, pixelFormatDescriptor, type PixelFormat } from '../../../frame/pixel-format.ts';
import { hasAutoYuv } from '../../../frame/planar-yuv/auto-yuv.ts';
import { frameLayout } from '../../../frame/plane-layout.ts';
import type { PlaneSize } from '../../../frame/plane-scale-pass.ts';
import type { ConversionStep } from '../../command/conversion-steps.ts';
import type { ScaleStep } from '../../command/scale-step.ts';
import { headersMissing } from '../../command/without-headers.ts';
import type { Rational } from '../../../media/nut/nut-stream.ts';
import type { LocalFilter } from '../local-filter.ts';

/** Frames between two stages. */
export interface SettledLink extends VideoLink {
  /** Of the pixels; 0/1 where that is not known. */
  readonly sampleAspectRatio: Rational;
  /** What frames are scaled to on this link, one size behind another, down to its own; mostly none. */
  readonly scaled: readonly PlaneSize[];
}

export interface SettledLinks {
  /** What the decoder's frames are converted to. */
  readonly convertTo: 'rgb24' | undefined;
  /** What the decoder gives, conversion included. */
  readonly head: VideoLink;
  /** Frames before each filter. */
  readonly before: readonly SettledLink[];
  /** Frames behind the last one. */
  readonly behind: SettledLink;
}

export interface LinksToSettle {
  /** Frames of the decoder. */
  readonly decoded: VideoLink;
  /** Of their pixels. */
  readonly sampleAspectRatio: Rational;
  readonly filters: readonly LocalFilter[];
  /** Before each filter and behind the last one, one more than there are filters. */
  readonly steps: readonly (readonly ConversionStep[])[];
  /** Of the pictures that are encoded. */
  readonly encoded: PixelFormat;
}

/**
 * Where frames are converted before the first filter, they are so as they are decoded, before they are
 * scaled.
 *
 * @throws DnnError `ENOSYS` for a conversion that is not done here, with the headers; `EIO` where a model
 *   cannot take the frames; `EINVAL` where they are scaled to no size.
 */
export function settleLinks(options: LinksToSettle): SettledLinks {
  const { decoded, filters, steps, encoded } = options;
  const size = ({ width, height }: VideoLink): PlaneSize => ({ width, height });
  let link: SettledLink = {
    ...{ format: decoded.format, ...size(decoded), sampleAspectRatio: options.sampleAspectRatio, scaled: [] },
  };
  let convertTo: 'rgb24' | undefined;
  const require = (formats: readonly PixelFormat[], what: string, isHead: boolean): void => {
    if (formats.includes(link.format)) return;
    if (!isHead || !formats.includes('rgb24') || !hasAutoRgb24(link.format, decoded))
      throw refuse(link, what);
    convertTo = 'rgb24';
    link = { ...link, format: 'rgb24' };
  };
  const before = filters.map((filter, index) => {
    for (const step of steps[index]!) {
      if (step.kind === 'scale') link = scaledLink(link, step);
      else require(step.formats, step.text, index === 0);
    }
    if (filter.pixelFormats.length > 0) require(filter.pixelFormats, filter.text, index === 0);
    checkScaled(link);
    const entering = link;
    link = { ...link, ...filter.linkBehind(link), scaled: [] };
    return entering;
  });
  for (const step of steps.at(-1)!) if (step.kind === 'scale') link = scaledLink(link, step);
  checkScaled(link);
  if (link.format !== encoded && !hasAutoYuv(link.format, encoded))
    throw refuse(link, `an encoder of ${encoded}`);
  const unmet = steps.at(-1)!.find((step) => step.kind === 'format' && !step.formats.includes(encoded));
  if (unmet !== undefined) throw refuse(link, unmet.text);
  const head = { format: convertTo ?? decoded.format, ...size(decoded) };
  return { convertTo, head, before, behind: link };
}

/** The picture keeps its shape, so that its pixels change theirs (libavfilter/vf_scale.c · config_props). */
function scaledLink(link: SettledLink, step: ScaleStep): SettledLink {
  const { width, height, sampleAspectRatio, scaled } = link;
  const size = step.sizeOf(link, sampleAspectRatio);
  if (size.width === width && size.height === height) return link;
  const [num, den] = [size.height * width, size.width * height];
  return {
    ...{ ...link, ...size, scaled: [...scaled, size] },
    sampleAspectRatio: product(sampleAspectRatio, { num, den }),
  };
}

/** Two ratios in lowest terms; 0/1 stays what it is. */
function product(a: Rational, b: Rational): Rational {
  const [num, den] = [a.num * b.num, a.den * b.den];
  if (num === 0) return a;
  let [divisor, rest] = [num, den];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return { num: num / divisor, den: den / divisor };
}

/**
 * Once the format is settled, which the filter behind `scale` may do.
 * @throws DnnError `ENOSYS` for a format that is not scaled here; `EINVAL` for a size that ffmpeg refuses.
 */
function checkScaled(link: SettledLink): void {
  const [first] = link.scaled;
  if (first === undefined) return;
  if (isEightBit(link.format)) {
    for (const { width, height } of link.scaled) frameLayout(link.format, width, height);
    return;
  }
  throw headersMissing(
    `scale to ${first.width}x${first.height} takes frames of 8 bits, and these are ${link.format}`,
  );
}

function refuse({ format, width, height }: VideoLink, what: string): Error {
  return headersMissing(`${what} would need a conversion of ${format} ${width}x${height}`);
}

/**
 * What a user should know of frames that are scaled; undefined where their samples are ffmpeg's. Against
 * `ffmpeg -cpuflags 0`, a film of 720x480 as packed RGB differs by 3 at most where ffmpeg scales RGB, and by
 * 12 where its scaler converts from yuv420p at once; testsrc2, with hard edges of pure colours, by 31 and
 * 187. So does chroma of nv12 in odd sizes, by 26 and 151.
 */
export function scalingWords({ before, behind }: SettledLinks): string | undefined {
  const inexact = [...before, behind].find(({ format, scaled }) => scaled.length > 0 && !isExact(format));
  if (inexact === undefined) return undefined;
  return (
    `scale is bicubic here, and scales ${inexact.format} channel by channel: samples may differ from ffmpeg's, by up to 12 ` +
    'of 255 in films, and by more at hard edges of pure colours.'
  );
}

/** Whether scaled planes equal those of ffmpeg's scaler. */
function isExact(format: PixelFormat): boolean {
  return !pixelFormatDescriptor(format).isRgb && format !== 'nv12';
}

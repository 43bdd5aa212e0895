/** FFmpeg's constant quality (`-crf`) in quantisers of the browser's encoders. */
import { DnnError } from '../../base/errors.ts';
import type { CodecName } from '../codec-contract.ts';

/** Codecs that browsers encode at a quality instead of a rate. */
export type QualityCodec = Extract<CodecName, 'vp9' | 'av1'>;

/** The scale of libvpx-vp9 and libaom-av1: 0 best, 63 worst. */
const mostCrf = 63;
const crfs = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, mostCrf];

/**
 * The quantiser at each of {@link crfs} at which Chromium 156's encoder (in software, latency mode
 * `quality`) gives the luma PSNR of `ffmpeg -c:v libvpx-vp9 -deadline good -cpu-used 4 -crf N -b:v 0` or
 * of `-c:v libaom-av1 -cpu-used 6 -crf N -b:v 0` (FFmpeg 5.1): the mean of three clips of 60 frames, two
 * filmed, in 720x480 and 640x360, and a synthetic one in 640x360, by FFmpeg's psnr filter.
 *
 * A single clip's PSNR is off by up to 0.7 dB for vp9 to crf 45 and 1.3 dB above it; for av1 by up to
 * 1.2 dB to crf 30, 2 dB to crf 40 and 4 dB above it, since libaom spends more where pictures stand still.
 */
const quantizers: Readonly<Record<QualityCodec, readonly number[]>> = {
  vp9: [0, 3, 7.3, 11.5, 15.7, 20.2, 25.1, 29.7, 33.9, 38.1, 41.9, 45.5, 49.1, 52.5],
  av1: [0, 5.3, 10.4, 15.8, 19.2, 21.8, 24.7, 27.9, 30.9, 33.9, 36.7, 39.8, 43.6, 48.2],
};

/**
 * The quantiser for what `-crf` means to FFmpeg's own encoder of the codec, libvpx-vp9 or libaom-av1.
 *
 * @param crf 0 to 63; fractions count.
 * @returns 0 to 63, with fractions: what `RateControl` takes.
 * @throws DnnError `EINVAL` for a number out of range, with the range.
 */
export function quantizerOfCrf(codec: QualityCodec, crf: number): number {
  if (!(crf >= 0 && crf <= mostCrf)) {
    throw new DnnError(
      'EINVAL',
      `-crf ${crf} is out of range: ${codec}_webcodecs takes 0 (best) to ${mostCrf}.`,
      {
        codec,
        crf,
      },
    );
  }
  const above = Math.max(
    1,
    crfs.findIndex((each) => each >= crf),
  );
  const [from, to] = [crfs[above - 1]!, crfs[above]!];
  const [best, worst] = [quantizers[codec][above - 1]!, quantizers[codec][above]!];
  return best + ((worst - best) * (crf - from)) / (to - from);
}

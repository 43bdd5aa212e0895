/** Which picture sizes a codec has, as far as that is the codec's own affair. */
import { DnnError } from '../../base/errors.ts';
import type { EncodeSetup } from '../codec-contract.ts';

/**
 * Encoders of H.264 and HEVC take whole samples of 4:2:0 chroma only; the others crop by themselves.
 * @throws DnnError `EINVAL` for an odd side, with what to write.
 */
export function checkPictureSize({
  codec,
  width,
  height,
}: Pick<EncodeSetup, 'codec' | 'width' | 'height'>): void {
  const isOdd = width % 2 !== 0 || height % 2 !== 0;
  if (!isOdd || (codec !== 'h264' && codec !== 'hevc')) return;
  const even = (side: number): number => Math.max(2, side - (side % 2));
  throw new DnnError(
    'EINVAL',
    `${codec}_webcodecs encodes pictures of even width and height, not of ${width}x${height}: ` +
      `write scale=${even(width)}:${even(height)} as the last filter, or -c:v vp9_webcodecs.`,
    { codec, width, height },
  );
}

/** An encoder of the browser is used only once it has given back what it was given. */
import { DnnError } from '../../../base/errors.ts';
import type { CodecName, EncodeSetup } from '../../../codecs/codec-contract.ts';
import type { AssetUrls } from '../../../workers/asset-urls.ts';
import { probedEncoder } from './probed-codecs.ts';

/** ffmpeg.wasm's libvpx-vp9 crashes on larger frames unless it is told to be fast. */
const fastVp9 = 'libvpx-vp9 -deadline realtime -cpu-used 8';

/** Encoders of ffmpeg.wasm that are written into the same containers. */
const insteadOf: Readonly<Record<CodecName, string>> = {
  h264: 'libx264',
  hevc: 'libx264',
  vp8: 'libvpx',
  vp9: fastVp9,
  av1: fastVp9,
};

/**
 * To be called before `beginEncoding`, which tries the stream's own size, profile and bits. The first call
 * for a codec takes up to a second in a version of the browser, later ones some milliseconds.
 *
 * @param hasFFmpeg whether ffmpeg could encode in its place, which takes shared memory.
 * @throws DnnError `ENOSYS` where the browser's encoder is not to be used for this, with what to write.
 */
export async function requireEncoder(
  assets: AssetUrls,
  { codec, pixelFormat, rate }: Pick<EncodeSetup, 'codec' | 'pixelFormat' | 'rate'>,
  hasFFmpeg: boolean,
): Promise<void> {
  const { name, pixelFormats, rateControl, reason } = await probedEncoder(assets, codec);
  const refused = (what: string): DnnError => new DnnError('ENOSYS', what, { codec, pixelFormat });
  const advice = hasFFmpeg
    ? `-c:v ${insteadOf[codec]}`
    : `another encoder of those that -encoders lists, or serve the page with the headers for -c:v ${insteadOf[codec]}`;
  if (pixelFormats.length === 0)
    throw refused(
      `${name}: this browser has no such encoder that works (${reason ?? 'none'}): write ${advice}.`,
    );
  if (!pixelFormats.includes(pixelFormat)) {
    const formats = pixelFormats.join(', ');
    throw refused(
      `${name}: this browser's encoder gives back ${formats}, not ${pixelFormat}: ` +
        `write -pix_fmt ${pixelFormats[0]!}, or ${advice}.`,
    );
  }
  if (rateControl.includes(rate.kind)) return;
  const words = rate.kind === 'bitrate' ? 'a bit rate (-b:v)' : 'a constant quality (-crf, -qp)';
  throw refused(`${name}: ${words} has no effect on this browser's encoder: write ${advice}.`);
}

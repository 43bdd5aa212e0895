/** The codec strings with which an encoder may be asked for a stream. */
import { DnnError } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { CodecName, EncodeSetup } from '../codec-contract.ts';
import { encoderCodecs, type EncoderProfile } from './encoder-profiles.ts';
import { inMacroblocks } from './h264-levels.ts';
import { fittingLevels, type StreamDemands } from './level.ts';

/** What codec strings depend on. */
export type CodecChoice = Pick<
  EncodeSetup,
  'codec' | 'width' | 'height' | 'pixelFormat' | 'frameRate' | 'rate' | 'profile'
>;

/**
 * Codec strings to try one after another, the best first: each profile that goes with the frames, at the
 * level that size, rate and bits ask for, then at the others, since some encoders know few levels.
 *
 * @throws DnnError `EINVAL` for a profile or a pixel format that the codec does not have, or that do not go
 *   with each other; `ENOSYS` for a picture that is too large for the codec.
 */
export function codecStrings(choice: CodecChoice): readonly [string, ...string[]] {
  const profiles = profilesFor(choice);
  const { levels } = encoderCodecs[choice.codec];
  // A codec without levels has one string.
  const codes = levels === undefined ? [0] : fittingLevels(levels, demands(choice)).map(({ code }) => code);
  const [first, ...others] = profiles.flatMap(({ codecString }) => codes.map(codecString));
  if (first === undefined) throw tooLarge(choice);
  return [first, ...others];
}

/** The sides as the codec's levels count them. */
function demands({ codec, width, height, frameRate, rate }: CodecChoice): StreamDemands {
  const side = codec === 'h264' ? inMacroblocks : (samples: number): number => samples;
  return {
    width: side(width),
    height: side(height),
    framesPerSecond: frameRate.num / frameRate.den,
    bitsPerSecond: rate.kind === 'bitrate' ? rate.bitsPerSecond : undefined,
  };
}

function profilesFor({ codec, pixelFormat, profile }: CodecChoice): readonly EncoderProfile[] {
  const { profiles } = encoderCodecs[codec];
  const details = { codec, pixelFormat, profile };
  const named = profiles.filter(({ names }) => profile === undefined || names.includes(profile));
  if (named.length === 0) {
    const known = [...new Set(profiles.map(({ names }) => names[0]!))].join(', ');
    throw new DnnError(
      'EINVAL',
      `-profile:v ${profile} is none of ${codec}_webcodecs; it has ${known}.`,
      details,
    );
  }
  const fitting = named.filter(({ pixelFormats }) => pixelFormats.includes(pixelFormat));
  if (fitting.length > 0) return fitting;
  const others = profile === undefined ? '' : ` with -profile:v ${profile}`;
  throw new DnnError(
    'EINVAL',
    `${codec}_webcodecs does not encode ${pixelFormat}${others}: write -pix_fmt ${named[0]!.pixelFormats[0]!}` +
      `${instead(pixelFormat, codec)}.`,
    details,
  );
}

/** Encoders that have a pixel format, as the end of a sentence. */
function instead(pixelFormat: PixelFormat, but: CodecName): string {
  const names = (Object.keys(encoderCodecs) as CodecName[]).filter(
    (codec) =>
      codec !== but && encoderCodecs[codec].profiles.some((each) => each.pixelFormats.includes(pixelFormat)),
  );
  return names.length === 0 ? '' : `, or ${names.map((name) => `-c:v ${name}_webcodecs`).join(' or ')}`;
}

function tooLarge({ codec, width, height }: CodecChoice): DnnError {
  return new DnnError('ENOSYS', `it is more than the codec's highest level allows.`, {
    codec,
    width,
    height,
  });
}

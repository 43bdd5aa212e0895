/** What a VideoEncoder is told, from FFmpeg's words. */
import type { CodecName, EncodeSetup, RateControl } from '../codec-contract.ts';

/** With what TypeScript's library does not know yet (WebCodecs HEVC registration). */
export interface EncoderConfig extends VideoEncoderConfig {
  readonly hevc?: { readonly format: 'annexb' | 'hevc' };
}

/** With what TypeScript's library does not know yet (WebCodecs VP9 and AV1 registrations). */
export interface EncodeOptions extends VideoEncoderEncodeOptions {
  readonly vp9?: { readonly quantizer: number };
  readonly av1?: { readonly quantizer: number };
}

/** As {@link EncodeSetup}, without what only the frames themselves need. */
export type TrialSetup = Omit<EncodeSetup, 'inputFormat' | 'timeBase' | 'keyInterval'>;

/** @param codecString one of {@link codecStrings}. */
export function encoderConfig(setup: Omit<TrialSetup, 'colors'>, codecString: string): EncoderConfig {
  const { codec, width, height, frameRate, rate, latencyMode } = setup;
  return {
    codec: codecString,
    width,
    height,
    // Browsers assume 30 where it is left out: 60 frames per second would get twice the bits.
    framerate: frameRate.num / frameRate.den,
    latencyMode,
    ...rateOf(rate),
    // Parameter sets go along with each key frame: no header to be carried beside the packets.
    ...(codec === 'h264' ? { avc: { format: 'annexb' } } : {}),
    ...(codec === 'hevc' ? { hevc: { format: 'annexb' } } : {}),
  };
}

function rateOf(rate: RateControl): Pick<VideoEncoderConfig, 'bitrate' | 'bitrateMode'> {
  if (rate.kind === 'quantizer') return { bitrateMode: 'quantizer' };
  const bitrateMode = rate.isConstant === true ? 'constant' : 'variable';
  return { bitrate: rate.bitsPerSecond, bitrateMode };
}

/** @param quantizer in the browser's scale; undefined where bits are asked for. */
export function encodeOptions(
  codec: CodecName,
  keyFrame: boolean,
  quantizer: number | undefined,
): EncodeOptions {
  if (quantizer === undefined) return { keyFrame };
  return codec === 'vp9' ? { keyFrame, vp9: { quantizer } } : { keyFrame, av1: { quantizer } };
}

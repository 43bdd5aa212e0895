/** What an encoder of the browser is begun with, for frames as they really come. Pure. */
import type { CodecColors, CodecName, EncodeSetup } from '../../../codecs/codec-contract.ts';
import type { EncodedStream } from '../../../media/nut/encoded-stream.ts';
import type { NutStream, Rational } from '../../../media/nut/nut-stream.ts';
import type { BrowserEncoder } from '../../command/webcodecs/browser-encoder.ts';

/** ffmpeg's own, where frames have none (fftools/ffmpeg.c · init_output_stream_encode). */
const defaultRate: Rational = { num: 25, den: 1 };

/** Tags with which NUT carries packets that hold all that is needed (libavformat/riff.c). */
const tags: Readonly<Record<CodecName, string>> = {
  h264: 'H264',
  hevc: 'HEVC',
  vp8: 'VP80',
  vp9: 'VP90',
  av1: 'AV01',
};

/** @param info what the frames are like. */
export function encoderSetup(encoder: BrowserEncoder, info: NutStream, colors: CodecColors): EncodeSetup {
  const { codec, pixelFormat, rateOf, keyInterval, profile, latencyMode } = encoder;
  const { width, height, timeBase, frameRate = defaultRate } = info;
  const rate = rateOf({ width, height, framesPerSecond: frameRate.num / frameRate.den });
  return {
    ...{ codec, width, height, inputFormat: info.format, pixelFormat, colors, timeBase, frameRate, rate },
    ...{ keyInterval, profile, latencyMode },
  };
}

/** The stream of its packets. */
export function encodedStream(
  { codec }: BrowserEncoder,
  { width, height, sampleAspectRatio, timeBase, frameRate }: NutStream,
  description: ArrayBuffer | undefined,
): EncodedStream {
  return {
    tag: tags[codec],
    ...(description === undefined ? {} : { extradata: description }),
    ...{ width, height, sampleAspectRatio, timeBase, decodeDelay: 0 },
    ...(frameRate === undefined ? {} : { frameRate }),
  };
}

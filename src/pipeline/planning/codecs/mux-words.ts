/** Words of the stage that copies what an encoder of the browser gives into the user's output. */
import type { Rational } from '../../../media/nut/nut-stream.ts';
import type { CodecColors } from '../../../codecs/codec-contract.ts';
import type { CommandOption } from '../../command/command.ts';
import type { BrowserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { encoderName } from '../../command/webcodecs/encoder-option.ts';
import { isEncoderWord } from '../../command/webcodecs/encoder-words.ts';
import { isOnlyRateWord } from '../../command/webcodecs/rate-words.ts';

/** Encoded video that comes through a pipe. */
export interface EncodedVideo {
  readonly encoder: BrowserEncoder;
  readonly colors: CodecColors;
  /** 0/1 where unknown. */
  readonly sampleAspectRatio: Rational;
  /** Frames per second; undefined where unknown. */
  readonly frameRate: Rational | undefined;
}

/** Names of libavutil/pixdesc.c that the option of 5.1 spells in another way (libavcodec/options_table.h). */
const trcNames: ReadonlyMap<string, string> = new Map([
  ['bt470m', 'gamma22'],
  ['bt470bg', 'gamma28'],
]);

/** An option of the output, for a stage in which the video is copied. @param isFilter its `-filter:v`. */
export function muxWords(
  option: CommandOption,
  isFilter: boolean,
  encoder: BrowserEncoder,
): readonly string[] {
  if (option === encoder.option) return ['-c:v:0', 'copy'];
  if (isFilter || isEncoderWord(option) || isOnlyRateWord(option) || isBitstreamFilter(option)) return [];
  return option.words;
}

export const isBitstreamFilter = ({ name, specifier }: CommandOption): boolean =>
  name === 'bsf' && /^([vV](:0)?)?$/.test(specifier);

/** What ffmpeg's own encoders tell the container, in front of the user's options. @param stream its index. */
export function toldWords({ encoder, colors }: EncodedVideo, stream: number): string[] {
  const { colorRange, colorSpace, colorPrimaries, colorTrc } = colors;
  const told = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`-${name}:v:0`, value];
  return [
    ...told('color_range', colorRange),
    ...told('colorspace', colorSpace),
    ...told('color_primaries', colorPrimaries),
    ...told('color_trc', colorTrc === undefined ? undefined : (trcNames.get(colorTrc) ?? colorTrc)),
    ...[`-metadata:s:${stream}`, `encoder=${encoderName(encoder.codec)}`],
  ];
}

/**
 * `-h encoder=NAME` for encoders of the browser, which ffmpeg.wasm does not know; mirrors
 * fftools/cmdutils.c · show_help_codec.
 */
import type { OptionTable } from '../../../base/option-table.ts';
import { describeOptions } from '../../../base/option-table-help.ts';
import type { CodecName } from '../../../codecs/codec-contract.ts';
import { encoderCodecs } from '../../../codecs/parameters/encoder-profiles.ts';

/** What the encoders are, in the words of ffmpeg's lists. */
export const encoderDescriptions: Readonly<Record<CodecName, string>> = {
  h264: "H.264 / AVC by the browser's encoder",
  hevc: "HEVC by the browser's encoder",
  vp8: "VP8 by the browser's encoder",
  vp9: "VP9 by the browser's encoder",
  av1: "AV1 by the browser's encoder",
};

/** @returns the help text where the words ask for that of an encoder of the browser. */
export function encoderHelp(args: readonly string[]): string | undefined {
  const position = args.findIndex((word) => ['-h', '-help', '--help', '-?'].includes(word));
  const name = position < 0 ? undefined : /^encoder=(.+)_webcodecs$/.exec(args[position + 1] ?? '')?.[1];
  const codecs = Object.keys(encoderDescriptions) as CodecName[];
  const codec = codecs.find((each) => each === name);
  if (codec === undefined) return undefined;
  const formats = new Set(encoderCodecs[codec].profiles.flatMap(({ pixelFormats }) => pixelFormats));
  return (
    `Encoder ${codec}_webcodecs [${encoderDescriptions[codec]}]:\n` +
    `    Supported pixel formats, where the browser has them: ${[...formats].join(' ')}\n` +
    describeOptions(`${codec}_webcodecs encoder`, optionsOf(codec))
  );
}

function optionsOf(codec: CodecName): OptionTable {
  const hasQuality = codec === 'vp9' || codec === 'av1';
  const profiles = new Set(encoderCodecs[codec].profiles.map(({ names }) => names[0]));
  const bitsPerPixel = hasQuality ? 0.07 : 0.1;
  const text = (option: string, help: string): OptionTable[number] => ({
    name: option,
    type: 'string',
    help,
  });
  const number = (option: string, max: number, help: string, value: number): OptionTable[number] => ({
    ...{ name: option, type: 'int', min: 0, max, default: value, help },
  });
  const library = codec === 'vp9' ? 'libvpx-vp9' : 'libaom-av1';
  return [
    text('b', `bits per second on average, ${bitsPerPixel} per pixel where left out`),
    text('bits_per_pixel', 'the same for any size and rate of frames, in place of -b'),
    text('maxrate', 'with -b of the same value the rate is constant'),
    ...(hasQuality
      ? [
          text('crf', `constant quality in place of -b, from 0 to 63 as ${library} has it`),
          text('qp', 'the same by the quantiser of every frame, from 0 to 63'),
        ]
      : []),
    number('g', 2 ** 31 - 1, 'frames from one key frame to the next', 250),
    text('force_key_frames', 'times of further key frames'),
    text('profile', `${[...profiles].join(', ')}: the first that the browser has, where left out`),
    text('quality', 'quality: fewer bits, or realtime: faster'),
  ];
}

/**
 * Finds `-c:v h264_webcodecs` and the like: encoders of the browser, by names that ffmpeg does not know.
 * Pure.
 */
import { DnnError } from '../../../base/errors.ts';
import type { CodecName } from '../../../codecs/codec-contract.ts';
import type { CommandOption, FileGroup } from '../command.ts';
import { videoCodecs } from '../video-codecs.ts';

const codecs: readonly CodecName[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1'];
const suffix = '_webcodecs';

/** The word for `-c:v`. */
export const encoderName = (codec: CodecName): string => `${codec}${suffix}`;

const allNames = codecs.map(encoderName).join(', ');

/** An output's choice of a browser's encoder. */
export interface EncoderOption {
  readonly codec: CodecName;
  readonly option: CommandOption;
}

/** Options that name a codec, of whatever streams. */
const codecOptions: ReadonlySet<string> = new Set(['c', 'codec', 'vcodec', 'acodec', 'scodec', 'dcodec']);

/**
 * The browser's encoder for an output's first video stream; undefined where the last word for it is another
 * codec, or none.
 *
 * @throws DnnError `EINVAL` for a name that is none, and for other streams than the first video stream.
 */
export function encoderOption(output: FileGroup): EncoderOption | undefined {
  const named = output.options.filter(({ name, value }) => codecOptions.has(name) && value.endsWith(suffix));
  for (const option of named) requireVideoEncoder(option);
  const inForce = videoCodecs(output).findLast(isForFirstVideo);
  const codec = inForce && codecs.find((candidate) => encoderName(candidate) === inForce.value);
  return codec === undefined || inForce === undefined ? undefined : { codec, option: inForce };
}

/** Whether a codec option is in force for the first video stream. */
const isForFirstVideo = ({ name, specifier }: CommandOption): boolean =>
  name === 'vcodec' || /^([vV](:0)?)?$/.test(specifier);

function requireVideoEncoder(option: CommandOption): void {
  const { name, specifier, value, words } = option;
  const text = words.join(' ');
  if (!codecs.some((codec) => encoderName(codec) === value))
    throw refused(option, `${text}: there is no such encoder; those of the browser are ${allNames}`);
  const isVideo =
    name === 'vcodec' || (name !== 'acodec' && name !== 'scodec' && /^[vV](:\d+)?$/.test(specifier));
  if (!isVideo) throw refused(option, `${text}: it encodes video alone: write -c:v ${value}`);
  if (!isForFirstVideo(option)) {
    throw refused(
      option,
      `${text}: the browser encodes the first video stream of an output: write -c:v:0 ${value}, and further ` +
        'streams into an output of their own',
    );
  }
}

/** @param what happened and what to do, without a full stop. @returns DnnError `EINVAL`, with the place. */
export function refused({ name, position }: CommandOption, what: string): DnnError {
  return new DnnError('EINVAL', `${what} (word ${position + 1} of the command line).`, {
    option: name,
    position,
  });
}

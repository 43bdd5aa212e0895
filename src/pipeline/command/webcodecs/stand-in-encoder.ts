/**
 * An encoder of ffmpeg in the place of the browser's, where ffmpeg is asked what it would do: it takes the
 * same pixel formats, so that filters negotiate as they will, and goes into the same containers. Pure.
 */
import type { CodecName } from '../../../codecs/codec-contract.ts';
import type { Command, CommandOption, FileGroup } from '../command.ts';
import { browserEncoder, type BrowserEncoder } from './browser-encoder.ts';
import { isEncoderWord } from './encoder-words.ts';

const libvpxVp9 = ['libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'];

/** ffmpeg.wasm has no encoder of HEVC and AV1 that works; in these places it comes to the same. */
const standIns: Readonly<Record<CodecName, readonly string[]>> = {
  h264: ['libx264', '-preset', 'ultrafast'],
  hevc: ['libx264', '-preset', 'ultrafast'],
  vp8: ['libvpx', '-deadline', 'realtime'],
  vp9: libvpxVp9,
  av1: libvpxVp9,
};

/** The output's option as ffmpeg is to see it in a run whose results nobody sees. */
export function standInWords(option: CommandOption, encoder: BrowserEncoder): readonly string[] {
  if (option === encoder.option) {
    return ['-c:v:0', ...standIns[encoder.codec], '-pix_fmt:v:0', encoder.pixelFormat];
  }
  return isEncoderWord(option) ? [] : option.words;
}

/** The options of an output in such a run. */
export function standInOptions(output: FileGroup): readonly (readonly [CommandOption, readonly string[]])[] {
  const encoder = browserEncoder(output);
  return output.options.map((option) => [
    option,
    encoder === undefined ? option.words : standInWords(option, encoder),
  ]);
}

/** Whether an output of a command has an encoder of the browser. */
export function usesBrowserEncoder({ outputs, printsOnly }: Command): boolean {
  return !printsOnly && outputs.some((output) => browserEncoder(output) !== undefined);
}

/** The user's words with such encoders. @param args in which the options stand where `command` says. */
export function withStandIns(args: readonly string[], { outputs }: Command): readonly string[] {
  const replaced = outputs.flatMap((output) =>
    standInOptions(output).filter(([option, words]) => words !== option.words),
  );
  const words = [...args];
  for (const [option, instead] of replaced.toSorted(([a], [b]) => b.position - a.position))
    words.splice(option.position, option.words.length, ...instead);
  return words;
}

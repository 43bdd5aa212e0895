/** The `-c:v` of an output as ffmpeg matches them to streams. Pure. */
import type { CommandOption, FileGroup } from './command.ts';

/**
 * The codec options that can be in force for video streams of an output, in the user's order: the last one
 * for all of them, and those for single streams behind it, as the last that matches a stream wins
 * (fftools/ffmpeg_opt.c · MATCH_PER_STREAM_OPT). None where ffmpeg chooses by the format.
 */
export function videoCodecs({ options }: FileGroup): readonly CommandOption[] {
  const codecs = options.filter(
    ({ name, specifier }) =>
      name === 'vcodec' || ((name === 'c' || name === 'codec') && !/^[asdt](:|$)/.test(specifier)),
  );
  const isForAll = ({ name, specifier }: CommandOption): boolean =>
    name === 'vcodec' || /^[vV]?$/.test(specifier);
  return codecs.slice(Math.max(0, codecs.findLastIndex(isForAll)));
}

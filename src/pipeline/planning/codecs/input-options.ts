/**
 * Which options of an input leave its frames to the browser: those of demuxers, which count for packets as
 * for frames, and those that the decoder source carries out itself. Pure.
 */
import type { CodecName } from '../../../codecs/codec-contract.ts';
import { lastValue, type CommandOption, type FileGroup } from '../../command/command.ts';
import { parseTime } from '../../command/parse-time.ts';

/** Their words go to the demuxer as they are. */
const demuxerOptions: ReadonlySet<string> = new Set([
  ...['f', 'ss', 'sseof', 'accurate_seek', 'seek_timestamp', 'itsoffset', 'itsscale', 'stream_loop'],
  ...['re', 'readrate', 'thread_queue_size', 'probesize', 'analyzeduration', 'fpsprobesize'],
  ...['formatprobesize', 'format_probesize', 'fflags', 'ignore_editlist', 'max_delay', 'rtbufsize'],
  ...['protocol_whitelist', 'format_whitelist', 'map_metadata', 'vn', 'an', 'sn', 'dn', 'resync_size'],
  ...['scan_all_pmts', 'live_start_index', 'allowed_extensions', 'use_mfra_for', 'enable_drefs'],
]);

/** What they ask for is done here, or changes no frame. */
const ownOptions: ReadonlySet<string> = new Set(['t', 'to', 'autorotate', 'threads', 'threads_type']);

/** Options of decoders, which may be those of other streams alone. */
const codecOptions: ReadonlySet<string> = new Set(['c', 'codec', 'acodec', 'scodec', 'dcodec', 'ar', 'ac']);

/** Options of the demuxer among those of an input, in their order. */
export function demuxerOptionsOf({ options }: FileGroup): CommandOption[] {
  return options.filter(
    (option) => demuxerOptions.has(option.name) || (codecOptions.has(option.name) && isForOthers(option)),
  );
}

/** Codecs whose packets pass a bitstream filter, which takes none behind the end of the file. */
const filteredCodecs: ReadonlySet<CodecName> = new Set(['h264', 'hevc']);

/** Why an input's options need ffmpeg's decoder, in words without a full stop; undefined where none does. */
export function decoderOnlyOption({ options }: FileGroup, codec: CodecName): string | undefined {
  const option = options.find(
    (candidate) =>
      !demuxerOptions.has(candidate.name) &&
      !ownOptions.has(candidate.name) &&
      !(codecOptions.has(candidate.name) && isForOthers(candidate)),
  );
  if (option !== undefined) return `${option.words.join(' ')} is known to its decoder alone`;
  const passes = lastValue(options, 'stream_loop');
  if (passes !== undefined && Number(passes) !== 0 && filteredCodecs.has(codec))
    return `-stream_loop ${passes} repeats ${codec}, whose packets can be copied once only`;
  const time = options.find(({ name, value }) => ['t', 'to', 'ss'].includes(name) && isNoTime(value));
  return time === undefined ? undefined : `${time.words.join(' ')} is no time that is understood here`;
}

/** Whether an option of decoders is none of the video's. */
function isForOthers({ name, specifier }: CommandOption): boolean {
  if (name !== 'c' && name !== 'codec') return true;
  return /^[asdt]/.test(specifier);
}

const isNoTime = (value: string): boolean => parseTime(value) === undefined;

/**
 * Microseconds after its first frame from which on an input gives no frames: `-t`, or `-to` less `-ss`
 * (fftools/ffmpeg_opt.c · open_input_file). Undefined where all are given.
 */
export function frameLimit({ options }: FileGroup): number | undefined {
  const microseconds = (name: string): number | undefined => {
    const seconds = parseTime(lastValue(options, name));
    return seconds === undefined ? undefined : Math.round(seconds * 1e6);
  };
  const duration = microseconds('t');
  if (duration !== undefined) return duration;
  const end = microseconds('to');
  return end === undefined ? undefined : end - (microseconds('ss') ?? 0);
}

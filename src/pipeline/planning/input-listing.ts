/**
 * What ffmpeg lists of an input (libavformat/dump.c · av_dump_format), and what of it is not kept where no
 * ffmpeg writes the output. Pure.
 */
import type { CodecColors } from '../../codecs/codec-contract.ts';
import { parsePlanningLog, type PlannedStream } from './planning-log.ts';

export interface InputListing {
  readonly streams: readonly PlannedStream[];
  readonly hasChapters: boolean;
  /** Of the first video stream. */
  readonly colors: CodecColors;
}

/** @returns undefined where ffmpeg lists no input. */
export function readInputListing(lines: readonly string[]): InputListing | undefined {
  const [input] = parsePlanningLog(lines, 0).inputs;
  if (input === undefined || input.streams.length === 0) return undefined;
  const video = lines.find((line) => /^ +Stream #0:\d+.*: Video: /.test(line));
  return {
    streams: input.streams,
    hasChapters: lines.some((line) => /^ +Chapter #0:0/.test(line)),
    colors: video === undefined ? {} : colorsOf(video),
  };
}

/**
 * The colours in `yuvj420p(pc, smpte170m, progressive)` (libavcodec/avcodec.c · avcodec_string): range, then
 * one name for matrix, primaries and transfer, or three.
 */
function colorsOf(line: string): CodecColors {
  const match = /: Video: [^,]*(?:\([^)]*\)[^,]*)*, (\w+)\(([^)]*)\)/.exec(line);
  if (match === null) return {};
  const words = match[2]!.split(', ');
  const range = words.find((word) => word === 'tv' || word === 'pc');
  const names = words.find((word) => !/^(tv|pc|progressive|(top|bottom) .*)$/.test(word));
  const [matrix, primaries, transfer] =
    names?.includes('/') === true ? names.split('/') : [names, names, names];
  const known = (name: string | undefined): string | undefined => (name === 'unknown' ? undefined : name);
  return {
    colorRange: range,
    colorSpace: known(matrix),
    colorPrimaries: known(primaries),
    colorTrc: known(transfer),
  };
}

/**
 * In words what of an input does not come into the output; undefined where all does.
 *
 * @param audio audio streams that are kept, by their number among audio streams.
 */
export function lossesOf(
  { streams, hasChapters }: InputListing,
  audio: readonly number[],
): string | undefined {
  const seen = new Map<string, number>();
  const lost = new Map<string, number>();
  for (const { type } of streams) {
    const number = seen.get(type) ?? 0;
    seen.set(type, number + 1);
    const isKept = type === 'Audio' ? audio.includes(number) : type === 'Video' && number === 0;
    if (!isKept) lost.set(type, (lost.get(type) ?? 0) + 1);
  }
  const words = [
    ...(hasChapters ? ['chapters'] : []),
    ...[...lost].map(([type, count]) => `${count} ${type.toLowerCase()} stream${count === 1 ? '' : 's'}`),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}

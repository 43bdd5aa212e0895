/**
 * What ffmpeg lists of an input (libavformat/dump.c · av_dump_format), and what of it is not kept where no
 * ffmpeg writes the output. Pure.
 */
import { readStreamPictures, type StreamPicture } from '../color/stream-pictures.ts';
import { parsePlanningLog, type PlannedInput } from '../planning-log.ts';

export interface InputListing {
  readonly input: PlannedInput;
  readonly hasChapters: boolean;
  /** Of the file. */
  readonly title: string | undefined;
  /** Number of the first video stream; undefined where there is none. */
  readonly video: number | undefined;
  /** Its pictures; undefined where ffmpeg does not tell their size. */
  readonly picture: StreamPicture | undefined;
}

/** @returns undefined where ffmpeg lists no input. */
export function readInputListing(lines: readonly string[]): InputListing | undefined {
  const [input] = parsePlanningLog(lines, 0).inputs;
  if (input === undefined || input.streams.length === 0) return undefined;
  const video = input.streams.find(({ type }) => type === 'Video')?.index;
  return {
    input,
    title: titleOf(lines),
    hasChapters: lines.some((line) => /^ +Chapter #0:0/.test(line)),
    video,
    picture: readStreamPictures(lines).inputs.get(`0:${video}`),
  };
}

/** In the metadata of the file, which stand before its streams. */
function titleOf(lines: readonly string[]): string | undefined {
  const end = lines.findIndex((line) => /^ +(Stream #|Duration:)/.test(line));
  const line = lines.slice(0, end).find((other) => /^ {4}title +: /.test(other));
  return line?.replace(/^ {4}title +: /, '');
}

/**
 * In words what of an input does not come into the output; undefined where all does.
 *
 * @param audio audio streams that are kept, by their number among audio streams.
 */
export function lossesOf(
  { input, hasChapters }: Pick<InputListing, 'input' | 'hasChapters'>,
  audio: readonly number[],
): string | undefined {
  const seen = new Map<string, number>();
  const lost = new Map<string, number>();
  for (const { type } of input.streams) {
    // ffmpeg itself leaves them out.
    if (type === 'Data') continue;
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

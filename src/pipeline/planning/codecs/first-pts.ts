/** Where an input's frames begin, for those whose decoder is not ffmpeg's to ask. Pure. */
import type { Rational } from '../../../media/nut/nut-stream.ts';
import { lastValue, type Command, type FileGroup } from '../../command/command.ts';
import { parseTime } from '../../command/parse-time.ts';

/**
 * Ticks of the time base before which ffmpeg gives no frame of an input: those before the place of `-ss`
 * (fftools/ffmpeg_filter.c · insert_trim) and before an edit list's beginning, which is at zero.
 */
export function earliestPts({ global }: Command, input: FileGroup, { num, den }: Rational): number {
  const isOn = (name: string): boolean => global.findLast((option) => option.name === name)?.value === '1';
  const seconds = (name: string): number => parseTime(lastValue(input.options, name)) ?? 0;
  const start = isOn('copyts') ? seconds('ss') : 0;
  const hasStart = lastValue(input.options, 'ss') !== undefined;
  return Math.round(((hasStart ? start : seconds('itsoffset')) * den) / num);
}

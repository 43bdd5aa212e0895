/** Says why ffmpeg decodes an input that the browser was asked to decode. */
import type { Logger } from '../../base/log.ts';
import type { Command } from '../command/command.ts';

/**
 * One line of the log: a warning for `-hwaccel webcodecs`, at level `verbose` for `auto`; none for other
 * inputs.
 *
 * @param file number of the input.
 * @param reason in words, without a full stop.
 */
export function tellFallback(
  { command, log }: { readonly command: Command; readonly log: Logger },
  file: number,
  reason: string,
): void {
  const { hwaccel, url } = command.inputs[file]!;
  if (hwaccel !== 'webcodecs' && hwaccel !== 'auto') return;
  const level = hwaccel === 'webcodecs' ? 'warning' : 'verbose';
  log(level, `-hwaccel ${hwaccel}: ffmpeg decodes input ${file} (${url}): ${reason}.`);
}

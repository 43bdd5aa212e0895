/** Options that ffmpeg accepts on every filter; mirrors avfilter_options of libavfilter/avfilter.c. */
import type { Logger } from '../base/log.ts';
import { intMax, type OptionAssignment, type OptionTable } from '../base/option-table.ts';
import { sourceError, type SourceText } from '../base/source-text.ts';

/** To be put behind a filter's own options. */
export const genericOptions = [
  { name: 'enable', type: 'string', help: 'timeline expression', hidden: true },
  { name: 'thread_type', type: 'string', help: 'allowed thread types', hidden: true },
  { name: 'threads', type: 'int', default: 0, min: 0, max: intMax, help: 'number of threads', hidden: true },
  {
    name: 'extra_hw_frames',
    type: 'int',
    default: -1,
    min: -1,
    max: intMax,
    help: 'extra hardware frames',
    hidden: true,
  },
] as const satisfies OptionTable;

/**
 * Refuses `enable` on a filter without timeline support, as ffmpeg does, and warns about the others, which
 * speak of ffmpeg's own threads and devices.
 *
 * @returns the expression of `enable`, unchecked, where it is given
 * @throws DnnError `ENOSYS` for `enable`
 */
export function checkGenericOptions(
  filter: SourceText,
  given: ReadonlyMap<string, OptionAssignment>,
  log: Logger,
  supportsTimeline = false,
): SourceText | undefined {
  const enable = given.get('enable');
  if (enable !== undefined && !supportsTimeline) {
    throw sourceError(
      'ENOSYS',
      `Timeline ('enable' option) not supported with filter '${filter.text}': leave enable out; to process a part of the video, cut it with -ss and -t`,
      enable.key ?? enable.value,
      0,
      { filter: filter.text, option: 'enable' },
    );
  }
  for (const { name } of genericOptions) {
    if (!given.has(name) || name === 'enable') continue;
    log(
      'warning',
      `Option '${name}' has no effect on ${filter.text}: nireq says how many requests run at once`,
    );
  }
  return enable?.value;
}

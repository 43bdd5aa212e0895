/**
 * Metadata and dispositions in the encode stage, where ffmpeg's own copying would take them from the pipe.
 */
import type { ChainPlan, Plan } from '../command/plan.ts';
import type { Planning, StreamMapping } from './planning-log.ts';

/** Words in front of and behind the user's own output options: ffmpeg lets the later one win. */
export interface TagWords {
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/**
 * Whether the user maps metadata of single streams, or none at all: each switches ffmpeg's own copying off.
 */
function mapsStreamMetadata({ output }: ChainPlan): boolean {
  return output.options.some(
    ({ name, specifier, value }) =>
      name === 'map_metadata' &&
      (specifier.startsWith('s') || /^-?\d+:s/.test(value) || value.startsWith('-')),
  );
}

/**
 * Copies the tags of every mapped stream from its input explicitly, since asking for one stream
 * switches the automatic copying off for all (fftools/ffmpeg_opt.c · open_output_file); and sets every
 * disposition as the planning run had it.
 */
export function carryStreamTags(chain: ChainPlan, planning: Planning): TagWords {
  const before: string[] = [];
  const planned = planning.outputs[chain.outputIndex];
  if (!mapsStreamMetadata(chain)) {
    for (const { source, kind, output } of planned?.mappings ?? []) {
      if (source === undefined) continue;
      before.push(`-map_metadata:s:${output}`, `${source.file}:s:${source.stream}`);
      // What is encoded anew gets the new encoder's name.
      if (kind === 'encode') before.push(`-metadata:s:${output}`, 'encoder=');
    }
  }
  const behind = (planned?.streams ?? []).flatMap(({ index, dispositions }) => [
    `-disposition:${index}`,
    dispositions.length === 0 ? '0' : dispositions.join('+'),
  ]);
  return { before, behind };
}

/**
 * What the encode stage cannot keep, in words for the user.
 *
 * Native ffmpeg copies the display matrix of a stream that it was told not to rotate, stream to stream;
 * frames from a pipe have none, and no option of 5.1 sets it on a stream that is encoded.
 */
export function tagWarnings(plan: Plan, planning: Planning, { source }: StreamMapping): string[] {
  if (source === undefined) return [];
  const autorotate = plan.command.inputs[source.file]?.options.findLast(({ name }) => name === 'autorotate');
  const streams = planning.inputs[source.file]?.streams ?? [];
  const rotation = streams.find(({ index }) => index === source.stream)?.rotation ?? 0;
  if (autorotate === undefined || Number(autorotate.value) !== 0 || rotation === 0) return [];
  const words = autorotate.words.join(' ');
  return [
    `${words}: the output is not tagged with the input's rotation of ${rotation} degrees: set it with ` +
      `\`-i out.mp4 -c copy -metadata:s:v rotate=${rotation}\`, or leave ${words} out.`,
  ];
}

/**
 * Metadata and dispositions in the encode stage, where ffmpeg's own copying would take them from the pipe.
 */
import type { FileGroup } from '../command/command.ts';
import type { ChainPlan, Plan } from '../command/plan.ts';
import { browserEncoder } from '../command/webcodecs/browser-encoder.ts';
import type { Planning, StreamMapping, StreamSource } from './planning-log.ts';

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

/** A rotation that frames were not turned by: ffmpeg copies the display matrix, stream to stream. */
interface KeptRotation {
  /** As ffmpeg prints it; not 0. */
  readonly degrees: number;
  /** The option that keeps ffmpeg from turning the frames, as the user wrote it. */
  readonly words: string;
}

function keptRotation({ command }: Plan, planning: Planning, source: StreamSource): KeptRotation | undefined {
  const autorotate = command.inputs[source.file]?.options.findLast(({ name }) => name === 'autorotate');
  const streams = planning.inputs[source.file]?.streams ?? [];
  const degrees = streams.find(({ index }) => index === source.stream)?.rotation ?? 0;
  if (autorotate === undefined || Number(autorotate.value) !== 0 || degrees === 0) return undefined;
  return { degrees, words: autorotate.words.join(' ') };
}

/** Words that give video from a pipe its display matrix back, which 5.1 can where it is copied. */
export function rotationWords(plan: Plan, planning: Planning, { source, output }: StreamMapping): string[] {
  const kept = source === undefined ? undefined : keptRotation(plan, planning, source);
  return kept === undefined ? [] : [`-metadata:s:${output}`, `rotate=${kept.degrees}`];
}

/**
 * What the encode stage cannot keep, in words for the user: frames from a pipe have no display matrix, and no
 * option of 5.1 sets it on a stream that is encoded.
 */
export function tagWarnings(
  plan: Plan,
  planning: Planning,
  mapping: StreamMapping,
  output: FileGroup,
): string[] {
  const { source } = mapping;
  if (source === undefined || browserEncoder(output) !== undefined) return [];
  const kept = keptRotation(plan, planning, source);
  if (kept === undefined) return [];
  const { degrees, words } = kept;
  return [
    `${words}: the output is not tagged with the input's rotation of ${degrees} degrees: set it with ` +
      `\`-i out.mp4 -c copy -metadata:s:v rotate=${degrees}\`, or leave ${words} out.`,
  ];
}

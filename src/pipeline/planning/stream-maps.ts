/** `-map` words of the encode stage, which repeat what the planning run mapped. */
import type { CommandOption } from '../command/command.ts';
import type { Plan } from '../command/plan.ts';
import type { Planning, StreamMapping, StreamSource } from './planning-log.ts';

/** The user's inputs that the encode stage opens a second time, for their subtitles and data alone. */
export interface ReopenedInputs {
  readonly files: readonly number[];
  /** Number of the second opening, by the number of the first. */
  readonly numbers: ReadonlyMap<number, number>;
}

const isOn = (options: readonly CommandOption[], name: string): boolean =>
  options.findLast((option) => option.name === name)?.value === '1';

/**
 * ffmpeg reads on for the stream that is furthest behind. Looking for the next subtitle it would run
 * through the whole file while the pipe waits, and with it through all of the sound, which then had
 * to be kept or written too early.
 */
export function reopenedInputs(plan: Plan, planning: Planning, pipes: number): ReopenedInputs {
  const { inputs, outputs } = plan.command;
  const sparse = planning.outputs.flatMap(({ mappings }, index) =>
    // With -shortest, streams of one file have to end together.
    isOn(outputs[index]?.options ?? [], 'shortest')
      ? []
      : mappings.flatMap(({ source }) =>
          source !== undefined && isSparse(planning, source) ? [source.file] : [],
        ),
  );
  const rereadable = (file: number): boolean => !/^(-|pipe:.*)$/.test(inputs[file]?.url ?? '-');
  const files = [...new Set(sparse)].filter(rereadable);
  return { files, numbers: new Map(files.map((file, index) => [file, inputs.length + pipes + index])) };
}

const isSparse = (planning: Planning, { file, stream }: StreamSource): boolean =>
  ['Subtitle', 'Data'].includes(
    planning.inputs[file]?.streams.find(({ index }) => index === stream)?.type ?? '',
  );

/** What one output gets from elsewhere than the user's inputs. */
export interface MappedInstead {
  /** The mapping whose frames come through a pipe, and the pipe's number as an input. */
  readonly video: StreamMapping | undefined;
  readonly pipe: number;
  readonly reopened: ReadonlyMap<number, number>;
}

/** `-map` words that repeat the planned mapping of an output, with the pipe in the video's place. */
export function mapWords(
  plan: Plan,
  planning: Planning,
  index: number,
  { video, pipe, reopened }: MappedInstead,
): string[] {
  const { options } = plan.command.outputs[index]!;
  const mappings = planning.outputs[index]?.mappings ?? [];
  const rereads = !isOn(options, 'shortest');
  const fileOf = (source: StreamSource): number =>
    (rereads && isSparse(planning, source) ? reopened.get(source.file) : undefined) ?? source.file;
  const labels = options.filter(({ name, value }) => name === 'map' && value.startsWith('['));
  const graphs = mappings.filter(({ kind }) => kind === 'graph');
  // Outputs of a complex graph without label come first, by themselves, as they did in the planning run.
  const unlabelled = new Set(graphs.slice(0, graphs.length - labels.length));
  let label = 0;
  return mappings.flatMap((mapping) => {
    if (mapping.output === video?.output) return ['-map', `${pipe}:0`];
    if (mapping.source !== undefined) return ['-map', `${fileOf(mapping.source)}:${mapping.source.stream}`];
    return mapping.kind === 'graph' && !unlabelled.has(mapping) ? (labels[label++]?.words ?? []) : [];
  });
}

/**
 * Keeps a stream's packets coming although nothing uses them: demuxers seek and skip by the streams in use.
 *
 * @param file number of the input in this stage
 */
export function keepDemuxed(planning: Planning, source: StreamSource, file: number): string[] {
  const streams = planning.inputs[source.file]?.streams ?? [];
  if (streams.length < 2) return [];
  // A moment is enough: the stream then stays in use. It must end by time and not by -frames, for ffmpeg
  // keeps reading for the output that is furthest behind.
  return ['-map', `${file}:${source.stream}`, '-c', 'copy', '-t', '0.001', '-f', 'null', '-'];
}

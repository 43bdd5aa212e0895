/** Whether all that becomes of a job's frames is that they are counted: `-f null`. Pure. */
import type { CommandOption } from '../../command/command.ts';
import { usesWebCodecs } from '../../command/hwaccel.ts';
import { partOf } from '../../command/plan-filterchain.ts';
import type { Plan } from '../../command/plan.ts';
import { videoCodecs } from '../../command/video-codecs.ts';
import type { Planning } from '../planning-log.ts';

/** Global options that say nothing of the outputs. */
const harmlessGlobals: ReadonlySet<string> = new Set([
  ...['y', 'n', 'hide_banner', 'nostdin', 'stdin', 'loglevel', 'v', 'stats', 'stats_period'],
  ...['copyts', 'start_at_zero', 'copytb', 'filter_threads'],
]);

/** Options of an output that choose streams; which it gets in the end, the planning run has told. */
const mappingOptions: ReadonlySet<string> = new Set(['map', 'f', 'an', 'sn', 'dn']);

/** Encoders that take each frame as it is. */
const idleEncoders: ReadonlySet<string> = new Set(['wrapped_avframe', 'rawvideo']);

/**
 * Whether the words are those of a command whose frames are counted alone, as far as words tell: its one
 * output goes to the null muxer, nothing stands behind the last filter of this side, and no option chooses
 * among the frames.
 */
export function wordsOnlyCount({ command, chains, graphs }: Plan): boolean {
  const [chain, ...others] = chains;
  if (chain === undefined || others.length > 0 || graphs.length > 0) return false;
  const { outputs, global, trailing } = command;
  if (!usesWebCodecs(command) || outputs.length > 1 || trailing.length > 0) return false;
  const { output, filterOption } = chain;
  const isHarmless = (option: CommandOption): boolean =>
    option === filterOption || mappingOptions.has(option.name) || isIdleEncoder(option);
  return (
    global.every(({ name }) => harmlessGlobals.has(name)) &&
    output.options.findLast(({ name }) => name === 'f')?.value === 'null' &&
    output.options.every(isHarmless) &&
    videoCodecs(output).every(isIdleEncoder) &&
    partOf(chain.chain, chain.chain.dnnFilters.length) === ''
  );
}

/** Whether it is so: the output gets nothing but the video that comes by this side. */
export function countsOnly(plan: Plan, planning: Planning): boolean {
  const [output] = planning.outputs;
  return wordsOnlyCount(plan) && output?.mappings.length === 1 && output.mappings[0]!.kind === 'encode';
}

function isIdleEncoder({ name, value }: CommandOption): boolean {
  return (name === 'c' || name === 'codec' || name === 'vcodec') && idleEncoders.has(value);
}

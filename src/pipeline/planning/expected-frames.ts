/**
 * How many frames a job will encode, as far as it can be known before it runs:
 * for progress and time left only.
 */
import { lastValue, type FileGroup } from '../command/command.ts';
import { parseTime } from '../command/parse-time.ts';
import type { Plan } from '../command/plan.ts';
import type { Planning } from './planning-log.ts';
import { videoMapping } from './video-mapping.ts';

/** The part of `duration` seconds that `-ss`, `-t` and `-to` of one file leave. */
function cut(duration: number | undefined, { options }: FileGroup): number | undefined {
  const start = parseTime(lastValue(options, 'ss')) ?? 0;
  const length = parseTime(lastValue(options, 't'));
  const end = parseTime(lastValue(options, 'to'));
  const limits = [
    duration === undefined ? undefined : duration - start,
    length ?? (end === undefined ? undefined : end - start),
  ].filter((value) => value !== undefined);
  return limits.length === 0 ? undefined : Math.max(0, Math.min(...limits));
}

/**
 * Frames of the first output with DNN filters.
 *
 * @returns undefined where the source has no known length or rate.
 */
export function expectedFrames(plan: Plan, planning: Planning): number | undefined {
  const [chain] = plan.chains;
  const file =
    chain === undefined ? planning.graphInputs[0]?.source.file : videoMapping(chain, planning).source.file;
  const output = chain?.output ?? plan.command.outputs[0]!;
  const limit = Number(
    output.options.findLast(({ name }) => name === 'frames' || name === 'vframes')?.value ?? Infinity,
  );
  const expected = Math.min(framesOfInput(plan, planning, file, output), limit);
  return Number.isFinite(expected) ? Math.max(1, expected) : undefined;
}

function framesOfInput(plan: Plan, planning: Planning, file: number | undefined, output: FileGroup): number {
  const input = file === undefined ? undefined : plan.command.inputs[file];
  if (file === undefined || input === undefined) return Infinity;
  const duration = cut(cut(planning.inputs[file]?.duration, input), output);
  const isLooped = lastValue(input.options, 'stream_loop', 'loop') !== undefined;
  const [chain] = plan.chains;
  const localIndex = chain === undefined ? -1 : chain.firstLocalIndex + chain.chain.dnnFilters.length - 1;
  const rate = planning.frames.at(localIndex)?.frameRate;
  return duration === undefined || rate === undefined || isLooped
    ? Infinity
    : Math.round((duration * rate.num) / rate.den);
}

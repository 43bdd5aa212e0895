/**
 * Filters that were put before an output's own for a decoder of the browser, where it turns out that they are
 * of no use there. Pure.
 */
import type { Command } from '../../command/command.ts';
import { asksForWebCodecs } from '../../command/hwaccel.ts';
import { passPlace } from '../../command/pass-filters.ts';
import type { ChainPlan, Plan } from '../../command/plan.ts';
import { browserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { usesBrowserEncoder } from '../../command/webcodecs/stand-in-encoder.ts';
import type { Planning } from '../planning-log.ts';
import { mappedVideos } from '../video-mapping.ts';

/** A planned command, or a part of it. */
export interface PlannedPart {
  readonly plan: Plan;
  readonly planning: Planning;
  /** For each local filter that is left, its index in the whole. */
  readonly kept: readonly number[];
}

/** Whether a plan is there for codecs of the browser alone: its filters change nothing. */
export function onlyPasses({ filters }: Plan): boolean {
  return filters.every(({ node }) => passPlace(node) !== undefined);
}

/** Whether a plan is there for decoders of the browser alone: ffmpeg can carry out the same command. */
export function onlyDecodes(plan: Plan): boolean {
  return onlyPasses(plan) && !usesBrowserEncoder(plan.command);
}

/**
 * The plan without those chains, whose outputs ffmpeg decodes for by itself: they get no video, more than
 * one, or one of an input that the browser is not asked to decode, or in a pixel format without a name here.
 *
 * @param command the user's, in which no such filters stand.
 */
export function withoutIdlePasses(plan: Plan, planning: Planning, command: Command): PlannedPart {
  const isIdle = (chain: ChainPlan): boolean => isIdlePass(chain, plan, planning);
  const dropped = plan.chains.filter(isIdle);
  if (dropped.length === 0) return { plan, planning, kept: [...plan.filters.keys()] };
  const droppedIndices = new Set(dropped.map(({ firstLocalIndex }) => firstLocalIndex));
  const kept = [...plan.filters.keys()].filter((index) => !droppedIndices.has(index));
  const newIndex = (index: number): number => kept.indexOf(index);
  const outputs = plan.command.outputs.map((output, index) =>
    dropped.some(({ outputIndex }) => outputIndex === index) ? command.outputs[index]! : output,
  );
  return {
    plan: {
      ...plan,
      command: { ...plan.command, outputs },
      filters: kept.map((index) => plan.filters[index]!),
      chains: plan.chains
        .filter((chain) => !dropped.includes(chain))
        .map((chain) => ({ ...chain, firstLocalIndex: newIndex(chain.firstLocalIndex) })),
      upstream: new Set([...plan.upstream].map(newIndex)),
    },
    planning: { ...planning, frames: kept.map((index) => planning.frames[index]) },
    kept,
  };
}

function isIdlePass(
  { chain, firstLocalIndex, outputIndex }: ChainPlan,
  plan: Plan,
  planning: Planning,
): boolean {
  const isForEncoder = browserEncoder(plan.command.outputs[outputIndex]!) !== undefined;
  if (passPlace(chain.dnnFilters[0]!.node) !== 'head' || isForEncoder) return false;
  const videos = mappedVideos(planning, outputIndex);
  const file = videos[0]?.source?.file;
  return (
    planning.frames[firstLocalIndex] === undefined ||
    videos.length !== 1 ||
    file === undefined ||
    !asksForWebCodecs(plan.command.inputs[file]?.hwaccel)
  );
}

import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../filtergraph/filtergraph.ts';
import { splitCommand } from '../../command/command.ts';
import { passPlace, withPassFilters } from '../../command/pass-filters.ts';
import { planCommand, type Plan } from '../../command/plan.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import { onlyDecodes, withoutIdlePasses, type PlannedPart } from './idle-passes.ts';

const context = {
  isOwnFilter: (node: FilterNode) => node.name.text === 'sr' || passPlace(node) !== undefined,
};

const frames: PlannedFrames = {
  ...{ pixelFormat: 'yuv420p', width: 2, height: 2, firstPts: 0, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 1, den: 1 }, timeBase: { num: 1, den: 25 } },
};

const line = '-hwaccel webcodecs -i a -i b -map 0 -vf hflip one.mkv -map 0 two.mkv';
const command = splitCommand(line.split(' '));

function planOf(from = command): Plan {
  const result = planCommand(
    withPassFilters(from, context, () => 'head'),
    context,
  );
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

/** @param sources of the streams of each output: all are video. */
function planningOf(sources: readonly (readonly number[])[], seen = [true, true]): Planning {
  const stream = { index: 0, type: 'Video', dispositions: [], rotation: 0 };
  return {
    frames: seen.map((is) => (is ? frames : undefined)),
    inputs: [{ streams: [stream] }, { streams: [stream] }],
    outputs: sources.map((files) => ({
      mappings: files.map((file, output) => ({ source: { file, stream: 0 }, kind: 'encode', output })),
      streams: [],
    })),
    graphInputs: [],
  };
}

const part = (planning: Planning): PlannedPart => withoutIdlePasses(planOf(), planning, command);

describe('withoutIdlePasses', () => {
  it('keeps those that a decoder can stand before', () => {
    const { plan, kept } = part(planningOf([[0], [0]]));
    expect(kept).toEqual([0, 1]);
    expect(plan.chains.map(({ firstLocalIndex }) => firstLocalIndex)).toEqual([0, 1]);
  });

  it.each([
    ['an output without video', planningOf([[], [0]])],
    ['one with two videos', planningOf([[0, 1], [0]])],
    ['one of an input without the option', planningOf([[1], [0]])],
    ['one whose frames have a format without a name', planningOf([[0], [0]], [false, true])],
  ])('gives %s back to ffmpeg, with the user’s own chain', (_, planning) => {
    const { plan, planning: rest, kept } = part(planning);
    expect(kept).toEqual([1]);
    expect(plan.filters).toHaveLength(1);
    expect(plan.chains.map(({ firstLocalIndex, outputIndex }) => [firstLocalIndex, outputIndex])).toEqual([
      [0, 1],
    ]);
    expect(rest.frames).toEqual([frames]);
    expect(plan.command.outputs[0]).toBe(command.outputs[0]);
    expect(plan.command.outputs[1]!.options).toContain(plan.chains[0]!.filterOption);
  });

  it('leaves none where no output needs one', () => {
    expect(part(planningOf([[1], []])).kept).toEqual([]);
  });
});

it('tells a plan that is there for decoders alone', () => {
  const dnn = planCommand(splitCommand('-i a -vf sr=x o.mkv'.split(' ')), context);
  expect([onlyDecodes(planOf()), dnn.kind === 'dnn' && onlyDecodes(dnn.plan)]).toEqual([true, false]);
});

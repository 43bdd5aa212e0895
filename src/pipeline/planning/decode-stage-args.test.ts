/** Complex graphs: what each stage gets. Chains: see encode-stage-args.test.ts. */
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../command/command.ts';
import { layOut } from './job-layout.ts';
import { encodeFilters, encodeStageArgs } from './encode-stage-args.ts';
import { planCommand, type Plan } from '../command/plan.ts';
import type { PlannedFrames } from './planned-frames.ts';
import type { GraphInput, Planning } from './planning-log.ts';
import { filtersBefore, graphDecodeArgs } from './decode-stage-args.ts';
import { unlabelledInputs } from './unlabelled-inputs.ts';
import { reportingSize } from './size-changes.ts';

function planOf(line: string): Plan {
  const result = planCommand(parseCommand(line.split(' ')), {
    isOwnFilter: ({ name }) => name.text === 'sr',
  });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

const stream = (index: number, type: string) => ({ index, type, dispositions: [], rotation: 0 });

const frames: PlannedFrames = {
  ...{ pixelFormat: 'rgb24', width: 8, height: 8, firstPts: 0, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 1, den: 1 }, timeBase: { num: 1, den: 25 } },
};

const input = (file: number, index: number, filter: string): GraphInput => ({
  source: { file, stream: index },
  filter,
});

/** Two files with picture and sound; frames of one kind at every filter. */
function planningOf(
  plan: Plan,
  graphInputs: readonly GraphInput[],
  changes: Partial<PlannedFrames>[] = [],
): Planning {
  return {
    frames: plan.filters.map((_, localIndex) => ({ ...frames, ...changes[localIndex] })),
    inputs: [0, 1].map(() => ({ streams: [stream(0, 'Video'), stream(1, 'Audio')] })),
    outputs: [{ mappings: [{ kind: 'graph', output: 0 }], streams: [] }],
    graphInputs,
  };
}

const quiet = '-hide_banner -nostdin -nostats -y';
const written = '-fps_mode passthrough -enc_time_base 1:25 -c:v rawvideo -f nut /out';
const read = (path: string): string =>
  `-seek_timestamp 1 -probesize 32 -analyzeduration 0 -fpsprobesize 0 -f nut -i ${path}`;

describe('a graph with two branches', () => {
  const plan = planOf('-i a -filter_complex [0:v]split[x][y];[x]hflip,sr,vflip[z];[y][z]hstack o.mkv');
  const planning = planningOf(plan, [input(0, 0, 'split')]);

  it('has one source stage and one pipe', () => {
    expect(layOut(plan, planning)).toEqual({
      runs: [{ localIndices: [0], graph: 0, inputs: [], opensInputs: true }],
      outputs: [0],
    });
    expect(graphDecodeArgs(plan, planning, 0, 0, { inputs: [], output: '/out' }).join(' ')).toBe(
      `${quiet} -i a -filter_complex [0:v]split[x][y];[x]hflip,${reportingSize(0, 'before', 'format=rgb24[out]')};` +
        `[y]nullsink -map [out] ${written}`,
    );
    expect(filtersBefore(plan.graphs[0]!.parsed!, 0)).toBe('split,hflip');
  });

  it('stays in the last stage but for what only the DNN filter needed', () => {
    expect(encodeStageArgs(plan, planning, [{ localIndex: 0, path: '/in' }]).join(' ')).toBe(
      `-filter_complex [0:v]split[x][y];[1:0]settb=1/25,vflip[z];[y][z]hstack;[x]nullsink -i a ${read('/in')} ` +
        'o.mkv -map 0:0 -c copy -t 0.001 -f null -',
    );
    expect(encodeFilters(plan)).toBe('split,vflip,hstack');
  });
});

it('a source stage that reads a file and another DNN filter; a run of two', () => {
  const plan = planOf('-i a -i b -lavfi [0:v]sr,sr,split[p][q];[1:v][p]overlay,sr[r];[q][r]hstack o.mkv');
  const planning = planningOf(plan, [input(0, 0, 'format'), input(1, 0, 'overlay')]);
  expect(layOut(plan, planning)).toEqual({
    runs: [
      { localIndices: [0, 1], graph: 0, inputs: [], opensInputs: true },
      { localIndices: [2], graph: 0, inputs: [0], opensInputs: true },
    ],
    outputs: [0, 1],
  });
  const pipes = { inputs: [{ localIndex: 1, path: '/in' }], output: '/out' };
  expect(graphDecodeArgs(plan, planning, 0, 2, pipes).join(' ')).toBe(
    `${quiet} -i a -i b ${read('/in')} -filter_complex [2:0]settb=1/25,split[p][q];[1:v][p]overlay,` +
      `${reportingSize(2, 'before', 'format=rgb24[out]')};[q]nullsink -map [out] ${written}`,
  );
  const both = [
    { localIndex: 1, path: '/one' },
    { localIndex: 2, path: '/two' },
  ];
  expect(encodeStageArgs(plan, planning, both).slice(0, 2)).toEqual([
    '-filter_complex',
    '[2:0]settb=1/25,split[p][q];[3:0]settb=1/25[r];[q][r]hstack;[p]nullsink',
  ]);
});

it('DNN filters behind each other that take different formats have a stage in between', () => {
  const plan = planOf('-i a -filter_complex sr,sr o.mkv');
  const planning = planningOf(plan, [input(0, 0, 'format')], [{}, { pixelFormat: 'gray' }]);
  expect(
    layOut(plan, planning).runs.map(({ localIndices, inputs, opensInputs }) => [
      localIndices,
      inputs,
      opensInputs,
    ]),
  ).toEqual([
    [[0], [], true],
    [[1], [0], false],
  ]);
  const pipes = { inputs: [{ localIndex: 0, path: '/in' }], output: '/out' };
  expect(graphDecodeArgs(plan, planning, 0, 1, pipes).join(' ')).toBe(
    `${quiet} -copyts ${read('/in')} -filter_complex [0:0]settb=1/25,format=gray[out] -map [out] ${written}`,
  );
});

it('in formats whose times may jump, every stream stays in use', () => {
  const plan = planOf('-i a -filter_complex [0:v]sr[v] -map [v] -map 0:a o.mkv');
  const planning = planningOf(plan, [input(0, 0, 'format')]);
  const jumping: Planning = {
    ...planning,
    inputs: planning.inputs.map((file) => ({ ...file, isDiscontinuous: true })),
    outputs: [{ mappings: [{ source: { file: 0, stream: 1 }, kind: 'copy', output: 1 }], streams: [] }],
  };
  const words = graphDecodeArgs(plan, jumping, 0, 0, { inputs: [], output: '/out' }).join(' ');
  expect(words).toMatch(/\/out -map 0:1 -c copy -t 0\.001 -f null - -map 0:0 -c copy -t 0\.001 -f null -$/);
});

describe('inputs without a label', () => {
  it.each([
    ['sr', [input(0, 0, 'format')], [[0, ['[0:0]']]]],
    [
      'sr[x];[x]overlay',
      [input(0, 0, 'format'), input(1, 0, 'overlay')],
      [
        [0, ['[0:0]']],
        [1, ['[1:0]']],
      ],
    ],
    ['[0:v]sr[x];[x]overlay', [input(0, 0, 'format'), input(1, 0, 'overlay')], [[1, ['[1:0]']]]],
    ['sr[x];[0:v]hflip[y];[x][y]hstack', [input(0, 0, 'format'), input(0, 0, 'hflip')], [[0, ['[0:0]']]]],
    ['[1:v]hflip[y];sr[x];[x][y]hstack', [input(1, 0, 'hflip'), input(0, 0, 'format')], [[1, ['[0:0]']]]],
    ['color=s=8x8,sr[x];hflip[y];[x][y]hstack', [input(0, 0, 'hflip')], [[2, ['[0:0]']]]],
    ['sr;anull', [input(0, 0, 'format'), input(0, 1, 'anull')], [[0, ['[0:0]']]]],
  ] as const)('%s', (text, graphInputs, expected) => {
    const plan = planOf(`-i a -i b -filter_complex ${text} o.mkv`);
    const [labels] = unlabelledInputs(plan.graphs, planningOf(plan, graphInputs));
    expect([...labels!]).toEqual(expected);
  });

  it('are told apart over several graphs, or refused where no stream is left', () => {
    const plan = planOf('-i a -i b -filter_complex sr -lavfi hflip,sr o.mkv');
    const planning = planningOf(plan, [input(0, 0, 'format'), input(1, 0, 'hflip')]);
    expect(unlabelledInputs(plan.graphs, planning).map((labels) => [...labels.values()])).toEqual([
      [['[0:0]']],
      [['[1:0]']],
    ]);
    const three = planOf('-i a -i b -filter_complex sr;sr;sr o.mkv');
    expect(() => unlabelledInputs(three.graphs, planningOf(three, []))).toThrow(/write a label for it/);
  });
});

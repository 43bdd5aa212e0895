import { describe, expect, it } from 'vitest';
import { parseCommand } from '../command/command.ts';
import { planCommand, type Plan } from '../command/plan.ts';
import type { PlannedFrames } from './planned-frames.ts';
import type { PlannedStream, Planning, StreamMapping } from './planning-log.ts';
import { encodeStageArgs as argsOfPipes } from './encode-stage-args.ts';
import { firstDecodeArgs as argsOfChain, middleDecodeArgs, needsDecodeStage } from './decode-stage-args.ts';
import { reportingSize } from './size-changes.ts';
import { rotationWords, tagWarnings } from './stage-args-tags.ts';

const words = (text: string): string[] => text.split(' ');

function planOf(line: string): Plan {
  const result = planCommand(parseCommand(words(line)), {
    isOwnFilter: ({ name }) => name.text === 'sr',
  });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

const stream = (index: number, type: string, dispositions: readonly string[] = []): PlannedStream => ({
  index,
  type,
  dispositions,
  rotation: 0,
});

const encoded = (file: number, index: number, output: number): StreamMapping => ({
  source: { file, stream: index },
  kind: 'encode',
  output,
});

const frames: PlannedFrames = {
  pixelFormat: 'yuv420p',
  width: 160,
  height: 120,
  sampleAspectRatio: { num: 1, den: 1 },
  timeBase: { num: 1, den: 1000 },
  frameRate: { num: 30, den: 1 },
  firstPts: 23,
  fieldOrder: 'prog',
};

const both: Planning = {
  frames: [frames],
  inputs: [{ streams: [stream(0, 'Video'), stream(1, 'Audio')] }],
  outputs: [
    {
      mappings: [encoded(0, 0, 0), { source: { file: 0, stream: 1 }, kind: 'copy', output: 1 }],
      streams: [stream(0, 'Video'), stream(1, 'Audio', ['default'])],
    },
  ],
  graphInputs: [],
};

const mapped = (...mappings: StreamMapping[]): Planning['outputs'] => [{ ...both.outputs[0]!, mappings }];

const firstDecodeArgs = (plan: Plan, planning: Planning, path: string): string[] =>
  argsOfChain(plan, planning, plan.chains[0]!, path);
const encodeStageArgs = (plan: Plan, planning: Planning, path: string): string[] =>
  argsOfPipes(plan, planning, [{ localIndex: plan.filters.length - 1, path }]);

const pipe = '-probesize 32 -analyzeduration 0 -fpsprobesize 0 -f nut -i /pipes/b';
const quiet = '-hide_banner -nostdin -nostats -y';

describe('stage arguments', () => {
  it('of one DNN filter with the sound copied', () => {
    const plan = planOf('-y -ss 1 -i a.mkv -vf scale=4:4,sr,hflip -sws_flags area -c:a copy -t 2 o.mp4');
    expect(firstDecodeArgs(plan, both, '/pipes/a')).toEqual(
      words(
        `${quiet} -ss 1 -i a.mkv -map 0:0 -sws_flags area -filter:v ` +
          `scale=4:4,${reportingSize(0, 'before_dnn0', 'format=yuv420p')} ` +
          '-fps_mode passthrough -enc_time_base 1:1000 -c:v rawvideo -f nut /pipes/a',
      ),
    );
    expect(encodeStageArgs(plan, both, '/pipes/b')).toEqual([
      ...words(`-y -ss 1 -i a.mkv -seek_timestamp 1 -itsoffset 1us ${pipe} -map 1:0 -map 0:1`),
      ...words('-map_metadata:s:0 0:s:0 -metadata:s:0 encoder= -map_metadata:s:1 0:s:1'),
      ...words('-filter:v settb=1/1000,hflip -sws_flags area -c:a copy -t 2'),
      ...words('-disposition:0 0 -disposition:1 default o.mp4 -map 0:0 -c copy -t 0.001 -f null -'),
    ]);
  });

  it('of a lone picture stream: nothing else to demux, variable start as in ffmpeg', () => {
    const planning: Planning = {
      ...both,
      inputs: [{ streams: [stream(0, 'Video')] }],
      outputs: [{ mappings: [encoded(0, 0, 0)], streams: [] }],
    };
    const plan = planOf('-i a.png -vf sr -map_metadata -1 o.png');
    expect(encodeStageArgs(plan, planning, '/pipes/b')).toEqual(
      words(`-i a.png -seek_timestamp 1 ${pipe} -map 1:0 -filter:v settb=1/1000 -map_metadata -1 o.png`),
    );
  });

  it('opens a file again for its subtitles, unless all has to end together', () => {
    const planning: Planning = {
      ...both,
      inputs: [{ streams: [stream(0, 'Video'), stream(1, 'Subtitle')] }],
    };
    expect(encodeStageArgs(planOf('-i a.mkv -vf sr o.mkv'), planning, '/pipes/b').join(' ')).toContain(
      '-i /pipes/b -i a.mkv -map 1:0 -map 2:1 ',
    );
    expect(
      encodeStageArgs(planOf('-i a.mkv -vf sr -shortest o.mkv'), planning, '/pipes/b').join(' '),
    ).toContain('-i /pipes/b -map 1:0 -map 0:1 ');
  });

  it('puts back what raw frames lose, and says what it cannot', () => {
    const planning: Planning = {
      ...both,
      frames: [{ ...frames, colorRange: 'tv', colorSpace: 'bt709', fieldOrder: 'tff' }],
      inputs: [{ streams: [{ ...stream(0, 'Video'), rotation: 90 }] }],
      outputs: mapped(encoded(0, 0, 0)),
    };
    const line = encodeStageArgs(planOf('-noautorotate -i a -vf sr o.mp4'), planning, '/pipes/b').join(' ');
    expect(line).toContain('-filter:v setparams=field_mode=tff:range=tv:colorspace=bt709,settb=1/1000 ');
    const [mapping] = planning.outputs[0]!.mappings;
    const warnings = (line: string) => {
      const plan = planOf(line);
      return tagWarnings(plan, planning, mapping!, plan.chains[0]!.output);
    };
    for (const words of ['-noautorotate', '-autorotate 0']) {
      expect(warnings(`${words} -i a -vf sr o.mp4`)).toEqual([
        expect.stringMatching(`^${words}: .*rotation of 90 degrees.*-c copy.*leave ${words} out`),
      ]);
    }
    for (const words of ['', '-autorotate 1 ']) {
      expect(warnings(`${words}-i a -vf sr o.mp4`)).toEqual([]);
      expect(rotationWords(planOf(`${words}-i a -vf sr o.mp4`), planning, mapping!)).toEqual([]);
    }
    // What a browser encodes is copied, and gets its matrix back.
    const kept = '-noautorotate -i a -vf sr -c:v h264_webcodecs o.mp4';
    expect(warnings(kept)).toEqual([]);
    expect(rotationWords(planOf(kept), planning, mapping!)).toEqual(['-metadata:s:0', 'rotate=90']);
  });

  it('keeps -n from ffmpeg, whose core has a -y', () => {
    const planning: Planning = { ...both, frames: [frames], outputs: mapped(encoded(0, 0, 0)) };
    const args = encodeStageArgs(planOf('-n -xerror -i a -vf sr o.mp4'), planning, '/pipes/b');
    expect(args.slice(0, 3)).toEqual(['-xerror', '-i', 'a']);
  });

  it('of a graph beside the chain: labelled outputs are mapped in their place', () => {
    const planning: Planning = {
      ...both,
      outputs: mapped(encoded(0, 0, 0), { kind: 'graph', output: 1 }),
    };
    const plan = planOf('-i a -filter_complex [0:a]anull[x] -map 0:v -map [x] -vf sr o.mkv');
    expect(encodeStageArgs(plan, planning, '/pipes/b').join(' ')).toContain('-map 1:0 -map [x] ');
  });

  it('of a middle stage, times unchanged, float samples as PFM', () => {
    const planning: Planning = { ...both, frames: [frames, { ...frames, pixelFormat: 'grayf32le' }] };
    const plan = planOf('-i a -vf sr,hflip,sr o.mkv');
    const pipes = { inputs: [{ localIndex: 0, path: '/pipes/b' }], output: '/pipes/c' };
    expect(middleDecodeArgs(plan, planning, plan.chains[0]!, 1, pipes)).toEqual([
      ...words(`${quiet} -copyts -seek_timestamp 1 ${pipe} -map 0:0`),
      ...words('-filter:v settb=1/1000,hflip,format=grayf32le -fps_mode passthrough -enc_time_base 1:1000'),
      ...words('-c:v pfm -tag:v PFM0 -f nut /pipes/c'),
    ]);
  });

  it('needs no middle stage between neighbours of one format', () => {
    const [chain] = planOf('-i a -vf sr,sr o.mkv').chains;
    expect(needsDecodeStage(chain!, { ...both, frames: [frames, frames] }, 1)).toBe(false);
    expect(
      needsDecodeStage(chain!, { ...both, frames: [frames, { ...frames, pixelFormat: 'gray' }] }, 1),
    ).toBe(true);
  });

  it('refuses a filter for two video streams, and a command without one', () => {
    const twice: Planning = { ...both, outputs: mapped(encoded(0, 0, 0), encoded(0, 0, 1)) };
    expect(() => firstDecodeArgs(planOf('-i a -vf sr o.mkv'), twice, '/p')).toThrow(/2 video streams/);
    expect(firstDecodeArgs(planOf('-i a -filter:v:0 sr o.mkv'), twice, '/p')).toContain('0:0');
    expect(() => firstDecodeArgs(planOf('-i a -vf sr o.mkv'), { ...both, outputs: mapped() }, '/p')).toThrow(
      /no video stream/,
    );
  });
});

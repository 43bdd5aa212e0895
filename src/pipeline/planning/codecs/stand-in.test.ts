import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../filtergraph/filtergraph.ts';
import { parseCommand } from '../../command/command.ts';
import { passPlace, withPassFilters } from '../../command/pass-filters.ts';
import { planCommand, type Plan } from '../../command/plan.ts';
import { readStreamPictures } from '../color/stream-pictures.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import { planningArgs } from '../planning-args.ts';
import { parsePlanningLog } from '../planning-log.ts';
import { earliestPts } from './first-pts.ts';
import { withoutStandIns, withStandIns, type StandIn } from './stand-in.ts';
import { undecodedVideos } from './undecoded-videos.ts';

const isOwnFilter = (node: FilterNode): boolean => node.name.text === 'sr' || passPlace(node) !== undefined;

function planOf(line: string): Plan {
  const command = withPassFilters(parseCommand(line.split(' ')), { isOwnFilter }, () => 'head');
  const result = planCommand(command, { isOwnFilter });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

/** What core 0.12.10 says of `-xerror -i s.mp4 -i a.mp4 o.mp4`, where s.mp4 has the better sound. */
const log =
  `[mov,mp4,m4a,3gp,3g2,mj2 @ 0xdee930] Could not find codec parameters for stream 0 (Video: av1 (Main) (av01 / 0x31307661), none(tv, bt709, progressive), 320x180 [SAR 1:1 DAR 16:9], 295 kb/s): unspecified pixel format
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 's.mp4':
  Duration: 00:00:01.00, start: 0.000000, bitrate: 385 kb/s
  Stream #0:0[0x1](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 70 kb/s (default)
Input #1, mov,mp4,m4a,3gp,3g2,mj2, from 'a.mp4':
  Duration: 00:00:01.00, start: 0.000000, bitrate: 385 kb/s
  Stream #1:0[0x1](und): Video: av1 (Main) (av01 / 0x31307661), none(tv, bt709, progressive), 320x180 [SAR 1:1 DAR 16:9], 295 kb/s, 29.97 fps, 29.97 tbr, 30k tbn (default)
    Side data:
      displaymatrix: rotation of -90.00 degrees
  Stream #1:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 70 kb/s (default)
Stream mapping:
  Stream #1:0 -> #0:0 (av1 (native) -> h264 (libx264))
  Stream #0:0 -> #0:1 (aac (native) -> aac (native))
Conversion failed!`.split('\n');

const decoded: PlannedFrames = {
  ...{ pixelFormat: 'yuv420p10le', width: 320, height: 180, firstPts: 3003, fieldOrder: 'prog' },
  ...{ sampleAspectRatio: { num: 4, den: 3 }, timeBase: { num: 1, den: 30000 } },
  ...{ frameRate: { num: 30000, den: 1001 }, colorRange: 'tv', colorSpace: 'bt709', colorTrc: 'bt470bg' },
};
const source = { file: 1, stream: 0 };
const standIn: StandIn = { source, decoded, rotation: ['transpose=clock'] };
const line = '-i s.mp4 -noautorotate -i a.mp4 -vf hflip -c:a aac o.mp4';
const listed = parsePlanningLog(log, 1);
const wordsOf = (plan: Plan): string => planningArgs(plan, { formatsOf: () => [] }).join(' ');

describe('withStandIns', () => {
  it('gives outputs an endless video of the same kind in place of what they map', () => {
    const plan = planOf(line);
    expect(wordsOf(withStandIns(plan, listed, [standIn]))).toBe(
      '-hide_banner -nostdin -nostats -y -loglevel info -i s.mp4 -noautorotate -i a.mp4 -seek_timestamp 1 -color_range tv ' +
        '-colorspace bt709 -color_trc gamma28 -f lavfi -i color=black:size=320x180:rate=30000/1001,format=rgb24,format=yuv420p10le,' +
        'setsar=4/3:max=2147483647,settb=1/30000,setpts=PTS+3003,transpose=clock -map 2:0 -map 0:0 -disposition:0 default ' +
        '-filter:v showinfo@dnn0=checksum=0,hflip -c:a aac -frames:v 1 o.mp4',
    );
    expect(wordsOf(withStandIns(plan, listed, []))).toBe(wordsOf(plan));
  });

  it('keeps times as they are where ffmpeg would start them at zero', () => {
    const words = wordsOf(withStandIns(planOf(`-copyts -start_at_zero ${line}`), listed, [standIn]));
    expect(words).toContain('-seek_timestamp 1 -itsoffset 100100us -color_range tv');
  });

  it('is taken back from what the planning run tells', () => {
    const plan = planOf(line);
    const told = log
      .slice(0, -1)
      .concat(
        "Input #2, lavfi, from 'color':",
        '  Stream #2:0: Video: rawvideo (Y3[11][10] / 0xA0B3359), yuv420p10le(tv, bt709), 320x180, 30k tbn',
        'Stream mapping:',
        '  Stream #2:0 -> #0:0 (rawvideo (native) -> h264 (libx264))',
        '  Stream #0:0 -> #0:1 (aac (native) -> aac (native))',
      );
    const planning = { ...parsePlanningLog(told, 1), frames: [{ ...decoded, checksum: 1 }] };
    const { planning: own, pictures } = withoutStandIns(
      { planning, pictures: readStreamPictures(told) },
      plan,
      [standIn],
    );
    expect(own.frames).toEqual([decoded]);
    expect(own.inputs).toEqual(listed.inputs);
    expect(own.outputs[0]!.mappings[0]).toEqual({ source, kind: 'encode', output: 0 });
    expect([...pictures.inputs.keys()]).toEqual(['1:0']);
    expect(pictures.inputs.get('1:0')).toMatchObject({ codec: 'av1', pixelFormat: 'yuv420p10le' });
  });
});

describe('undecodedVideos', () => {
  const found = (plan: Plan, lines = log): unknown =>
    undecodedVideos(plan, parsePlanningLog(lines, 1), readStreamPictures(lines));

  it('finds AV1 that an output wants decoded', () => {
    expect(found(planOf(line))).toEqual([source]);
    const copied = log.map((text) => text.replace('av1 (native) -> h264 (libx264)', 'copy'));
    expect(found(planOf(line), copied)).toEqual([]);
    expect(
      found(
        planOf(line),
        log.map((text) => text.replace('Video: av1', 'Video: vp9')),
      ),
    ).toEqual([]);
  });

  it.each([
    ['-i s.mp4 -hwaccel none -i a.mp4 o.mp4', 'leave -hwaccel none out.'],
    ['-i s.mp4 -r 5 -i a.mp4 o.mp4', '-r 5 is known to its decoder alone: leave it out.'],
    ['-i s.mp4 -i a.mp4 -vf sr=m -i b o.mp4', undefined],
  ])('says of %s what to write', (words, advice) => {
    if (advice === undefined) expect(found(planOf(words))).toEqual([source]);
    else expect(() => found(planOf(words))).toThrow(advice);
  });

  it('says what to write for a complex filtergraph', () => {
    const graph = log.with(-3, '  Stream #1:0 (av1) -> scale:default (graph 0)');
    expect(() => found(planOf(line), graph)).toThrow(
      'a complex filtergraph reads it: put the filters into -vf.',
    );
  });
});

it.each([
  ['-i a', 0],
  ['-ss 1 -i a', 0],
  ['-copyts -ss 1 -i a', 25],
  ['-itsoffset -0.2 -i a', -5],
])('%s begins at tick %d', (words, pts) => {
  const command = parseCommand([...words.split(' '), 'o.mkv']);
  expect(earliestPts(command, command.inputs[0]!, { num: 1, den: 25 })).toBe(pts);
});

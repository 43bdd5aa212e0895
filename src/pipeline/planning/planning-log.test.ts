import { describe, expect, it } from 'vitest';
import { parsePlanningLog } from './planning-log.ts';

/**
 * Of `ffmpeg -i vfr.mkv -i rotated.mp4 -filter_complex …
 * -vf format=…,showinfo@dnn0,format=rgb24,showinfo@dnn1 -map …`.
 */
const log = `Input #0, matroska,webm, from 'vfr.mkv':
  Metadata:
    title           : awkward
  Duration: 00:01:03.02, start: 0.000000, bitrate: 247 kb/s
  Chapters:
    Chapter #0:0: start 0.000000, end 1.000000
      Metadata:
        title           : one
  Stream #0:0: Video: h264 (High), yuv420p(progressive), 160x120 [SAR 1:1 DAR 4:3], 30 fps, 30 tbr, 1k tbn
    Metadata:
      DURATION        : 00:00:03.023000000
  Stream #0:1(eng): Audio: aac (LC), 44100 Hz, mono, fltp (default) (hearing impaired)
    Metadata:
      title           : left: right
Input #1, mov,mp4,m4a,3gp,3g2,mj2, from 'rotated.mp4':
  Duration: N/A, start: 0.000000, bitrate: 144 kb/s
  Stream #1:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 160x120, 25 fps, 25 tbr, 12800 tbn (default)
    Side data:
      displaymatrix: rotation of -90.00 degrees
Stream mapping:
  Stream #0:1 (aac) -> amix
  Stream #0:0 -> #0:0 (h264 (native) -> h264 (libx264))
  amix:default (graph 0) -> Stream #0:2 (libvorbis)
  Stream #1:0 -> #0:1 (copy)
  File cover.ttf -> Stream #0:3
Press [q] to stop, [?] for help
[showinfo@dnn0 @ 0x55cf7214b680] config in time_base: 1/1000, frame_rate: 30/1
[showinfo@dnn0 @ 0x55cf7214b680] config out time_base: 0/0, frame_rate: 0/0
[showinfo@dnn1 @ 0x55cf7214cb80] config in time_base: 1/90000, frame_rate: 1/0
[showinfo@dnn0 @ 0x55cf7214b680] n:   0 pts:     23 pts_time:0.023   pos:     1136 fmt:yuv420p sar:4/3 s:160x120 i:T iskey:1 type:I 
[showinfo@dnn0 @ 0x55cf7214b680]   side data - User Data Unregistered:
[showinfo@dnn0 @ 0x55cf7214b680] color_range:tv color_space:smpte170m color_primaries:bt709 color_trc:unknown
Output #0, matroska, to 'o.mkv':
  Stream #0:0: Video: h264 (H264 / 0x34363248), yuv444p(tv, progressive), 160x120 [SAR 1:1 DAR 4:3], q=2-31, 30 fps, 1k tbn
  Stream #0:1(ger): Video: h264 (High), yuv420p, 160x120, 25 fps, 12800 tbn (default) (attached pic)
[showinfo@dnn0 @ 0x55cf7214b680] n:   1 pts:     56 pts_time:0.056   pos:     6291 fmt:yuv420p sar:1/1 s:160x120 i:P iskey:0 type:B 
[showinfo@dnn0 @ 0x55cf7214b680] color_range:pc color_space:unknown color_primaries:unknown color_trc:unknown
frame=    1 fps=0.0 q=29.0 Lsize=      12kB time=00:00:00.08 bitrate=1163.7kbits/s speed=5.84x`.split('\n');

describe('parsePlanningLog', () => {
  const planning = parsePlanningLog(log, 2);

  it('reads the first frame at each place', () => {
    expect(planning.frames).toEqual([
      {
        pixelFormat: 'yuv420p',
        width: 160,
        height: 120,
        sampleAspectRatio: { num: 4, den: 3 },
        timeBase: { num: 1, den: 1000 },
        frameRate: { num: 30, den: 1 },
        firstPts: 23,
        fieldOrder: 'tff',
        colorRange: 'tv',
        colorSpace: 'smpte170m',
        colorPrimaries: 'bt709',
      },
      undefined,
    ]);
  });

  it('reads streams with tags, dispositions and rotation', () => {
    expect(planning.inputs).toEqual([
      {
        duration: 63.02,
        streams: [
          { index: 0, type: 'Video', dispositions: [], rotation: 0, ticksPerSecond: 1000 },
          {
            index: 1,
            type: 'Audio',
            language: 'eng',
            dispositions: ['default', 'hearing_impaired'],
            title: 'left: right',
            rotation: 0,
          },
        ],
      },
      {
        streams: [
          {
            index: 0,
            type: 'Video',
            language: 'und',
            dispositions: ['default'],
            rotation: -90,
            ticksPerSecond: 12800,
          },
        ],
      },
    ]);
    expect(planning.outputs[0]!.streams.map(({ dispositions }) => dispositions)).toEqual([
      [],
      ['default', 'attached_pic'],
    ]);
  });

  it('reads the mapping in the order of the output', () => {
    expect(planning.outputs[0]!.mappings).toEqual([
      { source: { file: 0, stream: 0 }, kind: 'encode', output: 0 },
      { source: { file: 1, stream: 0 }, kind: 'copy', output: 1 },
      { kind: 'graph', output: 2 },
      { kind: 'file', output: 3 },
    ]);
  });

  it('reads what goes into complex graphs, and each output by itself', () => {
    expect(planning.graphInputs).toEqual([{ source: { file: 0, stream: 1 }, filter: 'amix' }]);
    const several = `Stream mapping:
  Stream #0:0 (h264) -> format:default (graph 0)
  Stream #1:0 (h264) -> overlay (graph 0)
  split (graph 0) -> Stream #0:0 (libx264)
  Stream #0:1 -> #2:0 (aac (native) -> vorbis (libvorbis))
  split (graph 0) -> Stream #1:0 (libx264)
Output #2, matroska, to 'z.mkv':
  Stream #2:0(und): Audio: vorbis (oV[0][0] / 0x566F), 44100 Hz, mono, fltp (default)
Output #0, matroska, to 'x.mkv':
  Stream #0:0: Video: h264 (H264 / 0x34363248), yuv444p(tv, progressive), 64x48 [SAR 1:1 DAR 4:3], 25 fps, 1k tbn`;
    const { outputs, graphInputs } = parsePlanningLog(several.split('\n'), 0);
    expect(graphInputs.map(({ filter }) => filter)).toEqual(['format', 'overlay']);
    expect(outputs.map(({ mappings }) => mappings)).toEqual([
      [{ kind: 'graph', output: 0 }],
      [{ kind: 'graph', output: 0 }],
      [{ source: { file: 0, stream: 1 }, kind: 'encode', output: 0 }],
    ]);
    expect(outputs.map(({ streams }) => streams.map(({ type }) => type))).toEqual([['Video'], [], ['Audio']]);
  });
});

/**
 * Inputs on which a decoder of the browser differs from ffmpeg's, one for each way in which it does: it
 * decodes them all the same, or ffmpeg does, and a line says why. Frames and times are always ffmpeg's.
 */
import { hevcClip } from './coded-clips.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

interface Trap {
  readonly name: string;
  readonly file: string;
  readonly make: (ffmpeg: FFmpegPage, file: string) => Promise<unknown>;
  /** Options of the input. */
  readonly input?: readonly string[];
  /** Options of both outputs. */
  readonly output?: readonly string[];
  /** Why ffmpeg decodes, from some frame on; undefined where the browser decodes all. */
  readonly reason?: RegExp;
}

const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const openGop = [...h264, '-x264-params', 'open-gop=1:keyint=10:bframes=2:b-adapt=0:scenecut=0'];

/** Makes a clip of the test source. */
const clip =
  (frames: number, ...words: readonly string[]): Trap['make'] =>
  (ffmpeg, file) =>
    ffmpeg.clip(file, frames, ...words);

/** Makes one and copies its packets. */
const copied =
  (frames: number, words: readonly string[], before: readonly string[], behind: readonly string[]) =>
  async (ffmpeg: FFmpegPage, file: string): Promise<void> => {
    await ffmpeg.clip('whole.mp4', frames, ...words);
    await ffmpeg.make(...before, '-i', 'whole.mp4', '-c', 'copy', ...behind, file);
  };

/** Makes one whose bytes are changed in the middle. */
const damaged =
  (frames: number, ...words: readonly string[]): Trap['make'] =>
  async (ffmpeg, file) => {
    await ffmpeg.clip(file, frames, ...words);
    const bytes = await ffmpeg.read(file);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0x55, middle, middle + 300);
    await ffmpeg.write(file, bytes);
  };

/** Makes two of other sizes, one behind the other. */
const resized: Trap['make'] = async (ffmpeg, file) => {
  await ffmpeg.clip('one.ts', 6, ...h264, '-bf', '0');
  await ffmpeg.clip('two.ts', 6, '-vf', 'scale=96:64', ...h264, '-bf', '0', '-output_ts_offset', '0.24');
  await ffmpeg.write(file, Buffer.concat([await ffmpeg.read('one.ts'), await ffmpeg.read('two.ts')]));
};

/** Makes one that was cut where no picture is a key frame, as broadcasts are when somebody tunes in. */
const fromRecoveryPoint: Trap['make'] = async (ffmpeg, file) => {
  await ffmpeg.clip('whole.ts', 24, ...openGop);
  await ffmpeg.make('-ss', '0.5', '-i', 'whole.ts', '-c', 'copy', file);
};

const pyramid = [...h264, '-bf', '3', '-x264-params', 'b-pyramid=normal:keyint=12'];
const cropLeft = ['-bsf:v', 'h264_metadata=crop_left=8'];
const noKey = /does not begin with a picture that needs no other/;

const traps: readonly Trap[] = [
  { name: 'B-frames, whose pts NUT shifts', file: 'b.mp4', make: clip(14, ...pyramid) },
  { name: '-ss between key frames', file: 'b.mp4', make: clip(24, ...pyramid), input: ['-ss', '0.3'] },
  { name: '-t, behind which packets come', file: 'b.mp4', make: clip(24, ...pyramid), input: ['-t', '0.5'] },
  {
    ...{ name: '-ss and -to', file: 'b.mkv', make: clip(24, ...pyramid) },
    input: ['-ss', '0.2', '-to', '0.7'],
  },
  { name: 'an edit list', file: 'cut.mp4', make: copied(24, pyramid, ['-ss', '0.3'], []) },
  { name: 'rotation', file: 'turned.mp4', make: copied(6, h264, [], ['-metadata:s:v', 'rotate=90']) },
  {
    name: 'crop at the right',
    file: 'right.mkv',
    make: copied(6, h264, [], ['-bsf:v', 'h264_metadata=crop_right=8']),
  },
  {
    name: 'crop at the left',
    file: 'left.mkv',
    make: copied(6, h264, [], cropLeft),
    reason: /cut by 8 columns at the left/,
  },
  {
    ...{ name: 'a recovery point in place of a key frame', file: 'point.ts' },
    make: fromRecoveryPoint,
    reason: noKey,
  },
  { name: 'an open GOP', file: 'open.ts', make: clip(24, ...openGop), input: ['-ss', '0.6'], reason: noKey },
  {
    name: 'damaged packets',
    file: 'damaged.mp4',
    make: damaged(24, ...h264, '-g', '6'),
    reason: /gave up|samples/,
  },
  {
    name: 'another size',
    file: 'sizes.ts',
    make: resized,
    reason: /change from yuv420p 64x48 to yuv420p 96x64.*behind 0\.200 s/,
  },
  { name: 'AVI without B-frames', file: 'a.avi', make: clip(8, ...h264, '-bf', '0') },
  { name: 'AVI, without pts', file: 'b.avi', make: clip(8, ...pyramid), reason: /./ },
  { name: 'H.264 without a container, without pts', file: 'b.h264', make: clip(8, ...pyramid), reason: /./ },
  {
    ...{ name: 'HEVC, which browsers on Linux have not', file: 'h.mp4' },
    make: (ffmpeg, file) => ffmpeg.write(file, hevcClip),
    reason: /does not decode hev1|its video is hevc/,
  },
  {
    ...{
      name: 'green, blue and red',
      file: 'rgb.mkv',
      make: clip(6, '-c:v', 'libx264rgb', '-pix_fmt', 'rgb24'),
    },
    reason: /its frames are gbrp, a format that is not known here/,
  },
  {
    ...{ name: 'chroma of half the height', file: 'v440.webm' },
    make: clip(6, '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv440p'),
    reason: /its frames are yuv440p, a format that is not known here/,
  },
  { name: 'MPEG-4', file: 'four.mp4', make: clip(6, '-c:v', 'mpeg4'), reason: /mpeg4, which no browser/ },
  { name: 'MPEG-2', file: 'two.ts', make: clip(6, '-c:v', 'mpeg2video'), reason: /mpeg2video, which no/ },
  {
    name: 'Motion JPEG',
    file: 'j.avi',
    make: clip(6, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'),
    reason: /mjpeg, which/,
  },
];

for (const { name, file, make, input = [], output = [], reason } of traps) {
  test(`${name}: frames and times are ffmpeg's`, async ({ ffmpeg }) => {
    await make(ffmpeg, file);
    const lines = await ffmpeg.make(
      ...['-v', 'verbose', '-hwaccel', 'webcodecs', ...input, '-i', file, ...input, '-i', file],
      ...['-map', '0:v', '-fps_mode', 'passthrough', ...output, '-f', 'framehash', 'browser.txt'],
      ...['-map', '1:v', '-fps_mode', 'passthrough', ...output, '-f', 'framehash', 'ffmpeg.txt'],
    );
    const told = lines.filter((line) => line.includes('-hwaccel webcodecs: ffmpeg decodes input 0'));
    if (reason === undefined) expect(told).toEqual([]);
    else expect(told).toEqual([expect.stringMatching(reason)]);
    expect(lines.some((line) => line.startsWith('[demux]'))).toBe(
      reason === undefined || told[0]!.includes('behind'),
    );
    const frames = (await ffmpeg.read('browser.txt')).toString();
    expect(frames).toBe((await ffmpeg.read('ffmpeg.txt')).toString());
    expect(frames.split('\n').length).toBeGreaterThan(10);
  });
}

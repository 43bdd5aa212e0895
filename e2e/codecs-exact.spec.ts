/** Frames that the browser decodes are those that ffmpeg decodes: samples, times, size, aspect ratio. */
import { av1Clips, vp9Clips } from './coded-clips.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

interface Case {
  readonly file: string;
  /** Words before and behind the input. */
  readonly before?: readonly string[];
  readonly behind?: readonly string[];
}

interface StageOfStats {
  readonly kind: string;
  readonly frames: number;
}

/** The text of a framehash: the stream, and a line for each frame. */
async function framehash(
  ffmpeg: FFmpegPage,
  { file, before = [], behind = [] }: Case,
  hwaccel: readonly string[] = [],
): Promise<{ text: string; rows: string[]; log: readonly string[] }> {
  // In the ticks of the file, or times would be rounded to whole frames.
  const words = [...before, '-i', file, ...behind, '-map', '0:v', '-enc_time_base', '-1', '-f', 'framehash'];
  const log = await ffmpeg.make(...hwaccel, ...words, '-hash', 'adler32', '-y', 'frames.txt');
  const text = (await ffmpeg.read('frames.txt')).toString();
  return { text, rows: text.split('\n').filter((line) => /^\d/.test(line)), log };
}

/** The same, of frames of which it is certain that the browser has decoded them. */
async function decodedByBrowser(ffmpeg: FFmpegPage, which: Case): ReturnType<typeof framehash> {
  const stats = ['-dnn_stats', 'stats.json', '-hwaccel', 'webcodecs'];
  const result = await framehash(ffmpeg, which, stats);
  expect(result.log.filter((line) => line.includes('ffmpeg decodes input'))).toEqual([]);
  const { stages } = JSON.parse((await ffmpeg.read('stats.json')).toString()) as { stages: StageOfStats[] };
  const decoded = stages.filter(({ kind }) => kind === 'decode').map(({ frames }) => frames);
  // The output may have taken fewer of them.
  expect(decoded).toEqual([expect.any(Number)]);
  expect(decoded[0]).toBeGreaterThanOrEqual(result.rows.length);
  return result;
}

async function expectSameFrames(ffmpeg: FFmpegPage, cases: readonly Case[], frames?: number): Promise<void> {
  for (const each of cases) {
    await test.step([...(each.before ?? []), each.file, ...(each.behind ?? [])].join(' '), async () => {
      const { text, rows } = await decodedByBrowser(ffmpeg, each);
      expect(text).toBe((await framehash(ffmpeg, each)).text);
      expect(rows.length).toBe(frames ?? rows.length);
      expect(rows.length).toBeGreaterThan(4);
    });
  }
}

/** Encodes of one source, one file each. */
async function makeClips(
  ffmpeg: FFmpegPage,
  source: string,
  clips: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const outputs = Object.entries(clips).flatMap(([file, words]) => [...words, '-y', file]);
  await ffmpeg.make('-f', 'lavfi', '-i', source, ...outputs);
}

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '12'];

test('H.264 of every kind', async ({ ffmpeg }) => {
  await makeClips(ffmpeg, 'testsrc2=size=98x54:rate=25:duration=0.6', {
    // B-frames, pictures that end within a macroblock.
    'b.mp4': [...x264, '-pix_fmt', 'yuv420p', '-bf', '3', '-vf', 'setsar=40/33'],
    'b.ts': [...x264, '-pix_fmt', 'yuv420p'],
    'full.mkv': [...x264, '-pix_fmt', 'yuvj420p'],
    'odd-444.mkv': [...x264, '-pix_fmt', 'yuv444p', '-vf', 'scale=97:51'],
    '422.mp4': [...x264, '-pix_fmt', 'yuv422p'],
    'mbaff.mkv': [...x264, '-pix_fmt', 'yuv420p', '-flags', '+ilme+ildct', '-vf', 'crop=98:52'],
  });
  await expectSameFrames(
    ffmpeg,
    ['b.mp4', 'b.ts', 'full.mkv', 'odd-444.mkv', '422.mp4', 'mbaff.mkv'].map((file) => ({ file })),
    15,
  );
});

test('H.264 of 10 bit', async ({ ffmpeg }) => {
  await makeClips(ffmpeg, 'testsrc2=size=98x54:rate=25:duration=0.6', {
    '10.mp4': [...x264, '-pix_fmt', 'yuv420p10le'],
    '10-444.mp4': [...x264, '-pix_fmt', 'yuv444p10le'],
  });
  await expectSameFrames(ffmpeg, [{ file: '10.mp4' }, { file: '10-444.mp4' }], 15);
});

test('H.264 whose frames are chosen by time', async ({ ffmpeg }) => {
  await makeClips(ffmpeg, 'testsrc2=size=96x54:rate=30:duration=1.5', {
    'in.mp4': [...x264, '-pix_fmt', 'yuv420p'],
    'vfr.mkv': [...x264, '-pix_fmt', 'yuv420p', '-vf', "select='mod(n,3)-mod(n,7)'", '-fps_mode', 'vfr'],
  });
  // Packets from the key frame before, which an edit list hides.
  await ffmpeg.make('-ss', '0.5', '-i', 'in.mp4', '-c', 'copy', '-y', 'edited.mp4');
  await expectSameFrames(ffmpeg, [
    { file: 'vfr.mkv' },
    { file: 'edited.mp4' },
    { file: 'in.mp4', before: ['-ss', '0.7', '-t', '0.4'] },
    { file: 'in.mp4', behind: ['-ss', '0.3', '-frames:v', '7'] },
    { file: 'vfr.mkv', before: ['-to', '0.9'] },
  ]);
});

test('VP8 and VP9', async ({ ffmpeg }) => {
  await makeClips(ffmpeg, 'testsrc2=size=98x54:rate=25:duration=0.32', {
    'vp8.webm': [
      '-c:v',
      'libvpx',
      '-b:v',
      '100k',
      '-pix_fmt',
      'yuv420p',
      '-vf',
      'scale=97:51',
      '-auto-alt-ref',
      '1',
    ],
  });
  for (const [file, data] of Object.entries(vp9Clips)) await ffmpeg.write(file, data);
  await expectSameFrames(
    ffmpeg,
    ['vp8.webm', ...Object.keys(vp9Clips)].map((file) => ({ file })),
    8,
  );
});

test('AV1, of which ffmpeg has no decoder here', async ({ ffmpeg }) => {
  for (const [file, { file: data, hashes }] of Object.entries(av1Clips)) {
    await ffmpeg.write(file, data);
    const { text, rows } = await decodedByBrowser(ffmpeg, { file });
    expect(text).toContain('#dimensions 0: 97x51\n#sar 0: 833/873\n');
    const fields = rows.map((row) => row.split(',').map((field) => field.trim()));
    expect(fields.map(([, , pts, , , hash]) => `${pts} ${hash}`)).toEqual(
      hashes.map((hash, index) => `${512 * index} ${hash}`),
    );
  }
});

/** AV1, which ffmpeg.wasm demuxes and cannot decode: the browser decodes it, asked or not. */
import { av1Clip, av1Frames } from './av1-clip.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const line = 'Input 0 (in.mp4) has AV1 video, which ffmpeg.wasm cannot decode';

/** pts and MD5 of each frame that a command gives. */
async function frames(ffmpeg: FFmpegPage, ...words: readonly string[]): Promise<string[]> {
  await ffmpeg.make(...words, '-map', '0:v', '-f', 'framemd5', 'frames.txt');
  const text = (await ffmpeg.read('frames.txt')).toString();
  const rows = text.split('\n').filter((row) => row.startsWith('0,'));
  return rows.map((row) => row.split(',').map((field) => field.trim())).map((row) => `${row[2]} ${row[5]}`);
}

const expected = (from = 0, to = av1Frames.length): string[] =>
  av1Frames.slice(from, to).map((hash, index) => `${index} ${hash}`);

test.beforeEach(async ({ ffmpeg }) => {
  await ffmpeg.write('in.mp4', Buffer.from(av1Clip, 'base64'));
});

test('AV1 gives the frames of dav1d, from any place', async ({ ffmpeg }) => {
  expect(await frames(ffmpeg, '-i', 'in.mp4')).toEqual(expected());
  expect(await frames(ffmpeg, '-hwaccel', 'auto', '-ss', '0.25', '-t', '0.5', '-i', 'in.mp4')).toEqual(
    expected(2, 6),
  );
});

test('AV1 becomes another codec, with its sound, tags and rate', async ({ ffmpeg }) => {
  const log = await ffmpeg.make(
    ...['-i', 'in.mp4', '-vf', 'hflip', '-c:v', 'libx264', '-qp', '0', '-c:a', 'copy', 'out.mp4'],
  );
  expect(log.filter((text) => text.includes(line))).toHaveLength(1);
  expect(await frames(ffmpeg, '-i', 'out.mp4', '-vf', 'hflip')).toEqual(expected());
  const { log: listed } = await ffmpeg.run(['-i', 'out.mp4']);
  const streams = listed.filter((text) => text.includes('Stream #0'));
  expect(streams).toEqual([
    expect.stringMatching(/h264.*yuv420p\(tv, bt709, progressive\), 64x48 .*8 fps/),
    expect.stringMatching(/aac/),
  ]);
});

test('AV1 is copied by ffmpeg alone, and -hwaccel none is refused', async ({ ffmpeg }) => {
  const log = await ffmpeg.make('-i', 'in.mp4', '-c', 'copy', 'copy.webm.mkv');
  expect(log.some((text) => text.includes(line))).toBe(false);
  const { error } = await ffmpeg.run(['-hwaccel', 'none', '-i', 'in.mp4', 'out.mp4']);
  expect(error).toMatchObject({ code: 'ENOSYS' });
  expect(error!.message).toContain('leave -hwaccel none out');
});

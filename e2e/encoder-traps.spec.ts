/**
 * Ways in which an encoder of the browser differs from ffmpeg's, one row each: the result has what an encoder
 * of ffmpeg's would have given it, or the command is refused with what to write.
 */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

/** What ffmpeg lists of a file's video. */
async function video(ffmpeg: FFmpegPage, path: string): Promise<string> {
  const { log } = await ffmpeg.run(['-hide_banner', '-i', path]);
  return log.find((line) => line.includes('Video:'))!;
}

/** Its range, matrix, primaries and transfer; undefined where the file says nothing of its colours. */
async function colors(ffmpeg: FFmpegPage, path: string): Promise<string | undefined> {
  return /\(((?:tv|pc)[^),]*(?:, [^),]+)?)/.exec(await video(ffmpeg, path))?.[1];
}

const source = (rate: number, ...words: readonly string[]): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=${rate}:duration=2`, ...words],
];

test('the rate of bits is by the second, whatever the rate of frames', async ({ ffmpeg }) => {
  for (const codec of ['h264', 'vp9']) {
    const bits: number[] = [];
    for (const rate of [60, 24]) {
      const words = source(rate, '-c:v', `${codec}_webcodecs`, '-b:v', '150k', '-y', 'out.mkv');
      await ffmpeg.make(...words);
      const packets = await ffmpeg.packets('out.mkv', '-c', 'copy');
      bits.push(packets.reduce((sum, packet) => sum + 8 * Number(packet[4]), 0) / 2);
    }
    for (const each of bits) expect(each, codec).toBeGreaterThan(75_000);
    expect(bits[0]! / bits[1]!, codec).toBeLessThan(1.5);
    expect(bits[0]! / bits[1]!, codec).toBeGreaterThan(1 / 1.5);
  }
});

const tags = [
  ['bt2020', 'tv', 'bt2020', 'smpte2084', 'bt2020nc'],
  ['NTSC', 'pc', 'smpte170m', 'smpte170m', 'smpte170m'],
] as const;

test('colours are tagged as those of the input, also where the codec has no word for them', async ({
  ffmpeg,
}) => {
  for (const [name, range, primaries, transfer, matrix] of tags) {
    const params = `setparams=range=${range}:color_primaries=${primaries}:color_trc=${transfer}`;
    const filter = ['-vf', `${params}:colorspace=${matrix}`, '-frames:v', '5'];
    await ffmpeg.make(...source(25, ...filter, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', '-y', 'in.mkv'));
    const tagged = await colors(ffmpeg, 'in.mkv');
    expect(tagged, name).toContain(range);
    for (const [codec, ending] of [
      ['h264', 'ts'],
      ['vp8', 'mkv'],
      ['vp9', 'webm'],
      ['av1', 'mp4'],
    ]) {
      await ffmpeg.make('-i', 'in.mkv', '-c:v', `${codec}_webcodecs`, '-y', `out.${ending}`);
      expect(await colors(ffmpeg, `out.${ending}`), `${name}, ${codec}`).toBe(tagged);
    }
  }
});

test('untagged colours stay untagged, and rotation is kept', async ({ ffmpeg }) => {
  const h264 = ['-frames:v', '5', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await ffmpeg.make(...source(25, ...h264, 'flat.mp4'));
  await ffmpeg.make('-i', 'flat.mp4', '-c', 'copy', '-metadata:s:v', 'rotate=90', 'turned.mp4');
  const shown = async (path: string) =>
    (await ffmpeg.run(['-i', path])).log.find((line) => /rotation of/.test(line));
  for (const ending of ['mp4', 'mov', 'ts', 'mkv']) {
    const words = ['-noautorotate', '-i', 'turned.mp4', '-y'];
    await ffmpeg.make(...words, '-c:v', 'h264_webcodecs', `web.${ending}`);
    expect(await colors(ffmpeg, `web.${ending}`), ending).toBeUndefined();
    await ffmpeg.make(...words, ...h264, `own.${ending}`);
    expect(await shown(`web.${ending}`), ending).toBe(await shown(`own.${ending}`));
  }
  expect(await shown('web.mp4')).toContain('90.00');
  await ffmpeg.make('-i', 'turned.mp4', '-c:v', 'h264_webcodecs', '-y', 'web.mp4');
  expect(await ffmpeg.size('web.mp4')).toBe('120x160');
});

test('-crf and -qp span the whole scale of an encoder that has one', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 10, '-c:v', 'ffv1');
  for (const codec of ['vp9', 'av1']) {
    const sizes: number[] = [];
    for (const words of [
      ['-qp', '0'],
      ['-crf', '12'],
      ['-crf', '40'],
      ['-qp', '63'],
    ]) {
      await ffmpeg.make('-i', 'in.mkv', '-c:v', `${codec}_webcodecs`, ...words, '-y', 'out.mkv');
      sizes.push((await ffmpeg.read('out.mkv')).length);
    }
    expect(
      sizes.toSorted((a, b) => b - a),
      codec,
    ).toEqual(sizes);
    expect(new Set(sizes).size, codec).toBe(4);
    expect(sizes[0]! / sizes[3]!, codec).toBeGreaterThan(2);
  }
});

/** Words of the output, and the format and size that come. */
const made = [
  [['-c:v', 'vp9_webcodecs', '-pix_fmt', 'yuv420p10le'], 'vp9 (Profile 2)', 'yuv420p10le', '64x48'],
  [['-c:v', 'vp9_webcodecs', '-pix_fmt', 'yuv444p'], 'vp9 (Profile 1)', 'yuv444p', '64x48'],
  [['-c:v', 'vp9_webcodecs', '-vf', 'scale=63:47'], 'vp9 (Profile 0)', 'yuv420p', '63x47'],
  [['-c:v', 'vp8_webcodecs', '-vf', 'scale=63:47'], 'vp8', 'yuv420p', '63x47'],
] as const;

/** Words of the output, and what the refusal says. */
const refused = [
  [['-c:v', 'h264_webcodecs', '-crf', '20'], 'write -b:v 2M, for example, or -c:v vp9_webcodecs -crf 20'],
  [['-c:v', 'vp8_webcodecs', '-crf', '20'], 'write -b:v 2M, for example, or -c:v vp9_webcodecs -crf 20'],
  [['-c:v', 'h264_webcodecs', '-pix_fmt', 'yuv444p'], 'write one of yuv420p, nv12'],
  [['-c:v', 'vp9_webcodecs', '-pix_fmt', 'yuva420p'], 'keep no transparency: write one of yuv420p'],
  [['-c:v', 'h264_webcodecs', '-vf', 'scale=4098:2306'], 'use scale=4096:2304 or -c:v vp9_webcodecs'],
  [['-c:v', 'av1_webcodecs', '-vf', 'scale=17000:64'], 'use scale=7680:28'],
] as const;

test('sizes and formats are made, or refused with what to write', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 2, '-c:v', 'ffv1');
  for (const [words, codec, format, size] of made) {
    await ffmpeg.make('-i', 'in.mkv', ...words, '-y', 'out.mkv');
    const line = await video(ffmpeg, 'out.mkv');
    expect(line).toContain(`Video: ${codec}`);
    expect(line).toContain(format);
    expect(await ffmpeg.size('out.mkv')).toBe(size);
    expect(await ffmpeg.countFrames('out.mkv')).toBe(2);
  }
  for (const [words, says] of refused) {
    const { error } = await ffmpeg.run(['-i', 'in.mkv', ...words, '-y', 'never.mkv']);
    expect(error?.message, words.join(' ')).toContain(says);
  }
  const files = await ffmpeg.page.evaluate(() => window.ffmpeg.listDir('/'));
  expect(files.map(({ name }) => name)).not.toContain('never.mkv');
});

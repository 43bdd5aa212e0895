/** Whole files with DNN filters on a page without cross-origin isolation. */
import type { Page } from 'playwright/test';
import { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

const chain = `format=yuv420p,${dnn('double.pb')}`;

const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n';
const subtitles = '1\n00:00:00,100 --> 00:00:00,600\nHello\n';

/** A page without the two headers, with a model that doubles planes. */
async function openWithout(page: Page): Promise<FFmpegPage> {
  await withoutIsolation(page);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await ffmpeg.write('double.pb', doubleModel(1));
  return ffmpeg;
}

/** Frames in NTSC's rate with B-frames, sound, chapters and subtitles. */
async function makeFilm(ffmpeg: FFmpegPage, path: string, seconds = 1): Promise<void> {
  await ffmpeg.write('chapters.txt', Buffer.from(chapters));
  await ffmpeg.write('words.srt', Buffer.from(subtitles));
  await ffmpeg.make(
    ...['-f', 'lavfi', '-i', `testsrc2=size=64x48:rate=30000/1001:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=duration=${seconds}`, '-i', 'words.srt', '-i', 'chapters.txt'],
    ...['-map', '0', '-map', '1', '-map', '2', '-map_metadata', '3', '-map_chapters', '3'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ...['-c:s', 'mov_text', '-metadata', 'title=A film', '-metadata:s:a:0', 'language=deu', path],
  );
}

/** Times of the first video stream's packets, in order of presentation. */
async function videoTimes(ffmpeg: FFmpegPage, path: string): Promise<readonly number[]> {
  const packets = await ffmpeg.packets(path, '-map', '0:v', '-c', 'copy');
  return packets.map(([, , pts]) => Number(pts)).toSorted((a, b) => a - b);
}

test('an mp4 is enlarged: frames, times and sound stay, and what is lost is said before @dev', async ({
  page,
}) => {
  const ffmpeg = await openWithout(page);
  await makeFilm(ffmpeg, 'film.mp4');
  const log = await ffmpeg.make('-i', 'film.mp4', '-vf', chain, '-c:a', 'aac', 'large.mp4');
  const said = log.findIndex((line) => line.includes('will not have chapters, 1 subtitle stream'));
  expect(said).toBeGreaterThanOrEqual(0);
  expect(log.findIndex((line) => line.startsWith('dnn_processing: 64x48'))).toBeGreaterThan(said);
  expect(log).toContain(
    'warning: large.mp4 is made without ffmpeg: its audio is copied, -c:a aac has no effect.',
  );
  expect(log.join('\n')).toContain('-c:v h264_webcodecs is used');

  expect(await ffmpeg.size('large.mp4')).toBe('128x96');
  expect(await ffmpeg.countFrames('large.mp4')).toBe(30);
  expect(await videoTimes(ffmpeg, 'large.mp4')).toEqual(await videoTimes(ffmpeg, 'film.mp4'));
  const sound = ['-map', '0:a', '-c', 'copy'];
  expect(await ffmpeg.packets('large.mp4', ...sound)).toEqual(await ffmpeg.packets('film.mp4', ...sound));
  const { log: listed } = await ffmpeg.run(['-i', 'large.mp4']);
  expect(listed.join('\n')).toMatch(/title +: A film/);
  expect(listed.join('\n')).toContain('(deu): Audio: aac');
  await ffmpeg.expectNothingHeld();
});

test('frames are scaled before and behind a filter, and keep the shape of the picture', async ({ page }) => {
  const ffmpeg = await openWithout(page);
  await makeFilm(ffmpeg, 'film.mp4');
  const log = await ffmpeg.make('-i', 'film.mp4', '-vf', `scale=32:-2,${chain},scale=100:iw`, 'out.mp4');
  expect(log.join('\n')).toContain('dnn_processing: 32x24');
  expect(log.join('\n')).not.toContain('channel by channel');
  expect(await ffmpeg.size('out.mp4')).toBe('100x64');
  expect(await ffmpeg.countFrames('out.mp4')).toBe(30);
  const { log: listed } = await ffmpeg.run(['-i', 'out.mp4']);
  expect(listed.join('\n')).toContain('SAR 64:75 DAR 4:3');
  await ffmpeg.expectNothingHeld();
});

test('what needs ffmpeg is refused with the headers and why; a stop leaves a file that plays', async ({
  page,
}) => {
  const ffmpeg = await openWithout(page);
  await makeFilm(ffmpeg, 'film.mp4');
  const refusals: readonly (readonly [string, readonly string[]])[] = [
    ['-filter_complex', ['-filter_complex', `[0:v]${chain}`, 'out.mp4']],
    ['hflip is a filter of ffmpeg', ['-vf', `hflip,${chain}`, 'out.mp4']],
    ['write -c:v h264_webcodecs', ['-vf', chain, '-c:v', 'libx264', 'out.mp4']],
    ['several', ['-vf', chain, 'out.mp4', 'other.mp4']],
    ['out.avi is none of these', ['-vf', chain, 'out.avi']],
    [
      'audio in aac can only be copied, and .webm does not take it: write .mp4, .mov, .mkv, or -an',
      ['-vf', chain, 'out.webm'],
    ],
    ['-r 5 (word 5)', ['-vf', chain, '-r', '5', 'out.mp4']],
  ];
  for (const [reason, words] of refusals) {
    const { error } = await ffmpeg.run(['-i', 'film.mp4', ...words]);
    expect(error?.code).toBe('ENOSYS');
    expect(error?.message).toContain('Cross-Origin-Opener-Policy: same-origin');
    expect(error?.message).toContain(reason);
  }
  await ffmpeg.make('-i', 'film.mp4', '-c', 'copy', '-bsf:v', 'h264_metadata=crop_left=2', 'cut.mp4');
  const { error: cut } = await ffmpeg.run(['-i', 'cut.mp4', '-vf', chain, 'out.mp4']);
  expect(cut?.message).toMatch(/cut\.mp4: its pictures are cut by 2 columns at the left .* ffmpeg decodes/);
  expect(
    await page.evaluate(async () => (await window.ffmpeg.listDir('/')).map(({ name }) => name)),
  ).not.toContain('out.mp4');

  await makeFilm(ffmpeg, 'film.mp4', 12);
  await page.evaluate(() => {
    const stop = (): void => {
      window.ffmpeg.off('progress', stop);
      void window.ffmpeg.stop();
    };
    window.ffmpeg.on('progress', stop);
  });
  expect(await ffmpeg.run(['-i', 'film.mp4', '-vf', chain, 'stopped.mp4'])).toMatchObject({ exitCode: 255 });
  const frames = await ffmpeg.countFrames('stopped.mp4');
  expect(frames).toBeGreaterThan(0);
  expect(frames).toBeLessThan(359);
  await ffmpeg.expectNothingHeld();
});

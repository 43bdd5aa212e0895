/** A page without cross-origin isolation: DNN filters say what is missing, everything else works. */
import { dnn, doubleModel } from './models.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

test('a DNN filter is refused at once, with both headers by name; a plain command runs', async ({ page }) => {
  await withoutIsolation(page);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await ffmpeg.write('double.pb', doubleModel(3));

  await ffmpeg.clip('plain.mkv', 10, '-c:v', 'ffv1');
  expect(await ffmpeg.countFrames('plain.mkv')).toBe(10);
  const bytes = await page.evaluate(async () => (await window.ffmpeg.readFile('plain.mkv')).length);
  expect(bytes).toBe((await ffmpeg.read('plain.mkv')).length);

  const { error, exitCode, seconds } = await ffmpeg.run([
    ...['-i', 'plain.mkv', '-vf', `format=rgb24,${dnn('double.pb')}`, 'out.mkv'],
  ]);
  expect(exitCode).toBeUndefined();
  expect(error?.code).toBe('ENOSYS');
  expect(error?.message).toContain('Cross-Origin-Opener-Policy: same-origin');
  expect(error?.message).toContain('Cross-Origin-Embedder-Policy: require-corp');
  expect(seconds).toBeLessThan(5);

  await ffmpeg.make('-i', 'plain.mkv', '-vf', 'hflip', '-c:v', 'ffv1', 'plain2.mkv');
  expect(await ffmpeg.countFrames('plain2.mkv')).toBe(10);
  await ffmpeg.expectIdle();
});

test('the demo says what is missing before anything is tried', async ({ page }) => {
  await withoutIsolation(page);
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Opener-Policy: same-origin');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Embedder-Policy: require-corp');
});

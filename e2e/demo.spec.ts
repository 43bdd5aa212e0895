/** The demo as a user meets it: choose, watch, cancel, run again, look, download. */
import type { Page } from 'playwright/test';
import { contentSecurityPolicy } from '../scripts/page-headers.mjs';
import { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

interface Clip {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Makes a clip with sound on a page of its own. */
async function makeClip(page: Page, seconds: number, size = '64x48'): Promise<Clip> {
  const other = await page.context().newPage();
  const ffmpeg = new FFmpegPage(other);
  await ffmpeg.open(new URL('/headless.html', page.url()).href);
  await ffmpeg.make(
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', 'clip.mp4'],
  );
  const buffer = await ffmpeg.read('clip.mp4');
  await other.close();
  return { name: 'clip.mp4', mimeType: 'video/mp4', buffer };
}

/** Downloads the result and decodes it. */
async function checkDownload(page: Page, frames: number, size: string): Promise<void> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/-enhanced\.mp4$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const other = await page.context().newPage();
  const ffmpeg = new FFmpegPage(other);
  await ffmpeg.open(new URL('/headless.html', page.url()).href);
  await ffmpeg.write('result.mp4', Buffer.concat(chunks));
  expect(await ffmpeg.size('result.mp4')).toBe(size);
  expect(await ffmpeg.countFrames('result.mp4')).toBe(frames);
  expect((await ffmpeg.packets('result.mp4', '-map', '0:a', '-c', 'copy')).length).toBeGreaterThan(0);
  await other.close();
}

const status = (page: Page) => page.getByRole('status');

test('one click enhances the sample, under the policy', async ({ page }) => {
  const response = await page.goto('/');
  expect(response?.headers()['content-security-policy']).toBe(contentSecurityPolicy);
  expect(contentSecurityPolicy).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(status(page)).toHaveText('Done.', { timeout: 100_000 });
  await expect(page.locator('#after')).toHaveJSProperty('error', null);
  await expect(page.locator('#figures')).toContainText('96 frames');
  await checkDownload(page, 96, '640x360');
});

test('an upload: progress moves, cancel, again, compare, download', async ({ page }) => {
  await page.goto('/');
  const clip = await makeClip(page, 1);
  const long = await makeClip(page, 40, '320x240');
  await page.locator('#file').setInputFiles({ ...long, name: 'long.mp4' });
  await expect(page.locator('#file-name')).toContainText('long.mp4');
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(page.getByRole('button', { name: 'Enhance' })).toBeDisabled();
  const frame = async (): Promise<number> =>
    Number(/Frame (\d+) of 1000/.exec((await status(page).textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(frame).toBeGreaterThan(0);
  const first = await frame();
  const bar = await page.locator('#bar').evaluate((element: HTMLProgressElement) => element.value);
  await expect.poll(frame).toBeGreaterThan(first);
  await expect
    .poll(() => page.locator('#bar').evaluate((element: HTMLProgressElement) => element.value))
    .toBeGreaterThan(bar);
  await expect(status(page)).toContainText(/frames\/s, \d+:\d\d left/);
  const lanes = page.locator('#timeline th');
  await expect(lanes).toHaveText(['decode', /worker 1$/, /worker 2$/, 'encode']);
  await expect(page.locator('#timeline')).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();

  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(status(page)).toHaveText('Cancelled.', { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Enhance' })).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeDisabled();

  await page.locator('#file').setInputFiles(clip);
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Before and after' })).toBeVisible();
  await page.getByRole('slider', { name: 'Divider' }).fill('20');
  await expect(page.locator('#compare')).toHaveAttribute('style', /--split: 20%/);
  await checkDownload(page, 25, '128x96');
});

test('presets, own chains and models; what is wrong is shown', async ({ page }) => {
  await page.goto('/');
  await page.locator('#file').setInputFiles(await makeClip(page, 0.4));
  const filter = page.getByLabel('Filter chain');
  await page.getByLabel('Network').selectOption('anime4k-m');
  await expect(filter).toHaveValue(/model=anime4k-2x-m\.pb/);
  await filter.fill('format=rgb24,dnn_processing=model=absent.pb:input=x:output=y');
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(page.getByRole('alert')).toContainText('absent.pb');
  await expect(status(page)).toHaveText('Failed.');
  await filter.fill('nosuchfilter');
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(page.getByRole('alert')).toContainText("No such filter: 'nosuchfilter'");

  const buffer = Buffer.from(doubleModel(3));
  await page.getByLabel('Own models').setInputFiles({ name: 'own.pb', mimeType: '', buffer });
  await filter.fill(`format=rgb24,${dnn('own.pb')}`);
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(page.getByRole('alert')).toBeHidden();
  await checkDownload(page, 10, '128x96');
});

test('a dropped file, and the keyboard alone', async ({ page }) => {
  await page.goto('/');
  const { name, buffer } = await makeClip(page, 0.4);
  const data = await page.evaluateHandle(
    ([fileName, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], fileName));
      return transfer;
    },
    [name, buffer.toString('base64')] as const,
  );
  await page.dispatchEvent('#drop', 'dragover', { dataTransfer: data });
  await expect(page.locator('#drop')).toHaveClass(/over/);
  await page.dispatchEvent('#drop', 'drop', { dataTransfer: data });
  await expect(page.locator('#drop')).not.toHaveClass(/over/);
  await expect(page.locator('#file-name')).toContainText('clip.mp4');

  await page.getByLabel('Output options').focus();
  await page.getByRole('button', { name: 'Estimate' }).click();
  await expect(status(page)).toHaveText(/^About \d+:\d\d for 10 frames \(\d+ ms a frame\), \d+ MiB\.$/);
  await page.getByLabel('Output options').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Enhance' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await page.getByRole('slider', { name: 'Divider' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#compare')).toHaveAttribute('style', /--split: 51%/);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Play' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause video' })).toBeVisible();
});

/**
 * The demo as a user meets it: choose, watch, cancel, run again, look, save; by mouse, keyboard and touch.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { contentSecurityPolicy } from '../scripts/page-headers.mjs';
import { ssdModel } from './detection-models.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { makeClips, type Clip } from './made-clips.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

test.use({ hasTouch: true });

/** Looks into a file: frames, size, its video in ffmpeg's words, and that it has sound. */
async function check(
  page: Page,
  bytes: Buffer,
  frames: number,
  size: string,
  video = /Video: h264 .*, yuv420p[,(]/,
): Promise<void> {
  const other = await page.context().newPage();
  const ffmpeg = new FFmpegPage(other);
  await ffmpeg.open(new URL('/headless.html', page.url()).href);
  await ffmpeg.write('result.mp4', bytes);
  expect(await ffmpeg.size('result.mp4')).toBe(size);
  const log = await ffmpeg.make('-i', 'result.mp4', '-frames:v', '1', '-f', 'null', '-');
  expect(log.find((line) => line.includes('Stream #0:0'))).toMatch(video);
  expect(await ffmpeg.countFrames('result.mp4')).toBe(frames);
  expect((await ffmpeg.packets('result.mp4', '-map', '0:a', '-c', 'copy')).length).toBeGreaterThan(0);
  await other.close();
}

/** What a link saves. */
async function saved(page: Page, link: string): Promise<Buffer> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: link }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const status = (page: Page) => page.locator('#player').getByRole('status');
const figures = (page: Page) => page.locator('#player [part=figures]');
const states = (page: Page) => page.locator('#queue .state');
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const offered = (page: Page) =>
  page.getByRole('listbox', { name: 'What can stand here' }).getByRole('option');
const ownModel = { name: 'own.pb', mimeType: '', buffer: Buffer.from(doubleModel(3)) };
const ownFilter = `format=rgb24,${dnn('own.pb')}`;

/** Drops files on the page, as a program would. */
async function drop(page: Page, files: readonly Clip[]): Promise<void> {
  const data = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      for (const [name, type, text] of given) {
        const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      return transfer;
    },
    files.map(({ name, mimeType, buffer }) => [name, mimeType, buffer.toString('base64')] as const),
  );
  await page.dispatchEvent('#drop', 'dragover', { dataTransfer: data });
  await expect(page.locator('#drop')).toHaveClass(/over/);
  await page.dispatchEvent('#drop', 'drop', { dataTransfer: data });
  await expect(page.locator('#drop')).not.toHaveClass(/over/);
}

test('one click enhances the sample, under the policy', { tag: '@dev' }, async ({ page }) => {
  const response = await page.goto('/');
  expect(response?.headers()['content-security-policy']).toBe(contentSecurityPolicy);
  expect(contentSecurityPolicy).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
  await button(page, 'Enhance').click();
  await expect(status(page)).toHaveText('Done.', { timeout: 100_000 });
  await expect(page.getByLabel('After', { exact: true })).toHaveJSProperty('error', null);
  await expect(page.locator('#figures')).toContainText('96 frames');
  const painted = () =>
    page.locator('#timeline').evaluate((canvas: HTMLCanvasElement) => {
      const copy = Object.assign(document.createElement('canvas'), {
        width: canvas.width,
        height: canvas.height,
      });
      const context = copy.getContext('2d')!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const colours = new Set<string>();
      for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 4).join());
      return [...colours];
    });
  // Work of ffmpeg and of the network, in the colours of the light theme.
  await expect.poll(painted).toEqual(expect.arrayContaining(['10,88,168,255', '179,89,0,255']));
  const sample = await saved(page, 'Save sample-enhanced.mp4');
  // Encoded by the browser: x264 says its name and options in the file.
  expect(sample.includes('x264')).toBe(false);
  await expect(page.getByRole('note')).toBeHidden();
  await check(page, sample, 96, '640x360');
});

test('several videos: progress moves, pause, cancel; one that is broken does not stop the others', async ({
  page,
}) => {
  await page.goto('/');
  const [long, short] = (await makeClips(page, [40, '320x240'], [1, '64x48'])) as [Clip, Clip];
  await page.locator('#file').setInputFiles(long);
  await expect(page.locator('#queue .name')).toHaveText(/^clip-40\.mp4 \(/);
  await button(page, 'Enhance').click();
  await expect(button(page, 'Enhance')).toBeDisabled();
  const frame = async (): Promise<number> =>
    Number(/Frame (\d+) of 1000/.exec((await figures(page).textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(frame).toBeGreaterThan(0);
  const bar = page.locator('#player [part=progress]');
  const progress = () => bar.evaluate((element: HTMLProgressElement) => element.value);
  const [first, part] = [await frame(), await progress()];
  await expect.poll(frame).toBeGreaterThan(first);
  await expect.poll(progress).toBeGreaterThan(part);
  await expect(figures(page)).toContainText(/frames\/s, \d+:\d\d left/);
  // The browser's codecs and ffmpeg's stages have lanes of their own.
  const workers = [1, 2].map((worker) => expect.stringMatching(`worker ${worker}$`) as unknown);
  await expect
    .poll(() => page.locator('#timeline th').allTextContents())
    .toEqual(expect.arrayContaining(['decode', ...workers, 'encode']));
  await expect(page.locator('#timeline')).toBeVisible();
  await button(page, 'Pause').tap();
  await button(page, 'Resume').tap();
  await expect(button(page, 'Pause')).toBeEnabled();
  await button(page, 'Cancel').tap();
  await expect(status(page)).toHaveText('Cancelled.', { timeout: 15_000 });
  await expect(states(page)).toHaveText(['cancelled']);
  await button(page, 'Remove clip-40.mp4').click();

  await page.getByLabel('Own models').setInputFiles(ownModel);
  await page.getByLabel('Filter chain').fill(ownFilter);
  const broken = { name: 'broken.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video') };
  await page.locator('#file').setInputFiles([broken, short, { ...short, name: 'second.mp4' }]);
  await button(page, 'Enhance 3 videos').click();
  await expect(states(page)).toHaveText([/^failed: .*ffmpeg ended with/, 'done', 'done'], {
    timeout: 60_000,
  });
  await check(page, await saved(page, 'Save second-enhanced.mp4'), 25, '128x96');
  await expect(page.getByRole('alert')).toBeHidden();
  // The divider moves with the mouse.
  const player = page.locator('#player [part=stage]');
  await player.scrollIntoViewIfNeeded();
  const stage = (await player.boundingBox())!;
  await page.mouse.move(stage.x + stage.width / 4, stage.y + stage.height / 2);
  await expect(page.getByRole('slider')).toHaveValue('25');
});

test('what ffmpeg says is written where it is seen, and does not carry away who reads further up', async ({
  page,
}) => {
  const log = page.locator('#log');
  const toEnd = () => log.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  const lines = async () => ((await log.textContent()) ?? '').split('\n').length;
  await page.goto('/');
  const [clip] = (await makeClips(page, [1, '64x48'])) as [Clip];
  await page.locator('#file').setInputFiles(clip);
  await button(page, 'Enhance').click();
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(log).toBeEmpty();

  await page.getByText('What ffmpeg says').click();
  await expect(log).toContainText('libx264');
  const before = await lines();
  expect(await toEnd()).toBeLessThan(2);
  await log.evaluate((box) => {
    box.scrollTop = 0;
  });
  await button(page, 'Enhance').click();
  await expect.poll(lines, { timeout: 60_000 }).toBeGreaterThan(1.5 * before);
  await expect(states(page)).toHaveText('done');
  expect(await log.evaluate((box) => box.scrollTop)).toBe(0);

  await log.evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.getByLabel('Output options').fill('-c:v libx264 -loglevel debug');
  for (let run = 0; run < 3; run++) {
    await button(page, 'Enhance').click();
    await expect(states(page)).not.toHaveText('done');
    await expect(states(page)).toHaveText('done', { timeout: 60_000 });
  }
  await expect.poll(toEnd).toBeLessThan(2);
  // Blocks of a quarter of a second go as a whole.
  expect(await lines()).toBeLessThan(1000);
});

test('presets, offers for what can stand there, errors under the caret, own models', async ({ page }) => {
  await page.goto('/');
  const [clip] = (await makeClips(page, [0.4, '64x48'])) as [Clip];
  await page.locator('#file').setInputFiles(clip);
  const filter = page.getByRole('combobox', { name: 'Filter chain' });
  const problem = page.locator('#filter-problem');
  const offers = offered(page);
  await page.getByLabel('Network').selectOption('anime4k-m');
  await expect(filter).toHaveValue(/model=anime4k-2x-m\.pb/);

  await filter.fill('');
  await filter.pressSequentially('format=rgb24,dnn_p');
  await expect(offers.first()).toHaveText(/^dnn_processing=/);
  await filter.press('ArrowDown');
  await filter.press('Enter');
  await expect(filter).toHaveValue('format=rgb24,dnn_processing=');
  await filter.pressSequentially('dnn_b');
  await expect(offers.first()).toHaveText(/^dnn_backend=/);
  await offers.first().tap();
  await expect(offers.first()).toHaveText(/^native/);
  await filter.press('Escape');
  await expect(offers).toHaveCount(0);

  await filter.fill('format=rgb24,dnn_processing=modle=own.pb');
  await filter.blur();
  await expect(problem).toContainText("Option 'modle' of dnn_processing not found");
  const [, text, caret] = (await problem.textContent())!.split('\n') as [string, string, string];
  expect(caret.indexOf('^')).toBe(text.indexOf('modle'));
  await expect(filter).toHaveAttribute('aria-invalid', 'true');

  await filter.fill('format=rgb24,dnn_processing=model=absent.pb:input=x:output=y');
  await expect(problem).toBeHidden();
  await button(page, 'Enhance').click();
  await expect(page.getByRole('alert')).toContainText('absent.pb');
  await expect(status(page)).toHaveText('Failed.');
  await filter.fill('nosuchfilter');
  await button(page, 'Enhance').click();
  await expect(page.getByRole('alert')).toContainText("No such filter: 'nosuchfilter'");

  // A model of one's own goes into the presets that wait for one.
  await page.getByLabel('Network').selectOption('derain');
  await page.getByLabel('Own models').setInputFiles(ownModel);
  await expect(filter).toHaveValue('format=rgb24,derain=model=own.pb:input=x:output=y');
  await filter.fill(ownFilter);
  await button(page, 'Estimate').click();
  const words = page.locator('#estimate-words');
  await expect(words).toHaveText(/^About \d+:\d\d for 10 frames \(\d+ ms a frame\), \d+ MiB\.$/);
  await button(page, 'Enhance').click();
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(page.getByRole('alert')).toBeHidden();
  await check(page, await saved(page, 'Save clip-0.4-enhanced.mp4'), 10, '128x96');
  // The same video once more, with ESRGAN, in another format.
  await page.getByLabel('Network').selectOption('esrgan');
  await page.getByLabel('Format').selectOption('WebM: for web pages');
  await page.getByLabel('Quality').selectOption('Smaller file');
  await button(page, 'Enhance').click();
  await expect(states(page)).toHaveText(['done'], { timeout: 60_000 });
  await expect(page.locator('#figures')).toContainText('10 frames');
  const webm = await saved(page, 'Save clip-0.4-enhanced.webm');
  await check(page, webm, 10, '128x96', /Video: vp9 .*, yuv420p[,(]/);
});

test('dropped files, results written to a folder, the keyboard alone', async ({ page }) => {
  await page.goto('/');
  const [clip] = (await makeClips(page, [0.4, '64x48'])) as [Clip];
  // A folder of the origin's own stands in for one of the disk, which a dialog would ask for.
  await page.evaluate(() => {
    const picking = window as { showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> };
    picking.showDirectoryPicker = async () => {
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle('results', { create: true });
    };
  });
  await drop(page, [clip, ownModel]);
  await expect(page.locator('#queue .name')).toHaveText(/^clip-0\.4\.mp4/);
  await expect(page.locator('#own-models code')).toHaveText(['own.pb']);
  await page.getByLabel('Network').selectOption('custom');
  await expect(page.getByLabel('Filter chain')).toHaveValue(/model=own\.pb/);
  await page.getByLabel('Filter chain').fill(ownFilter);
  await button(page, 'Save straight to a folder').click();
  await expect(page.locator('#folder-words')).toHaveText(
    'Results are written to “results” as they are made.',
  );

  await page.getByLabel('Output options').focus();
  await page.keyboard.press('Tab');
  await expect(button(page, 'Enhance')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(states(page)).toHaveText(['done: saved']);
  const written = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('results');
    const file = await (await folder.getFileHandle('clip-0.4-enhanced.mp4')).getFile();
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => {
        resolve(reader.result as string);
      };
      reader.readAsDataURL(file);
    });
    return url.slice(url.indexOf(',') + 1);
  });
  await check(page, Buffer.from(written, 'base64'), 10, '128x96');
  const divider = page.getByRole('slider', { name: 'Divider' });
  await divider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(divider).toHaveValue('51');
  await button(page, 'Play').focus();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Pause video')).toBeVisible();
  // Only now: the player reads the file as it goes.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('results', { recursive: true });
  });
});

test('detections: boxes over the player, counts, and a file of them', async ({ page }) => {
  await page.goto('/');
  const [clip] = (await makeClips(page, [0.4, '64x48'])) as [Clip];
  const model = { name: 'ssd.pb', mimeType: '', buffer: Buffer.from(ssdModel([[1, 0.9, 0, 0, 0.5, 0.5]])) };
  const labels = { name: 'labels.txt', mimeType: '', buffer: Buffer.from('zero\ncat\n') };
  await drop(page, [clip, model, labels]);
  const detect = 'dnn_detect=model=ssd.pb:input=x:output=detection_out:labels=labels.txt';
  await page.getByLabel('Filter chain').fill(detect);
  await button(page, 'Enhance').click();
  await expect(status(page)).toHaveText('Done.', { timeout: 60_000 });
  await expect(page.locator('#found-words')).toHaveText('In 10 frames: cat 10.');
  const overlay = page.locator('#player [part=overlay]');
  await expect(overlay).toHaveAttribute('aria-label', 'Detected: cat 90 %');
  const painted = await overlay.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const context = canvas.getContext('2d')!;
    const at = (x: number, y: number): number => context.getImageData(x, y, 1, 1).data[3]!;
    const edge = Math.round(width / 2);
    return [at(edge, Math.round(height / 4)), at(Math.round(width * 0.75), Math.round(height * 0.75))];
  });
  expect(painted[0]).toBeGreaterThan(100);
  expect(painted[1]).toBe(0);
  const lines = (await saved(page, 'Save detections')).toString().trim().split('\n');
  expect(lines).toHaveLength(10);
  const bboxes = [{ x: 0, y: 0, w: 32, h: 24, label: 'cat', confidence: 0.9, classifications: [] }];
  expect(JSON.parse(lines[3]!)).toMatchObject({ pts: 3 * 512, time: 0.12, filter: detect, bboxes });
});

test('no violations and nothing cut off, at three widths and in both themes', async ({ page }) => {
  await page.goto('/');
  await drop(page, [ownModel, { name: 'a.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video') }]);
  await page.getByLabel('Filter chain').fill('dnn_processing=modle=own.pb');
  await page.getByLabel('Filter chain').blur();
  await expect(page.locator('#filter-problem')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [360, 800, 1400]) {
      await page.setViewportSize({ width, height: 900 });
      const name = `${colorScheme}, ${width} pixels`;
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, name).toBeLessThanOrEqual(0);
      await page.getByLabel('Filter chain').press('ArrowDown');
      await expect(offered(page).first()).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations, name).toEqual([]);
      await page.getByLabel('Filter chain').press('Escape');
    }
  }
});

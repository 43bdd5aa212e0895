/** `<ffmpeg-dnn>` as a page has it: files, pictures, live video, by mouse, keyboard and touch. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import type { FFmpegDNNElement } from '../src/element/define.ts';
import { aliveWorkers } from './alive-workers.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel, slowModel } from './models.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

declare global {
  interface Window {
    events: string[];
    /** Resolves at the next sign of progress. */
    progress: () => Promise<void>;
  }
}

test.use({ hasTouch: true });

const filter = `format=rgb24,${dnn('double.pb')}`;
const element = (page: Page) => page.locator('ffmpeg-dnn');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const status = (page: Page) => page.getByRole('status');

/** Four by three pixels of rgba(255, 128, 0, 0.5), of which no canvas gives the exact colour. */
const orangePng =
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAEklEQV' + 'R42mP438BQj4wZCAoAAG3tF+lOeYH9AAAAAElFTkSuQmCC';

/** Makes a clip, or a picture, on a page of its own. */
async function made(page: Page, name: string, ...words: string[]): Promise<Buffer> {
  const other = await page.context().newPage();
  const ffmpeg = new FFmpegPage(other);
  await ffmpeg.open(new URL('/headless.html', page.url()).href);
  await ffmpeg.make('-f', 'lavfi', '-i', ...words, name);
  const bytes = await ffmpeg.read(name);
  await other.close();
  return bytes;
}

/** Gives the element a network that doubles the size, and a file where it is not empty. */
async function give(page: Page, name: string, type: string, bytes: Buffer, chain = filter): Promise<void> {
  await element(page).evaluate(
    (own: FFmpegDNNElement, [file, kind, text, model, words]) => {
      const data = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      own.files = { 'double.pb': new Blob([data(model)]) };
      own.filter = words;
      if (text !== '') own.srcObject = new File([data(text)], file, { type: kind });
      window.events = [];
      for (const event of ['statechange', 'complete', 'error'] as const)
        own.addEventListener(event, (happened) => {
          const { state } = happened.detail as { state?: string };
          window.events.push(state ?? event);
        });
    },
    [name, type, bytes.toString('base64'), Buffer.from(doubleModel(3)).toString('base64'), chain] as const,
  );
}

/** Gives the element a stream of 20 frames a second. */
async function giveStream(page: Page, width: number, height: number): Promise<void> {
  await element(page).evaluate(
    (own: FFmpegDNNElement, size) => {
      const canvas = Object.assign(document.createElement('canvas'), size);
      const context = canvas.getContext('2d')!;
      let hue = 0;
      setInterval(() => {
        context.fillStyle = `hsl(${(hue += 5)} 80% 50%)`;
        context.fillRect(0, 0, size.width, size.height);
      }, 50);
      own.srcObject = canvas.captureStream(20);
    },
    { width, height },
  );
}

const result = (page: Page) =>
  element(page).evaluate(async (own: FFmpegDNNElement) => {
    const blob = own.result;
    if (blob === null) return null;
    if (!blob.type.startsWith('image/')) return { type: blob.type, size: blob.size };
    const { width, height } = await createImageBitmap(blob);
    return { type: blob.type, width, height };
  });

test(
  'a file by mouse: progress, result, divider, download; by keyboard once more',
  { tag: '@dev' },
  async ({ page }) => {
    await page.goto('/e2e/element.html');
    await expect(page.getByText('Nothing chosen yet.')).toBeVisible();
    await expect(button(page, 'Start')).toBeDisabled();
    const clip = await made(
      page,
      'clip.mp4',
      'testsrc2=size=64x48:rate=25:duration=1',
      '-pix_fmt',
      'yuv420p',
    );
    await give(page, 'clip.mp4', 'video/mp4', clip);
    await button(page, 'Start').click();
    await expect(status(page)).toHaveText('Done.');
    expect(await result(page)).toMatchObject({ type: 'video/mp4' });
    const states = await page.evaluate(() => window.events);
    expect(states).toEqual(['loading', 'running', 'done', 'complete']);
    await expect(page.getByLabel('After', { exact: true })).toHaveJSProperty('videoWidth', 128);

    const divider = page.getByRole('slider');
    const stage = page.locator('ffmpeg-dnn').locator('[part=stage]');
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + 20);
    await expect(divider).toHaveValue('25');
    await divider.focus();
    await page.keyboard.press('ArrowRight');
    await expect(divider).toHaveValue('26');
    await expect(divider).toHaveAttribute('aria-valuetext', '26 % before');
    await page.touchscreen.tap(box.x + (box.width * 3) / 4, box.y + 20);
    await expect(divider).toHaveValue('75');

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await downloading).suggestedFilename()).toBe('enhanced.mp4');

    await button(page, 'Start').focus();
    await page.keyboard.press('Enter');
    await expect(status(page)).not.toHaveText('Done.');
    await expect(status(page)).toHaveText('Done.');
    await button(page, 'Play').press('Space');
    await expect(button(page, 'Pause video')).toBeVisible();

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await new AxeBuilder({ page }).analyze()).violations, colorScheme).toEqual([]);
    }
  },
);

test('pause, resume, cancel; failures are told; a removed element gives everything back', async ({
  page,
}) => {
  await page.goto('/e2e/element.html');
  const clip = await made(page, 'long.mkv', 'testsrc2=size=160x120:rate=25:duration=60', '-c:v', 'ffv1');
  await give(page, 'long.mkv', 'video/x-matroska', clip);
  await button(page, 'Start').tap();
  await expect(status(page)).toHaveText(/\d+ %/);
  await button(page, 'Pause').tap();
  await expect(button(page, 'Resume')).toBeVisible();
  await page.getByLabel('Typing').pressSequentially('typing goes on');
  await button(page, 'Resume').tap();
  await expect(button(page, 'Pause')).toBeEnabled();
  const second = await element(page).evaluate((own: FFmpegDNNElement) => own.process().catch(String));
  expect(second).toContain('at work already');
  await button(page, 'Cancel').tap();
  await expect(status(page)).toHaveText('Cancelled.');
  await expect(button(page, 'Start')).toBeEnabled();

  const trial = await element(page).evaluate((own: FFmpegDNNElement) => own.trial());
  expect(trial).toMatchObject({ totalFrames: 1500 });

  await element(page).evaluate((own: FFmpegDNNElement) => {
    own.filter = 'dnn_processing=model=missing.pb:input=x:output=y';
  });
  await button(page, 'Start').click();
  await expect(page.getByRole('alert')).toContainText('missing.pb');
  await expect(status(page)).toHaveText('Failed.');
  await element(page).evaluate((own: FFmpegDNNElement) => {
    own.remove();
  });
  await expect.poll(() => aliveWorkers(page)).toBe(0);
});

test('one job follows another: after a cancel, a change of the source, a move, and from a listener', async ({
  page,
}) => {
  await page.goto('/e2e/element.html');
  const clip = await made(page, 'clip.mkv', 'testsrc2=size=160x120:rate=25:duration=4', '-c:v', 'ffv1');
  await give(page, 'clip.mkv', 'video/x-matroska', clip);
  await element(page).evaluate((own: FFmpegDNNElement) => {
    window.progress = () =>
      new Promise<void>((resolve) => {
        own.addEventListener(
          'progress',
          () => {
            resolve();
          },
          { once: true },
        );
      });
  });
  const afterCancel = await element(page).evaluate(async (own: FFmpegDNNElement) => {
    const first = own.process().catch((error: unknown) => (error as Error).name);
    await window.progress();
    await own.cancel();
    const second = own.process();
    // Moves between two places do not disturb it.
    await window.progress();
    document.body.append(own);
    return [await first, (await second) instanceof Blob, own.state];
  });
  expect(afterCancel).toEqual(['AbortError', true, 'done']);
  await expect(button(page, 'Play')).toBeVisible();

  // Another source in the middle of a job, which starts by itself; a third from the listener of its result.
  const sizes = await element(page).evaluate(async (own: FFmpegDNNElement) => {
    const source = own.srcObject as File;
    const results: Blob[] = [];
    own.autoplay = true;
    own.srcObject = new File([source], 'second.mkv');
    await window.progress();
    await new Promise<void>((resolve) => {
      own.addEventListener('complete', ({ detail }) => {
        results.push(detail.blob!);
        if (results.length === 2) resolve();
        else own.srcObject = new File([source], 'fourth.mkv');
      });
      own.srcObject = new File([source], 'third.mkv');
    });
    return Promise.all(results.map(async (blob) => (await blob.arrayBuffer()).byteLength));
  });
  expect(Math.min(...sizes)).toBeGreaterThan(1000);

  // Nothing is left to work on.
  await element(page).evaluate(async (own: FFmpegDNNElement) => {
    own.srcObject = new File([own.srcObject as File], 'fifth.mkv');
    await window.progress();
    own.srcObject = null;
    await own.cancel();
  });
  await expect(status(page)).toHaveText('Cancelled.');
  await expect(button(page, 'Start')).toBeDisabled();
  expect(await element(page).evaluate((own: FFmpegDNNElement) => own.state)).toBe('empty');
});

test('what says how a result is shown counts at once', async ({ page }) => {
  await page.goto('/e2e/element.html');
  const clip = await made(page, 'clip.mp4', 'testsrc2=size=64x48:rate=25:duration=2', '-pix_fmt', 'yuv420p');
  await give(page, 'clip.mp4', 'video/mp4', clip);
  const set = (name: 'muted' | 'loop' | 'compare' | 'overlay', value: boolean) =>
    element(page).evaluate((own: FFmpegDNNElement, [key, on]) => (own[key] = on), [name, value] as const);
  await set('overlay', true);
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText('Done.');
  await set('overlay', false);
  await expect(page.getByLabel('Nothing detected')).toHaveCount(0);
  const after = page.getByLabel('After', { exact: true });
  await after.evaluate((video: HTMLVideoElement) => (video.currentTime = 1));
  await expect(after).toHaveJSProperty('muted', true);
  await set('muted', false);
  await set('loop', true);
  await expect(after).toHaveJSProperty('muted', false);
  await expect(after).toHaveJSProperty('loop', true);
  await expect(page.getByLabel('Before', { exact: true })).toHaveJSProperty('muted', true);
  await set('compare', false);
  await expect(page.getByRole('slider')).toBeHidden();
  await expect(page.getByLabel('Before', { exact: true })).toHaveCount(0);
  await expect(after).toHaveJSProperty('currentTime', 1);
  await set('overlay', true);
  await expect(page.getByLabel('Nothing detected')).toBeVisible();
  await set('compare', true);
  await expect(page.getByRole('slider')).toBeVisible();
  await set('overlay', false);
  await expect(page.getByLabel('Nothing detected')).toHaveCount(0);
});

test('a stream is live until it is stopped', async ({ page }) => {
  await page.goto('/e2e/element.html');
  await give(page, 'x', '', Buffer.alloc(0));
  await giveStream(page, 32, 24);
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText('Live.');
  await expect(page.locator('ffmpeg-dnn').locator('[part=figures]')).toContainText(
    /64x48, .* frames\/s, \d+ ms behind/,
  );
  const live = await element(page).evaluate((own: FFmpegDNNElement) => ({
    mode: own.mode,
    shown: own.live!.framesShown,
    tracks: own.captureStream().getVideoTracks().length,
  }));
  expect(live.mode).toBe('live');
  expect(live.shown).toBeGreaterThan(0);
  expect(live.tracks).toBe(1);
  await button(page, 'Pause').click();
  await expect(page.locator('ffmpeg-dnn').locator('[part=figures]')).toHaveText('Paused.');
  await button(page, 'Resume').click();
  await button(page, 'Cancel').click();
  await expect(status(page)).toHaveText('Stopped.');
  await expect.poll(() => aliveWorkers(page)).toBe(0);

  // And as long as its source is.
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText('Live.');
  await element(page).evaluate((own: FFmpegDNNElement) => {
    for (const track of (own.srcObject as MediaStream).getTracks()) track.stop();
  });
  await expect(status(page)).toHaveText('The video source has ended.');
  await expect(button(page, 'Start')).toBeEnabled();
  await expect.poll(() => aliveWorkers(page)).toBe(0);
});

test('a network that is too slow gives way to the next one', async ({ page }) => {
  await page.goto('/e2e/element.html');
  await give(page, 'x', '', Buffer.alloc(0), `format=rgb24,${dnn('slow.pb')}`);
  await element(page).evaluate(
    (own: FFmpegDNNElement, [model, lighter]) => {
      const bytes = Uint8Array.from(atob(model), (c) => c.charCodeAt(0));
      own.files = { ...own.files, 'slow.pb': new Blob([bytes]) };
      own.fallback = lighter;
      own.addEventListener('stepdown', ({ detail }) => window.events.push(detail.filter));
    },
    [Buffer.from(slowModel(100)).toString('base64'), filter] as const,
  );
  await giveStream(page, 64, 48);
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText(/too slow .* lighter one has taken its place/);
  const figures = page.locator('ffmpeg-dnn').locator('[part=figures]');
  await expect(figures).toContainText('128x96');
  expect(await page.evaluate(() => window.events)).toContain(filter);
  await button(page, 'Cancel').click();
  await expect.poll(() => aliveWorkers(page)).toBe(0);
});

test('without isolation pictures and files work', async ({ page }) => {
  await withoutIsolation(page);
  await page.goto('/e2e/element.html');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const picture = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext('2d')!.fillRect(0, 0, 20, 30);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  await give(page, 'picture.png', 'image/png', Buffer.from(picture, 'base64'));
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText('Done.');
  expect(await result(page)).toEqual({ type: 'image/png', width: 80, height: 60 });
  // Half transparent orange keeps its colour, as in a whole file.
  const orange = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const own = document.querySelector<FFmpegDNNElement>('ffmpeg-dnn')!;
    const before = own.srcObject;
    own.srcObject = new File([bytes], 'orange.png', { type: 'image/png' });
    const blob = (await own.process())!;
    own.srcObject = before;
    const context = new OffscreenCanvas(8, 6).getContext('2d')!;
    context.drawImage(await createImageBitmap(blob), 0, 0);
    return [...context.getImageData(2, 2, 1, 1).data];
  }, orangePng);
  expect(orange).toEqual([255, 128, 0, 255]);
  // Behind an address that does not say what it is.
  const body = Buffer.from(picture, 'base64');
  await page.route('**/photo?id=3', (route) => route.fulfill({ contentType: 'image/png', body }));
  const named = await element(page).evaluate(async (own: FFmpegDNNElement) => {
    const file = own.srcObject as File;
    own.srcObject = null;
    own.src = '/photo?id=3';
    await own.process();
    const { filename } = own;
    own.srcObject = file;
    return filename;
  });
  expect(named).toBe('enhanced.png');

  // In the format that its name says, and where it was asked for.
  const written = await element(page).evaluate(async (own: FFmpegDNNElement) => {
    const folder = await navigator.storage.getDirectory();
    const handle = (own.target = await folder.getFileHandle('out.jpg', { create: true }));
    own.filename = 'out.jpg';
    await own.process();
    const { width } = await createImageBitmap(await handle.getFile());
    const [first, second] = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    own.target = null;
    own.filename = 'out.bmp';
    const refusal = await own.process().catch(String);
    own.removeAttribute('filename');
    return { width, starts: [first, second], refusal };
  });
  expect(written).toMatchObject({ width: 80, starts: [0xff, 0xd8] });
  expect(written.refusal).toContain('end it with .png, .jpg or .webp');
  await give(page, 'clip.mp4', 'video/mp4', Buffer.from([1, 2, 3]));
  await button(page, 'Start').click();
  await expect(page.getByRole('alert')).toContainText('Invalid data found when processing input');

  // Opus, in place of which ffmpeg would write AAC.
  const film = ['-f', 'lavfi', '-i', 'sine=duration=1', '-pix_fmt', 'yuv420p', '-c:a', 'libopus'];
  const source = 'testsrc2=size=64x48:rate=5:duration=1';
  await give(page, 'film.mp4', 'video/mp4', await made(page, 'film.mp4', source, ...film));
  await element(page).evaluate((own: FFmpegDNNElement) => {
    own.addEventListener('notice', ({ detail }) => window.events.push(detail.message));
  });
  await button(page, 'Start').click();
  await expect(status(page)).toHaveText('Done.');
  await expect(page.getByLabel('After', { exact: true })).toHaveJSProperty('videoWidth', 128);
  expect(await page.evaluate(() => window.events)).toContain(
    'enhanced.mp4 is made without ffmpeg: its audio is copied, -c:a aac has no effect.',
  );
});

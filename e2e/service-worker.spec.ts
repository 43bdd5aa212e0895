/**
 * The service workers: pages on a host that sends no headers, and a demo without a network. On what is built.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright/test';
import { StaticServer } from '../bench/static-server.mjs';
import { contentSecurityPolicy, pageHeaders } from '../scripts/page-headers.mjs';
import { FFmpegPage } from './ffmpeg-page.ts';
import { doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

test.use({ serviceWorkers: 'allow' });

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const headers = { 'Content-Security-Policy': contentSecurityPolicy };

/**
 * A page that registers the service worker at `?url`, says how that ended, and
 * runs a job where it is isolated.
 */
const html = `<!doctype html>
<title>isolation</title>
<link rel="icon" href="favicon.ico" />
<script type="module" src="page.js"></script>
<output></output>
`;
const script = `import { FFmpegDNN, registerIsolation } from './index.js';
const url = new URLSearchParams(location.search).get('url') ?? undefined;
const result = await registerIsolation({ url });
let exitCode;
if (result.isolated) {
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load();
  await ffmpeg.writeFile('double.pb', await (await fetch('double.pb')).blob());
  const clip = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1'];
  const filter = 'format=rgb24,dnn_processing=model=double.pb:input=x:output=y';
  exitCode = await ffmpeg.exec([...clip, '-vf', filter, '-f', 'null', '-']);
  ffmpeg.terminate();
}
document.querySelector('output').textContent = JSON.stringify({ ...result, exitCode, crossOriginIsolated });
`;

let folder: string;

test.beforeEach(() => {
  folder = test.info().outputPath('page');
  mkdirSync(folder, { recursive: true });
  const files = {
    ...{ 'index.html': html, 'page.js': script, 'double.pb': doubleModel(3), 'favicon.ico': '' },
    // A service worker that takes over the page and answers nothing.
    'idle.js': `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});

test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

const pageLoads = (server: StaticServer): number =>
  server.transfers.filter(({ path }) => path === '/').length;

async function result(page: Page): Promise<unknown> {
  await expect(page.locator('output')).toContainText('"isolated"', { timeout: 60_000 });
  return JSON.parse((await page.locator('output').textContent()) ?? '');
}

test('a host without headers: one reload, then the page is isolated and runs a job', async ({ page }) => {
  const server = await StaticServer.start([folder, join(dist, 'lib')], headers);
  try {
    const response = await page.goto(server.origin);
    expect(response?.headers()).not.toHaveProperty('cross-origin-opener-policy');
    await expect(page.locator('output')).toContainText('"crossOriginIsolated":true', { timeout: 60_000 });
    expect(await result(page)).toEqual({ isolated: true, exitCode: 0, crossOriginIsolated: true });
    expect(pageLoads(server)).toBe(2);
    // At once, the next time; and files pass by the worker.
    await page.reload();
    expect(await result(page)).toMatchObject({ isolated: true, exitCode: 0 });
    expect(pageLoads(server)).toBe(3);
  } finally {
    await page.close();
    await server.close();
  }
});

test('where it does not help the page is reloaded once, and is told why', async ({ page }) => {
  const server = await StaticServer.start([folder, join(dist, 'lib')], headers);
  try {
    await page.goto(`${server.origin}/?url=idle.js`);
    await expect(page.locator('output')).toContainText('"reloaded"');
    expect(await result(page)).toMatchObject({ isolated: false, reason: 'reloaded' });
    await page.reload();
    expect(await result(page)).toMatchObject({ isolated: false, reason: 'reloaded' });
    expect(pageLoads(server)).toBe(3);

    // A file that is not there: nothing to reload for.
    await page.evaluate(() => {
      sessionStorage.clear();
    });
    await page.goto(`${server.origin}/?url=index.js`);
    const failed = (await result(page)) as { reason: string; message: string };
    expect(failed.reason).toBe('failed');
    expect(failed.message).toContain('/index.js');
    expect(pageLoads(server)).toBe(4);
  } finally {
    await page.close();
    await server.close();
  }
});

test('the demo works without a network after the first visit', async ({ page, context }) => {
  const server = await StaticServer.start([join(dist, 'page')], pageHeaders);
  let buffer: Buffer;
  try {
    const maker = new FFmpegPage(page);
    await maker.open(`${server.origin}/headless.html`);
    const options = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'clip.mp4'];
    await maker.make('-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=8:duration=1', ...options);
    buffer = await maker.read('clip.mp4');
    await page.goto(server.origin);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  } finally {
    await server.close();
  }
  await context.setOffline(true);
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.locator('#file').setInputFiles({ name: 'clip.mp4', mimeType: 'video/mp4', buffer });
  await page.getByRole('button', { name: 'Enhance' }).click();
  await expect(page.locator('#player').getByRole('status')).toHaveText('Done.', { timeout: 60_000 });
});

/** Live video: every kind of source, its pixels on the canvas, and that what is shown stays current. */
import type { Page } from 'playwright/test';
import { aliveWorkers, newestWorker } from './alive-workers.ts';
import { ssdModel } from './detection-models.ts';
import { fakeCamera } from './fake-camera.ts';
import type { LiveStart } from './live-page.ts';
import { doubleModel, faultModel, scaleModel, slowModel } from './models.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

test.use(fakeCamera);

const run = (model: string, more = ''): string => `dnn_processing=model=${model}:input=x:output=y${more}`;
const file = (data: Uint8Array) => ({ base64: Buffer.from(data).toString('base64') });

/** R, G and B of the four colours of e2e/live-page.ts. */
const colors = [
  [200, 50, 50],
  [50, 180, 100],
  [60, 80, 220],
  [255, 255, 255],
];

async function start(page: Page, options: LiveStart): Promise<void> {
  await page.evaluate((value) => window.startLive(value), options);
}

const stats = (page: Page) => page.evaluate(() => window.statsLive());
const shown = async (page: Page) => (await stats(page)).framesShown;

/** Waits until the canvas has this size and, within the tolerance, these colours. */
async function expectPicture(
  page: Page,
  size: readonly [number, number],
  quarters: readonly (readonly number[])[],
  tolerance: number,
): Promise<void> {
  const wrong = async () => {
    const look = await page.evaluate(() => window.lookLive());
    const distance = Math.max(
      ...quarters.flat().map((value, i) => Math.abs(value - look.quarters.flat()[i]!)),
    );
    return { size: [look.width, look.height], isNear: distance <= tolerance, look: look.quarters };
  };
  await expect.poll(wrong).toMatchObject({ size, isNear: true });
}

/** Stops, and looks that nothing is held any more. */
async function stop(page: Page): Promise<void> {
  const held = await page.evaluate(() => window.stopLive());
  expect(held).toEqual({ videoFrames: 0, buffers: 0, streams: 0, workers: 0 });
  await expect.poll(() => aliveWorkers(page)).toBe(0);
}

test(
  'pixels of a canvas and a clip, by both ways of reading them; sizes and filters that change; frames that fail',
  { tag: '@dev' },
  async ({ page }) => {
    await page.goto('/e2e/live.html');
    const half = colors.map((color) => color.map((value) => Math.round(value / 2)));
    await start(page, {
      source: 'colors',
      filter: run('half.pb'),
      files: { 'half.pb': file(scaleModel([0.5, 0.5, 0.5])) },
    });
    await expectPicture(page, [64, 48], half, 1);
    // Another size in the middle, and another filter without a moment of black.
    await page.evaluate(() => {
      window.resizeSource(48, 64);
    });
    await expectPicture(page, [48, 64], half, 1);
    await page.evaluate(([filter, files]) => window.setFilterLive(filter, files), [
      `format=rgb24,${run('double.pb')},format=yuv420p`,
      { 'double.pb': file(doubleModel(3)) },
    ] as const);
    await expectPicture(page, [96, 128], colors, 1);
    // A network of luma: RGB goes through YUV and back.
    await page.evaluate(([filter, files]) => window.setFilterLive(filter, files), [
      run('luma.pb'),
      { 'luma.pb': file(doubleModel(1)) },
    ] as const);
    await expectPicture(page, [96, 128], colors, 4);
    expect(await page.evaluate(() => window.errors)).toEqual([]);
    // A network that fails on white: frames pass scaled, and one failure stands for all.
    await page.evaluate(([filter, files]) => window.setFilterLive(filter, files), [
      'format=gray,dnn_processing=dnn_backend=tensorflow:model=fault.pb:input=x:output=y',
      { 'fault.pb': file(faultModel({ doubles: true })) },
    ] as const);
    const grays = colors.map(([r, g, b]) => Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!));
    const gray = grays.map((value) => [value, value, value]);
    await expectPicture(page, [96, 128], gray, 1);
    await expect.poll(async () => (await stats(page)).framesFailed).toBeGreaterThan(3);
    const told = await page.evaluate(() => window.errors);
    expect(told).toEqual([expect.stringContaining('failed for the frame at')]);
    await stop(page);

    // A file in an element, and a stream that the browser does not let be read as one.
    await page.evaluate(() => window.makeClip());
    for (const [channels, source] of [
      [3, 'clip'],
      [1, 'colors'],
    ] as const) {
      const files = { 'double.pb': file(doubleModel(channels)) };
      await start(page, { source, filter: run('double.pb'), files, withoutProcessor: true });
      await expectPicture(page, [128, 96], colors, 12);
      await expect.poll(() => shown(page)).toBeGreaterThan(5);
      if (source === 'clip') {
        // A paused video has no more frames, and shows another filter all the same.
        await page.evaluate(() => {
          document.querySelector('video')!.pause();
        });
        await page.evaluate(([filter, more]) => window.setFilterLive(filter, more), [
          run('half.pb'),
          { 'half.pb': file(scaleModel([0.5, 0.5, 0.5])) },
        ] as const);
        await expectPicture(page, [64, 48], half, 6);
      }
      await stop(page);
    }
  },
);

test('the camera: figures add up, a hidden page pauses, a lost worker is replaced', async ({ page }) => {
  await page.goto('/e2e/live.html');
  const files = { 'half.pb': file(scaleModel([0.5, 0.5, 0.5])) };
  await start(page, { source: 'camera', size: [320, 240], filter: run('half.pb'), files });
  await expect.poll(async () => (await stats(page)).fps).toBeGreaterThan(10);
  const figures = await stats(page);
  expect(figures).toMatchObject({ width: 320, height: 240, paused: false, framesFailed: 0 });
  expect(figures.latencyMs).toBeGreaterThan(0);
  expect(figures.latencyMsP90).toBeGreaterThanOrEqual(figures.latencyMs);
  const onTheirWay = figures.framesIn - figures.framesShown - figures.framesDropped;
  expect(onTheirWay).toBeGreaterThanOrEqual(0);
  expect(onTheirWay).toBeLessThanOrEqual(4);

  const setHidden = (isHidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await setHidden(true);
  expect(await stats(page)).toMatchObject({ paused: true, reason: 'hidden', fps: 0 });
  await expect
    .poll(async () => {
      const before = await shown(page);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
      return (await shown(page)) - before;
    })
    .toBe(0);
  await page.evaluate(() => {
    window.live!.pause();
  });
  expect(await stats(page)).toMatchObject({ paused: true, reason: 'paused' });
  await setHidden(false);
  expect(await stats(page)).toMatchObject({ paused: true, reason: 'paused' });
  await page.evaluate(() => {
    window.live!.resume();
  });
  const before = await shown(page);
  await expect.poll(() => shown(page)).toBeGreaterThan(before + 5);

  const victim = newestWorker(page, 'inference.worker')!;
  await victim.evaluate(() => {
    self.close();
  });
  const isReplaced = () =>
    page.evaluate(() => window.log.some((line) => line.includes('a new worker takes its place')));
  await expect.poll(isReplaced).toBe(true);
  const then = await shown(page);
  await expect.poll(() => shown(page)).toBeGreaterThan(then + 5);
  expect(await page.evaluate(() => window.errors)).toEqual([]);

  await stop(page);
});

test('it ends with its source, and with its worker', async ({ page }) => {
  await page.goto('/e2e/live.html');
  const files = { 'half.pb': file(scaleModel([0.5, 0.5, 0.5])) };
  for (const withoutProcessor of [false, true]) {
    await start(page, { source: 'colors', filter: run('half.pb'), files, withoutProcessor, withSound: true });
    await expect.poll(() => shown(page)).toBeGreaterThan(2);
    expect(await page.evaluate(() => window.ends)).toEqual([]);
    // Sound is no reason to go on.
    await page.evaluate(() => {
      window.endSource();
    });
    await expect.poll(() => page.evaluate(() => window.ends)).toEqual([null]);
    await expect.poll(() => aliveWorkers(page)).toBe(0);
    await stop(page);
    expect(await page.evaluate(() => [window.ends, window.errors])).toEqual([[null], []]);
  }

  await start(page, { source: 'colors', filter: run('half.pb'), files });
  const victim = newestWorker(page, 'live.worker')!;
  await victim.evaluate(() => {
    setTimeout(() => {
      throw new Error('lost on purpose');
    });
  });
  await expect.poll(() => page.evaluate(() => window.ends.length)).toBe(1);
  const [ends, errors] = await page.evaluate(() => [window.ends, window.errors] as const);
  expect(ends).toEqual(errors);
  expect(ends[0]).toContain('lost on purpose');
  await stop(page);
});

test('a live worker that dies without a word ends live video with an error', async ({ page }) => {
  await page.goto('/e2e/live.html');
  const files = { 'half.pb': file(scaleModel([0.5, 0.5, 0.5])) };
  await start(page, { source: 'colors', filter: run('half.pb'), files });
  const victim = newestWorker(page, 'live.worker')!;
  await victim.evaluate(() => {
    self.close();
  });
  await expect.poll(() => page.evaluate(() => window.ends.length)).toBe(1);
  const [ends, errors] = await page.evaluate(() => [window.ends, window.errors] as const);
  expect(ends).toEqual(errors);
  expect(ends[0]).toContain('The live worker died; start live video anew');
  await stop(page);
});

test('a network slower than the source drops frames and shows the newest, in order', async ({ page }) => {
  await page.goto('/e2e/live.html');
  await start(page, {
    source: 'counter',
    filter: run('slow.pb'),
    files: { 'slow.pb': file(slowModel(100)) },
  });
  await expect.poll(() => shown(page)).toBeGreaterThan(2);
  const seen = await page.evaluate(() => window.watchCounter(2000));
  const { framesDropped, msPerFrame, latencyMs } = await stats(page);
  expect(framesDropped).toBeGreaterThan(10);
  const steps = seen.slice(1).map(({ shown: value }, i) => (value - seen[i]!.shown + 250) % 250);
  expect(seen.length).toBeGreaterThan(3);
  expect(Math.max(...steps)).toBeLessThan(125); // never a step back
  // What is shown is behind by the work on two frames, not by those that waited before.
  expect(latencyMs).toBeLessThan(3 * msPerFrame + 100);
  await stop(page);
});

test('detections are told and drawn; other filters are refused; no isolation is needed', async ({ page }) => {
  await withoutIsolation(page);
  await page.goto('/e2e/live.html');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const detect = 'dnn_detect=model=ssd.pb:input=x:output=detection_out';
  const boxes = 'drawbox=box_source=side_data_detection_bboxes:color=red:t=fill';
  const files = { 'ssd.pb': file(ssdModel([[1, 0.9, 0, 0, 0.5, 0.5]])) };
  await start(page, { source: 'colors', filter: `${detect},${boxes}`, files });
  await expectPicture(page, [64, 48], [[255, 0, 0], ...colors.slice(1)], 2);
  await expect.poll(() => page.evaluate(() => window.found.length)).toBeGreaterThan(2);
  const [event] = await page.evaluate(() => window.found);
  expect(event).toMatchObject({
    filter: detect,
    width: 64,
    height: 48,
    bboxes: [{ x: 0, y: 0, w: 32, h: 24 }],
  });
  const refusal = await page.evaluate(
    (filter) =>
      window.setFilterLive(filter, {}).catch((error: unknown) => {
        const { code, message } = error as Error & { code: string };
        return [code, message];
      }),
    `hflip,${detect}`,
  );
  expect(refusal).toEqual(['ENOSYS', expect.stringContaining('hflip: live video has no ffmpeg')]);
  const before = await shown(page);
  await expect.poll(() => shown(page)).toBeGreaterThan(before + 2);
  await stop(page);
});

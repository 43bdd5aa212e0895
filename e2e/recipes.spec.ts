/** Runs every block of docs/recipes.md as a reader would, and looks at what it makes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import type { Page } from 'playwright/test';
import { builtCli } from '../bench/built-cli.mjs';
import { StaticServer } from '../bench/static-server.mjs';
import { aliveWorkers } from './alive-workers.ts';
import { fakeCamera } from './fake-camera.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';
import { commandsOf, readRecipes } from './recipe-blocks.ts';
import { makeRecipeFolder, removeRecipeFolder, typeErrors, writeRecipePage } from './recipe-folder.ts';

test.use(fakeCamera);

const recipes = readRecipes();

let folder: string;
let server: StaticServer;
let prober: FFmpegPage;

test.beforeAll(async ({ browser }, { project }) => {
  prober = new FFmpegPage(await browser.newPage({ baseURL: project.use.baseURL! }));
  await prober.open();
  folder = await makeRecipeFolder(prober);
  server = await StaticServer.start([folder]);
});

test.afterAll(async () => {
  await prober.page.close();
  await server.close();
  removeRecipeFolder(folder);
});

const read = (name: string): Buffer => readFileSync(join(folder, name));

/** Size, frames and sound of a video. */
async function video(name: string): Promise<{ size?: string; frames: number; audio?: string }> {
  await prober.write(name, read(name));
  // One run tells it all.
  const counting = ['-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framecrc', '-y', 'packets.txt'];
  const log = (await prober.make('-i', name, ...counting)).join('\n');
  const [, size] = /Video: .* (\d+x\d+)/.exec(log) ?? [];
  const [, audio] = /Audio: (\w+)/.exec(log) ?? [];
  const lines = (await prober.read('packets.txt')).toString().split('\n');
  const frames = lines.filter((line) => line !== '' && !line.startsWith('#')).length;
  return { ...(size === undefined ? {} : { size }), frames, ...(audio === undefined ? {} : { audio }) };
}

/** Pixels of the first frame of this colour, give or take what a codec does to it. */
async function pixelsOf(name: string, colour: readonly number[]): Promise<number> {
  await prober.write(name, read(name));
  await prober.make('-y', '-i', name, '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pixels.raw');
  const pixels = await prober.read('pixels.raw');
  const places = Array.from({ length: pixels.length / 3 }, (_, index) => 3 * index);
  return places.filter((at) => colour.every((value, part) => Math.abs(pixels[at + part]! - value) < 90))
    .length;
}

const doubled = { size: '128x96', frames: 16, audio: 'aac' };

/** What each command line makes, by the title of its recipe. */
const outcomes: Readonly<Record<string, (log: string) => Promise<void>>> = {
  'Twice the size, with the sound as it is': async () => {
    expect(await video('upscaled.mp4')).toEqual(doubled);
  },
  "The same, with the browser's own codecs": async () => {
    expect(await video('fast.mp4')).toEqual(doubled);
    // x264 says its name and options in the file.
    expect(read('fast.mp4').includes('x264')).toBe(false);
  },
  'Only a part of the video': async () => {
    expect(await video('part.mp4')).toEqual({ ...doubled, frames: 8 });
  },
  'Take away rain where it rains': async () => {
    expect(await video('dry.mp4')).toEqual({ ...doubled, size: '64x48' });
  },
  'Ten bits, 4:2:2 and other pixel formats': async (log) => {
    expect(await video('eight-bit.mkv')).toEqual({ size: '128x96', frames: 16 });
    expect(log).toMatch(/yuv420p10le[\s\S]*Video: ffv1.*yuv422p/);
  },
  'Find faces: subtitles and lines of JSON': async () => {
    expect(read('faces.vtt').toString()).toMatch(/^WEBVTT\n[\s\S]*-->[\s\S]*face/);
    const lines = read('faces.jsonl').toString().trim().split('\n');
    const found = lines.map((line) => JSON.parse(line) as { bboxes: { label: string }[] });
    expect(found.map(({ bboxes }) => bboxes.map(({ label }) => label))).toEqual(Array(4).fill(['face']));
    await Promise.resolve();
  },
  'Find, name and draw': async () => {
    expect(await video('drawn.mp4')).toEqual({ size: '320x240', frames: 4 });
    const lime = [0, 255, 0];
    expect(await pixelsOf('face.mp4', lime)).toBe(0);
    expect(await pixelsOf('drawn.mp4', lime)).toBeGreaterThan(500);
    expect(await pixelsOf('drawn.mp4', [255, 255, 255])).toBeGreaterThan(
      await pixelsOf('face.mp4', [255, 255, 255]),
    );
  },
  'Two networks side by side': async () => {
    expect(await video('both.mp4')).toEqual({ ...doubled, size: '256x96' });
  },
  'A tfjs model of your own': async () => {
    expect(await video('crisp.mp4')).toEqual(doubled);
  },
  'Choose requests and batches yourself': async () => {
    const stats: unknown = JSON.parse(read('stats.json').toString());
    expect(stats).toMatchObject({ frames_out: 16 });
    expect(stats).toHaveProperty(
      'stages',
      expect.arrayContaining([expect.objectContaining({ kind: 'dnn', nireq: 2, batch_size: 4 })]),
    );
    await Promise.resolve();
  },
  'Go on where a frame fails': async (log) => {
    expect(await video('whole.mp4')).toEqual({ size: '64x48', frames: 16 });
    const passed = [...log.matchAll(/with pts \d+ \((.*?) s\).*the frame passes unchanged/g)];
    expect(passed.map(([, seconds]) => seconds)).toEqual(['0.375', '1.125']);
  },
  'A picture': async () => {
    await prober.write('photo-2x.png', read('photo-2x.png'));
    expect(await prober.size('photo-2x.png')).toBe('128x96');
  },
  "A `.pb` for FFmpeg's own native backend": async () => {
    expect(read('espcn.model').subarray(0, 15).toString()).toBe('FFMPEGDNNNATIVE');
    expect(await video('sr.mp4')).toEqual(doubled);
  },
};

/** Runs the program; Node's own, so that the browser of the spec goes on meanwhile. */
function run(words: readonly string[]): Promise<{ code: number; log: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, INIT_CWD: folder };
    execFile(process.execPath, [builtCli, ...words], { cwd: folder, env }, (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), log: stderr });
    });
  });
}

for (const recipe of recipes.filter(({ language }) => language === 'sh')) {
  test(`sh: ${recipe.title}`, async () => {
    let log = '';
    for (const words of commandsOf(recipe)) {
      const ended = await run(words);
      expect(ended.code, ended.log).toBe(0);
      log += ended.log;
    }
    const outcome = outcomes[recipe.title];
    expect(outcome, 'e2e/recipes.spec.ts says what it makes').toBeDefined();
    await outcome!(log);
  });
}

const isDoubled = async (page: Page): Promise<void> => {
  await expect(page.locator('video')).toHaveJSProperty('videoWidth', 128);
};

/** Likewise what the pages show once the module has ended, or the element is there. */
const shown: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'In a page: how long it will take, progress, cancel': async (page) => {
    await expect(page.locator('output')).toHaveText(/^\d+\.\d s, \d{6,} bytes$/);
    await isDoubled(page);
    expect(await page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(
      0,
    );
  },
  'In a page: straight into a file': isDoubled,
  'In a page: the camera, enlarged': async (page) => {
    await expect(page.locator('output')).toHaveText(/^640x480, [1-9]\d* frames a second$/);
    await page.locator('button').click();
    await expect.poll(() => aliveWorkers(page)).toBe(0);
  },
  'Before and after, with the element': async (page) => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByLabel('After', { exact: true })).toHaveJSProperty('videoWidth', 128);
    await expect(page.getByLabel('Before', { exact: true })).toHaveJSProperty('videoWidth', 64);
    await expect(page.getByRole('slider')).toBeVisible();
  },
  'Boxes over the video, with the element': async (page) => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByRole('img', { name: /^Detected: face \d+ %$/ })).toBeVisible();
  },
};

for (const [index, recipe] of recipes.entries()) {
  if (recipe.language === 'sh') continue;
  const name = `recipe-${index}`;
  test(`${recipe.language}: ${recipe.title}`, async ({ page }) => {
    await page.goto(`${server.origin}/${await writeRecipePage(folder, name, recipe)}`);
    if (recipe.language === 'ts') {
      await page.locator('input').setInputFiles(join(folder, 'in.mp4'));
      await page.locator('button').click();
      await expect(page.locator('body')).toHaveAttribute('data-ended', 'well');
    }
    const outcome = shown[recipe.title];
    expect(outcome, 'e2e/recipes.spec.ts says what it shows').toBeDefined();
    await outcome!(page);
    await page.close();
  });
}

test('every outcome is one of a recipe, and the modules have no errors of types', () => {
  const titles = recipes.map(({ title }) => title);
  expect([...Object.keys(outcomes), ...Object.keys(shown)].toSorted()).toEqual(titles.toSorted());
  expect(
    typeErrors(
      folder,
      recipes.filter(({ language }) => language === 'ts'),
    ),
  ).toEqual([]);
});

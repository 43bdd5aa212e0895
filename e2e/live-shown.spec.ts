/** What live video shows is what the browser shows of the same clip: colours, size, turn. */
import type { Page } from 'playwright/test';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { doubleModel, scaleModel } from './models.ts';
import { expect, test } from './page-test.ts';
import type { Seen } from './shown-clips.ts';
import { vp9Clips } from './vp9-clips.ts';

/** A name, and what it is in base64. */
type Clip = readonly [name: string, base64: string, type: string];

const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');
const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '4', '-pix_fmt', 'yuv420p'];

/** H.264, one clip for each list of output options, all made by one command. */
async function makeClips(
  ffmpeg: FFmpegPage,
  input: readonly string[],
  outputs: readonly (readonly string[])[],
): Promise<Clip[]> {
  const words = outputs.flatMap((options, index) => [...options, ...encode, `${index}.mp4`]);
  await ffmpeg.make(...input, ...words);
  const clips: Clip[] = [];
  for (const [index, options] of outputs.entries())
    clips.push([options.join(' '), base64(await ffmpeg.read(`${index}.mp4`)), 'video/mp4']);
  return clips;
}

/** Red, green, blue and yellow quarters, where a wrong matrix is far off. */
const fourColors = ['0xc83232', '0x00ff00', '0x3c50dc', '0xf0e020'];

const tagged = (matrix: string, primaries = matrix, curve = primaries): readonly string[] => [
  ...['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', curve],
];

/** Rows, conversion to YUV, tags. */
const colored: readonly (readonly [number, string, readonly string[]])[] = [
  [240, 'bt601', []],
  [720, 'bt601', []],
  [720, 'bt601:out_range=pc', ['-color_range', 'pc']],
  [720, 'bt601', tagged('smpte170m')],
  [240, 'bt709', tagged('bt709')],
  [480, 'bt709:out_range=pc', [...tagged('bt709'), '-color_range', 'pc']],
  [480, 'bt2020', tagged('bt2020nc', 'bt2020', 'bt2020-10')],
  [240, 'bt2020', tagged('bt2020nc', 'bt2020', 'smpte2084')],
];

function coloredClips(ffmpeg: FFmpegPage): Promise<Clip[]> {
  const inputs = fourColors.flatMap((color) => ['-f', 'lavfi', '-i', `color=${color}:s=32x32`]);
  const labels = colored
    .map((_, index) => `[${index}]`)
    .join('')
    .replaceAll('[', '[v');
  const scales = colored.map(
    ([rows, to], index) => `[v${index}]scale=64:${rows}:out_color_matrix=${to}[o${index}]`,
  );
  const joined = `[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack,split=${colored.length}${labels}`;
  const outputs = colored.map(([, , tags], index) => ['-map', `[o${index}]`, '-frames:v', '1', ...tags]);
  return makeClips(ffmpeg, [...inputs, '-filter_complex', [joined, ...scales].join(';')], outputs);
}

function startShown(page: Page, model: Uint8Array): Promise<void> {
  const filter = 'dnn_processing=model=m.pb:input=x:output=y';
  return page.evaluate(([text, data]) => window.startShown(text, data), [filter, base64(model)] as const);
}

async function look(page: Page, [, data, type]: Clip): Promise<{ live: Seen; video: Seen }> {
  await page.evaluate(([clip, kind]) => window.showClip(clip, kind), [data, type] as const);
  return page.evaluate(() => window.lookShown());
}

function distance(one: Seen, other: Seen): number {
  const others = other.quarters.flat();
  return Math.max(...one.quarters.flat().map((value, i) => Math.abs(value - others[i]!)));
}

test('colours of clips with and without tags, in RGB and in luma', async ({ ffmpeg, page }) => {
  const clips: Clip[] = [
    ['VP9, 720 rows, no matrix', vp9Clips.limited, 'video/webm'],
    ['VP9, 720 rows, no matrix, full range', vp9Clips.full, 'video/webm'],
    ...(await coloredClips(ffmpeg)),
  ];
  await page.goto('/e2e/live.html');
  for (const channels of [3, 1]) {
    await startShown(page, scaleModel(new Array<number>(channels).fill(1)));
    // Luma is drawn by the browser itself: what has no matrix, and what has primaries of its own.
    const shown = channels === 3 ? clips : [...clips.slice(0, 2), ...clips.slice(-2)];
    for (const clip of shown) {
      const { live, video } = await look(page, clip);
      const words = `${clip[0]}: ${JSON.stringify({ live, video })}`;
      expect.soft(distance(live, video), words).toBeLessThanOrEqual(3);
    }
    const told = await page.evaluate(() => window.told);
    expect(told).toEqual([expect.stringContaining('The source is HDR (PQ)')]);
    await page.evaluate(() => window.stopShown());
  }
});

/** Turn in degrees, aspect of a pixel, and the size at which a picture of 160x120 is shown. */
const shaped: readonly (readonly [number, string, readonly [number, number]])[] = [
  [0, '1', [160, 120]],
  [0, '4/3', [213, 120]],
  [0, '3/4', [160, 160]],
  [90, '1', [120, 160]],
  [180, '1', [160, 120]],
  [90, '4/3', [120, 213]],
  [270, '4/3', [120, 213]],
];

test('size and turn of clips, one after another', async ({ ffmpeg, page }) => {
  const upright = shaped.map(([, pixels]) => ['-vf', `setsar=${pixels}`]);
  const uprightClips = await makeClips(ffmpeg, ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:d=0.1'], upright);
  // Only a copy keeps the turn beside the pixels.
  const inputs = uprightClips.flatMap((_, index) => ['-i', `${index}.mp4`]);
  const turned = shaped.flatMap(([turn], index) => [
    ...['-map', String(index), '-c', 'copy', '-metadata:s:v:0', `rotate=${turn}`, `turned${index}.mp4`],
  ]);
  await ffmpeg.make(...inputs, ...turned);
  const clips: Clip[] = [];
  for (const [index, [turn, pixels]] of shaped.entries()) {
    const data = base64(await ffmpeg.read(`turned${index}.mp4`));
    clips.push([`turned by ${turn}, pixels of ${pixels}`, data, 'video/mp4']);
  }
  await page.goto('/e2e/live.html');
  for (const factor of [1, 2]) {
    await startShown(page, factor === 1 ? scaleModel([1, 1, 1]) : doubleModel(3));
    for (const [index, clip] of clips.entries()) {
      const [width, height] = shaped[index]![2];
      const { live, video } = await look(page, clip);
      expect.soft([video.width, video.height], clip[0]).toEqual([width, height]);
      expect.soft([live.width, live.height], clip[0]).toEqual([factor * width, factor * height]);
      // In the doubled picture these places are half a pixel beside those of the clip.
      expect.soft(distance(live, video), clip[0]).toBeLessThanOrEqual(factor === 1 ? 3 : 20);
    }
    expect(await page.evaluate(() => window.told)).toEqual([]);
    await page.evaluate(() => window.stopShown());
  }
});

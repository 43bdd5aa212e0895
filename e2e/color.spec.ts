/** Colours of files: what goes through a network that changes nothing comes out as it was, tags too. */
import type { Page } from 'playwright/test';
import type { FFmpegDNNElement } from '../src/element/define.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel, scaleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const net = dnn('same.pb');
const luma = dnn('luma.pb');

async function writeModels(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.write('same.pb', scaleModel([1, 1, 1]));
  await ffmpeg.write('luma.pb', scaleModel([1]));
}

/** Options that tag a file; without them it says nothing. */
const tags = (matrix: string, primaries: string, transfer: string, range: string): string[] => [
  ...['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', transfer, '-color_range', range],
];

/** A file through a command: the tags, in ffmpeg's words, and the samples of both. */
async function through(
  ffmpeg: FFmpegPage,
  made: string,
  tagging: readonly string[],
  words: readonly string[],
): Promise<{ tags: string[]; means: number; log: readonly string[] }> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25', '-frames:v', '2'];
  const ffv1 = ['-pix_fmt', 'yuv420p', '-c:v', 'ffv1', '-y'];
  await ffmpeg.make(...source, '-vf', made, ...tagging, ...ffv1, 'in.mkv');
  const log = await ffmpeg.make('-i', 'in.mkv', ...words, ...ffv1, 'out.mkv');
  const raw = (file: string): string[] => ['-map', `${file}:v`, '-f', 'rawvideo', '-y', `${file}.raw`];
  const listed = await ffmpeg.make('-i', 'in.mkv', '-i', 'out.mkv', ...raw('0'), ...raw('1'));
  const [before, after] = [await ffmpeg.read('0.raw'), await ffmpeg.read('1.raw')];
  expect(after.length).toBe(before.length);
  const sum = before.reduce((total, value, index) => total + Math.abs(value - after[index]!), 0);
  const inputs = listed.join('\n').split('Stream mapping:')[0]!;
  const found = [...inputs.matchAll(/Video: ffv1.*?, (yuv420p.*?), 64x48/g)];
  return { tags: found.map(([, text]) => text!), means: sum / before.length, log };
}

test('matrix, range, primaries and transfer come out again, whatever form the chain has', async ({
  ffmpeg,
}) => {
  await writeModels(ffmpeg);
  const keep = ['-dnn_color', 'keep'];
  const cases = [
    {
      made: 'scale=out_color_matrix=bt709:out_range=tv',
      tagging: tags('bt709', 'bt709', 'bt709', 'tv'),
      words: ['-vf', `format=rgb24,${net}`],
      said: 'yuv420p(tv, bt709, progressive)',
    },
    {
      made: 'scale=out_color_matrix=bt2020:out_range=pc',
      tagging: tags('bt2020nc', 'bt2020', 'bt2020-10', 'pc'),
      words: ['-vf', `format=rgb24,${net},vflip,${net},vflip`],
      said: 'yuv420p(pc, bt2020nc/bt2020/bt2020-10, progressive)',
    },
    {
      made: 'scale=out_color_matrix=bt601:out_range=tv,setparams=range=unknown',
      tagging: [],
      words: ['-filter_complex', `[0:v]format=rgb24,${net}[v]`, '-map', '[v]'],
      said: 'yuv420p(progressive)',
    },
    {
      made: 'scale=out_color_matrix=bt709:out_range=pc',
      tagging: tags('bt709', 'bt709', 'bt709', 'pc'),
      words: ['-vf', `format=yuv420p,${luma}`],
      said: 'yuv420p(pc, bt709, progressive)',
    },
  ];
  for (const { made, tagging, words, said } of cases) {
    const { tags: found, means, log } = await through(ffmpeg, made, tagging, [...words, ...keep]);
    expect(found).toEqual([said, said]);
    expect(means, said).toBeLessThan(2);
    expect(log.filter((line) => line.includes('-dnn_color'))).toEqual([]);
  }
});

test("a user's own command stays ffmpeg's, and one line says what to add", async ({ ffmpeg }) => {
  await writeModels(ffmpeg);
  const {
    tags: found,
    means,
    log,
  } = await through(
    ffmpeg,
    'scale=out_color_matrix=bt709:out_range=tv',
    tags('bt709', 'bt709', 'bt709', 'tv'),
    ['-vf', `format=rgb24,${net}`],
  );
  expect(found).toEqual(['yuv420p(tv, bt709, progressive)', 'yuv420p(tv, unknown/bt709/bt709, progressive)']);
  expect(means).toBeGreaterThan(5);
  expect(log.filter((line) => line.includes('-dnn_color'))).toEqual([
    expect.stringMatching(/^warning: BT\.709 of the input is lost .* Add -dnn_color keep, /),
  ]);
});

test('a JPEG is BT.601 in full range, and shows the colours of a JPEG and of BT.709', async ({ ffmpeg }) => {
  await writeModels(ffmpeg);
  const color = ['-f', 'lavfi', '-i', 'color=0x20c040:size=64x48', '-frames:v', '1'];
  const jpeg = ['-huffman', 'default', '-q:v', '2', '-y'];
  const bt709 = ['-vf', 'scale=out_color_matrix=bt709', ...tags('bt709', 'bt709', 'bt709', 'tv')];
  await ffmpeg.make(...color, ...jpeg, 'in.jpg');
  await ffmpeg.make(...color, ...bt709, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', 'in.mkv');
  for (const input of ['in.jpg', 'in.mkv']) {
    await ffmpeg.make('-i', input, '-vf', `format=rgb24,${net}`, '-dnn_color', 'keep', ...jpeg, 'out.jpg');
    const listed = await ffmpeg.make('-i', 'out.jpg', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-y', 'rgb.raw');
    expect(listed.join('\n')).toMatch(/mjpeg.*, yuvj\d+p\(pc, bt470bg\/unknown\/unknown\), 64x48/);
    const [red = 0, green = 0, blue = 0] = await ffmpeg.read('rgb.raw');
    const wrong = Math.max(Math.abs(red - 0x20), Math.abs(green - 0xc0), Math.abs(blue - 0x40));
    // A JPEG's own loss is 6 here; another matrix would make it 24.
    expect(wrong, `${input}: ${red}, ${green}, ${blue}`).toBeLessThan(8);
  }
});

test('HDR becomes BT.709, by the filters that the core has', async ({ ffmpeg }) => {
  await writeModels(ffmpeg);
  // 509 of 10 bits is 100 cd/m2. `mobius` makes 0.663 of this 1, which is 0.8425 by
  // BT.1886: 16 + 219 * 0.8425.
  const hdr = tags('bt2020nc', 'bt2020', 'smpte2084', 'tv');
  const gray = ['-f', 'lavfi', '-i', 'color=gray:size=64x48:rate=25', '-frames:v', '1'];
  const made = "format=yuv420p10le,geq=lum='509':cb='512':cr='512'";
  await ffmpeg.make(...gray, '-vf', made, ...hdr, '-c:v', 'ffv1', 'hdr.mkv');
  const words = ['-i', 'hdr.mkv', '-vf', `format=rgb24,${net}`, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1'];
  const log = await ffmpeg.make(...words, '-dnn_color', 'keep', 'sdr.mkv');
  expect(log.join('\n')).toContain('-dnn_color keep: HDR (PQ) becomes BT.709 before the DNN filters.');
  expect((await ffmpeg.make(...words, 'dull.mkv')).join('\n')).toContain('warning: The input is HDR (PQ)');
  const listed = await ffmpeg.make('-i', 'sdr.mkv', '-f', 'rawvideo', 'sdr.raw');
  expect(listed.join('\n')).toMatch(/ffv1.*yuv420p\(tv, bt709, progressive\)/);
  const raw = await ffmpeg.read('sdr.raw');
  expect(Math.abs(raw[0]! - 200.5)).toBeLessThan(1);
  expect([raw[64 * 48], raw[64 * 48 * 1.25]]).toEqual([128, 128]);
});

/** Colour of the middle of each side of the element's comparison. */
const sides = (page: Page): Promise<number[][]> =>
  page.locator('ffmpeg-dnn').evaluate(async (own: FFmpegDNNElement) => {
    const videos = [...own.shadowRoot!.querySelectorAll('video')];
    return Promise.all(
      videos.map(async (video) => {
        await new Promise((resolve) => {
          video.requestVideoFrameCallback(resolve);
          video.currentTime = 0.04;
        });
        const { videoWidth, videoHeight } = video;
        const context = new OffscreenCanvas(videoWidth, videoHeight).getContext('2d')!;
        context.drawImage(video, 0, 0);
        return [...context.getImageData(videoWidth / 2, videoHeight / 2, 1, 1).data.slice(0, 3)];
      }),
    );
  });

test('the element shows both sides alike: BT.709, and rows from which players guess another matrix', async ({
  ffmpeg,
  page,
}) => {
  const color = (size: string): string[] => ['-f', 'lavfi', '-i', `color=0x20c040:size=${size}:rate=25`];
  const h264 = ['-frames:v', '2', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '4'];
  const bt709 = ['-vf', 'scale=out_color_matrix=bt709', ...tags('bt709', 'bt709', 'bt709', 'tv')];
  await ffmpeg.make(...color('64x360'), ...bt709, ...h264, 'tagged.mp4');
  await ffmpeg.make(...color('64x360'), ...h264, 'untagged.mp4');
  await page.goto('/e2e/element.html');
  for (const name of ['tagged.mp4', 'untagged.mp4']) {
    const clip = await ffmpeg.read(name);
    await page.locator('ffmpeg-dnn').evaluate(
      async (own: FFmpegDNNElement, [filter, text, model]) => {
        const data = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        own.files = { 'double.pb': new Blob([data(model)]) };
        own.filter = filter;
        own.srcObject = new File([data(text)], 'in.mp4', { type: 'video/mp4' });
        await own.process();
      },
      [
        `format=rgb24,${dnn('double.pb')}`,
        clip.toString('base64'),
        Buffer.from(doubleModel(3)).toString('base64'),
      ] as const,
    );
    for (const shown of await sides(page)) {
      const wrong = shown.map((value, part) => Math.abs(value - [0x20, 0xc0, 0x40][part]!));
      expect(Math.max(...wrong), `${name}: ${shown.join()}`).toBeLessThanOrEqual(5);
    }
  }
});

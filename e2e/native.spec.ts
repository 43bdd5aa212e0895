/**
 * The native backend beside stock ffmpeg's own and beside the tensorflow backend, and
 * one network in two file formats.
 */
import type { Page } from 'playwright/test';
import { frameLayout } from '../src/frame/plane-layout.ts';
import { convertModel } from '../src/page/convert-model.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { doubleModel, scaleModel } from './models.ts';
import { nativeNetworks } from './native-layers.ts';
import { expect, test } from './page-test.ts';

const filter = (model: string, more = '') => `dnn_processing=model=${model}:input=x:output=y${more}`;

/** One format of several is enough to see that the page and its workers run on the dev server. */
const onDev = (format: string) => ({ tag: format === 'rgb24' ? ['@dev'] : [] });

for (const format of ['rgb24', 'yuv420p', 'grayf32le']) {
  test(`the backends give the same ${format} frames, in batches too`, onDev(format), async ({ ffmpeg }) => {
    await ffmpeg.write('double.pb', doubleModel(format === 'rgb24' ? 3 : 1));
    await ffmpeg.clip('in.mkv', 9, '-vf', 'scale=37:23', '-c:v', 'ffv1');
    const results = [];
    for (const more of [':dnn_backend=tensorflow', '', ':nireq=2:batch_size=4']) {
      const chain = `format=${format},${filter('double.pb', more)}`;
      await ffmpeg.make('-i', 'in.mkv', '-vf', chain, '-f', 'rawvideo', 'out.raw');
      results.push(await ffmpeg.read('out.raw'));
    }
    expect(results[0]!.length).toBeGreaterThan(9 * 74 * 46 - 1);
    expect(results[1]!.equals(results[0]!)).toBe(true);
    expect(results[2]!.equals(results[0]!)).toBe(true);
  });
}

test('a .model and the .pb that it was made from give the same frames', async ({ ffmpeg }) => {
  const graph = scaleModel([0.25, 1, 0.75]);
  await ffmpeg.write('scale.pb', graph);
  await ffmpeg.write(
    'scale.model',
    await convertModel(graph, () => Promise.reject(new Error('there is no other file'))),
  );
  await ffmpeg.clip('in.mkv', 4, '-c:v', 'ffv1');
  const results = [];
  for (const model of ['scale.pb', 'scale.model']) {
    await ffmpeg.make('-i', 'in.mkv', '-vf', `format=rgb24,${filter(model)}`, '-f', 'rawvideo', 'out.raw');
    results.push(await ffmpeg.read('out.raw'));
  }
  expect(results[0]!.length).toBe(4 * 64 * 48 * 3);
  expect(results[1]!.equals(results[0]!)).toBe(true);
});

/** Runs a command with one model in the stock core, and gives its output and the size of its frames. */
async function stock(
  page: Page,
  args: readonly string[],
  model: Uint8Array,
): Promise<{ readonly bytes: Buffer; readonly width: number; readonly height: number }> {
  const { exitCode, output, log } = await page.evaluate(
    ([words, data]) => window.runStock(words, 'm.model', data, 'out.raw'),
    [args, Buffer.from(model).toString('base64')] as const,
  );
  expect(exitCode, log.slice(-5).join('\n')).toBe(0);
  const size = log
    .map((line) => /Video: rawvideo.* (\d+)x(\d+)/.exec(line))
    .findLast((match) => match !== null);
  return { bytes: Buffer.from(output, 'base64'), width: Number(size?.[1]), height: Number(size?.[2]) };
}

/** Fails where a sample differs by more than `most`, or more than one in a thousand by more than `least`. */
function expectSame(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  [least, most]: readonly [number, number],
  where: string,
): void {
  expect(ours.length, where).toBe(theirs.length);
  let [different, largest] = [0, 0];
  for (let index = 0; index < ours.length; index++) {
    const difference = Math.abs(ours[index]! - theirs[index]!);
    if (difference > least) different += 1;
    // Also true for a difference of NaN.
    if (!(difference <= largest)) largest = difference;
  }
  const what = `${where}: ${different} of ${ours.length} samples differ, the most by ${largest}`;
  expect(largest <= most && different * 1000 <= ours.length, what).toBe(true);
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

// FFmpeg 5.1 refuses gray of 8 bits.
for (const format of ['rgb24', 'yuv420p', 'nv12', 'grayf32le'] as const) {
  test(
    `stock ffmpeg's own native backend gives the same ${format} frames`,
    onDev(format),
    async ({ page }) => {
      test.slow();
      const ffmpeg = new FFmpegPage(page);
      await ffmpeg.open('/e2e/stock.html');
      const frames = 2;
      for (const [name, model] of Object.entries(nativeNetworks(format === 'rgb24' ? 3 : 1))) {
        // Its chroma is what differs from yuv420p, and of odd sizes FFmpeg leaves the
        // last column and row unwritten.
        if (format === 'nv12' && name !== 'twice the size') continue;
        const chain = `format=${format},dnn_processing=dnn_backend=native:model=m.model:input=x:output=y`;
        const source = [
          '-f',
          'lavfi',
          '-i',
          'testsrc2=size=122x94:rate=25,scale=61:47',
          '-frames:v',
          String(frames),
        ];
        const args = [...source, '-vf', chain, '-f', 'rawvideo', 'out.raw'];
        const { bytes: theirs, width, height } = await stock(page, args, model);
        await ffmpeg.write('m.model', model);
        await ffmpeg.make(...args);
        const ours = await ffmpeg.read('out.raw');
        const { size, planes } = frameLayout(format, width, height);
        expect(theirs.length, name).toBe(frames * size);
        expect(new Set(theirs).size, `${name}: a picture, not one colour`).toBeGreaterThan(12);
        if (format === 'grayf32le') {
          // Both sum and round in single precision: in another order, and with another exp.
          expectSame(floats(ours), floats(theirs), [1e-5, 1 / 255], name);
          continue;
        }
        expect(ours.length, name).toBe(theirs.length);
        for (const [index, { offset, linesize, height: rows }] of planes.entries()) {
          const plane = (bytes: Buffer): Buffer =>
            Buffer.concat(
              Array.from({ length: frames }, (_, frame) => {
                const start = frame * size + offset;
                return bytes.subarray(start, start + linesize * rows);
              }),
            );
          expectSame(plane(ours), plane(theirs), [0, 1], `${name}, plane ${index}`);
        }
      }
      await ffmpeg.expectNothingHeld();
    },
  );
}

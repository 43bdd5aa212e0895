/** A page without cross-origin isolation: what frames of ffmpeg need is said, everything else works. */
import { dnn, doubleModel } from './models.ts';
import { FFmpegPage, testSource } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

test('a DNN filter on video of ffmpeg alone is refused at once, with both headers by name; a plain command runs', async ({
  page,
}) => {
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

test('a plain command brings its outputs to where they were asked for', async ({ page }) => {
  await withoutIsolation(page);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  await ffmpeg.make('-f', 'lavfi', '-i', testSource, '-frames:v', '5', '-c:v', 'ffv1', 'in.mkv');
  await ffmpeg.make('-i', 'in.mkv', '-c', 'copy', '-bitexact', '-f', 'nut', 'expected.nut');
  const seen = await page.evaluate(async () => {
    const f = window.ffmpeg;
    const collect = (): { readonly stream: WritableStream<Uint8Array>; readonly blob: () => Blob } => {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      const stream = new WritableStream<Uint8Array>({
        write: (chunk) => void chunks.push(chunk as Uint8Array<ArrayBuffer>),
      });
      return { stream, blob: () => new Blob(chunks) };
    };
    const same = async (blob: Blob, path = 'expected.nut'): Promise<boolean> => {
      const [a, b] = [new Uint8Array(await blob.arrayBuffer()), (await f.readFile(path)) as Uint8Array];
      return a.length === b.length && a.every((value, index) => value === b[index]);
    };
    const args = ['-i', 'in.mkv', '-c', 'copy', '-bitexact', '-f', 'nut'];
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('out.nut', { create: true });
    const [file, stdout] = [collect(), collect()];
    const codes = [
      await f.exec([...args, 'out.nut', '-c', 'copy', 'kept.mkv'], { outputs: { 'out.nut': handle } }),
      await f.exec([...args, 'streamed.nut'], { outputs: { 'streamed.nut': file.stream } }),
      await f.exec([...args, '-'], { outputs: { '-': stdout.stream } }),
      await f.exec([...args, '-']),
    ];
    const names = (await f.listDir('/')).map(({ name }) => name);
    const sizes = [stdout.blob().size, (await f.readBlob('pipe:1')).size];
    return {
      codes,
      handle: await same(await handle.getFile()),
      file: await same(file.blob()),
      // Standard output cannot seek back, so its index differs from the file's.
      stdout: sizes[0]! > 0 && (await same(stdout.blob(), 'pipe:1')),
      stored: ['out.nut', 'kept.mkv', 'streamed.nut'].filter((name) => names.includes(name)),
    };
  });
  expect(seen).toEqual({
    ...{ codes: [0, 0, 0, 0], handle: true, file: true, stdout: true },
    stored: ['kept.mkv'],
  });
  await ffmpeg.expectIdle();
});

test('a stop, a signal and a timeout end a plain command at once and keep what it wrote', async ({
  page,
}) => {
  await withoutIsolation(page);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  const endless = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-c:v', 'ffv1', 'out.mkv'];
  // A cluster of Matroska is written once it has five seconds of pictures.
  const framesFlow = () =>
    page.waitForFunction(() => window.lines.some((line) => /^frame= *[2-9]\d\d/.test(line)));
  const ends = [
    { stop: () => page.evaluate(() => window.ffmpeg.stop()), outcome: { exitCode: 255 } },
    {
      stop: () =>
        page.evaluate(() => {
          window.abort.abort(new Error('changed my mind'));
        }),
      outcome: { error: { message: 'changed my mind' } },
    },
  ];
  for (const { stop, outcome } of ends) {
    const running = ffmpeg.run(endless);
    await framesFlow();
    const stopped = Date.now();
    await stop();
    expect(await running).toMatchObject(outcome);
    expect(Date.now() - stopped).toBeLessThan(3000);
    expect(await ffmpeg.countFrames('out.mkv')).toBeGreaterThan(0);
    await page.evaluate(() => window.ffmpeg.deleteFile('out.mkv'));
  }
  const limited = await ffmpeg.run(endless, 1000);
  expect(limited).toMatchObject({ exitCode: 1 });
  expect(limited.seconds).toBeLessThan(4);
  await ffmpeg.expectIdle();
});

test('the demo says what is missing before anything is tried', async ({ page }) => {
  await withoutIsolation(page);
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Opener-Policy: same-origin');
  await expect(page.getByRole('alert')).toContainText('Cross-Origin-Embedder-Policy: require-corp');
});

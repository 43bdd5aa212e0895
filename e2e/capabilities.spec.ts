/** What the browser's codecs turn out to be, asked on a page of its own: its storage is empty. */
import { aliveWorkers } from './alive-workers.ts';
import { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

/** The formats of each codec, and why there is none. */
const capabilities = (ffmpeg: FFmpegPage) =>
  ffmpeg.page.evaluate(async () => {
    const { encoders, decoders } = await window.ffmpeg.capabilities();
    return { encoders, decoders, workers: (await window.ffmpeg.resources()).workers };
  });

test('codecs are tried once, and what they do is kept', async ({ page }) => {
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  // A second call while the first one runs, and one that nobody waits for any more.
  const aborted = page.evaluate(async () => {
    const abort = new AbortController();
    const asking = window.ffmpeg.capabilities({ signal: abort.signal });
    abort.abort(new Error('no more'));
    return asking.catch((error: unknown) => (error as Error).message);
  });
  const found = await capabilities(ffmpeg);
  expect(await aborted).toBe('no more');
  expect(found.workers).toBe(0);
  expect(found.encoders.map(({ name }) => name)).toEqual([
    'h264_webcodecs',
    'hevc_webcodecs',
    'vp8_webcodecs',
    'vp9_webcodecs',
    'av1_webcodecs',
  ]);
  const [h264, , vp8, vp9, av1] = found.encoders;
  expect(h264).toMatchObject({ rateControl: ['bitrate'] });
  expect(vp8).toMatchObject({ rateControl: ['bitrate'] });
  expect(vp9).toMatchObject({ rateControl: ['bitrate', 'quantizer'] });
  expect(av1).toMatchObject({ rateControl: ['bitrate', 'quantizer'] });
  expect(vp9?.pixelFormats).toEqual(expect.arrayContaining(['yuv420p', 'yuv420p10le']));
  expect(av1?.pixelFormats).toEqual(expect.arrayContaining(['yuv420p', 'yuv444p']));
  const decoded = Object.fromEntries(found.decoders.map(({ codec, pixelFormats }) => [codec, pixelFormats]));
  expect(decoded).toMatchObject({
    h264: ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le'],
    vp8: ['yuv420p'],
    vp9: ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le'],
    av1: ['yuv420p', 'yuv444p', 'yuv420p10le'],
  });
  for (const { pixelFormats, reason } of [...found.encoders, ...found.decoders])
    expect(reason === undefined).toBe(pixelFormats.length > 0);

  const log = await ffmpeg.make('-hide_banner', '-hwaccels');
  expect(log.filter((line) => line !== '')).toEqual(['Hardware acceleration methods:', 'webcodecs']);

  const keys = await page.evaluate(async () => {
    const ask = async <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
      });
    const database = await ask(indexedDB.open('ffmpeg-dnn'));
    const store = database.transaction('values', 'readwrite').objectStore('values');
    const all = await ask(store.getAllKeys());
    for (const key of all)
      store.put({ ...(await ask(store.get(key))), pixelFormats: [], reason: 'kept' }, key);
    database.close();
    return all.map(String);
  });
  expect(keys).toHaveLength(10);
  expect(keys.every((key) => key.includes('Chrome/'))).toBe(true);
  await page.evaluate(() => {
    window.ffmpeg.terminate();
  });
  await ffmpeg.open();
  const later = await capabilities(ffmpeg);
  expect([...later.encoders, ...later.decoders].map(({ reason }) => reason)).toEqual(Array(10).fill('kept'));

  // An encoder that has lost its frames once is not used, and no file is touched.
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25'];
  const { error } = await ffmpeg.run([...source, '-frames:v', '3', '-c:v', 'h264_webcodecs', 'out.mp4']);
  expect(error).toMatchObject({
    code: 'ENOSYS',
    message: expect.stringContaining(
      'this browser has no such encoder that works (kept): write -c:v libx264.',
    ),
  });
  const names = await page.evaluate(async () => (await window.ffmpeg.listDir('/')).map(({ name }) => name));
  expect(names).not.toContain('out.mp4');
});

test('an instance that ends while it asks rejects, and leaves nothing', async ({ page }) => {
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  const name = await page.evaluate(async () => {
    const asking = window.ffmpeg.capabilities();
    window.ffmpeg.terminate();
    return asking.catch((error: unknown) => (error as Error).name);
  });
  expect(name).toBe('AbortError');
  expect(await aliveWorkers(page)).toBe(0);
});

test('a command that is prepared finds its encoder tried, and a second core', async ({ page }) => {
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  const { held, keys } = await page.evaluate(async () => {
    await window.ffmpeg.prepare(['-i', 'in.mp4', '-c:v', 'h264_webcodecs', 'out.mp4']);
    const opening = indexedDB.open('ffmpeg-dnn');
    const kept = await new Promise<IDBValidKey[]>((resolve) => {
      opening.onsuccess = () => {
        const asking = opening.result.transaction('values').objectStore('values').getAllKeys();
        asking.onsuccess = () => {
          resolve(asking.result);
        };
      };
    });
    return { held: await window.ffmpeg.resources(), keys: kept.map(String) };
  });
  expect(held).toMatchObject({ cores: 2, workers: 0 });
  expect(keys).toEqual([expect.stringMatching(/^h264 encoder probe/)]);
});

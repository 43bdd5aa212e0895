/** An mp4 that ffmpeg does not come to finish plays to its last whole frame. */
import { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';
import { withoutIsolation } from './without-isolation.ts';

/** Noise, which takes room, in a job that nothing but the test ends. */
const longJob = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=400,noise=alls=60:allf=t'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=400'],
  ...[
    '-vf',
    `format=rgb24,${dnn('double.pb')}`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
  ],
  ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', 'out.mp4'],
];

/** The frames that a job's log says its file plays, which are those that can be decoded. */
async function expectMended(ffmpeg: FFmpegPage, log: readonly string[]): Promise<void> {
  const told = log.map((line) => /out\.mp4 was not finished: .* plays (\d+) frames/.exec(line)?.[1]);
  const [frames] = told.filter((count) => count !== undefined);
  expect(Number(frames), log.slice(-6).join('\n')).toBeGreaterThan(4);
  const { log: decoded } = await ffmpeg.run(['-v', 'error', '-i', 'out.mp4', '-f', 'null', '-']);
  expect(decoded).toEqual([]);
  expect(await ffmpeg.countFrames('out.mp4')).toBe(Number(frames));
}

test('of a job whose encoder is killed', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const running = ffmpeg.run(longJob);
  await ffmpeg.page.waitForFunction(() =>
    window.lines.some((line) => /\[encode\].*frame= *[1-9]\d/.test(line)),
  );
  await ffmpeg.page.evaluate(async () => {
    await window.ffmpeg.stop();
    await window.ffmpeg.stop();
  });
  const { exitCode, log } = await running;
  expect(exitCode).toBe(255);
  expect(log.filter((line) => /muxer <-|encoder ->|demuxer/.test(line))).toEqual([]);
  await expectMended(ffmpeg, log);
});

/** Likewise without DNN filters. */
const plainJob = [...longJob.slice(0, 8), '-c:v', 'libx264', '-preset', 'ultrafast', ...longJob.slice(-5)];

/** Runs the plain job until its file has frames, and ends it at once. */
async function killPlain(ffmpeg: FFmpegPage, stops: number): Promise<void> {
  const running = ffmpeg.run(plainJob);
  await ffmpeg.page.waitForFunction(() => window.lines.some((line) => /^frame= *[1-9]\d\d/.test(line)));
  await ffmpeg.page.evaluate(async (count) => {
    for (let left = count; left > 0; left--) await window.ffmpeg.stop();
  }, stops);
  const { exitCode, log } = await running;
  expect(exitCode).toBe(255);
  expect(log.filter((line) => /muxer <-|encoder ->|demuxer/.test(line))).toEqual([]);
  await expectMended(ffmpeg, log);
}

test('of a command without DNN filters whose core is killed', async ({ ffmpeg }) => {
  await killPlain(ffmpeg, 2);
});

test('of a command that a stop ends at once, without isolation', async ({ page }) => {
  await withoutIsolation(page);
  const ffmpeg = new FFmpegPage(page);
  await ffmpeg.open();
  await killPlain(ffmpeg, 1);
});

/** Likewise with an encoder of the browser. */
const browserJob = [...longJob.slice(0, 10), '-c:v', 'h264_webcodecs', '-b:v', '4M', ...longJob.slice(-5)];

for (const [words, name, encoder] of [
  [plainJob, 'out.mp4', 'ffmpeg'],
  [[...longJob.slice(0, -1), 'out.mkv'], 'out.mkv', 'ffmpeg'],
  [browserJob, 'out.mp4', 'the browser'],
] as const) {
  test(`of a job that meets the browser's quota: ${name}, encoded by ${encoder}`, async ({ ffmpeg }) => {
    const { page } = ffmpeg;
    await ffmpeg.write('double.pb', doubleModel(3));
    const { origin } = new URL(page.url());
    const devtools = await page.context().newCDPSession(page);
    const setQuota = (quotaSize?: number): Promise<unknown> =>
      devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize && { quotaSize }) });
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await setQuota(usage + 2 ** 21);
    try {
      const { exitCode, error, log } = await ffmpeg.run([...words]);
      expect(exitCode).toBeUndefined();
      expect(error?.message).toContain(`${name}: No space left for the output, free some`);
      await setQuota();
      if (name === 'out.mp4') await expectMended(ffmpeg, log);
      else expect(await ffmpeg.countFrames(name)).toBeGreaterThan(4);
    } finally {
      await setQuota();
      await devtools.detach();
    }
  });
}

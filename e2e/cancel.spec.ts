/** A job that is stopped: soon, with a valid file, and the instance works on. */
import { newestWorker } from './alive-workers.ts';
import { dnn, doubleModel } from './models.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const frames = 5000;
const chain = `format=rgb24,${dnn('double.pb')}`;
/** Long enough that nothing but a stop ends it within the test's time. */
const longJob = [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=25:duration=${frames / 25}`],
  ...['-vf', chain, '-c:v', 'ffv1', 'out.mkv'],
];

/** Waits until frames have come through the network. */
async function framesFlow(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.page.waitForFunction(() =>
    window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)),
  );
}

async function expectGoodJob(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.make('-f', 'lavfi', '-i', 'testsrc2=size=64x48', '-frames:v', '5', '-vf', chain, 'good.mkv');
  expect(await ffmpeg.countFrames('good.mkv')).toBe(5);
  await ffmpeg.expectIdle();
}

async function expectPartialFile(ffmpeg: FFmpegPage): Promise<void> {
  const count = await ffmpeg.countFrames('out.mkv');
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(frames);
}

test('a signal rejects with its reason, and what was written is a valid file', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const running = ffmpeg.run(longJob);
  await framesFlow(ffmpeg);
  const before = Date.now();
  await ffmpeg.page.evaluate(() => {
    window.abort.abort(new Error('changed my mind'));
  });
  const { exitCode, error } = await running;
  expect(exitCode).toBeUndefined();
  expect(error?.message).toBe('changed my mind');
  expect(Date.now() - before).toBeLessThan(15_000);
  await expectPartialFile(ffmpeg);
  await expectGoodJob(ffmpeg);
});

test('stop() ends with 255 and a valid file; a second one ends at once', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  let running = ffmpeg.run(longJob);
  await framesFlow(ffmpeg);
  await ffmpeg.page.evaluate(() => window.ffmpeg.stop());
  expect(await running).toMatchObject({ exitCode: 255 });
  await expectPartialFile(ffmpeg);

  await ffmpeg.page.evaluate(() => (window.lines = []));
  running = ffmpeg.run(longJob);
  await framesFlow(ffmpeg);
  await ffmpeg.page.evaluate(async () => {
    await window.ffmpeg.stop();
    await window.ffmpeg.stop();
  });
  expect(await running).toMatchObject({ exitCode: 255 });
  await expectGoodJob(ffmpeg);
});

test('a stop while the models load ends the job, too', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const running = ffmpeg.run(longJob);
  await ffmpeg.page.waitForFunction(() => (window as { abort?: AbortController }).abort !== undefined);
  await ffmpeg.page.evaluate(() => window.ffmpeg.stop());
  expect(await running).toMatchObject({ exitCode: 255 });
  await expectGoodJob(ffmpeg);
});

test('a stop counts while workers load what never comes: by stop(), a signal and a timeout', async ({
  ffmpeg,
}) => {
  // A script that is no worker of ours: it answers nothing.
  const core = newestWorker(ffmpeg.page, 'core.worker')!;
  const script = await core.evaluate(() => {
    const names = performance.getEntriesByType('resource').map(({ name }) => name);
    return names.find((name) => name.includes('core-module'))!.split('#')[0]!;
  });
  await ffmpeg.page.evaluate(async (inferenceWorkerURL) => {
    window.ffmpeg.terminate();
    await window.ffmpeg.load({ inferenceWorkerURL });
  }, script);
  await ffmpeg.write('double.pb', doubleModel(3));
  const silent = () => ffmpeg.page.workers().filter((worker) => worker.url().includes('core-module'));
  const ends = [
    { stop: () => ffmpeg.page.evaluate(() => window.ffmpeg.stop()), outcome: { exitCode: 255 } },
    {
      stop: () =>
        ffmpeg.page.evaluate(() => {
          window.abort.abort(new Error('changed my mind'));
        }),
      outcome: { error: { message: 'changed my mind' } },
    },
  ];
  for (const { stop, outcome } of ends) {
    const running = ffmpeg.run(longJob);
    await expect.poll(() => silent().length).toBeGreaterThan(0);
    const stopped = Date.now();
    await stop();
    expect(await running).toMatchObject(outcome);
    expect(Date.now() - stopped).toBeLessThan(10_000);
    await expect.poll(() => silent().length).toBe(0);
  }
  const limited = await ffmpeg.run(longJob, 3000);
  expect(limited).toMatchObject({ exitCode: 1 });
  expect(limited.seconds).toBeLessThan(13);
  await ffmpeg.clip('next.mkv', 5, '-c:v', 'ffv1');
  expect(await ffmpeg.countFrames('next.mkv')).toBe(5);
  await ffmpeg.expectIdle();
  // The next spec is to have an instance with workers that answer: without one it gets a new page.
  await ffmpeg.expectNothingHeld();
  await ffmpeg.page.evaluate(() => {
    window.ffmpeg.terminate();
  });
});

test('a timeout ends with 1', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  expect(await ffmpeg.run(longJob, 1500)).toMatchObject({ exitCode: 1 });
  await expectGoodJob(ffmpeg);
});

test('a timeout that is beyond every timer, or no time at all, ends nothing', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 3, '-c:v', 'ffv1');
  for (const timeout of [Infinity, NaN, 2 ** 31]) {
    expect(await ffmpeg.run(['-i', 'in.mkv', '-c', 'copy', 'out.mkv'], timeout)).toMatchObject({
      exitCode: 0,
    });
    const probed = await ffmpeg.page.evaluate((limit) => window.ffmpeg.ffprobe(['in.mkv'], limit), timeout);
    expect(probed).toBe(0);
  }
});

test('terminate() rejects what is pending, ends every worker, and load() starts anew', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const running = ffmpeg.run(longJob);
  await framesFlow(ffmpeg);
  await ffmpeg.page.evaluate(() => {
    window.ffmpeg.terminate();
  });
  expect((await running).error?.name).toBe('AbortError');
  await expect.poll(() => ffmpeg.workers).toBe(0);
  const early = await ffmpeg.run(['-version']);
  expect(early.error?.message).toContain('load()');
  await ffmpeg.page.evaluate(() => window.ffmpeg.load());
  await ffmpeg.write('double.pb', doubleModel(3));
  await expectGoodJob(ffmpeg);
});

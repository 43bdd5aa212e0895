/** Frames that fail and workers that are lost in the middle of a job. */
import { aliveWorkers, newestWorker } from './alive-workers.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel, faultModel } from './models.ts';
import { expect, test } from './page-test.ts';

const frames = 60;
const culprits = [0, 7, 8, 31, 59];

/** Gray frames without white, but for one white point in each culprit. */
async function clipWithCulprits(ffmpeg: FFmpegPage): Promise<void> {
  const isCulprit = culprits.map((n) => `eq(N\\,${n})`).join('+');
  const luma = `if((${isCulprit})*eq(X\\,3)*eq(Y\\,2)\\,255\\,mod(N*3+X\\,200))`;
  await ffmpeg.clip('in.mkv', frames, '-vf', `format=gray,geq=lum='${luma}'`, '-c:v', 'ffv1');
}

const secondsIn = (line: string): string | undefined => /with pts \d+ \((.*) s\)/.exec(line)?.[1];
const secondsOfCulprits = culprits.map((n) => (n / 25).toFixed(3));

for (const batchSize of [1, 4]) {
  test(`on_error=passthrough lets exactly the frames pass that fail, batch_size=${batchSize}`, async ({
    ffmpeg,
  }) => {
    await ffmpeg.write('fault.pb', faultModel());
    await clipWithCulprits(ffmpeg);
    const filter = `format=gray,${dnn('fault.pb', `:on_error=passthrough:batch_size=${batchSize}`, 'tensorflow')}`;
    const log = await ffmpeg.make('-i', 'in.mkv', '-vf', filter, '-f', 'rawvideo', 'out.raw');
    const failed = log.filter((line) => line.includes('the frame passes unchanged'));
    expect(failed.map(secondsIn)).toEqual(secondsOfCulprits);

    await ffmpeg.make('-i', 'in.mkv', '-vf', 'format=gray', '-f', 'rawvideo', 'in.raw');
    const [before, after] = [await ffmpeg.read('in.raw'), await ffmpeg.read('out.raw')];
    expect(after.length).toBe(64 * 48 * frames);
    for (let n = 0; n < frames; n++) {
      const [one, other] = [before, after].map((bytes) => bytes.subarray(64 * 48 * n, 64 * 48 * (n + 1)));
      const expected = culprits.includes(n) ? one! : one!.map((value) => halved(value));
      expect(other!.equals(expected), `frame ${n}`).toBe(true);
    }
  });
}

/** Half of a byte as the model's floats give it. */
function halved(value: number): number {
  const result = Math.fround(255 * Math.fround(Math.fround(value * Math.fround(1 / 255)) * 0.5));
  return new Uint8ClampedArray([result])[0]!;
}

test('on_error=drop leaves failed frames out, on_error=fail ends the job and keeps what was done', async ({
  ffmpeg,
}) => {
  await ffmpeg.write('fault.pb', faultModel());
  await clipWithCulprits(ffmpeg);
  const job = (more: string) => [
    ...['-i', 'in.mkv', '-vf', `format=gray,${dnn('fault.pb', more, 'tensorflow')}`],
    ...['-fps_mode', 'passthrough', '-c:v', 'ffv1', 'out.mkv'],
  ];
  const log = await ffmpeg.make(...job(':on_error=drop'));
  expect(log.filter((line) => line.includes('the frame is dropped'))).toHaveLength(culprits.length);
  expect(await ffmpeg.countFrames('out.mkv')).toBe(frames - culprits.length);

  await ffmpeg.make('-ss', '0.04', '-i', 'in.mkv', '-c', 'copy', 'later.mkv');
  const { error } = await ffmpeg.run(['-i', 'later.mkv', ...job('').slice(2)]);
  expect(error?.code).toBe('DNN_GENERIC_ERROR');
  expect(error?.message).toMatch(/fault\.pb.* with pts \d+ \(.* s\) in request \d+: .*GatherV2/);
  expect(await ffmpeg.countFrames('out.mkv')).toBeGreaterThan(0);
});

test('a frame that fails where the size changes passes scaled', async ({ ffmpeg }) => {
  await ffmpeg.write('fault.pb', faultModel({ doubles: true }));
  await clipWithCulprits(ffmpeg);
  const filter = `format=gray,${dnn('fault.pb', ':on_error=passthrough', 'tensorflow')}`;
  const log = await ffmpeg.make('-i', 'in.mkv', '-vf', filter, '-f', 'rawvideo', 'out.raw');
  const failed = log.filter((line) => line.includes('the frame passes scaled to 128x96'));
  expect(failed.map(secondsIn)).toEqual(secondsOfCulprits);
  const bicubic = 'format=gray,scale=128:96:flags=bicubic';
  await ffmpeg.make('-i', 'in.mkv', '-vf', bicubic, '-f', 'rawvideo', 'scaled.raw');
  const [scaled, out] = [await ffmpeg.read('scaled.raw'), await ffmpeg.read('out.raw')];
  const size = 128 * 96;
  expect(out.length).toBe(size * frames);
  for (const n of culprits) {
    expect(out.subarray(size * n, size * (n + 1)).equals(scaled.subarray(size * n, size * (n + 1)))).toBe(
      true,
    );
  }
});

test('every inference worker dies once, and the output is the same', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const job = [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=12'],
    ...['-vf', `format=rgb24,${dnn('double.pb', ':nireq=2:batch_size=2')}`, '-f', 'framemd5'],
  ];
  await ffmpeg.make(...job, 'calm.md5');
  const running = ffmpeg.run([...job, 'rough.md5']);
  await ffmpeg.page.waitForFunction(() =>
    window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)),
  );
  const victims = ffmpeg.inferenceWorkers;
  expect(victims).toHaveLength(2);
  for (const worker of victims) {
    await worker.evaluate(() => {
      self.close();
    });
  }
  const { exitCode, log } = await running;
  expect(exitCode).toBe(0);
  const replaced = log.filter((line) => line.includes('a new worker takes its place'));
  expect(replaced).toHaveLength(2);
  expect((await ffmpeg.read('rough.md5')).toString()).toBe((await ffmpeg.read('calm.md5')).toString());
});

for (const name of ['pipeline', 'writer']) {
  test(`a ${name} worker that is gone ends the command and says so, and another command works`, async ({
    ffmpeg,
  }) => {
    const job = (frames: number, out: string) => [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-frames:v', String(frames)],
      ...['-vf', `format=rgb24,${dnn('double.pb')}`, '-c:v', 'ffv1', out],
    ];
    await ffmpeg.write('double.pb', doubleModel(3));
    const running = ffmpeg.run(job(5000, 'long.mkv'));
    await ffmpeg.page.waitForFunction(() =>
      window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)),
    );
    const victim = newestWorker(ffmpeg.page, `${name}.worker`)!;
    await victim.evaluate(() => {
      self.close();
    });
    const { error } = await running;
    expect(error).toMatchObject({
      name: 'DnnError',
      message: expect.stringMatching(new RegExp(`The ${name} worker died; `)),
    });
    if (name === 'pipeline') {
      expect((await ffmpeg.run(['-version'])).error?.message).toContain('load()');
      await expect.poll(() => aliveWorkers(ffmpeg.page)).toBe(0);
      await ffmpeg.page.evaluate(() => window.ffmpeg.load());
      await ffmpeg.write('double.pb', doubleModel(3));
    }
    await ffmpeg.make(...job(5, 'short.mkv'));
    expect(await ffmpeg.countFrames('short.mkv')).toBe(5);
    await ffmpeg.expectIdle();
  });
}

const recoverable = {
  mkv: ['-c:v', 'ffv1', '-cluster_time_limit', '0', '-flush_packets', '1'],
  mp4: ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
};

for (const [name, extension] of [
  ['writer', 'mkv'],
  ['writer', 'mp4'],
  ['pipeline', 'mkv'],
] as const) {
  test(`a ${name} worker that is gone leaves what it wrote, and it plays: ${extension}`, async ({
    ffmpeg,
  }) => {
    const codec = recoverable[extension];
    const out = `long.${extension}`;
    await ffmpeg.write('double.pb', doubleModel(3));
    const running = ffmpeg.run([
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-frames:v', '5000'],
      ...['-vf', `format=rgb24,${dnn('double.pb')}`, ...codec, out],
    ]);
    await ffmpeg.page.waitForFunction(() =>
      window.lines.some((line) => /\[encode\].*frame= *[1-9]\d\d/.test(line)),
    );
    // What waits in the channel is lost, and what is encoded until the death is noticed.
    const log = await ffmpeg.page.evaluate(() => window.lines.join('\n'));
    await newestWorker(ffmpeg.page, `${name}.worker`)!.evaluate(() => {
      self.close();
    });
    const { error } = await running;
    if (name === 'writer') {
      expect(error?.message).toMatch(/^The writer worker died; .* is kept: \/long\.m\w+ \(\d+ bytes\)/);
    } else {
      expect(error?.message).toMatch(/^The pipeline worker died; load\(\).* with what its command wrote/);
      await ffmpeg.page.evaluate(() => window.ffmpeg.load());
    }
    const counted = Number([...log.matchAll(/frame= *(\d+)/g)].at(-1)![1]);
    expect(counted).toBeGreaterThan(99);
    expect(await ffmpeg.countFrames(out)).toBeGreaterThan(counted / 2);
    await ffmpeg.expectIdle();
  });
}

for (const [index, stage] of ['decode', 'encode'].entries()) {
  test(`the ${stage} stage's worker dies: the command ends and says so, and what was written is kept`, async ({
    ffmpeg,
  }) => {
    const job = (frames: number, out: string) => [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-frames:v', String(frames)],
      ...['-vf', `format=rgb24,${dnn('double.pb')}`, '-c:v', 'ffv1'],
      ...['-cluster_time_limit', '0', '-flush_packets', '1', out],
    ];
    await ffmpeg.write('double.pb', doubleModel(3));
    // A run that fails ends its core: those of the job are new.
    for (let idle = 0; idle < 2; idle++) await ffmpeg.run(['-i', 'absent', 'none.mkv']);
    const pipeline = newestWorker(ffmpeg.page, 'pipeline.worker')!;
    await pipeline.evaluate(() => {
      const Plain = self.Worker;
      const cores: Worker[] = [];
      self.Worker = class extends Plain {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          if (String(url).includes('core.worker')) cores.push(this);
        }
      };
      Object.assign(self, { cores, putBack: () => (self.Worker = Plain) });
    });
    const running = ffmpeg.run(job(5000, 'long.mkv'));
    await ffmpeg.page.waitForFunction(() =>
      window.lines.some((line) => /\[encode\].*frame= *[1-9]\d/.test(line)),
    );
    await pipeline.evaluate((at) => {
      const { cores, putBack } = self as unknown as { cores: Worker[]; putBack: () => void };
      putBack();
      cores[at]!.terminate();
    }, index);
    const { error } = await running;
    expect(error?.message).toMatch(new RegExp(`^The ${stage} stage's worker died, .*run the command again`));
    expect(await ffmpeg.countFrames('long.mkv')).toBeGreaterThanOrEqual(5);
    await ffmpeg.make(...job(5, 'short.mkv'));
    expect(await ffmpeg.countFrames('short.mkv')).toBe(5);
    await ffmpeg.expectIdle();
  });
}

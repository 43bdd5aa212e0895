/** Frames of the native backend in strips over several workers: `conv2d_threads`. */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { scaleModel, windowModel } from './models.ts';
import { expect, test } from './page-test.ts';

const filter = (model: string, threads: number, more = '') =>
  `dnn_processing=model=${model}:input=x:output=y:backend_configs=conv2d_threads=${threads}${more}`;

const saying = (log: readonly string[]): readonly string[] =>
  log.filter((line) => line.startsWith('dnn_processing: conv2d_threads='));

for (const format of ['yuv420p', 'rgb24', 'nv12']) {
  test(`1, 2 and 3 threads give the same ${format} frames`, async ({ ffmpeg }) => {
    await ffmpeg.write('window.pb', windowModel(format === 'rgb24' ? 3 : 1));
    await ffmpeg.clip('in.mkv', 9, '-vf', 'scale=37:41', '-c:v', 'ffv1');
    const made = async (chain: string) => {
      const log = await ffmpeg.make(
        '-i',
        'in.mkv',
        '-vf',
        `format=${format},${chain}`,
        '-f',
        'rawvideo',
        'out.raw',
      );
      return { said: saying(log), bytes: await ffmpeg.read('out.raw') };
    };
    const plain = await made('dnn_processing=model=window.pb:input=x:output=y');
    expect(plain.said).toEqual([]);
    expect(plain.bytes.length).toBeGreaterThan(9 * 74 * 82 - 1);
    expect(new Set(plain.bytes).size).toBeGreaterThan(50);
    for (const [threads, more, words] of [
      [1, '', /=1: whole frames, each in one worker, as asked for$/],
      [2, '', /=2: strips over 2 workers, \d+ % of a frame computed twice$/],
      // A machine of one core has two workers at most.
      [3, '', /=3: strips over [23] workers, \d+ % of a frame computed twice$/],
      [2, ':async=0', /=2: strips over 2 workers/],
      [3, '&nireq=1&batch_size=2', /=3: strips over [23] workers/],
    ] as const) {
      const { said, bytes } = await made(filter('window.pb', threads, more));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(words);
      expect(bytes.equals(plain.bytes), `${threads}${more}`).toBe(true);
    }
  });
}

test('frames that a model does not compute by rows run whole, which is said once', async ({ ffmpeg }) => {
  await ffmpeg.write('scale.pb', scaleModel([0.5]));
  await ffmpeg.clip('in.mkv', 3, '-c:v', 'ffv1');
  const results = [];
  for (const chain of ['dnn_processing=model=scale.pb:input=x:output=y', filter('scale.pb', 2)]) {
    const log = await ffmpeg.make(
      '-i',
      'in.mkv',
      '-vf',
      `format=grayf32le,${chain}`,
      '-f',
      'rawvideo',
      'out.raw',
    );
    results.push({ said: saying(log), bytes: await ffmpeg.read('out.raw') });
  }
  expect(results[1]!.said).toEqual([
    'dnn_processing: conv2d_threads=2: whole frames, each in one worker, since rows of such frames are not computed ' +
      'alone by this model',
  ]);
  expect(results[1]!.bytes.equals(results[0]!.bytes)).toBe(true);
});

test('the tensorflow backend warns that it has no such threads', async ({ ffmpeg }) => {
  await ffmpeg.write('scale.pb', scaleModel([0.5]));
  const chain = `format=gray,${filter('scale.pb', 2, ':dnn_backend=tensorflow')}`;
  await ffmpeg.clip('in.mkv', 2, '-c:v', 'ffv1');
  const log = await ffmpeg.make('-i', 'in.mkv', '-vf', chain, '-f', 'null', '-');
  expect(log.filter((line) => line.startsWith('warning: conv2d_threads is ignored'))).toHaveLength(1);
});

/**
 * 1920x1080 after the filter: long enough in the network for a worker to be lost in the middle of a strip.
 */
const longJob = (threads: number, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=960x540:rate=25:duration=${seconds}`],
  ...['-vf', `format=yuv420p,${filter('window.pb', threads)}`],
];

async function framesFlow(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.page.waitForFunction(() =>
    window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)),
  );
}

test('a worker that dies in the middle of a strip is replaced, and the output is the same', async ({
  ffmpeg,
}) => {
  await ffmpeg.write('window.pb', windowModel(1));
  await ffmpeg.make(...longJob(1, 5), '-f', 'framemd5', 'calm.md5');
  const running = ffmpeg.run([...longJob(2, 5), '-f', 'framemd5', 'rough.md5']);
  await framesFlow(ffmpeg);
  const victims = ffmpeg.inferenceWorkers;
  expect(victims).toHaveLength(2);
  for (const worker of victims) {
    await worker.evaluate(() => {
      self.close();
    });
  }
  const { exitCode, log } = await running;
  expect(exitCode).toBe(0);
  expect(saying(log)[0]).toContain('strips over 2 workers');
  expect(log.filter((line) => line.includes('a new worker takes its place'))).toHaveLength(2);
  expect((await ffmpeg.read('rough.md5')).toString()).toBe((await ffmpeg.read('calm.md5')).toString());
});

test('a job in strips that is aborted ends soon and leaves nothing behind', async ({ ffmpeg }) => {
  await ffmpeg.write('window.pb', windowModel(1));
  const running = ffmpeg.run([...longJob(2, 600), '-c:v', 'ffv1', 'out.mkv']);
  await framesFlow(ffmpeg);
  const before = Date.now();
  await ffmpeg.page.evaluate(() => {
    window.abort.abort(new Error('changed my mind'));
  });
  const { error } = await running;
  expect(error?.message).toBe('changed my mind');
  expect(Date.now() - before).toBeLessThan(15_000);
  await ffmpeg.expectIdle();
});

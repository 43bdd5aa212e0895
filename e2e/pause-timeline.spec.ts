/** A job that is paused, watched, and tried before it starts. */
import type { JobStats, TimelineEvent, TrialResult } from '../src/index.ts';
import { dnn, doubleModel, scaleModel, windowModel } from './models.ts';
import { expect, test } from './page-test.ts';

declare global {
  interface Window {
    progressFrame: number;
    timelines: TimelineEvent[];
    stats: JobStats;
  }
}

const chain = `format=rgb24,${dnn('double.pb', ':nireq=2:batch_size=1')}`;
const source = (frames: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=25:duration=${frames / 25}`],
  ...['-vf', chain],
];

test('a paused job feeds no frames, goes on with the same ones, and stops while paused', async ({
  ffmpeg,
}) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const job = [...source(1000), '-f', 'framemd5'];
  await ffmpeg.make(...job, 'calm.md5');
  const { page } = ffmpeg;
  await page.evaluate(
    (args) => {
      window.progressFrame = 0;
      window.lines = [];
      const onProgress = ({ frame }: { frame: number }) => (window.progressFrame = frame);
      void window.ffmpeg
        .exec(args, { onProgress })
        .then((exitCode) => window.lines.push(`ended ${exitCode}`));
    },
    [...job, 'paused.md5'],
  );
  await page.waitForFunction(() => window.progressFrame > 10);
  await page.evaluate(() => window.ffmpeg.pause());
  // Frames in flight still arrive; then the count stands.
  let last = -1;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await page.evaluate(() => window.progressFrame);
        return last === before;
      },
      { intervals: [1500] },
    )
    .toBe(true);
  expect(last).toBeLessThan(1000);
  await page.evaluate(() => window.ffmpeg.resume());
  await page.waitForFunction(() => window.lines.includes('ended 0'));
  expect((await ffmpeg.read('paused.md5')).toString()).toBe((await ffmpeg.read('calm.md5')).toString());

  await page.evaluate(() => (window.lines = []));
  const running = ffmpeg.run([...source(5000), '-c:v', 'ffv1', 'stopped.mkv']);
  await page.waitForFunction(() => window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)));
  await page.evaluate(() => window.ffmpeg.pause());
  await page.evaluate(() => window.ffmpeg.stop());
  expect(await running).toMatchObject({ exitCode: 255 });
  const count = await ffmpeg.countFrames('stopped.mkv');
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(5000);

  const plain = ffmpeg.run([
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x480:duration=600',
    '-c:v',
    'ffv1',
    'plain.mkv',
  ]);
  await page.waitForFunction(() => window.lines.some((line) => line.includes('frame=')));
  const refusal = await page.evaluate(() => window.ffmpeg.pause().catch((error: unknown) => String(error)));
  expect(refusal).toContain('without a DNN filter');
  await page.evaluate(() => window.ffmpeg.stop());
  await plain;
});

test('the timeline is that of the stages, on the page and in the file', async ({ ffmpeg }) => {
  // Slow enough for the decoder to wait longer than the gaps between spans that the timeline closes.
  await ffmpeg.write('double.pb', windowModel(3));
  const { events, stats } = await ffmpeg.page.evaluate(
    async (args) => {
      const found: TimelineEvent[] = [];
      let figures: JobStats | undefined;
      await window.ffmpeg.exec(args, {
        onTimeline: (event) => found.push(event),
        onStats: (value) => (figures = value),
      });
      return { events: found, stats: figures! };
    },
    [...source(200), '-c:v', 'ffv1', '-dnn_timeline', 'trace.json', 'out.mkv'],
  );
  const lanes = events.at(-1)!.lanes;
  expect(lanes.map(({ label }) => label).sort()).toEqual([
    'decode',
    'dnn_processing 0, worker 1',
    'dnn_processing 0, worker 2',
    'encode',
  ]);
  const spans = events.flatMap((event) => event.spans);
  const end = 1000 * (stats.seconds_load + stats.seconds);
  const busy = lanes.map(() => 0);
  for (const span of spans) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThan(end + 500);
    busy[span.lane]! += span.end - span.start;
  }
  const frames = spans.reduce((sum, span) => sum + span.frames, 0);
  expect(frames).toBe(200);
  for (const [label, stage] of [
    ['decode', stats.stages[0]!],
    ['encode', stats.stages.at(-1)!],
  ] as const) {
    const seconds = busy[lanes.findIndex((row) => row.label === label)]! / 1000;
    // Decoding takes a few hundredths of a second here, of which some milliseconds are a large share.
    const allowed = 0.1 * stage.seconds_busy + 0.02;
    expect(Math.abs(seconds - stage.seconds_busy), label).toBeLessThan(allowed);
  }
  const trace = JSON.parse((await ffmpeg.read('trace.json')).toString()) as {
    traceEvents: { ph: string; tid: number; dur: number }[];
  };
  const complete = trace.traceEvents.filter(({ ph }) => ph === 'X');
  expect(complete.length).toBe(spans.length);
  const { error } = await ffmpeg.run([
    '-f',
    'lavfi',
    '-i',
    'testsrc2=d=1',
    '-dnn_timeline',
    't.json',
    'x.mkv',
  ]);
  expect(error?.message).toContain('-dnn_timeline t.json');
});

test('a trial tells what the job will take, and writes nothing', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 50, '-c:v', 'ffv1');
  const trial = (args: readonly string[]) =>
    ffmpeg.page.evaluate(
      async (words): Promise<TrialResult | string> =>
        window.ffmpeg.trial(words).catch((error: unknown) => String(error)),
      args,
    );
  const words = ['-i', 'in.mkv', '-vf', chain, '-c:v', 'libx264', '-movflags', '+faststart'];
  const result = (await trial([...words, '-dnn_stats', 's.json', 'out.mp4'])) as TrialResult;
  expect(result).toMatchObject({ totalFrames: 50 });
  expect(result.frames).toBeGreaterThanOrEqual(3);
  expect(result.secondsPerFrame).toBeGreaterThan(0);
  expect(result.totalSeconds).toBeCloseTo(50 * result.secondsPerFrame);
  expect(result.peakBytes).toBeGreaterThan(2 ** 20);
  const names = await ffmpeg.page.evaluate(async () =>
    (await window.ffmpeg.listDir('/')).map(({ name }) => name),
  );
  expect(names.filter((name) => /^(out|s\.json)/.test(name))).toEqual([]);
  expect(await trial(['-i', 'in.mkv', 'out.mkv'])).toContain('this one has none');
  await ffmpeg.write('scale.pb', scaleModel([1]));
  expect(await trial(['-i', 'in.mkv', '-vf', `format=rgb24,${dnn('scale.pb')}`, 'out.mkv'])).toContain(
    'channel',
  );
  expect(await ffmpeg.make(...words, 'out.mp4')).not.toEqual([]);
});

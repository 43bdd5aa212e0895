/** Jobs whose frames the browser decodes, and what happens in the middle of them. */
import { newestWorker } from './alive-workers.ts';
import type { FFmpegPage, Outcome } from './ffmpeg-page.ts';
import { dnn, scaleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const frames = 120;
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-pix_fmt', 'yuv420p'];
const hwaccel = ['-hwaccel', 'webcodecs', '-i', 'in.mp4'];

/** Words of the filters of each way that decoded frames can take. */
const ways: Readonly<Record<string, readonly string[]>> = {
  'without filters': [],
  'before a DNN filter': ['-vf', `format=rgb24,${dnn('half.pb')}`],
  'behind filters of ffmpeg': ['-vf', `hflip,format=rgb24,${dnn('half.pb')}`],
};

async function makeInput(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.write('half.pb', scaleModel([0.5, 1, 1]));
  const source = `testsrc2=size=320x240:rate=25:duration=${frames / 25}`;
  await ffmpeg.make('-f', 'lavfi', '-i', source, ...x264, 'in.mp4');
}

/** Starts a command that waits behind its first frame; resolves when that has come. */
async function startPaused(
  ffmpeg: FFmpegPage,
  words: readonly string[],
): Promise<{ readonly running: Promise<Outcome> }> {
  const paused = ffmpeg.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const pause = (): void => {
          window.ffmpeg.off('progress', pause);
          void window.ffmpeg.pause().then(resolve);
        };
        window.ffmpeg.on('progress', pause);
      }),
  );
  const running = ffmpeg.run(words);
  await paused;
  return { running };
}

/** The words that make a text with a line for each frame. */
const hashed = (filters: readonly string[], file: string): string[] => {
  return [...filters, '-an', '-f', 'framehash', '-hash', 'adler32', '-y', file];
};

const rowsOf = (text: Buffer): string[] =>
  text
    .toString()
    .split('\n')
    .filter((line) => /^\d/.test(line));

test('a decoder that dies in mid job: ffmpeg goes on with the next frame', async ({ ffmpeg }) => {
  await makeInput(ffmpeg);
  for (const [way, filters] of Object.entries(ways)) {
    await test.step(way, async () => {
      const { running } = await startPaused(ffmpeg, [...hwaccel, ...hashed(filters, 'frames.txt')]);
      await newestWorker(ffmpeg.page, 'codec.worker')!.evaluate(() => {
        self.close();
      });
      await ffmpeg.page.evaluate(() => window.ffmpeg.resume());
      const { exitCode, log } = await running;
      expect(exitCode).toBe(0);
      expect(log.filter((line) => line.includes('ffmpeg decodes input'))).toEqual([
        expect.stringMatching(/input 0 \(in\.mp4\): .*the decoder worker died.*, behind \d\.\d+ s/),
      ]);
      await ffmpeg.make('-i', 'in.mp4', ...hashed(filters, 'expected.txt'));
      const rows = rowsOf(await ffmpeg.read('frames.txt'));
      expect(rows).toHaveLength(frames);
      expect(rows).toEqual(rowsOf(await ffmpeg.read('expected.txt')));
    });
  }
});

test('a job that is stopped in the middle, or ended at once', async ({ ffmpeg }) => {
  await makeInput(ffmpeg);
  const nothing = { jobs: 0, frames: 0, tensors: 0, workers: 0 };
  const expectStopped = async (filters: readonly string[], stops: number): Promise<void> => {
    const { running } = await startPaused(ffmpeg, [...hwaccel, ...hashed(filters, 'frames.txt')]);
    await ffmpeg.page.evaluate(async (count) => {
      for (let stop = 0; stop < count; stop++) await window.ffmpeg.stop();
    }, stops);
    const { exitCode, log } = await running;
    expect(exitCode).toBe(255);
    expect(log.filter((line) => line.includes('ffmpeg decodes input'))).toEqual([]);
    await expect.poll(() => ffmpeg.page.evaluate(() => window.ffmpeg.resources())).toMatchObject(nothing);
  };
  for (const filters of Object.values(ways)) {
    await expectStopped(filters, 1);
    const count = rowsOf(await ffmpeg.read('frames.txt')).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(frames);
  }
  await expectStopped([], 2);
});

test('-f null counts the frames, without an ffmpeg that takes them', async ({ ffmpeg }) => {
  await makeInput(ffmpeg);
  await ffmpeg.page.evaluate(() => {
    const onProgress = ({ progress }: { progress: number }): void => {
      if (progress === 1) window.lines.push('finished');
    };
    window.ffmpeg.on('progress', onProgress);
    Object.assign(window, { onProgress });
  });
  for (const filters of Object.values(ways)) {
    const stats = ['-dnn_stats', 'stats.json'];
    const log = await ffmpeg.make(...stats, ...hwaccel, ...filters, '-f', 'null', '-');
    expect(log.filter((line) => line.includes('Output #0, null'))).toEqual([]);
    expect(log).toContainEqual(expect.stringMatching(/frame= +120 fps=.* Lsize=N\/A time=00:00:04\.80 /));
    expect(log).toContain('finished');
    const { frames_out } = JSON.parse((await ffmpeg.read('stats.json')).toString()) as { frames_out: number };
    expect(frames_out).toBe(frames);
  }
  await ffmpeg.page.evaluate(() => {
    const { onProgress } = window as unknown as { onProgress: () => void };
    window.ffmpeg.off('progress', onProgress);
  });
  const { running } = await startPaused(ffmpeg, [...hwaccel, '-f', 'null', '-']);
  await ffmpeg.page.evaluate(() => window.ffmpeg.stop());
  expect(await running).toMatchObject({ exitCode: 255 });
});

test('a complex filtergraph without DNN filters: ffmpeg decodes, and one line says so', async ({
  ffmpeg,
}) => {
  await makeInput(ffmpeg);
  const words = ['-filter_complex', '[0:v]hflip[v]', '-map', '[v]', '-frames:v', '3', '-f', 'null', '-'];
  const log = await ffmpeg.make(...hwaccel, ...words);
  expect(log.filter((line) => line.includes('-hwaccel webcodecs: ffmpeg decodes input 0'))).toHaveLength(1);
});

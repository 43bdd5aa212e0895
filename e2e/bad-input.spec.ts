/** Whatever is wrong is said in one clear line, soon, and the instance works on. */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel, scaleModel, strangeModel } from './models.ts';
import { expect, test } from './page-test.ts';

interface Case {
  readonly title: string;
  /** Words between `ffmpeg` and the output. */
  readonly args: readonly string[];
  /** All of them stand in the one line of a refusal, or in the log of an exit code that is not 0. */
  readonly says: readonly string[];
  readonly code?: string;
}

/** "Within seconds", with room for a loaded machine. */
const secondsLimit = 20;

const good = ['-i', 'good.mp4', '-vf', `format=rgb24,${dnn('double.pb')}`];
const withFilter = (filter: string): string[] => ['-i', 'good.mp4', '-vf', filter];
const withModel = (model: string): string[] => withFilter(`format=rgb24,${dnn(model)}`);

async function prepare(ffmpeg: FFmpegPage): Promise<void> {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.make(
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=25:duration=0.4',
      '-f',
      'lavfi',
      '-i',
      'sine=duration=0.4',
    ],
    ...['-pix_fmt', 'yuv420p', 'good.mp4'],
  );
}

/** Runs every case on one instance; then a good job must still work, and no worker be left. */
async function check(ffmpeg: FFmpegPage, cases: readonly Case[]): Promise<void> {
  for (const { title, args, says, code } of cases) {
    const outcome = await ffmpeg.run([...args, 'out.mkv']);
    if (outcome.error === undefined) {
      expect.soft(outcome.exitCode, `${title}: exit code`).toBeGreaterThan(0);
      for (const words of says) expect.soft(outcome.log.join('\n'), title).toContain(words);
    } else {
      expect.soft(outcome.error, title).toMatchObject({ name: 'DnnError', code: code ?? 'EINVAL' });
      // Behind the line, a mistake in a filter string is shown with a caret below it.
      expect.soft(outcome.error.message, `${title}: one line`).toMatch(/^[^\n]+(\n.*\n *\^)?$/);
      for (const words of says) expect.soft(outcome.error.message, title).toContain(words);
    }
    expect.soft(code === undefined || outcome.error !== undefined, `${title}: refused by us`).toBe(true);
    expect.soft(outcome.seconds, `${title}: seconds`).toBeLessThan(secondsLimit);
    await ffmpeg.expectIdle();
  }
  await ffmpeg.make(...good, 'good.mkv');
  expect(await ffmpeg.countFrames('good.mkv')).toBe(10);
  await ffmpeg.expectIdle();
}

test('inputs', async ({ ffmpeg }) => {
  await prepare(ffmpeg);
  const noise = Uint8Array.from({ length: 20_000 }, (_, index) => (index * index * 31 + 7 * index) & 255);
  await ffmpeg.write('noise.mp4', noise);
  // An mp4 has its index at its end.
  const mp4 = await ffmpeg.read('good.mp4');
  await ffmpeg.write('headless.mp4', mp4.subarray(0, mp4.length >> 1));
  await ffmpeg.write('empty.mp4', new Uint8Array(0));
  await ffmpeg.make('-i', 'good.mp4', '-vn', 'sound.m4a');
  const filter = ['-vf', `format=rgb24,${dnn('double.pb')}`];
  await check(ffmpeg, [
    { title: 'missing', args: ['-i', 'absent.mp4', ...filter], says: ['absent.mp4', 'No such file'] },
    { title: 'random bytes', args: ['-i', 'noise.mp4', ...filter], says: ['noise.mp4', 'Invalid data'] },
    { title: 'cut before its index', args: ['-i', 'headless.mp4', ...filter], says: ['moov atom not found'] },
    { title: 'empty', args: ['-i', 'empty.mp4', ...filter], says: ['empty.mp4'] },
    { title: 'no video', args: ['-i', 'sound.m4a', ...filter], says: ['video'] },
    { title: 'unknown decoder', args: ['-c:v', 'nodecoder', ...good], says: ['nodecoder'] },
    { title: 'unknown encoder', args: [...good, '-c:v', 'noencoder'], says: ['noencoder'] },
    { title: 'unknown ffmpeg filter', args: withFilter(`nofilter,${dnn('double.pb')}`), says: ['nofilter'] },
  ]);
});

test('models', async ({ ffmpeg }) => {
  await prepare(ffmpeg);
  const model = doubleModel(3);
  await ffmpeg.write('cut.pb', model.subarray(0, model.length >> 1));
  await ffmpeg.write(
    'noise.pb',
    Uint8Array.from({ length: 5000 }, (_, index) => (index * 167 + 11) & 255),
  );
  await ffmpeg.write(
    'noise2.pb',
    Uint8Array.from({ length: 5000 }, (_, index) => (index * index * 13 + 10) & 255),
  );
  await ffmpeg.write('empty.pb', new Uint8Array(0));
  await ffmpeg.write('luma.pb', scaleModel([0.5]));
  await ffmpeg.write('fixed.pb', scaleModel([1, 1, 1], { size: [32, 40] }));
  await ffmpeg.write('strange.pb', strangeModel(['FancyOp', 'Relu', 'OtherOp']));
  const named = (input: string, output: string): string[] =>
    withFilter(
      `format=rgb24,dnn_processing=dnn_backend=tensorflow:model=double.pb:input=${input}:output=${output}`,
    );
  await check(ffmpeg, [
    { title: 'missing', args: withModel('absent.pb'), says: ['absent.pb', 'No such file'], code: 'ENOENT' },
    { title: 'cut', args: withModel('cut.pb'), says: ['cut.pb'], code: 'EINVAL' },
    { title: 'random', args: withModel('noise.pb'), says: ['noise.pb'], code: 'EINVAL' },
    { title: 'random, as a graph starts', args: withModel('noise2.pb'), says: ['noise2.pb'], code: 'EINVAL' },
    { title: 'empty', args: withModel('empty.pb'), says: ['empty.pb', 'empty file'], code: 'EINVAL' },
    { title: 'input name', args: named('nope', 'y'), says: ["'nope'", "'x'"], code: 'EINVAL' },
    { title: 'output name', args: named('x', 'nope'), says: ["'nope'", "'y'"], code: 'EINVAL' },
    { title: 'channels', args: withModel('luma.pb'), says: ['1 channel', 'rgb24', '3'], code: 'EIO' },
    { title: 'frame size', args: withModel('fixed.pb'), says: ['64x48', 'scale=40:32'], code: 'EIO' },
    { title: 'unknown ops', args: withModel('strange.pb'), says: ['FancyOp', 'OtherOp'], code: 'ENOSYS' },
  ]);
});

test('filter options and command lines', async ({ ffmpeg }) => {
  await prepare(ffmpeg);
  const filter = `format=rgb24,${dnn('double.pb', '', 'tensorflow')}`;
  await check(ffmpeg, [
    { title: 'option', args: withFilter(`${filter}:nosuch=1`), says: ['nosuch'], code: 'EINVAL' },
    { title: 'value', args: withFilter(`${filter}:async=maybe`), says: ['async', 'maybe'], code: 'EINVAL' },
    {
      title: 'no model',
      args: withFilter('dnn_processing=dnn_backend=tensorflow:input=x:output=y'),
      says: ['model'],
      code: 'EINVAL',
    },
    {
      title: 'no backend of that name',
      args: withFilter(filter.replace('tensorflow', 'magic')),
      says: ['magic'],
      code: 'EINVAL',
    },
    {
      title: 'onnx',
      args: withFilter(filter.replace('tensorflow', 'onnx')),
      says: ['onnx', 'tensorflow'],
      code: 'EINVAL',
    },
    {
      title: 'sr',
      args: withFilter('sr=dnn_backend=tensorflow:model=double.pb'),
      says: ['sr', '3 channels', 'needs 1'],
      code: 'EIO',
    },
    {
      title: 'branches',
      args: withFilter(`split[a][b];[a]${filter}[c];[c][b]hstack`),
      says: ['-filter_complex'],
      code: 'ENOSYS',
    },
    {
      title: 'two inputs',
      args: ['-i', 'good.mp4', '-filter_complex', `[0:v][0:v]${dnn('double.pb')}[v]`, '-map', '[v]'],
      says: ['exactly one input and one output'],
      code: 'EINVAL',
    },
    { title: 'copied video', args: [...good, '-c:v', 'copy'], says: ['copy'], code: 'EINVAL' },
  ]);
});

test('a file cut in the middle gives what decodes, one warning and exit code 0', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('whole.mkv', 25, '-c:v', 'ffv1');
  const whole = await ffmpeg.read('whole.mkv');
  await ffmpeg.write('cut.mkv', whole.subarray(0, Math.round(whole.length * 0.6)));
  const { exitCode, error, log } = await ffmpeg.run([
    '-i',
    'cut.mkv',
    '-vf',
    `format=rgb24,${dnn('double.pb')}`,
    '-c:v',
    'ffv1',
    'out.mkv',
  ]);
  expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
  const frames = await ffmpeg.countFrames('out.mkv');
  expect(frames).toBe(await ffmpeg.countFrames('cut.mkv'));
  expect(frames).toBeGreaterThan(10);
  expect(frames).toBeLessThan(25);
  expect(log.filter((line) => line.includes('File ended prematurely'))).toHaveLength(1);
  await ffmpeg.expectIdle();
});

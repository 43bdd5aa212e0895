/** DNN filters in complex graphs, and in the chains of several outputs. */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel, faultModel, scaleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const double = dnn('double.pb');
const dim = dnn('dim.pb');
const raw = ['-pix_fmt', 'rgb24', '-f', 'rawvideo'];
const frames = 10;

test.beforeEach(async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.write('dim.pb', scaleModel([0.5, 1, 0.25]));
  await ffmpeg.clip('in.mkv', frames, '-pix_fmt', 'bgr0', '-c:v', 'ffv1');
});

/** What a chain gives as rgb24. */
async function chain(ffmpeg: FFmpegPage, filters: string, path = 'chain.raw'): Promise<Buffer> {
  await ffmpeg.make('-i', 'in.mkv', '-vf', filters, ...raw, path);
  return ffmpeg.read(path);
}

/** What plain ffmpeg makes of raw files of one size. */
async function join(
  ffmpeg: FFmpegPage,
  filters: string,
  size: string,
  ...paths: readonly string[]
): Promise<Buffer> {
  const inputs = paths.flatMap((path) => [
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-framerate', '25', '-video_size', size],
    ...['-i', path],
  ]);
  await ffmpeg.make(...inputs, '-filter_complex', filters, ...raw, 'joined.raw');
  return ffmpeg.read('joined.raw');
}

function expectSame(actual: Buffer, expected: Buffer): void {
  expect(expected.length).toBeGreaterThan(0);
  expect(actual.length).toBe(expected.length);
  expect(actual.equals(expected)).toBe(true);
}

test('two branches with a DNN filter each, side by side', async ({ ffmpeg }) => {
  await chain(ffmpeg, `format=rgb24,${dim}`, 'left.raw');
  await chain(ffmpeg, `hflip,format=rgb24,${dim},vflip`, 'right.raw');
  const expected = await join(ffmpeg, 'hstack', '64x48', 'left.raw', 'right.raw');
  const graph = `[0:v]split[a][b];[a]format=rgb24,${dim}[c];[b]hflip,format=rgb24,${dim},vflip[d];[c][d]hstack[e]`;
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-filter_complex', graph, '-map', '[e]'],
    ...['-dnn_stats', 'stats.json', ...raw, 'out.raw'],
  );
  expectSame(await ffmpeg.read('out.raw'), expected);
  const stats = JSON.parse((await ffmpeg.read('stats.json')).toString()) as {
    frames_in: number;
    frames_out: number;
    stages: { kind: string; filter: string; frames: number }[];
  };
  expect(stats).toMatchObject({ frames_in: frames, frames_out: frames });
  expect(stats.stages.map(({ kind, filter }) => `${kind} ${filter}`)).toEqual([
    'ffmpeg split,format=rgb24',
    `dnn ${dim}`,
    'ffmpeg split,hflip,format=rgb24',
    `dnn ${dim}`,
    'ffmpeg vflip,hstack',
  ]);
  expect(stats.stages.map((stage) => stage.frames)).toEqual([frames, frames, frames, frames, frames]);
});

test('two files from one DNN filter; sound beside, through a filter of its own', async ({ ffmpeg }) => {
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-f', 'lavfi', '-i', 'sine=duration=0.4'],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'pcm_s16le', 'film.mkv'],
  );
  const expected = await chain(ffmpeg, `format=rgb24,${double}`);
  const flipped = await chain(ffmpeg, `format=rgb24,${double},hflip`);
  const sound = ['-map', '0:a', '-af', 'volume=0.5', '-f', 's16le', 'sound.raw'];
  await ffmpeg.make('-i', 'film.mkv', ...sound);
  const graph = `[0:v]format=rgb24,${double},split[a][b];[b]hflip[c];[0:a]volume=0.5[s]`;
  await ffmpeg.make(
    ...['-i', 'film.mkv', '-filter_complex', graph],
    ...['-map', '[a]', ...raw, 'one.raw', '-map', '[s]', '-f', 's16le', 'heard.raw'],
    ...['-map', '[c]', ...raw, 'two.raw'],
  );
  expectSame(await ffmpeg.read('one.raw'), expected);
  expectSame(await ffmpeg.read('two.raw'), flipped);
  expectSame(await ffmpeg.read('heard.raw'), await ffmpeg.read('sound.raw'));
});

test('a DNN filter whose frames go into another one and past it', async ({ ffmpeg }) => {
  await chain(ffmpeg, `format=rgb24,${double}`, 'first.raw');
  await chain(ffmpeg, `format=rgb24,${double},hflip,${dim}`, 'second.raw');
  const expected = await join(ffmpeg, 'vstack', '128x96', 'first.raw', 'second.raw');
  const graph = `[0:v]format=rgb24,${double},split[a][b];[b]hflip,${dim}[c];[a][c]vstack`;
  await ffmpeg.make('-i', 'in.mkv', '-filter_complex', graph, ...raw, 'out.raw');
  expectSame(await ffmpeg.read('out.raw'), expected);
});

test('a filter that holds frames back in one branch does not stop the other for ever', async ({ ffmpeg }) => {
  await ffmpeg.make(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x480:rate=25',
    '-frames:v',
    '60',
    '-c:v',
    'ffv1',
    'long.mkv',
  );
  const filter = dnn('dim.pb', ':nireq=1:batch_size=1');
  const graph = `[0:v]format=rgb24,${filter},split[a][b];[b]reverse,${filter}[c];[a][c]hstack`;
  await ffmpeg.make('-i', 'long.mkv', '-filter_complex', graph, '-c:v', 'mpeg4', 'out.mkv');
  expect(await ffmpeg.countFrames('out.mkv')).toBe(60);
});

test('original and enhanced, one over the other, without labels', async ({ ffmpeg }) => {
  await chain(ffmpeg, 'format=rgb24', 'original.raw');
  await chain(ffmpeg, `format=rgb24,${dim}`, 'enhanced.raw');
  const overlay = 'overlay=x=W/2:format=rgb';
  const expected = await join(ffmpeg, overlay, '64x48', 'original.raw', 'enhanced.raw');
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-lavfi', `split[a],format=rgb24,${dim}[b];[a][b]${overlay}`, ...raw, 'out.raw'],
  );
  expectSame(await ffmpeg.read('out.raw'), expected);
  // The second input of overlay has no label: it is the first stream that is left, of the second file.
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-i', 'in.mkv', '-filter_complex'],
    ...[`format=rgb24,${dim}[a];[a]${overlay}`, ...raw, 'out.raw'],
  );
  expectSame(
    await ffmpeg.read('out.raw'),
    await join(ffmpeg, overlay, '64x48', 'enhanced.raw', 'original.raw'),
  );
});

test('the same streams, times and frames as with null in place of the DNN filters', async ({ ffmpeg }) => {
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-f', 'lavfi', '-i', 'sine=duration=0.4'],
    ...[
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c:v',
      'libx264',
      '-c:a',
      'aac',
      '-metadata:s:a',
      'language=ger',
      'film.mp4',
    ],
  );
  const graphs = [
    (filter: string) => `scale=32:24,format=rgb24,${filter}`,
    (filter: string) => `[0:v]setpts=PTS+1/TB,${filter}[a];[0]${filter}[b];[a][b]hstack[c]`,
    (filter: string) => `[0:v]trim=start=0.2,${filter}[a];[1:v]${filter}[b];[a][b]concat,fps=30[c]`,
    (filter: string) => `[0:v][0:a][1:v][1:a]concat=n=2:a=1[v][s];[v]${filter}[c];[s]anull[d]`,
  ];
  for (const graph of graphs) {
    const maps = ['c', 'd'].flatMap((label) =>
      graph('').endsWith(`[${label}]`) || graph('').includes(`[${label}];`) ? ['-map', `[${label}]`] : [],
    );
    const job = (filter: string, path: string) => [
      ...['-i', 'film.mp4', '-i', 'film.mp4', '-filter_complex', graph(filter), ...maps],
      ...['-c:v', 'ffv1', '-c:a', 'pcm_s16le', path],
    ];
    await ffmpeg.make(...job('format=rgb24,null', 'null.mkv'));
    await ffmpeg.make(...job(`format=rgb24,${dim}`, 'out.mkv'));
    const timesOf = async (path: string) =>
      (await ffmpeg.packets(path, '-map', '0', '-c', 'copy')).map((packet) => packet.slice(0, 4));
    expect(await timesOf('out.mkv'), graph('…')).toEqual(await timesOf('null.mkv'));
  }
});

test('a DNN filter in the -vf of two outputs', async ({ ffmpeg }) => {
  const expected = await chain(ffmpeg, `format=rgb24,${double}`);
  const dimmed = await chain(ffmpeg, `vflip,format=rgb24,${dim}`);
  await ffmpeg.make(
    ...['-i', 'in.mkv', '-vf', `format=rgb24,${double}`, ...raw, 'one.raw'],
    ...['-vf', `vflip,format=rgb24,${dim}`, ...raw, 'two.raw', '-c', 'copy', 'copy.mkv'],
  );
  expectSame(await ffmpeg.read('one.raw'), expected);
  expectSame(await ffmpeg.read('two.raw'), dimmed);
  expect(await ffmpeg.countFrames('copy.mkv')).toBe(frames);
});

const twoBranches = (left: string, right: string): string =>
  `[0:v]split[a][b];[a]${left}[c];[b]${right}[d];[c][d]hstack`;

test('a stop in the middle leaves a valid file', async ({ ffmpeg }) => {
  const filter = `format=rgb24,${double}`;
  const running = ffmpeg.run([
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=200'],
    ...['-filter_complex', twoBranches(filter, `${filter},hflip`), '-c:v', 'ffv1', 'out.mkv'],
  ]);
  await ffmpeg.page.waitForFunction(() =>
    window.lines.some((line) => /\[encode\].*frame= *[1-9]/.test(line)),
  );
  await ffmpeg.page.evaluate(() => window.ffmpeg.stop());
  expect(await running).toMatchObject({ exitCode: 255 });
  const count = await ffmpeg.countFrames('out.mkv');
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(5000);
  await ffmpeg.expectIdle();
});

test('a model that fails in one branch ends the job with its message', async ({ ffmpeg }) => {
  await ffmpeg.write('fault.pb', faultModel());
  const luma = 'if(eq(N\\,40)\\,255\\,mod(X\\,200))';
  const running = ffmpeg.run([
    ...['-f', 'lavfi', '-i', `color=size=64x48:rate=25:duration=2000,format=gray,geq=lum='${luma}'`],
    ...[
      '-filter_complex',
      twoBranches(`format=gray,${dnn('fault.pb', '', 'tensorflow')}`, 'format=gray'),
      '-c:v',
      'ffv1',
      'out.mkv',
    ],
  ]);
  const { error, seconds } = await running;
  expect(error?.code).toBe('DNN_GENERIC_ERROR');
  expect(error?.message).toMatch(/fault\.pb.* with pts \d+ \(1\.600 s\)/);
  expect(seconds).toBeLessThan(60);
  const both = await ffmpeg.run([
    ...['-f', 'lavfi', '-i', `color=size=64x48:rate=25:duration=2000,format=gray,geq=lum='${luma}'`],
    ...['-filter_complex'],
    ...[
      twoBranches(`format=gray,${dnn('fault.pb', '', 'tensorflow')}`, `format=rgb24,${dim},format=gray`),
      '-c:v',
      'ffv1',
      'out.mkv',
    ],
  ]);
  expect(both.error?.code).toBe('DNN_GENERIC_ERROR');
  expect(await ffmpeg.countFrames('out.mkv')).toBeGreaterThan(0);
  await ffmpeg.expectIdle();
});

test('what does not fit is refused with its place', async ({ ffmpeg }) => {
  const { error } = await ffmpeg.run(['-i', 'in.mkv', '-filter_complex', `[0:v][0:v]${dim}`, 'out.mkv']);
  expect(error).toMatchObject({ code: 'EINVAL' });
  expect(error?.message).toContain('exactly one input and one output');
  const unused = await ffmpeg.run([
    '-i',
    'in.mkv',
    '-filter_complex',
    `[0:v]${dim}[nobody]`,
    '-map',
    '0:v',
    'out.mkv',
  ]);
  expect(unused.exitCode).toBe(1);
  expect(unused.log.join('\n')).toContain('unconnected output');
});

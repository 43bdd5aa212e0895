/** Whole commands: every way in and out, limits, streams beside the video. */
import { dnn, doubleModel } from './models.ts';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { expect, test } from './page-test.ts';

const double = `format=rgb24,${dnn('double.pb')}`;

test.beforeEach(async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
});

/** A clip of one second with sound. */
async function film(ffmpeg: FFmpegPage, path: string): Promise<void> {
  await ffmpeg.make(
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=25:duration=1',
      '-f',
      'lavfi',
      '-i',
      'sine=duration=1',
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path],
  );
}

const times = (packets: readonly (readonly string[])[]): string[] => packets.map((packet) => packet[2]!);

test('size, frames and sound of an mp4, index in front', async ({ ffmpeg }) => {
  await film(ffmpeg, 'in.mp4');
  await ffmpeg.make('-i', 'in.mp4', '-vf', double, '-c:a', 'copy', '-movflags', '+faststart', 'out.mp4');
  expect(await ffmpeg.size('out.mp4')).toBe('128x96');
  expect(await ffmpeg.countFrames('out.mp4')).toBe(25);
  const sound = ['-map', '0:a', '-c', 'copy'];
  expect(await ffmpeg.packets('out.mp4', ...sound)).toEqual(await ffmpeg.packets('in.mp4', ...sound));
  const bytes = await ffmpeg.read('out.mp4');
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
});

test('frame times of a film with a variable rate', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 10, '-vf', "setpts='N*N*2+N*40'/1000/TB", '-fps_mode', 'vfr', '-c:v', 'ffv1');
  await ffmpeg.make('-i', 'in.mkv', '-vf', double, '-c:v', 'ffv1', 'out.mkv');
  const before = times(await ffmpeg.packets('in.mkv', '-c', 'copy'));
  expect(new Set(before.map((time, index) => Number(time) - Number(before[index - 1]))).size).toBeGreaterThan(
    5,
  );
  expect(times(await ffmpeg.packets('out.mkv', '-c', 'copy'))).toEqual(before);
});

test('a size that changes in mid-stream is told, with the moment and both sizes', async ({ ffmpeg }) => {
  const parts: Buffer[] = [];
  for (const [size, start] of [
    ['64x48', 0],
    ['48x64', 1],
  ] as const) {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=1`];
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
    await ffmpeg.make(...picture, ...encode, '-output_ts_offset', String(start), '-y', 'part.ts');
    parts.push(await ffmpeg.read('part.ts'));
  }
  await ffmpeg.write('turned.ts', Buffer.concat(parts));
  const log = await ffmpeg.make('-i', 'turned.ts', '-vf', double, '-c:v', 'rawvideo', 'out.nut');
  const told = log.filter((line) => line.includes('changes its size'));
  expect(told).toEqual([
    expect.stringMatching(/from 64x48 to 48x64 at \d.* s \(pts \d+\): frames from there/),
  ]);
  expect(log.filter((line) => line.includes('showinfo'))).toEqual([]);
  const packets = await ffmpeg.packets('out.nut');
  expect(packets).toHaveLength(20);
  expect(new Set(packets.map((packet) => packet[4]))).toEqual(new Set([String(3 * 128 * 96)]));
});

test('limits end a job early: -frames:v, -t, -shortest, -ss', async ({ ffmpeg }) => {
  await film(ffmpeg, 'in.mp4');
  await ffmpeg.make(
    '-i',
    'in.mp4',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=0.2',
    '-map',
    '0:v',
    '-map',
    '1:a',
    '-vf',
    double,
    '-c:v',
    'ffv1',
    '-c:a',
    'pcm_s16le',
    '-shortest',
    'short.mkv',
  );
  // Encoders that hold frames back would let more of them pass, as in ffmpeg.
  expect(await ffmpeg.countFrames('short.mkv')).toBeLessThan(10);
  const cases: readonly (readonly [readonly string[], readonly string[], number])[] = [
    [[], ['-frames:v', '5'], 5],
    [[], ['-t', '0.4'], 10],
    [['-t', '0.4'], [], 10],
    [['-ss', '0.4'], [], 15],
    [['-ss', '0.2'], ['-t', '0.2'], 5],
  ];
  for (const [before, after, frames] of cases) {
    await ffmpeg.make(...before, '-i', 'in.mp4', '-vf', double, ...after, '-an', 'out.mkv');
    expect(await ffmpeg.countFrames('out.mkv'), [...before, '-i', ...after].join(' ')).toBe(frames);
  }
  await ffmpeg.expectIdle();
});

test('pictures in and out, segments', { tag: '@dev' }, async ({ ffmpeg }) => {
  await ffmpeg.clip('in%03d.png', 6);
  await ffmpeg.make('-framerate', '25', '-i', 'in%03d.png', '-vf', double, 'out%03d.png');
  await ffmpeg.make('-i', 'in001.png', '-vf', double, 'one.png');
  const names = await ffmpeg.page.evaluate(async () =>
    (await window.ffmpeg.listDir('/')).map(({ name }) => name).filter((name) => name.startsWith('out')),
  );
  expect(names).toEqual(['out001.png', 'out002.png', 'out003.png', 'out004.png', 'out005.png', 'out006.png']);
  expect(await ffmpeg.size('out006.png')).toBe('128x96');
  expect((await ffmpeg.read('one.png')).equals(await ffmpeg.read('out001.png'))).toBe(true);

  const segment = ['-f', 'segment', '-segment_time', '0.4', '-c:v', 'mpeg4', '-g', '10'];
  await film(ffmpeg, 'in.mp4');
  await ffmpeg.make('-i', 'in.mp4', '-an', '-vf', double, ...segment, 'part%d.mkv');
  const counts = [];
  for (const part of ['part0.mkv', 'part1.mkv', 'part2.mkv']) counts.push(await ffmpeg.countFrames(part));
  expect(counts).toEqual([10, 10, 5]);
});

test('quotes, escapes and links in a chain; a chain from a file', async ({ ffmpeg }) => {
  const plain = ['-f', 'rawvideo', 'out.raw'];
  await ffmpeg.clip('in.mkv', 3, '-c:v', 'ffv1');
  await ffmpeg.make('-i', 'in.mkv', '-vf', double, ...plain);
  const expected = await ffmpeg.read('out.raw');
  await ffmpeg.write("a b:c,d'e.pb", doubleModel(3));
  // A name with every character that means something, as FFmpeg's two levels of quoting want it.
  const chains = [
    `format=rgb24,dnn_processing=dnn_backend=tensorflow:model=a b\\\\:c\\,d\\\\\\'e.pb:input=x:output=y`,
    `[in] format = rgb24 [a]; [a] ${dnn("'double.pb'")} [out]`,
    `format=rgb24,dnn_processing=tensorflow:double.pb:x:y:nireq=1`,
  ];
  for (const chain of chains) {
    await ffmpeg.make('-i', 'in.mkv', '-vf', chain, ...plain);
    expect((await ffmpeg.read('out.raw')).equals(expected), chain).toBe(true);
  }
  await ffmpeg.write('chain.txt', Buffer.from(double));
  await ffmpeg.make('-i', 'in.mkv', '-filter_script:v', 'chain.txt', ...plain);
  expect((await ffmpeg.read('out.raw')).equals(expected)).toBe(true);
});

test('jobs one after another leave nothing behind', async ({ ffmpeg }) => {
  test.slow();
  await ffmpeg.clip('in.mkv', 2, '-c:v', 'ffv1');
  // Now and then a core is worn, and the next job starts another: one job alone may end with fewer workers.
  const workers: number[] = [];
  for (let job = 0; job < 20; job++) {
    await ffmpeg.make('-i', 'in.mkv', '-vf', double, '-c:v', 'ffv1', 'out.mkv');
    await ffmpeg.expectIdle();
    workers.push(ffmpeg.workers);
  }
  expect(Math.max(...workers.slice(5))).toBeLessThanOrEqual(Math.max(...workers.slice(0, 5)));
  await ffmpeg.expectNothingHeld();
  expect(await ffmpeg.countFrames('out.mkv')).toBe(2);
});

test('a command starts with the defaults of ffmpeg, whatever its core ran before', async ({ ffmpeg }) => {
  await film(ffmpeg, 'in.mp4');
  const copy = ['-ss', '0.4', '-i', 'in.mp4', '-map', '0', '-c', 'copy', '-f', 'framecrc', 'out.txt'];
  const log = async (): Promise<readonly string[]> =>
    (await ffmpeg.make(...copy))
      // How many there are before the last one depends on time.
      .filter((line) => !/^frame=.* size=/.test(line))
      .map((line) => line.replace(/(fps|speed)= *\S+/g, '$1'));
  const said = await log();
  const written = (await ffmpeg.read('out.txt')).toString();
  expect(said[0]).toMatch(/^ffmpeg version/);
  const commands = [
    ['-copyts', '-hide_banner', '-nostats', ...copy],
    ['-v', 'level+error', ...copy],
    ['-vsync', 'drop', '-async', '1', '-stats_period', '5', ...copy],
    ['-copyts', '-start_at_zero', '-i', 'in.mp4', '-vf', `${double},hflip,${double}`, 'twice.mkv'],
  ];
  for (const command of commands) {
    await ffmpeg.make(...command);
    expect(await log(), command.join(' ')).toEqual(said);
    expect((await ffmpeg.read('out.txt')).toString(), command.join(' ')).toBe(written);
  }
  expect(await ffmpeg.make('-v', 'error', ...copy)).toEqual([]);
  // An option of ffprobe that prints more than its defaults do.
  const probe = (...words: string[]): Promise<readonly string[]> =>
    ffmpeg.page.evaluate(async (args) => {
      window.lines = [];
      await window.ffmpeg.ffprobe(args);
      return window.lines;
    }, words);
  const probed = await probe('in.mp4');
  expect((await probe('-show_streams', 'in.mp4')).join()).toContain('[STREAM]');
  expect(await probe('in.mp4')).toEqual(probed);
});

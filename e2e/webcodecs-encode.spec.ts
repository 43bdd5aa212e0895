/** Encoders of the browser in ffmpeg's command line: what they make is muxed as what ffmpeg's own make. */
import type { FFmpegPage } from './ffmpeg-page.ts';
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

/** Each encoder, and words for one of ffmpeg's that takes and gives one frame at a time, too. */
const pairs = {
  h264: ['libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
  vp8: ['libvpx', '-deadline', 'realtime', '-lag-in-frames', '0'],
} as const;

/** What a file plays when, without the video's bytes: stream, dts, pts, duration; sound with its checksum. */
async function timesOf(ffmpeg: FFmpegPage, path: string): Promise<string[]> {
  const packets = await ffmpeg.packets(path, '-map', '0', '-c', 'copy', '-copyts');
  return packets.map(([stream = '', ...fields]) =>
    [stream, ...(stream === '0' ? fields.slice(0, 3) : fields)].join(' '),
  );
}

/** What ffmpeg lists of a file, without names of encoders and rates of bits. */
async function listed(ffmpeg: FFmpegPage, path: string): Promise<string[]> {
  const { log } = await ffmpeg.run(['-hide_banner', '-i', path]);
  const start = log.findIndex((line) => line.startsWith('Input #0'));
  return log
    .slice(start)
    .filter((line) => !/encoder|bitrate|At least one|Input #0/i.test(line))
    .map((line) => line.replace(/ \((High|Constrained Baseline)\)|, \d+ kb\/s|,? ?progressive/g, ''));
}

/** Makes a file with either encoder, and expects both alike. */
async function expectAlike(
  ffmpeg: FFmpegPage,
  codec: keyof typeof pairs,
  words: readonly string[],
  ending: string,
): Promise<void> {
  await ffmpeg.make('-i', 'in.mov', ...words, '-c:v', `${codec}_webcodecs`, `web${ending}`);
  await ffmpeg.make('-i', 'in.mov', ...words, '-c:v', ...pairs[codec], `own${ending}`);
  const own = await timesOf(ffmpeg, `own${ending}`);
  expect(own.length).toBeGreaterThan(15);
  expect(await timesOf(ffmpeg, `web${ending}`), ending).toEqual(own);
  expect(await listed(ffmpeg, `web${ending}`), ending).toEqual(await listed(ffmpeg, `own${ending}`));
  const frames = own.filter((line) => line.startsWith('0 ')).length;
  expect(await ffmpeg.countFrames(`web${ending}`), ending).toBe(frames);
}

/** 29.97 frames a second with sound, tags and two languages. */
const filmed = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=30000/1001:duration=1'],
  ...['-f', 'lavfi', '-i', 'sine=duration=1'],
  ...['-vf', 'setsar=4/3,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ...['-metadata:s:v', 'language=deu', '-metadata:s:a', 'language=fra', '-disposition:v', 'default+original'],
];

test('times, tags and sound are those of a file that ffmpeg encodes, in each container', async ({
  ffmpeg,
}) => {
  await ffmpeg.make(...filmed, 'in.mov');
  for (const ending of ['.mp4', '.mov', '.mkv', '.ts', '.m3u8'])
    await expectAlike(ffmpeg, 'h264', ['-c:a', 'copy'], ending);
  await expectAlike(ffmpeg, 'h264', ['-c:a', 'copy', '-movflags', '+frag_keyframe+empty_moov'], '.f.mp4');
  await expectAlike(ffmpeg, 'vp8', ['-c:a', 'libvorbis'], '.webm');
});

test('whether frames come at a constant rate or not, and whatever the options choose', async ({ ffmpeg }) => {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=60:duration=1', '-c:v', 'mpeg4'];
  await ffmpeg.make(...source, 'in.mov');
  await expectAlike(ffmpeg, 'h264', [], '.60.mp4');
  await expectAlike(ffmpeg, 'h264', ['-vf', 'hflip', '-r', '24', '-ss', '0.125', '-t', '0.8'], '.24.mp4');
  await ffmpeg.make(
    ...source,
    '-vf',
    'select=mod(n\\,3)+not(mod(n\\,7))',
    '-fps_mode',
    'vfr',
    '-y',
    'in.mkv',
  );
  await expectAlike(ffmpeg, 'h264', [], '.vfr.mkv');
  await expectAlike(ffmpeg, 'h264', [], '.cfr.mp4');
  await expectAlike(ffmpeg, 'h264', ['-fps_mode', 'vfr'], '.vfr.mp4');
});

test('frames of a network are encoded with and without an ffmpeg between', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.clip('in.mkv', 12, '-c:v', 'ffv1');
  const job = (...words: string[]) => [
    ...[
      '-i',
      'in.mkv',
      '-vf',
      `format=rgb24,${dnn('double.pb')}`,
      '-c:v',
      'vp9_webcodecs',
      '-qp',
      '5',
      ...words,
    ],
  ];
  const direct = await ffmpeg.make(...job('-g', '5', 'direct.webm'));
  expect(direct.filter((line) => line.startsWith('[rate]'))).toEqual([]);
  // The same, by a stage of ffmpeg.
  const staged = await ffmpeg.make(...job('-g', '5', '-enc_time_base', '1:25', 'staged.webm'));
  expect(staged.some((line) => line.startsWith('[rate]'))).toBe(true);
  const packets = await ffmpeg.packets('direct.webm', '-c', 'copy');
  expect(packets).toHaveLength(12);
  expect(await ffmpeg.packets('staged.webm', '-c', 'copy')).toEqual(packets);
  expect(await ffmpeg.countFrames('direct.webm')).toBe(12);
  expect(await ffmpeg.size('direct.webm')).toBe('128x96');
});

test('key frames come where they are asked for', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 30, '-c:v', 'ffv1');
  const keyFrames = async (...words: string[]) => {
    await ffmpeg.make('-i', 'in.mkv', '-c:v', 'h264_webcodecs', ...words, '-y', 'out.mkv');
    const log = await ffmpeg.make('-i', 'out.mkv', '-vf', 'showinfo=checksum=0', '-f', 'null', '-');
    return log.flatMap((line) => /n: *(\d+) .*iskey:1/.exec(line)?.[1] ?? []).join(' ');
  };
  expect(await keyFrames()).toBe('0');
  expect(await keyFrames('-g', '12')).toBe('0 12 24');
  expect(await keyFrames('-force_key_frames', '0.2,0.61')).toBe('0 5 16');
  expect(await keyFrames('-force_key_frames', 'expr:gte(t,n_forced*0.4)')).toBe('0 10 20');
});

test('an encoder that the browser does not have is refused before a file is touched', async ({ ffmpeg }) => {
  await ffmpeg.clip('in.mkv', 3, '-c:v', 'ffv1');
  await ffmpeg.write('out.mp4', new Uint8Array(7));
  for (const words of [
    ['-c:v', 'hevc_webcodecs'],
    ['-vf', 'scale=63:47', '-c:v', 'h264_webcodecs'],
  ]) {
    const { error } = await ffmpeg.run(['-i', 'in.mkv', ...words, '-y', 'out.mp4']);
    expect(error?.message).toMatch(/write -c:v libx264|write scale=62:46 as the last filter/);
    expect((await ffmpeg.read('out.mp4')).length).toBe(7);
  }
});

/** A job that nothing but the test ends. */
const longJob = [
  ...[
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x120:rate=25:duration=4000',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=4000',
  ],
  ...[
    '-c:v',
    'h264_webcodecs',
    '-g',
    '25',
    '-c:a',
    'aac',
    'out.mp4',
    '-map',
    '0:v',
    '-c:v',
    'vp8_webcodecs',
    'out.mkv',
  ],
];

const hasFrames = () => window.lines.some((line) => /\[encode\].*frame= *[1-9]\d\d/.test(line));

test('what is stopped is a file that plays', async ({ ffmpeg }) => {
  const running = ffmpeg.run(longJob);
  await ffmpeg.page.waitForFunction(hasFrames);
  await ffmpeg.page.evaluate(() => window.ffmpeg.stop());
  expect((await running).exitCode).toBe(255);
  for (const path of ['out.mp4', 'out.mkv']) expect(await ffmpeg.countFrames(path)).toBeGreaterThan(99);
});

test('so is what was encoded before the encoder was lost', async ({ ffmpeg }) => {
  const running = ffmpeg.run(longJob);
  await ffmpeg.page.waitForFunction(hasFrames);
  const encoder = ffmpeg.page.workers().find((worker) => worker.url().includes('codec.worker'));
  await encoder!.evaluate(() => {
    close();
  });
  const { error } = await running;
  expect(error?.message).toMatch(/^The (h264|vp8)_webcodecs worker died: run the command again/);
  for (const path of ['out.mp4', 'out.mkv']) expect(await ffmpeg.countFrames(path)).toBeGreaterThan(99);
});

test('video of a complex filtergraph is refused with what to write, sound of one is mixed in', async ({
  ffmpeg,
}) => {
  await ffmpeg.make(...filmed, 'in.mov');
  const encoder = ['-c:v', 'h264_webcodecs', 'out.mp4'];
  const { error } = await ffmpeg.run([
    ...['-i', 'in.mov', '-filter_complex', '[0:v]hflip[v]', '-map', '[v]'],
    ...encoder,
  ]);
  expect(error?.message).toContain('complex filtergraph (-map [v]): put the filters into -vf');
  const mix = ['-filter_complex', '[0:a]volume=0.5[s]', '-map', '0:v', '-map', '[s]', '-c:a', 'aac'];
  await ffmpeg.make('-i', 'in.mov', ...mix, ...encoder);
  expect(await ffmpeg.countFrames('out.mp4')).toBe(30);
  expect((await ffmpeg.packets('out.mp4', '-map', '0:a', '-c', 'copy')).length).toBeGreaterThan(40);
});

/** ffmpeg's encoders behind a network and without one: those that the stock core alone cannot run. */
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-frames:v', '5'];

test('mjpeg, VP9 and Opus encode, with and without a DNN filter', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(1));
  await ffmpeg.make(...source, '-c:v', 'ffv1', 'in.mkv');
  await ffmpeg.make('-i', 'in.mkv', '-vf', `format=gray,${dnn('double.pb')}`, 'pictures%d.jpg');
  expect(await ffmpeg.size('pictures5.jpg')).toBe('640x360');
  await ffmpeg.make('-i', 'in.mkv', '-vf', 'scale=640:360', '-c:v', 'mjpeg', 'plain.avi');
  expect(await ffmpeg.countFrames('plain.avi')).toBe(5);
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=0.2', '-c:a', 'libopus'];
  const fast = ['-deadline', 'realtime', '-cpu-used', '8'];
  await ffmpeg.make('-i', 'in.mkv', ...sound, '-vf', `format=gray,${dnn('double.pb')}`, ...fast, 'out.webm');
  expect(await ffmpeg.countFrames('out.webm')).toBe(5);
});

test('x265 is refused in words before anything starts', async ({ ffmpeg }) => {
  for (const words of [['-c:v', 'libx265', 'out.mp4'], ['out.hevc']]) {
    const { error, seconds } = await ffmpeg.run([...source, ...words]);
    expect(error).toMatchObject({ code: 'ENOSYS', message: expect.stringContaining('write `-c:v libx264`') });
    expect(seconds).toBeLessThan(5);
  }
});

test('x264 that cannot fit is refused at once, and what was left open is made to fit', async ({ ffmpeg }) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  await ffmpeg.make(
    ...['-f', 'lavfi', '-i', 'color=gray:size=1920x1080:rate=25', '-frames:v', '1'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', 'in.mp4'],
  );
  const job = (...words: string[]) => [
    ...['-i', 'in.mp4', '-vf', `format=rgb24,${dnn('double.pb')}`, '-c:v', 'libx264', ...words, 'out.mp4'],
  ];
  const { error, seconds } = await ffmpeg.run(job('-rc-lookahead', '40'));
  expect(error?.code).toBe('ENOMEM');
  expect(error?.message).toContain('for 3840x2160 in yuv444p with these options');
  expect(seconds).toBeLessThan(5);
  const log = await ffmpeg.make(...job());
  expect(log.filter((line) => line.includes('-rc-lookahead 19 is added'))).toHaveLength(1);
  expect(log.some((line) => line.startsWith('[encode] [libx264') && line.includes(' rc_lookahead=19 '))).toBe(
    true,
  );
});

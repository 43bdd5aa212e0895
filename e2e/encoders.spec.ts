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

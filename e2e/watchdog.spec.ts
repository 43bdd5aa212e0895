/** A stage of ffmpeg that hangs: it is named with its last step and ended, and what was written is kept. */
import { dnn, doubleModel } from './models.ts';
import { expect, test } from './page-test.ts';

/** Blocks its core for hours at frame 10, after ten frames at their pace. */
const hanging = "setpts='if(gte(N,10),PTS+9999/TB,PTS)',realtime=limit=99999";
const network = `format=rgb24,${dnn('double.pb')}`;
const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25'];
/** Each frame is written when it is encoded. */
const encoder = ['-c:v', 'ffv1', '-cluster_time_limit', '0', '-flush_packets', '1', 'out.mkv'];

const stages = [
  { name: 'ffmpeg', chain: hanging, frames: true },
  { name: 'The decode stage', chain: `${hanging},${network}`, frames: true },
  { name: 'The encode stage', chain: `${network},${hanging}`, frames: true },
  { name: 'The planning run', chain: `${hanging},select='gte(n,11)',${network}`, frames: false },
];

for (const { name, chain, frames } of stages) {
  test(`where ${name} hangs, the command ends and says so, and another command works`, async ({ ffmpeg }) => {
    await ffmpeg.write('double.pb', doubleModel(3));
    const { error, seconds } = await ffmpeg.run(['-dnn_watchdog', '2', ...source, '-vf', chain, ...encoder]);
    expect(error?.code).toBe('EIO');
    expect(error?.message).toMatch(
      new RegExp(`^${name} hung and was ended: it has worked for 2 s since it .*-dnn_watchdog SECONDS`),
    );
    expect(seconds).toBeLessThan(20);
    if (frames) expect(await ffmpeg.countFrames('out.mkv')).toBeGreaterThanOrEqual(5);
    await ffmpeg.clip('next.mkv', 3, '-c:v', 'ffv1');
    expect(await ffmpeg.countFrames('next.mkv')).toBe(3);
    await ffmpeg.expectIdle();
  });
}

test('an input that is read at its own pace is no hang, nor is a stage that waits for it', async ({
  ffmpeg,
}) => {
  await ffmpeg.write('double.pb', doubleModel(3));
  const slow = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=1/3:duration=6'];
  await ffmpeg.make('-dnn_watchdog', '2', ...slow, '-vf', network, '-c:v', 'ffv1', 'out.mkv');
  expect(await ffmpeg.countFrames('out.mkv')).toBe(2);
});

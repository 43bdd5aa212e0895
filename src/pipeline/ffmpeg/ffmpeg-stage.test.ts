import { expect, test, vi } from 'vitest';
import { createDeferred } from '../../base/deferred.ts';
import type { FfmpegCore } from '../../media/ffmpeg-core.ts';
import type { CorePool } from './core-pool.ts';
import { FfmpegStage } from './ffmpeg-stage.ts';

/** A stage whose core comes when the test says so. */
function waitingStage() {
  const core = createDeferred<FfmpegCore>();
  const given: FfmpegCore[] = [];
  const cores: Pick<CorePool, 'take' | 'give'> = {
    take: () => core.promise,
    give: (back) => {
      given.push(back);
    },
  };
  const stage = new FfmpegStage({
    cores: cores as CorePool,
    name: 'The stage',
    files: { cwd: '/', inputs: [], directories: [] },
    outputs: { mode: 'discard' },
    onLog: () => undefined,
  });
  return { stage, core, given };
}

test('a stage that is ended while its core loads ends at once; the core is for the next one', async () => {
  const { stage, core, given } = waitingStage();
  const running = stage.run(['-version']);
  stage.kill();
  await expect(running).rejects.toMatchObject({ name: 'DnnError', code: 'EIO' });
  expect([stage.hasStarted, given]).toEqual([false, []]);
  const terminate = vi.fn();
  const late = { terminate } as unknown as FfmpegCore;
  core.resolve(late);
  await vi.waitFor(() => {
    expect(given).toEqual([late]);
  });
  expect(terminate).not.toHaveBeenCalled();
});

test('a stage that was ended before takes no core', async () => {
  const { stage, core, given } = waitingStage();
  stage.kill();
  await expect(stage.run(['-version'])).rejects.toMatchObject({ code: 'EIO' });
  core.resolve({ alive: true } as unknown as FfmpegCore);
  await Promise.resolve();
  expect(given).toEqual([]);
});

test('a core that does not load is the failure of its stage', async () => {
  const { stage, core } = waitingStage();
  const running = stage.run(['-version']);
  core.reject(new Error('no such file'));
  await expect(running).rejects.toThrow('no such file');
});

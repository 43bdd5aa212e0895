import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { livingWorker, type LivingWorker } from '../workers/living-worker.test-support.ts';
import type { PipelineApi } from '../workers/pipeline-api.ts';
import { FFmpegDNN } from './ffmpeg-dnn.ts';

vi.mock('../workers/spawn.ts', () => ({
  spawnPipelineWorker: () => {
    const api: Pick<PipelineApi, 'load' | 'exec'> = {
      load: () => Promise.resolve(true),
      exec: () => new Promise(() => undefined),
    };
    const started = livingWorker<PipelineApi>(api, 'pipeline worker');
    workers.push(started);
    return started.client;
  },
}));

let workers: LivingWorker<PipelineApi>[] = [];

beforeEach(() => {
  workers = [];
  vi.stubGlobal('document', { baseURI: 'https://site.test/', hidden: false });
  vi.stubGlobal('location', { origin: 'https://site.test' });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a pipeline worker that dies rejects what runs, and load() starts another one', async () => {
  const config = { baseURL: 'https://site.test/' };
  const ffmpeg = new FFmpegDNN();
  await ffmpeg.load(config);
  const running = ffmpeg.exec(['-i', 'in.mkv', 'out.mkv']);
  await workers[0]!.die();
  await expect(running).rejects.toBeInstanceOf(DnnError);
  await expect(running).rejects.toMatchObject({ message: 'pipeline worker died' });
  expect(ffmpeg.loaded).toBe(false);
  await expect(ffmpeg.exec(['-version'])).rejects.toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('load()') as string,
  });
  expect(await ffmpeg.load(config)).toBe(true);
  expect([workers.length, ffmpeg.loaded]).toEqual([2, true]);
  const again = ffmpeg.exec(['-version']);
  ffmpeg.terminate();
  await expect(again).rejects.toMatchObject({ name: 'AbortError' });
});

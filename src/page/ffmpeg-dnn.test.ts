import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { livingWorker, type LivingWorker } from '../workers/living-worker.test-support.ts';
import type { PipelineApi, SpoolNames } from '../workers/pipeline-api.ts';
import { FFmpegDNN } from './ffmpeg-dnn.ts';

vi.mock('../workers/spawn.ts', () => ({
  spawnPipelineWorker: () => {
    const api: Pick<PipelineApi, 'load' | 'exec'> = {
      load: (_assets, _events, spools) => {
        spoolsOf.push(spools!);
        return Promise.resolve(true);
      },
      exec: () => new Promise(() => undefined),
    };
    const started = livingWorker<PipelineApi>(api, 'pipeline worker');
    workers.push(started);
    return started.client;
  },
}));

let workers: LivingWorker<PipelineApi>[] = [];
let spoolsOf: SpoolNames[] = [];
/** Of the locks of their folders: aborted once the page lets one go. */
let held: AbortSignal[] = [];

beforeEach(() => {
  workers = [];
  spoolsOf = [];
  vi.stubGlobal('document', { baseURI: 'https://site.test/', hidden: false });
  held = [];
  const request = (_name: string, { signal }: { signal: AbortSignal }): Promise<void> => {
    held.push(signal);
    return new Promise(() => undefined);
  };
  vi.stubGlobal('navigator', { hardwareConcurrency: 2, locks: { request } });
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

test('the outputs of a worker that died go to the next one, once; those of one that was ended to nobody', async () => {
  const config = { baseURL: 'https://site.test/' };
  const ffmpeg = new FFmpegDNN();
  const loseWorker = async (): Promise<void> => {
    await workers.at(-1)!.die();
    await expect.poll(() => ffmpeg.loaded).toBe(false);
  };
  await ffmpeg.load(config);
  await loseWorker();
  await ffmpeg.load(config);
  ffmpeg.terminate();
  await ffmpeg.load(config);
  await loseWorker();
  await ffmpeg.load(config);
  ffmpeg.terminate();
  const own = spoolsOf.map((spools) => spools.own);
  expect(new Set(own).size).toBe(4);
  expect(spoolsOf.map(({ left }) => left)).toEqual([[], [own[0]], [], [own[2]]]);
  expect(held.map(({ aborted }) => aborted)).toEqual([false, true, false, true]);
});

import { expect, test } from 'vitest';
import type { CoreLog, FfmpegCore } from '../../media/ffmpeg-core.ts';
import type { Progress } from '../../workers/pipeline-api.ts';
import type { JobContext } from './job-context.ts';
import { discardedOutputs } from './output-collector.ts';
import { PlainJob } from './plain-job.ts';

/** A core that says these lines, and after each how far it is. */
function sayingCore(lines: readonly string[]): Partial<FfmpegCore> {
  let log: (line: CoreLog) => void = () => undefined;
  let progress: (share: number, microseconds: number) => void = () => undefined;
  return {
    onLog: (listener) => {
      log = listener;
      return () => undefined;
    },
    onProgress: (listener) => {
      progress = listener;
      return () => undefined;
    },
    onEvent: () => () => undefined,
    owner: '',
    mount: () => Promise.resolve(),
    report: () => Promise.resolve({ files: [], faults: [] }),
    exec: () => {
      for (const [index, message] of lines.entries()) {
        log({ type: 'stderr', message });
        progress((index + 1) / lines.length, (index + 1) * 500_000);
      }
      return Promise.resolve(0);
    },
  };
}

test("progress and figures have ffmpeg's own counts of frames", async () => {
  const core = sayingCore([
    'Stream mapping:',
    'frame=   12 fps=0.0 q=-0.0 size=       1kB time=00:00:00.50 bitrate=  16.4kbits/s speed=   1x    ',
    'frame=   30 fps= 24 q=-0.0 Lsize=       2kB time=00:00:01.25 bitrate=  13.1kbits/s speed=   1x    ',
  ]);
  const events: Progress[] = [];
  const context = {
    cores: { take: () => Promise.resolve(core), give: () => undefined },
    log: () => undefined,
    progress: (event: Progress) => events.push(event),
  };
  const files = { cwd: '/', inputs: [], directories: [] };
  const job = new PlainJob(context as unknown as JobContext, files, discardedOutputs());
  expect(await job.run([])).toBe(0);
  expect(events.map(({ frame, fps, time }) => [frame, fps, time])).toEqual([
    [0, 0, 0.5],
    [12, 0, 1],
    [30, 24, 1.5],
  ]);
  expect(job.stats()).toMatchObject({ frames_out: 30, stages: [{ frames: 30 }] });
});

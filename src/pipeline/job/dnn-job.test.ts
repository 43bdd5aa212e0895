/** The joining of a job, over sources, filters and a sink that need no ffmpeg and no workers. */
import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { stoppedExitCode } from '../command/exit-codes.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import { SourceFailure } from '../frames/source-failure.ts';
import type { FilterStage } from '../inference/job-filter.ts';
import type { JobLayout } from '../planning/job-layout.ts';
import { MemoryMeter } from '../report/memory-meter.ts';
import { ResourceLedger } from '../report/resource-ledger.ts';
import { DnnJob } from './dnn-job.ts';
import {
  FakeSink,
  FakeSource,
  type FakeSinkOptions,
  type FakeSourceOptions,
} from './fake-ends.test-support.ts';

interface Filter extends FilterStage {
  readonly ended: unknown[];
}

/** Adds 10 to every pixel. */
function filter(failAt = Infinity): Filter {
  const ended: unknown[] = [];
  let framesIn = 0;
  return {
    ...{ ended, detects: false, mostInFlight: 2, firstIn: undefined, memoryBytes: 0, strayTensors: 0 },
    get framesIn() {
      return framesIn;
    },
    start(stream, { buffers }) {
      async function* frames(): AsyncGenerator<Frame, void, undefined> {
        for await (const frame of stream.frames) {
          framesIn += 1;
          if (frame.pts === failAt) {
            buffers.give(frame.buffer);
            throw new DnnError('DNN_GENERIC_ERROR', 'NaN in layer 3');
          }
          frame.data[0]![0]! += 10;
          yield frame;
        }
      }
      return { ...stream, frames: frames() };
    },
    stats: () => [],
    terminate: (reason) => {
      ended.push(reason);
    },
  };
}

const chain = (localIndex: number, inputs: readonly number[] = []) => ({
  ...{ localIndices: [localIndex], chain: 0, inputs, opensInputs: inputs.length === 0 },
});
const single: JobLayout = { runs: [chain(0)], outputs: [0] };

interface Setting {
  readonly layout?: JobLayout;
  /** By run. */
  readonly sources: readonly FakeSourceOptions[];
  readonly filters?: readonly Filter[];
  readonly sink?: FakeSinkOptions;
  readonly stopAfter?: { readonly frames: number; readonly seconds: number };
  readonly finish?: () => Promise<void>;
}

function prepare({ layout = single, filters = [filter()], sink = {}, ...setting }: Setting) {
  const buffers = new BufferPool(4);
  const ledger = new ResourceLedger();
  const sources: FakeSource[] = [];
  const sinks: FakeSink[] = [];
  const said: string[] = [];
  const job = new DnnJob({
    context: { ledger, progress: ({ progress }) => said.push(`progress ${progress}`) },
    log: (level, message) => said.push(`${level}: ${message}`),
    planning: { frames: [] },
    ...{ layout, filters, buffers, memory: new MemoryMeter(), frames: undefined, started: 0 },
    ends: {
      startSource: (run, inputs) => {
        const source = new FakeSource(setting.sources[run]!, buffers, inputs);
        sources.push(source);
        return source;
      },
      startSink: (inputs) => {
        const made = new FakeSink(sink, buffers, inputs.length);
        sinks.push(made);
        return made;
      },
    },
    output: {
      finish: () => {
        said.push('finish');
        return setting.finish?.() ?? Promise.resolve();
      },
      abort: () => said.push('abort'),
    },
    stageLog: { muteUpstream: () => undefined },
    ...{ detections: undefined, timeline: undefined, stopAfter: setting.stopAfter },
  });
  const encoded = (): readonly (readonly number[])[] => sinks[0]?.encoded ?? [];
  const leaks = (): readonly number[] => [ledger.runningJobs, buffers.outstanding];
  return { job, sources, sinks, filters, said, encoded, leaks };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('frames go from the source through the filters to the sink, and the files are finished', async () => {
  const { job, said, encoded, filters, leaks } = prepare({ sources: [{ count: 4 }] });
  expect(await job.run()).toBe(0);
  expect(encoded()).toEqual([[10, 11, 12, 13]]);
  expect(said).toEqual(['progress undefined', 'finish', 'progress 1', 'abort']);
  expect(filters[0]!.ended).toEqual([undefined]);
  expect(leaks()).toEqual([0, 0]);
  expect(job.stats()).toMatchObject({ frames_in: 4, frames_out: 4 });
  expect(job.stats().stages.map((stage) => `${stage.filter} ${stage.frames}`)).toEqual([
    'before 4',
    'behind 4',
  ]);
});

test('a run gets the frames of the one before by its source', async () => {
  const layout = { runs: [chain(0), chain(1, [0])], outputs: [1] };
  const sources = [{ count: 3 }, { count: 0 }];
  const { job, encoded, leaks } = prepare({ layout, sources, filters: [filter(), filter()] });
  expect(await job.run()).toBe(0);
  expect(encoded()).toEqual([[20, 21, 22]]);
  expect(leaks()).toEqual([0, 0]);
});

test('a run that several read gives each of them every frame', async () => {
  const layout = { runs: [chain(0), chain(1, [0])], outputs: [0, 1] };
  const sources = [{ count: 3 }, { count: 0 }];
  const { job, encoded, leaks } = prepare({ layout, sources, filters: [filter(), filter()] });
  expect(await job.run()).toBe(0);
  expect(encoded()).toEqual([
    [10, 11, 12],
    [20, 21, 22],
  ]);
  expect(leaks()).toEqual([0, 0]);
});

test('a source that ends before its first frame gives the exit code; no sink has started', async () => {
  const { job, sinks, said } = prepare({ sources: [{ count: 0, failAfter: 0, exitCode: 3 }] });
  expect(await job.run()).toBe(3);
  expect(sinks).toEqual([]);
  expect(said).toEqual(['abort']);
});

test('a source that fails later: what came before is a finished file, and its exit code the answer', async () => {
  const { job, encoded, said, leaks } = prepare({ sources: [{ count: 9, failAfter: 2, exitCode: 4 }] });
  expect(await job.run()).toBe(4);
  expect(encoded()).toEqual([[10, 11]]);
  expect(said).toContain('finish');
  expect(said).not.toContain('progress 1');
  expect(leaks()).toEqual([0, 0]);
});

test('a source that fails and ends well all the same is an error', async () => {
  const { job, encoded } = prepare({ sources: [{ count: 9, failAfter: 2, exitCode: 0 }] });
  await expect(job.run()).rejects.toBeInstanceOf(SourceFailure);
  expect(encoded()).toEqual([[10, 11]]);
});

test('the failure of a filter is thrown once the file is finished, and everything has ended', async () => {
  const failing = filter(2);
  const { job, encoded, said, sources, leaks } = prepare({ sources: [{ count: 9 }], filters: [failing] });
  await expect(job.run()).rejects.toThrow('NaN in layer 3');
  expect(encoded()).toEqual([[10, 11]]);
  expect(said.slice(-2)).toEqual(['finish', 'abort']);
  expect(failing.ended[0]).toMatchObject({ message: 'NaN in layer 3' });
  expect(sources[0]!.told).toContain('kill');
  expect(leaks()).toEqual([0, 0]);
});

test('a filter that fails in an inner run is the reason, not what the runs behind say of it', async () => {
  const layout = { runs: [chain(0), chain(1, [0])], outputs: [1] };
  const sources = [{ count: 9 }, { count: 0 }];
  const { job, leaks } = prepare({ layout, sources, filters: [filter(2), filter()] });
  await expect(job.run()).rejects.toThrow('NaN in layer 3');
  expect(leaks()).toEqual([0, 0]);
});

test('so it is where it fails before that source has given a frame', async () => {
  const layout = { runs: [chain(0), chain(1, [0])], outputs: [1] };
  const inputFailure = new DnnError('DNN_GENERIC_ERROR', 'NaN in layer 3');
  const sources = [{ count: 9 }, { count: 0, failAfter: 0, exitCode: 1, inputFailure }];
  const { job, leaks } = prepare({ layout, sources, filters: [filter(), filter()] });
  await expect(job.run()).rejects.toBe(inputFailure);
  expect(leaks()).toEqual([0, 0]);
});

test('a file that cannot be kept after a failure is told, and the failure stays the reason', async () => {
  const finish = () => Promise.reject(new Error('disk full'));
  const { job, said } = prepare({ sources: [{ count: 9 }], filters: [filter(2)], finish });
  await expect(job.run()).rejects.toThrow('NaN in layer 3');
  expect(said).toContain('error: The output is incomplete: disk full');
});

test('where one of several branches fails, the others end too and the sink finishes', async () => {
  const layout = { runs: [chain(0), chain(1)], outputs: [0, 1] };
  const sources = [{ count: Infinity }, { count: Infinity }];
  const filters = [filter(), filter(2)];
  const { job, sinks, encoded, leaks } = prepare({ layout, sources, filters, sink: { hasSound: true } });
  await expect(job.run()).rejects.toThrow('NaN in layer 3');
  expect(sinks[0]!.told[0]).toBe('quit');
  expect(encoded()[1]).toEqual([10, 11]);
  expect(leaks()).toEqual([0, 0]);
});

test('a sink that wants no more ends the source', async () => {
  const { job, encoded, sources, said, leaks } = prepare({
    ...{ sources: [{ count: Infinity }], sink: { takes: 2 } },
  });
  expect(await job.run()).toBe(0);
  expect(encoded()).toEqual([[10, 11]]);
  expect(sources[0]!.told).toContain('stop');
  expect(said).toContain('progress 1');
  expect(leaks()).toEqual([0, 0]);
});

test.each([
  ['a job that was stopped has not done all of it', {}],
  ['a trial that stops by itself has', { stopAfter: { frames: 2, seconds: 0 } }],
])('%s', async (_name, trial) => {
  const { job, said, encoded } = prepare({ sources: [{ count: Infinity }], ...trial });
  const running = job.run();
  await settle();
  job.stop();
  expect(await running).toBe(stoppedExitCode);
  expect(encoded()[0]!.length).toBeGreaterThan(0);
  expect(said.includes('progress 1')).toBe('stopAfter' in trial);
  expect(said.slice(said.indexOf('finish'))).toHaveLength(3);
});

test("a sink's failure is its exit code", async () => {
  const { job, said } = prepare({ sources: [{ count: 2 }], sink: { exitCode: 5 } });
  expect(await job.run()).toBe(5);
  expect(said).toContain('finish');
  expect(said).not.toContain('progress 1');
});

test.each([false, true])(
  'one stop lets the file end well; the last frame comes in half: %s',
  async (tears) => {
    const { job, encoded, sinks, sources, said, leaks } = prepare({
      ...{ sources: [{ count: Infinity, tears }], sink: { hasSound: true } },
    });
    const running = job.run();
    await settle();
    job.stop();
    expect(await running).toBe(stoppedExitCode);
    expect(sources[0]!.told[0]).toBe('quit');
    expect(sinks[0]!.told).toEqual(['quit']);
    expect(encoded()[0]!.length).toBeGreaterThan(0);
    expect(said).toContain('finish');
    expect(leaks()).toEqual([0, 0]);
  },
);

test('a second stop ends everything at once', async () => {
  const { job, sinks, sources, filters, leaks } = prepare({ sources: [{ count: Infinity }] });
  const running = job.run();
  await settle();
  job.stop();
  job.stop();
  expect(await running).toBe(stoppedExitCode);
  expect(sources[0]!.told).toContain('kill');
  expect(sinks[0]!.told).toContain('kill');
  expect(filters[0]!.ended[0]).toMatchObject({ name: 'AbortError' });
  expect(leaks()).toEqual([0, 0]);
});

test('a job that was told after how many frames stops by itself', async () => {
  const stopAfter = { frames: 3, seconds: 0 };
  const { job, encoded, sources } = prepare({ sources: [{ count: Infinity }], stopAfter });
  expect(await job.run()).toBe(stoppedExitCode);
  expect(encoded()[0]!.slice(0, 3)).toEqual([10, 11, 12]);
  expect(sources[0]!.told[0]).toBe('quit');
});

test('one that was told after how long goes on until then, and knows its pace', async () => {
  const stopAfter = { frames: 1, seconds: 0.1 };
  const { job, encoded } = prepare({ sources: [{ count: Infinity }], stopAfter });
  const started = performance.now();
  await job.run();
  const seconds = (performance.now() - started) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(0.1);
  const gaps = encoded()[0]!.length - 1;
  expect(job.secondsPerFrame! * gaps).toBeGreaterThanOrEqual(0.1);
  expect(job.secondsPerFrame! * gaps).toBeLessThanOrEqual(seconds);
});

test('a pause holds frames back, and a stop ends it', async () => {
  const { job, encoded } = prepare({ sources: [{ count: Infinity }] });
  job.pause();
  const running = job.run();
  await settle();
  expect(encoded()).toEqual([[]]);
  job.resume();
  await settle();
  expect(encoded()[0]!.length).toBeGreaterThan(0);
  job.pause();
  await settle(); // until a frame waits
  job.stop();
  expect(await running).toBe(stoppedExitCode);
});

import { beforeEach, expect, test, vi } from 'vitest';
import { onAbort } from '../../base/abort.ts';
import { noStats } from '../../workers/no-stats.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { ExecRequest, ExecResult } from '../../workers/pipeline-api.ts';
import type { Execution } from './execution.ts';
import type { RunningJob } from './job-context.ts';
import { PipelineSession } from './pipeline-session.ts';

/** What the next command does. */
let command: (execution: Execution) => Promise<ExecResult>;

vi.mock('./exec-command.ts', () => ({ execCommand: (execution: Execution) => command(execution) }));
vi.mock('../ffmpeg/core-pool.ts', () => ({
  CorePool: class {
    readonly size = 0;
    take = () => Promise.resolve({});
    give = (): void => undefined;
  },
}));

const request: ExecRequest = {
  args: [],
  timeout: -1,
  cwd: '/',
  outputs: [],
  defaultOutput: undefined,
  reportsDetections: false,
  reportsTimeline: false,
};
const nobody = { log: () => undefined, progress: () => undefined, detections: () => undefined };
const good: ExecResult = { exitCode: 0, stats: noStats };
let session: PipelineSession;

beforeEach(async () => {
  session = new PipelineSession();
  await session.load({} as AssetUrls, { ...nobody, timeline: () => undefined });
});

/** A command that gets nowhere: its models load for ever. */
const loadsForEver = ({ signal }: Execution): Promise<never> =>
  new Promise((_, reject) => {
    onAbort(signal, reject);
  });

async function expectNextWorks(): Promise<void> {
  command = ({ signal }) => {
    signal.throwIfAborted();
    return Promise.resolve(good);
  };
  expect(await session.exec(request)).toEqual(good);
}

test('a stop before the job runs ends the command at once, with 255', async () => {
  command = loadsForEver;
  const running = session.exec(request);
  await session.stop();
  expect(await running).toEqual({ exitCode: 255, stats: noStats });
  await expectNextWorks();
});

test('a timeout before the job runs ends it with 1', async () => {
  command = loadsForEver;
  expect((await session.exec({ ...request, timeout: 5 })).exitCode).toBe(1);
  await expectNextWorks();
});

test('a stop of a job that runs lets it finish its files; the second one ends everything', async () => {
  const job = { stop: vi.fn<RunningJob['stop']>() };
  let ended: AbortSignal | undefined;
  command = (execution) => {
    execution.onRunning(job);
    ended = execution.signal;
    return loadsForEver(execution);
  };
  const running = session.exec(request);
  await session.stop();
  expect([job.stop.mock.calls.length, ended?.aborted]).toEqual([1, false]);
  await session.stop();
  expect([job.stop.mock.calls.length, ended?.aborted]).toEqual([2, true]);
  expect((await running).exitCode).toBe(255);
  await expectNextWorks();
});

test('a stop between two jobs of a command ends it, too', async () => {
  command = async (execution) => {
    execution.onRunning({ stop: () => undefined });
    execution.onRunning(undefined);
    await loadsForEver(execution);
    return good;
  };
  const running = session.exec(request);
  await session.stop();
  expect((await running).exitCode).toBe(255);
});

test('a stop while nothing runs is not kept for the next command', async () => {
  await session.stop();
  await expectNextWorks();
});

test('the text of -dnn_stats goes where outputs go: to its target, to that of all, else to the store', async () => {
  const written: string[] = [];
  const target = new WritableStream<Uint8Array>({
    write: (part) => void written.push(new TextDecoder().decode(part)),
  });
  command = () => Promise.resolve({ ...good, statsPath: '/job/s.json' });
  await session.exec({ ...request, cwd: '/job', outputs: [{ path: 's.json', target }] });
  await session.writeStats('first');
  await session.writeStats('nobody asked for this');
  expect(written).toEqual(['first']);
  await session.exec(request);
  await session.writeStats('second');
  expect(await session.readFile('/job/s.json', 'utf8')).toBe('second');
  const answered: string[] = [];
  vi.stubGlobal('fetch', (url: URL) => {
    answered.push(url.searchParams.get('path') ?? '');
    return Promise.resolve(new Response());
  });
  await session.exec({ ...request, defaultOutput: { url: 'https://site.test/files' } });
  await session.writeStats('third');
  vi.unstubAllGlobals();
  expect(answered).toContain('/job/s.json');
  expect(await session.readFile('/job/s.json', 'utf8')).toBe('second');
});

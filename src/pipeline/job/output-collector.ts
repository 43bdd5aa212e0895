/** The outputs of one run: a writer worker while ffmpeg runs, the file store afterwards. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { CoreOutputs } from '../../media/core-options.ts';
import { reportPath, stdoutFile, stdoutPath } from '../../media/core-options.ts';
import type { FfmpegCore } from '../../media/ffmpeg-core.ts';
import type { FileStore } from '../../media/file-store.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import { FrameRing } from '../../media/frame-ring.ts';
import { deliver } from '../../media/output/deliver.ts';
import { targetOf, type OutputTargets } from '../../media/output/open-output.ts';
import { createOutputChannel } from '../../media/output/output-channel.ts';
import { outputFailure } from '../../media/output/output-failure.ts';
import type { SpoolFolder } from '../../media/output/spool-folder.ts';
import type { ExecRequest } from '../../workers/pipeline-api.ts';
import { unpackError } from '../../workers/packed-error.ts';
import { transferOutputs } from '../../workers/proxied.ts';
import { spawnWriterWorker } from '../../workers/spawn.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { WriterApi, WriterResult } from '../../workers/writer-api.ts';
import type { JobContext } from './job-context.ts';

export interface OutputCollector {
  readonly coreOutputs: CoreOutputs;
  /** To be called with the core once its run has ended, before the core is given back. */
  collect(core: FfmpegCore): Promise<void>;
  /**
   * After the last run: waits until every file is complete and in the store.
   * @throws DnnError `EIO` whose cause is the failure of a target.
   */
  finish(): Promise<void>;
  /** Ends the writer at once. */
  abort(): void;
}

/** The part of a request that says where outputs go. */
type RequestedOutputs = Pick<ExecRequest, 'outputs' | 'defaultOutput' | 'cwd'>;

function outputsOf({
  outputs,
  defaultOutput,
  cwd,
}: RequestedOutputs): Required<Omit<OutputTargets, 'spool'>> {
  const targets = outputs.map(
    ({ path, target }) => [isStdout(path) ? stdoutPath : resolvePath(path, cwd), target] as const,
  );
  return { targets: new Map(targets), fallback: defaultOutput };
}

/**
 * Apart from where it is used: the file store keeps it, and with it would keep what stands
 * around it, the channel's memory.
 */
function releaseOf(spool: SpoolFolder | undefined, spoolName: string | undefined): (() => void) | undefined {
  return spool === undefined || spoolName === undefined ? undefined : () => void spool.remove(spoolName);
}

/** Outputs of a command, on their way as they are written where the page has shared memory. */
export function collectOutputs(
  request: RequestedOutputs,
  { store, spool, assets }: Pick<JobContext, 'store' | 'spool' | 'assets'>,
): OutputCollector {
  return globalThis.crossOriginIsolated
    ? streamOutputs(request, store, spool, spawnWriterWorker(assets))
    : memoryOutputs(request, store);
}

/**
 * Outputs leave as they are written, whatever their size. Needs shared memory.
 *
 * @param writer is the collector's from now on.
 */
export function streamOutputs(
  request: RequestedOutputs,
  store: FileStore,
  spool: SpoolFolder | undefined,
  writer: WorkerClient<WriterApi>,
): OutputCollector {
  const channel = createOutputChannel();
  const outputs = { ...outputsOf(request), spoolName: spool?.name };
  const writing = writer.call((api): Promise<WriterResult> => api.run(channel, transferOutputs(outputs)));
  writing.catch((error: unknown) => {
    // Reported by finish(); ffmpeg must not wait for a writer that is gone.
    new FrameRing(channel.requests).closeReader(errorMessage(error), 'EIO');
  });
  return {
    coreOutputs: { mode: 'channel', channel },
    collect: () => Promise.resolve(),
    async finish() {
      // A job that failed before its encoder started has no core that ends the channel.
      new FrameRing(channel.requests).end();
      try {
        const { files, failure } = await writing;
        for (const { path, blob, spoolName } of files) {
          if (blob === undefined) continue;
          store.putOutput(path, blob, releaseOf(spool, spoolName));
        }
        if (failure !== undefined) throw notWritten(unpackError(failure));
      } finally {
        writer.terminate();
      }
    },
    abort() {
      writer.terminate();
    },
  };
}

/** Outputs stay in the core's memory until the run has ended: for pages without shared memory. */
export function memoryOutputs(request: RequestedOutputs, store: FileStore): OutputCollector {
  const outputs = outputsOf(request);
  const files: { readonly path: string; readonly blob: Blob }[] = [];
  return {
    coreOutputs: { mode: 'memory' },
    async collect(core) {
      for (const { path } of (await core.report()).files) {
        if (path === reportPath) continue;
        const bytes = await core.readFile(path === stdoutPath ? stdoutFile : path);
        files.push({ path, blob: new Blob([bytes]) });
      }
    },
    async finish() {
      let failure: DnnError | undefined;
      // One target that fails takes no other file with it.
      for (const { path, blob } of files) {
        const target = targetOf(outputs, path);
        try {
          if (target === undefined) store.putOutput(path, blob);
          else await deliver(blob, target, path);
        } catch (thrown) {
          failure ??= notWritten(outputFailure(thrown, path));
        }
      }
      if (failure !== undefined) throw failure;
    },
    abort: () => undefined,
  };
}

function notWritten(reason: unknown): DnnError {
  const message = `The output could not be written: ${errorMessage(reason)}`;
  return new DnnError('EIO', message, {}, { cause: reason });
}

/** Nothing is kept: what ffmpeg writes and reads back lives in the core's memory until its run has ended. */
export function discardedOutputs(): OutputCollector {
  return {
    coreOutputs: { mode: 'discard' },
    collect: () => Promise.resolve(),
    finish: () => Promise.resolve(),
    abort: () => undefined,
  };
}

/** Whether an output's name means standard output. */
export function isStdout(url: string): boolean {
  return url === '-' || url === 'pipe:' || url === 'pipe:1';
}

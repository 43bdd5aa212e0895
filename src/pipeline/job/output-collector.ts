/** The outputs of one run: a writer worker while ffmpeg runs, the file store afterwards. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { CoreOutputEvent } from '../../media/core-event.ts';
import { stdoutPath, type CoreOutputs } from '../../media/core-options.ts';
import type { FileStore } from '../../media/file-store.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { OutputTargets } from '../../media/output/open-output.ts';
import { MovieMender } from '../../media/output/movie-mender.ts';
import { createOutputChannel, OutputOp } from '../../media/output/output-channel.ts';
import { outputFailure } from '../../media/output/output-failure.ts';
import { OutputFiles } from '../../media/output/output-files.ts';
import type { SpoolRun } from '../../media/output/output-journal.ts';
import type { MendedFile, WrittenFile } from '../../media/output/output-result.ts';
import type { TemplateSource } from '../../media/output/output-target.ts';
import { openSpool, type SpoolFolder } from '../../media/output/spool-folder.ts';
import type { ExecRequest } from '../../workers/pipeline-api.ts';
import { LastingWriter } from '../../workers/lasting-writer.ts';
import { unpackError } from '../../workers/packed-error.ts';
import { spawnWriterWorker } from '../../workers/spawn.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { WriterApi } from '../../workers/writer-api.ts';
import type { JobContext } from './job-context.ts';

export interface OutputCollector {
  readonly coreOutputs: CoreOutputs;
  /** Takes what a core tells of its output files, where it tells it by events. */
  onOutput?(event: CoreOutputEvent): void;
  /** Resolves once what it was told has been done; failures of targets are told by `finish`. */
  applied?(): Promise<void>;
  /**
   * After the last run: waits until every file is complete and in the store. A second call is the first one.
   * @throws DnnError `EIO` whose cause is the failure of a target.
   */
  finish(): Promise<void>;
  /** Ends the writer at once. */
  abort(): void;
}

/** What becomes of mp4 and mov files that ffmpeg does not finish. */
export interface Mending {
  /** Asked at the end of the job, and only for such files. */
  readonly templateOf: TemplateSource;
  /** Takes a line for each of them. */
  readonly log: Logger;
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
  mending?: Mending,
): OutputCollector {
  return globalThis.crossOriginIsolated
    ? streamOutputs(request, store, spool, () => spawnWriterWorker(assets), mending)
    : eventOutputs(request, store, mending, spool);
}

/**
 * Outputs leave as they are written, whatever their size. Needs shared memory. Where the writer dies or
 * hangs, another one finishes what lies in the spool folder or behind an HTTP address.
 *
 * @param startWriter gives a writer that is the collector's from then on.
 */
export function streamOutputs(
  request: RequestedOutputs,
  store: FileStore,
  spool: SpoolFolder | undefined,
  startWriter: () => WorkerClient<WriterApi>,
  mending?: Mending,
): OutputCollector {
  const channel = createOutputChannel();
  const outputs = {
    ...outputsOf(request),
    spool: spool && { folder: spool.name, run: crypto.randomUUID() },
  };
  const writer = new LastingWriter(startWriter, channel, outputs, mending?.templateOf);
  return {
    coreOutputs: { mode: 'channel', channel },
    finish: once(async () => {
      const { files, mended = [], failure, lost } = await writer.finish();
      for (const file of mended) logMended(file, mending);
      putAll(files, store, spool);
      if (lost !== undefined) throw lost;
      if (failure !== undefined) throw notWritten(unpackError(failure));
    }),
    abort() {
      writer.abort();
    },
  };
}

/**
 * Outputs leave the core as events and are written by this thread: for pages without shared memory. What was
 * written is there also where the core is ended in the middle of its run.
 *
 * @param spool memory where left out.
 */
export function eventOutputs(
  request: RequestedOutputs,
  store: FileStore,
  mending?: Mending,
  spool?: SpoolFolder,
): OutputCollector {
  let opened: OutputFiles | undefined;
  /** One call at a time. */
  const openFiles = async (): Promise<OutputFiles> => {
    const outputs = { ...outputsOf(request), spool: spool && (await spoolRun(spool)) };
    return (opened ??= new OutputFiles(outputs, mending && new MovieMender(mending.templateOf)));
  };
  /** Files whose target has failed: one that fails takes no other with it. */
  const failed = new Set<number>();
  let failure: DnnError | undefined;
  let applied = Promise.resolve();
  return {
    coreOutputs: { mode: 'events' },
    onOutput({ record, payload }) {
      applied = applied.then(async () => {
        // A packet is of no file.
        if (record.op !== OutputOp.packet && failed.has(record.file)) return;
        try {
          const files = opened ?? (await openFiles());
          await files.apply(record, payload);
        } catch (thrown) {
          failed.add(record.file);
          failure ??= outputFailure(thrown);
        }
      });
    },
    applied: () => applied,
    finish: once(async () => {
      await applied;
      const { files: written, mended = [], error } = (await opened?.finish()) ?? { files: [] };
      for (const file of mended) logMended(file, mending);
      putAll(written, store, spool);
      const reason = failure ?? error;
      if (reason !== undefined) throw notWritten(reason);
    }),
    abort: () => undefined,
  };
}

/** A run of its own in the folder. */
async function spoolRun(spool: SpoolFolder): Promise<SpoolRun> {
  return { folder: await openSpool(spool.name), run: crypto.randomUUID() };
}

/** A job may ask for its outputs again where something has failed meanwhile. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

/** Outputs without a target of their own belong into the store. */
export function putAll(
  files: readonly WrittenFile[],
  store: FileStore,
  spool: SpoolFolder | undefined,
): void {
  for (const { path, blob, spoolName } of files) {
    if (blob !== undefined) store.putOutput(path, blob, releaseOf(spool, spoolName));
  }
}

/** Says of a file that ffmpeg did not finish whether it plays. */
export function logMended(file: MendedFile, mending: Mending | undefined): void {
  const what = `${file.path} was not finished`;
  if ('reason' in file) mending?.log('warning', `${what}, and cannot be played: ${file.reason}`);
  else
    mending?.log(
      'warning',
      `${what}: it has an index now and plays ${file.frames} frames, ${file.seconds.toFixed(2)} s.`,
    );
}

function notWritten(reason: unknown): DnnError {
  const message = `The output could not be written: ${errorMessage(reason)}`;
  return new DnnError('EIO', message, {}, { cause: reason });
}

/** Nothing is kept: what ffmpeg writes and reads back lives in the core's memory until its run has ended. */
export function discardedOutputs(): OutputCollector {
  return {
    coreOutputs: { mode: 'discard' },
    finish: () => Promise.resolve(),
    abort: () => undefined,
  };
}

/** Whether an output's name means standard output. */
export function isStdout(url: string): boolean {
  return url === '-' || url === 'pipe:' || url === 'pipe:1';
}

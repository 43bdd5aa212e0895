/** The pipeline worker's life: one file store, idle cores, one job at a time. */
import { DnnError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { FileStore } from '../../media/file-store.ts';
import { StoreMounts } from '../../media/store-mounts.ts';
import { deliver } from '../../media/output/deliver.ts';
import { SpoolFolder } from '../../media/output/spool-folder.ts';
import { sharedBuffersAlive } from '../../media/shared-memory.ts';
import { WorkerClient } from '../../workers/worker-client.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type {
  Capabilities,
  ExecRequest,
  ExecResult,
  ListEntry,
  PipelineApi,
  PipelineEvents,
  Resources,
  SpoolNames,
} from '../../workers/pipeline-api.ts';
import { spawnWriterWorker } from '../../workers/spawn.ts';
import { probedCodecs } from '../codecs/capabilities/probed-codecs.ts';
import { CorePool } from '../ffmpeg/core-pool.ts';
import { adoptOutputs } from './adopt-outputs.ts';
import { startDeadline } from './deadline.ts';
import { execCommand } from './exec-command.ts';
import { stoppedExitCode, timeoutExitCode } from '../command/exit-codes.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import { noStats } from '../../workers/no-stats.ts';
import { discardedOutputs, eventOutputs } from './output-collector.ts';
import { PlainJob } from './plain-job.ts';
import { prepareCommand } from './prepare-command.ts';
import { runKindOf, type OwnFile } from './run-kind.ts';
import { ResourceLedger } from '../report/resource-ledger.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';

/** How long a job may take to finish its file after a stop before it is ended. */
const graceMs = 20_000;

export class PipelineSession implements PipelineApi {
  readonly #store = new FileStore();
  readonly #mounts = new StoreMounts(this.#store);
  readonly #ledger = new ResourceLedger();
  #context: JobContext | undefined;
  #job: RunningJob | undefined;
  /** Ends the job that was asked to stop. */
  #grace: ReturnType<typeof setTimeout> | undefined;
  /** Stops during this job. */
  #stops = 0;
  /** Ends this job at once. */
  #abort = new AbortController();
  /** What `-dnn_stats` of the last command names, until the page has sent its text. */
  #statsFile: OwnFile | undefined;
  #isBusy = false;
  #isPaused = false;
  /** Events travel beside the answers of calls and in their own order. */
  #lastEvent: void | Promise<void> = undefined;

  async load(assets: AssetUrls, events: PipelineEvents, spools?: SpoolNames): Promise<boolean> {
    if (this.#context !== undefined) return false;
    const cores = new CorePool(assets);
    cores.give(await cores.take());
    const context: JobContext = {
      store: this.#store,
      cores,
      ledger: this.#ledger,
      spool: await SpoolFolder.create(spools?.own),
      assets,
      log: (event) => {
        this.#lastEvent = events.log(event);
      },
      progress: (progress) => {
        this.#lastEvent = events.progress(progress);
      },
      detections: (found) => {
        this.#lastEvent = events.detections(found);
      },
      timeline: (event) => {
        this.#lastEvent = events.timeline(event);
      },
    };
    const log: Logger = (level, message) => {
      context.log({ type: 'stderr', message: `${level}: ${message}` });
    };
    for (const name of spools?.left ?? [])
      await adoptOutputs(name, this.#store, () => spawnWriterWorker(assets), log);
    this.#context = context;
    return true;
  }

  async exec(request: ExecRequest): Promise<ExecResult> {
    const context = this.#loaded();
    const deadline = new AbortController();
    const result = await this.#alone(async () => {
      const endDeadline = startDeadline(request.timeout, () => {
        deadline.abort();
        void this.stop();
      });
      try {
        const onRunning = (job: RunningJob | undefined): void => {
          this.#onRunning(job);
        };
        return await execCommand({ context, request, signal: this.#abort.signal, onRunning });
      } catch (error) {
        // What a stop interrupts may fail in any way; the stop is the reason.
        if (this.#stops > 0) return { exitCode: stoppedExitCode, stats: noStats };
        throw error;
      } finally {
        endDeadline();
      }
    });
    const { statsPath } = result;
    const kind = runKindOf(request, discardedOutputs);
    this.#statsFile = statsPath === undefined ? undefined : kind.ownFile(statsPath);
    return deadline.signal.aborted ? { ...result, exitCode: timeoutExitCode } : result;
  }

  async writeStats(text: string): Promise<void> {
    const file = this.#statsFile;
    this.#statsFile = undefined;
    if (file === undefined) return;
    const blob = new Blob([text], { type: 'application/json' });
    if (file.target === undefined) this.#store.putOutput(file.path, blob);
    else await deliver(blob, file.target, file.path);
  }

  ffprobe(args: readonly string[], timeout: number): Promise<number> {
    const context = this.#loaded();
    return this.#alone(async () => {
      const nowhere = { cwd: '/', outputs: [], defaultOutput: undefined };
      const files = stageFiles(this.#store, '/');
      const job = new PlainJob(context, files, eventOutputs(nowhere, this.#store));
      this.#onRunning(job);
      const endDeadline = startDeadline(timeout, () => {
        job.stop();
        job.stop();
      });
      try {
        return await job.run(args, 'ffprobe');
      } finally {
        endDeadline();
        this.#onRunning(undefined);
      }
    });
  }

  resources(): Promise<Resources> {
    return Promise.resolve({
      jobs: this.#ledger.runningJobs,
      frames: this.#ledger.frames,
      tensors: this.#ledger.strayTensors,
      sharedBuffers: sharedBuffersAlive(),
      workers: WorkerClient.alive,
      cores: this.#context?.cores.size ?? 0,
    });
  }

  async prepare(args: readonly string[]): Promise<void> {
    await prepareCommand(args, this.#loaded());
  }

  async capabilities(): Promise<Capabilities> {
    return probedCodecs(this.#loaded().assets);
  }

  stop(): Promise<void> {
    if (!this.#isBusy) return Promise.resolve();
    this.#stops += 1;
    const job = this.#job;
    if (job !== undefined) this.#stopJob(job);
    // Without a job nothing has been written yet, and the second stop asks for no file.
    if (job === undefined || this.#stops > 1)
      this.#abort.abort(new DOMException('The job was stopped.', 'AbortError'));
    return Promise.resolve();
  }

  // Async, so that a refusal rejects.
  // eslint-disable-next-line @typescript-eslint/require-await
  async pause(): Promise<void> {
    if (!this.#isBusy || this.#stops > 0) return;
    if (this.#job?.cannotPause !== undefined) throw new DnnError('ENOSYS', this.#job.cannotPause);
    this.#isPaused = true;
    this.#job?.pause?.();
  }

  resume(): Promise<void> {
    this.#isPaused = false;
    this.#job?.resume?.();
    return Promise.resolve();
  }

  writeFile(path: string, data: Uint8Array<ArrayBuffer> | string | Blob): Promise<boolean> {
    return this.#done(() => {
      this.#store.writeFile(path, data);
    });
  }

  readFile(path: string, encoding: string): Promise<Uint8Array | string> {
    return this.#store.readFile(path, encoding);
  }

  async readBlob(path: string): ReturnType<PipelineApi['readBlob']> {
    const { spool } = this.#loaded();
    return Promise.resolve({ blob: this.#store.handOut(path), spoolName: spool?.name });
  }

  deleteFile(path: string): Promise<boolean> {
    return this.#done(() => {
      this.#store.deleteFile(path);
    });
  }

  rename(oldPath: string, newPath: string): Promise<boolean> {
    return this.#done(() => {
      this.#store.rename(oldPath, newPath);
    });
  }

  createDir(path: string): Promise<boolean> {
    return this.#done(() => {
      this.#store.createDir(path);
    });
  }

  listDir(path: string): Promise<readonly ListEntry[]> {
    return Promise.resolve().then(() => this.#store.listDir(path));
  }

  deleteDir(path: string): Promise<boolean> {
    return this.#done(() => {
      this.#store.deleteDir(path);
    });
  }

  mountFiles(
    files: readonly { readonly name: string; readonly data: Blob }[],
    mountPoint: string,
  ): Promise<boolean> {
    return this.#done(() => {
      this.#mounts.mount(files, mountPoint);
    });
  }

  unmount(mountPoint: string): Promise<boolean> {
    return this.#done(() => {
      this.#mounts.unmount(mountPoint);
    });
  }

  #loaded(): JobContext {
    if (this.#context === undefined) throw new DnnError('EINVAL', 'ffmpeg is not loaded: call load() first.');
    return this.#context;
  }

  /** Async, so that a refusal rejects. */
  // eslint-disable-next-line @typescript-eslint/require-await
  async #done(work: () => void): Promise<true> {
    work();
    return true;
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw new DnnError('EINVAL', 'A job runs already: await it before the next one.');
    this.#isBusy = true;
    this.#stops = 0;
    this.#abort = new AbortController();
    this.#isPaused = false;
    try {
      return await work();
    } finally {
      this.#job = undefined;
      // Whoever awaits the job has heard everything that it said.
      await this.#lastEvent;
      this.#isBusy = false;
    }
  }

  #onRunning(job: RunningJob | undefined): void {
    this.#job = job;
    // It would hold a job that has ended, with its pipes.
    clearTimeout(this.#grace);
    if (job === undefined) return;
    // Asked for while nothing ran that could be held back.
    if (this.#isPaused) job.pause?.();
  }

  /** A job that does not finish its file in time is ended, so that a stop always stops. */
  #stopJob(job: RunningJob): void {
    job.stop();
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      if (this.#job === job) job.stop();
    }, graceMs);
  }
}

/**
 * One ffmpeg.wasm core: stock `FFmpeg` with this project's core module, one run at
 * a time, recycled between runs.
 */
import { FFmpeg } from '@ffmpeg/ffmpeg';
import { DnnError, errorMessage } from '../base/errors.ts';
import type { CompiledCore } from './compiled-core.ts';
import { coreEventOf, type CoreEvent } from './core-event.ts';
import {
  type CoreMountOptions,
  type CoreReport,
  pipeFolder,
  pipeFsType,
  reportPath,
} from './core-options.ts';
import { FrameRing } from './frame-ring.ts';
import { engineLocks, onLifeEnded } from './life-lock.ts';

/** Absolute URLs. */
export interface CoreUrls {
  /** `core-module.ts` as its own ES module. */
  readonly coreModuleURL: string;
  /** Stock `@ffmpeg/core`, ES module build. */
  readonly coreURL: string;
  readonly wasmURL: string;
  /** `core.worker.ts`, or the worker of stock `FFmpeg`, whose cores compile for themselves. */
  readonly classWorkerURL: string;
}

export interface CoreLoadOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds after which a load that has not settled is an error. */
  readonly timeout?: number;
  /**
   * What is at `wasmURL`, compiled or on its way to be; the core fetches and
   * compiles it by itself where left out.
   */
  readonly compiled?: Promise<WebAssembly.Module>;
}

/** A line of ffmpeg's output. */
export interface CoreLog {
  readonly type: string;
  readonly message: string;
}

const loadTimeout = 60_000;

export class FfmpegCore {
  readonly #ffmpeg = new FFmpeg();
  #options: CoreMountOptions | undefined;
  #lost: DnnError | undefined;
  /** Rejects what is pending when the core is terminated. */
  readonly #pending = new Set<(error: DnnError) => void>();

  /** Whose core it is now: begins the message where its worker dies. */
  owner = 'ffmpeg';
  readonly #life = new AbortController();

  private constructor() {
    this.#ffmpeg.on('log', (log) => {
      const event = coreEventOf(log);
      if (event?.kind === 'life') this.#noticeEnd(event.lock);
    });
  }

  /**
   * Starts a worker and loads the core in it.
   *
   * @throws DnnError EIO with the URLs if the core does not load or does not answer in time; the
   * signal's reason if it is aborted.
   */
  static async load(urls: CoreUrls, options: CoreLoadOptions = {}): Promise<FfmpegCore> {
    options.signal?.throwIfAborted();
    const core = new FfmpegCore();
    const coreURL = `${urls.coreModuleURL}#${encodeURIComponent(urls.coreURL)}`;
    const where = `core ${urls.coreURL}, module ${urls.coreModuleURL}, wasm ${urls.wasmURL}`;
    const stop = (): void => {
      core.#lose(new DnnError('EIO', 'Loading was stopped.'));
    };
    options.signal?.addEventListener('abort', stop);
    let timer;
    try {
      const { wasmURL, classWorkerURL } = urls;
      const failed = `ffmpeg's core did not load (${where})`;
      const compiled = await core.#call(Promise.resolve(options.compiled), failed);
      // From here: how long a download may take is known to it alone.
      const limit = options.timeout ?? loadTimeout;
      timer = setTimeout(() => {
        core.#lose(
          new DnnError(
            'EIO',
            `ffmpeg's core did not load within ${limit / 1000} s: check that ${where} can be fetched.`,
          ),
        );
      }, limit);
      const config: CompiledCore & Pick<CoreUrls, 'coreURL' | 'wasmURL' | 'classWorkerURL'> = {
        coreURL,
        wasmURL,
        classWorkerURL,
        compiled,
      };
      await core.#call(core.#ffmpeg.load(config), failed);
    } catch (thrown) {
      core.terminate();
      options.signal?.throwIfAborted();
      throw thrown;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
    }
    return core;
  }

  /** True until the core crashed or was terminated. */
  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Lines of ffmpeg's output, in order; gives the function that ends it. */
  onLog(listener: (log: CoreLog) => void): () => void {
    // The core's `exit` is an abort, which Emscripten reports; and nobody can press a key here.
    const filtered = (log: CoreLog): void => {
      if (coreEventOf(log) !== undefined) return;
      if (log.message !== 'Aborted()' && !log.message.startsWith('Press [q] to stop')) listener(log);
    };
    this.#ffmpeg.on('log', filtered);
    return () => {
      this.#ffmpeg.off('log', filtered);
    };
  }

  /** What the core tells beside ffmpeg's lines; gives the function that ends it. */
  onEvent(listener: (event: CoreEvent) => void): () => void {
    const forward = (log: CoreLog): void => {
      const event = coreEventOf(log);
      if (event !== undefined) listener(event);
    };
    this.#ffmpeg.on('log', forward);
    return () => {
      this.#ffmpeg.off('log', forward);
    };
  }

  /**
   * ffmpeg's own progress: a share of the input's duration, where it knows one, and microseconds of output.
   */
  onProgress(listener: (progress: number, microseconds: number) => void): () => void {
    const forward = (event: { progress: number; time: number }): void => {
      listener(event.progress, event.time);
    };
    this.#ffmpeg.on('progress', forward);
    return () => {
      this.#ffmpeg.off('progress', forward);
    };
  }

  /** Prepares the file system of the next run; what an earlier one left is removed. */
  async mount(options: CoreMountOptions): Promise<void> {
    if (this.#options !== undefined) {
      await this.#call(this.#ffmpeg.unmount(pipeFolder), 'the last run could not be removed from the core');
    }
    this.#options = undefined;
    // Stock types know only MEMFS, WORKERFS and their options; the worker looks the type up by its name.
    const mount = this.#ffmpeg.mount as unknown as (
      type: string,
      options: CoreMountOptions,
      folder: string,
    ) => Promise<boolean>;
    const known = await this.#call(
      mount(pipeFsType, options, pipeFolder),
      'the files of the run could not be mounted',
    );
    if (!known)
      throw new DnnError('ENOSYS', `The core has no file system ${pipeFsType}: load it through core-module.`);
    this.#options = options;
  }

  /**
   * Runs ffmpeg and gives its exit code. Afterwards the run's pipes and output channel are settled: what
   * ffmpeg wrote ends after exit code 0 and is broken after any other; what it read is closed.
   *
   * @throws DnnError EIO if the core crashes (it cannot be used any more) or was terminated.
   */
  async exec(args: readonly string[]): Promise<number> {
    return this.#run(this.#ffmpeg.exec(['-stdin', ...args]), 'ffmpeg');
  }

  /** Likewise for ffprobe. */
  async ffprobe(args: readonly string[]): Promise<number> {
    return this.#run(this.#ffmpeg.ffprobe([...args]), 'ffprobe');
  }

  /** The files that the last run created, and the inputs that could not be read. */
  async report(): Promise<CoreReport> {
    const text = await this.#call(
      this.#ffmpeg.readFile(reportPath, 'utf8'),
      'the core cannot list its outputs',
    );
    return JSON.parse(text as string) as CoreReport;
  }

  /** Ends the worker at once; a pending call is rejected with the reason, and its pipes break. */
  terminate(reason = new DnnError('EIO', 'The core was terminated.')): void {
    this.#lose(reason);
  }

  async #run(result: Promise<number>, program: string): Promise<number> {
    try {
      const code = await this.#call(result, `${program} crashed`);
      // -1: the program aborted before it could say a code, as after a failed allocation.
      if (code === -1)
        throw this.#lose(new DnnError('EIO', `${program} aborted, most likely out of memory.`));
      this.#settle(code === 0 ? undefined : `${program} ended with exit code ${code}`);
      return code;
    } catch (thrown) {
      const error = this.#lose(
        thrown instanceof DnnError
          ? thrown
          : new DnnError('EIO', errorMessage(thrown), {}, { cause: thrown }),
      );
      throw error;
    }
  }

  /** Tells the other sides of the run's pipes that nobody is here any more. */
  #settle(failure: string | undefined): void {
    for (const pipe of this.#options?.pipes ?? []) {
      const ring = new FrameRing(pipe.ring);
      if (pipe.direction === 'read') ring.closeReader(failure);
      else if (failure === undefined) ring.end();
      else ring.break(failure);
    }
    const outputs = this.#options?.outputs;
    // An exit code is no reason to distrust the outputs: ffmpeg closed what it had.
    if (outputs?.mode === 'channel') new FrameRing(outputs.channel.requests).end();
  }

  /** @param lock that the worker holds for life. */
  #noticeEnd(lock: string): void {
    const locks = engineLocks();
    if (locks === undefined) return;
    const died = (): void => {
      const what = `${this.owner}'s worker died, most likely for lack of memory`;
      this.#lose(new DnnError('EIO', `${what}; what was written is kept: run the command again.`));
    };
    onLifeEnded(lock, this.#life.signal, died, locks);
  }

  #lose(error: DnnError): DnnError {
    if (this.#lost !== undefined) return this.#lost;
    this.#lost = error;
    this.#life.abort();
    const outputs = this.#options?.outputs;
    if (outputs?.mode === 'channel') new FrameRing(outputs.channel.requests).break(error.message);
    this.#settle(error.message);
    for (const reject of this.#pending) reject(error);
    this.#ffmpeg.terminate();
    return error;
  }

  /** Stock rejects with strings, and not at all if its worker is gone. */
  #call<T>(result: Promise<T>, what: string): Promise<T> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject);
      result
        .then(resolve, (thrown: unknown) => {
          reject(new DnnError('EIO', `${what}: ${errorMessage(thrown)}`, {}, { cause: thrown }));
        })
        .finally(() => this.#pending.delete(reject));
    });
  }
}

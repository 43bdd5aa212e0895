/** Live mode of `<ffmpeg-dnn>`: video in, canvas out, with a lighter filter where the machine is too slow. */
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import { LiveVideo, type LiveOptions, type LiveStats } from '../index.ts';
import { StepDown } from './step-down.ts';

export interface LiveRunOptions extends Omit<LiveOptions, 'canvas' | 'signal' | 'onEnd'> {
  readonly signal: AbortSignal;
  /** Filters to step down to, one after another. */
  readonly fallback: readonly string[];
  readonly onStepDown: (filter: string) => void;
}

/** @param text filters separated by `|`. */
export function fallbackFilters(text: string): string[] {
  return text
    .split('|')
    .map((filter) => filter.trim())
    .filter((filter) => filter !== '');
}

export class LiveRun {
  /** Drawn on by a worker; takes the size of the frames. */
  readonly canvas = document.createElement('canvas');
  readonly #options: LiveRunOptions;
  readonly #lighter: string[];
  readonly #rule = new StepDown();
  readonly #ended = createDeferred<DnnError | undefined>();
  #live: LiveVideo | undefined;
  #hasEnded = false;

  constructor(options: LiveRunOptions) {
    this.#options = options;
    this.#lighter = [...options.fallback];
    this.canvas.setAttribute('part', 'canvas');
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', 'Enhanced video');
  }

  /** @throws as LiveVideo.start. */
  async start(): Promise<void> {
    this.#live = await LiveVideo.start({
      ...this.#options,
      canvas: this.canvas,
      onStats: (stats) => {
        this.#options.onStats?.(stats);
        this.#watchPace(stats);
      },
      onEnd: (error) => {
        this.#hasEnded = true;
        this.#ended.resolve(error);
      },
    });
  }

  /** Resolves once it has ended after its start, with the error that ended it where one has. */
  get ended(): Promise<DnnError | undefined> {
    return this.#ended.promise;
  }

  get stats(): LiveStats | null {
    return this.#live?.stats ?? null;
  }

  pause(): void {
    this.#live?.pause();
  }

  resume(): void {
    this.#rule.reset();
    this.#live?.resume();
  }

  async stop(): Promise<void> {
    await this.#live?.stop();
  }

  #watchPace(stats: LiveStats): void {
    const [next] = this.#lighter;
    if (next === undefined) return;
    if (stats.paused) {
      this.#rule.reset();
      return;
    }
    if (!this.#rule.update(stats, performance.now())) return;
    this.#lighter.shift();
    this.#live?.setFilter(next).then(
      () => {
        this.#rule.reset();
        this.#options.onStepDown(next);
      },
      (error: unknown) => {
        // It has ended while the filter was still loading; why is told elsewhere.
        if (this.#hasEnded || isAbort(error)) return;
        this.#options.onError?.(
          error instanceof DnnError ? error : new DnnError('EIO', String(error), {}, { cause: error }),
        );
      },
    );
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

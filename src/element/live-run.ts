/** Live mode of `<ffmpeg-dnn>`: video or a picture in, canvas out, with a lighter filter where the machine is too slow. */
import { DnnError } from '../base/errors.ts';
import { LiveVideo, type LiveOptions, type LiveStats } from '../index.ts';
import { StepDown } from './step-down.ts';

export interface LiveRunOptions extends Omit<LiveOptions, 'canvas' | 'signal'> {
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
  #live: LiveVideo | undefined;

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
    });
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
        this.#options.onError?.(
          error instanceof DnnError ? error : new DnnError('EIO', String(error), {}, { cause: error }),
        );
      },
    );
  }
}

/**
 * One picture through the filters, by way of a stream of it: needs no shared memory.
 *
 * @returns a PNG.
 * @throws DnnError as LiveVideo.start, `EINVAL` for a picture that the browser cannot read.
 */
export async function enhancePicture(
  picture: Blob,
  options: Omit<LiveRunOptions, 'source' | 'fallback' | 'onStepDown'>,
): Promise<Blob> {
  const bitmap = await createImageBitmap(picture).catch((error: unknown) => {
    throw new DnnError(
      'EINVAL',
      'The picture cannot be read by this browser: give a PNG, JPEG or WebP.',
      {},
      {
        cause: error,
      },
    );
  });
  const { width, height } = bitmap;
  const source = document.createElement('canvas');
  Object.assign(source, { width, height });
  const context = source.getContext('2d')!;
  // A canvas gives a frame when it is drawn on: again and again, until one has come through.
  const draw = (): void => {
    context.drawImage(bitmap, 0, 0);
  };
  const stream = source.captureStream();
  const shown = Promise.withResolvers<undefined>();
  const run = new LiveRun({
    ...options,
    source: stream,
    fallback: [],
    onStepDown: () => undefined,
    onStats: (stats) => {
      options.onStats?.(stats);
      if (stats.framesShown > 0) shown.resolve(undefined);
    },
    onError: (error) => {
      shown.reject(error);
    },
  });
  const timer = setInterval(draw, 100);
  const onAbort = (): void => {
    shown.reject(options.signal.reason);
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await run.start();
    draw();
    await shown.promise;
    return await pngOf(run.canvas);
  } finally {
    clearInterval(timer);
    options.signal.removeEventListener('abort', onAbort);
    for (const track of stream.getTracks()) track.stop();
    await run.stop();
    bitmap.close();
  }
}

/** A canvas that a worker draws on gives its picture only by way of another one. */
async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  copy.getContext('2d')!.drawImage(canvas, 0, 0);
  return copy.convertToBlob({ type: 'image/png' });
}

/** The filters of live video at work: frames of the source in, frames for the canvas out. */
import { raceAbort } from '../../base/abort.ts';
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { LiveEngine, LiveFilter, LiveSurroundings, LoadedLiveFilter } from './live-filter.ts';
import { chooseLiveFormat, type ChosenFormat } from './live-format.ts';
import { planLiveChain } from './plan-live-chain.ts';
import type { FrameReader, FreshFrame, ReadFrame } from './source/frame-reader.ts';
import { sourceNotes } from './source/source-notes.ts';

/** A frame that has passed the chain. */
export interface ChainResult extends ReadFrame {
  /** The frame as the last detecting or classifying filter left it; its pixels may be gone. */
  readonly found?: { readonly filter: string; readonly frame: Frame } | undefined;
  /** Milliseconds in the filters. */
  readonly ms: number;
}

export interface LiveChainOptions extends Omit<LiveSurroundings, 'signal' | 'filters'> {
  readonly filter: string;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly assets: AssetUrls;
  readonly reader: FrameReader;
  /** Ends the loading; a chain that is loaded ends by `terminate`. */
  readonly signal: AbortSignal;
}

export class LiveChain {
  readonly #filters: readonly LiveFilter[];
  readonly #format: ChosenFormat;
  readonly #options: LiveChainOptions;
  readonly #abort: AbortController;
  readonly #noted = new Set<string>();
  #running = 0;
  #isRetired = false;

  private constructor(
    filters: readonly LiveFilter[],
    format: ChosenFormat,
    options: LiveChainOptions,
    abort: AbortController,
  ) {
    this.#filters = filters;
    this.#format = format;
    this.#options = options;
    this.#abort = abort;
  }

  /**
   * Reads the filters, loads their models and starts their workers.
   *
   * @throws DnnError for a filter or a model that cannot be run; no worker is left behind.
   * @throws the signal's reason; likewise.
   */
  static async load(options: LiveChainOptions): Promise<LiveChain> {
    const { filter, log, signal } = options;
    const plan = planLiveChain(filter, log);
    const loading = Promise.all(plan.filters.map((planned) => planned.load(options)));
    const loaded = await raceAbort(loading, signal);
    const format = chooseLiveFormat(loaded, plan.formats);
    const abort = new AbortController();
    const sharing = loaded.filter(({ hasWorkers }) => hasWorkers).length;
    const around = { ...options, signal: abort.signal, filters: sharing };
    const engines = await startEngines(loaded, options);
    const filters = engines.map((engine) => engine.filterWith(around));
    return new LiveChain(filters, format, options, abort);
  }

  /** Frames that it takes at the same time, by what is known so far; at least 1. */
  get most(): number {
    return Math.max(1, ...this.#filters.map(({ most }) => most));
  }

  /**
   * Runs one frame through the chain; what fails is reported, and the frame goes on without.
   *
   * @param source stays the caller's.
   * @param copied called once, as soon as the source is not needed any more.
   * @returns what to show, its buffer being the caller's; undefined where nothing is: the frame was to be
   *   left out, could not be read, or the chain was ended. Never rejects.
   */
  async run(
    source: VideoFrame,
    pts: number,
    slot: number,
    copied: () => void,
  ): Promise<ChainResult | undefined> {
    this.#running += 1;
    try {
      return await this.#run(source, pts, slot, copied);
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        const message = errorMessage(error);
        const failure = new DnnError(
          'EIO',
          `A video frame was left out: ${message}`,
          { pts },
          { cause: error },
        );
        this.#options.report(message, failure);
      }
      return undefined;
    } finally {
      this.#running -= 1;
      this.#endWhenDone();
    }
  }

  /** No more frames will come: the workers end with those that are on their way. */
  retire(): void {
    this.#isRetired = true;
    this.#endWhenDone();
  }

  /** Ends the workers at once. */
  terminate(): void {
    this.#abort.abort(new DOMException('Live video was stopped.', 'AbortError'));
    for (const filter of this.#filters) filter.terminate();
  }

  async #run(
    source: VideoFrame,
    pts: number,
    slot: number,
    copied: () => void,
  ): Promise<ChainResult | undefined> {
    const { reader } = this.#options;
    let read: FreshFrame;
    try {
      read = await reader.read(source, this.#format, pts);
      this.#note(source, read);
    } finally {
      copied();
    }
    const started = performance.now();
    let frame: Frame | undefined = read.frame;
    let found: ChainResult['found'];
    for (const filter of this.#filters) {
      frame = await filter.run(frame, slot);
      if (frame === undefined) return undefined;
      if (filter.detects) found = { filter: filter.text, frame };
    }
    const { colorSpace, stretch } = read;
    return { frame, colorSpace, stretch, found, ms: performance.now() - started };
  }

  /** Says once what the filters do not see of the source. */
  #note({ colorSpace: { transfer } }: VideoFrame, { hasTransparency, colorSpace }: FreshFrame): void {
    const kind = { transfer, hasTransparency, isLuma: colorSpace !== undefined };
    for (const note of sourceNotes(kind)) {
      if (!this.#noted.has(note)) this.#options.log('warning', note);
      this.#noted.add(note);
    }
  }

  #endWhenDone(): void {
    if (this.#isRetired && this.#running === 0) this.terminate();
  }
}

/** @throws the first failure; all workers have ended then. */
async function startEngines(
  filters: readonly LoadedLiveFilter[],
  { assets, log, signal }: LiveChainOptions,
): Promise<readonly LiveEngine[]> {
  const started = await Promise.allSettled(
    filters.map((filter, index) => {
      const localIndex = filters.slice(0, index).filter(({ hasWorkers }) => hasWorkers).length;
      return filter.start({ localIndex, assets, log, signal });
    }),
  );
  const failed = started.find((start) => start.status === 'rejected');
  const engines = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  if (failed === undefined) return engines;
  for (const engine of engines) engine.terminate();
  throw failed.reason;
}

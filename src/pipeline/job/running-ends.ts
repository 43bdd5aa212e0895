/** The sources and the sink of a job at work: asked to quit, killed and waited for together. */
import type { FrameSink } from '../frames/frame-sink.ts';
import type { FrameSource } from '../frames/frame-source.ts';

export class RunningEnds {
  /** By the run that the source feeds. */
  readonly #sources = new Map<number, FrameSource>();
  /** Those that open files of the user for a filter. */
  readonly #decoders: FrameSource[] = [];
  #sink: FrameSink | undefined;
  #quitsAtOnce = false;

  /** Undefined before it has started. */
  get sink(): FrameSink | undefined {
    return this.#sink;
  }

  /** What feeds a run; undefined before it has started. */
  sourceOf(run: number): FrameSource | undefined {
    return this.#sources.get(run);
  }

  /** @param opensInputs whether it reads files of the user: a stop ends such a source first. */
  addSource(run: number, source: FrameSource, opensInputs: boolean): void {
    this.#sources.set(run, source);
    if (!opensInputs) return;
    this.#decoders.push(source);
    if (this.#quitsAtOnce) source.quit();
  }

  addSink(sink: FrameSink): void {
    this.#sink = sink;
  }

  /** Lets the sources stop that open files, also those that start later; the others end behind them. */
  quitSources(): void {
    this.#quitsAtOnce = true;
    for (const source of this.#decoders) source.quit();
  }

  /** Ends everything at once. */
  kill(): void {
    for (const source of this.#sources.values()) source.kill();
    this.#sink?.kill();
  }

  /** Waits until everything has ended, however it did. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#exitCodes());
  }

  /** The first exit code that is not 0, in the order in which the stages were started. */
  async failedExitCode(): Promise<number | undefined> {
    const exitCodes = await Promise.all(this.#exitCodes());
    return exitCodes.find((exitCode) => exitCode !== 0);
  }

  #exitCodes(): Promise<number>[] {
    const sources = [...this.#sources.values()].map(({ exitCode }) => exitCode);
    return this.#sink === undefined ? sources : [...sources, this.#sink.exitCode];
  }
}

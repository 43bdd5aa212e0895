/**
 * ffmpeg.wasm cores between two runs: loading one costs a tenth of a second and more, so idle ones are kept.
 */
import { compileCore } from '../../media/compiled-core.ts';
import { FfmpegCore, type CoreUrls } from '../../media/ffmpeg-core.ts';

/** Idle cores that are kept: a decoding and an encoding one. */
const idleLimit = 2;

/** Runs after which a core is replaced: its wasm memory never shrinks. */
const runLimit = 20;

export class CorePool {
  readonly #urls: CoreUrls;
  readonly #idle: FfmpegCore[] = [];
  /** On their way without anybody waiting for them yet. */
  readonly #loading: Promise<FfmpegCore>[] = [];
  #compiled: Promise<WebAssembly.Module> | undefined;
  #inUse = 0;
  readonly #runs = new WeakMap<FfmpegCore, number>();

  constructor(urls: CoreUrls) {
    this.#urls = urls;
  }

  /** Cores at work, idle, and on their way. */
  get size(): number {
    return this.#inUse + this.#idle.length + this.#loading.length;
  }

  /**
   * Starts to load cores until `count` are idle or on their way; a failure shows in
   * the `take` that gets that core.
   */
  prepare(count: number): void {
    while (this.#idle.length + this.#loading.length < count) {
      const core = this.#load();
      core.catch(() => undefined); // whoever takes it has the failure
      this.#loading.push(core);
    }
  }

  /** The same, but those at work count too: they will be idle when their runs have ended. */
  prepareBeside(count: number): void {
    this.prepare(count - this.#inUse);
  }

  /**
   * A core for one run, idle or new.
   *
   * @throws DnnError `EIO` where the core does not load.
   */
  async take(): Promise<FfmpegCore> {
    const core = this.#takeIdle() ?? (await (this.#loading.shift() ?? this.#load()));
    this.#runs.set(core, (this.#runs.get(core) ?? 0) + 1);
    this.#inUse += 1;
    return core;
  }

  /** One whose worker died meanwhile is of no use. */
  #takeIdle(): FfmpegCore | undefined {
    for (;;) {
      const core = this.#idle.pop();
      if (core === undefined || core.alive) return core;
    }
  }

  #load(): Promise<FfmpegCore> {
    const compiled = (this.#compiled ??= compileCore(this.#urls.wasmURL));
    // The cores that wait for it say why it failed; the next one tries anew.
    compiled.catch(() => {
      if (this.#compiled === compiled) this.#compiled = undefined;
    });
    return FfmpegCore.load(this.#urls, { compiled });
  }

  /** Gives a core back; one that crashed, was terminated or ran often is not kept. */
  give(core: FfmpegCore): void {
    this.#inUse -= 1;
    const isWorn = (this.#runs.get(core) ?? 0) >= runLimit;
    if (core.alive && !isWorn && this.#idle.length < idleLimit) this.#idle.push(core);
    else core.terminate();
  }
}

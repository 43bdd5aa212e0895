/** ffmpeg.wasm cores between two runs: loading one costs a quarter of a second, so idle ones are kept. */
import { FfmpegCore, type CoreUrls } from '../media/ffmpeg-core.ts';

/** Idle cores that are kept: a decoding and an encoding one. */
const idleLimit = 2;

/** Runs after which a core is replaced: its wasm memory never shrinks. */
const runLimit = 20;

export class CorePool {
  readonly #urls: CoreUrls;
  readonly #idle: FfmpegCore[] = [];
  readonly #runs = new WeakMap<FfmpegCore, number>();

  constructor(urls: CoreUrls) {
    this.#urls = urls;
  }

  /** A core for one run, idle or new. */
  async take(): Promise<FfmpegCore> {
    const core = this.#idle.pop() ?? (await FfmpegCore.load(this.#urls));
    this.#runs.set(core, (this.#runs.get(core) ?? 0) + 1);
    return core;
  }

  /** Gives a core back; one that crashed, was terminated or ran often is not kept. */
  give(core: FfmpegCore): void {
    const isWorn = (this.#runs.get(core) ?? 0) >= runLimit;
    if (core.alive && !isWorn && this.#idle.length < idleLimit) this.#idle.push(core);
    else core.terminate();
  }
}

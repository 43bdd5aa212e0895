/**
 * A sink that writes nothing, in place of the ffmpeg of a `-f null`: counts frames, gives their buffers
 * back, and says so in ffmpeg's status lines (fftools/ffmpeg.c · print_report). The sizes of packets that
 * ffmpeg adds at the end are left out: they are those of its own structures.
 */
import { createDeferred } from '../../base/deferred.ts';
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { FrameSink } from './frame-sink.ts';
import type { FrameStream } from './frame-stream.ts';

export interface CountingSinkStart {
  /** What the frames are like. */
  readonly info: NutStream;
  readonly buffers: Pick<BufferPool, 'give'>;
  /** Takes the status lines. */
  readonly onStatus: (line: string) => void;
  /** Milliseconds between two of them, as `-stats_period`. */
  readonly period?: number;
}

export function startCountingSink(start: CountingSinkStart): FrameSink {
  return new CountingSink(start);
}

class CountingSink implements FrameSink {
  readonly #start: CountingSinkStart;
  readonly #ended = createDeferred<number>();
  readonly #started = performance.now();
  #lastStatus = performance.now();
  #frames = 0;
  #firstPts: number | undefined;
  #lastPts: number | undefined;
  /** Of the last frame, which is taken to last as long as the one before it. */
  #end = 0;

  constructor(start: CountingSinkStart) {
    this.#start = start;
    this.#ended.promise.catch(() => undefined); // whoever started it looks at it
  }

  get exitCode(): Promise<number> {
    return this.#ended.promise;
  }

  get framesEncoded(): number {
    return this.#frames;
  }

  async accept(_: number, stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void> {
    const { buffers, period = 500 } = this.#start;
    try {
      for await (const frame of stream.frames) {
        buffers.give(frame.buffer);
        this.#frames += 1;
        this.#firstPts ??= frame.pts;
        this.#end = frame.pts + Math.max(0, frame.pts - (this.#lastPts ?? frame.pts));
        this.#lastPts = frame.pts;
        onFrame(frame);
        if (performance.now() - this.#lastStatus >= period) this.#tell(false);
      }
    } finally {
      stream.stop();
      this.#tell(true);
      this.#ended.resolve(0);
    }
  }

  quit(): Promise<void> {
    return Promise.resolve();
  }

  kill(): void {
    this.#ended.reject(new DOMException('The sink was ended at once.', 'AbortError'));
  }

  /** No ffmpeg stands here, so no line. */
  stats(): readonly [] {
    return [];
  }

  #tell(isLast: boolean): void {
    this.#lastStatus = performance.now();
    const elapsed = Math.max(1, this.#lastStatus - this.#started) / 1000;
    const fps = this.#frames / elapsed;
    const { num, den } = this.#start.info.timeBase;
    const time = ((this.#end - Math.min(0, this.#firstPts ?? 0)) * num) / den;
    const count = String(this.#frames).padStart(5);
    const rate = fps.toFixed(fps < 9.95 ? 1 : 0).padStart(3);
    const size = isLast ? 'Lsize=N/A' : 'size=N/A';
    const speed = (time / elapsed).toPrecision(3).padStart(4);
    this.#start.onStatus(
      `frame=${count} fps=${rate} q=-0.0 ${size} time=${clockTime(time)} bitrate=N/A speed=${speed}x`,
    );
  }
}

/** @returns `01:02:03.45` */
function clockTime(seconds: number): string {
  const hundredths = Math.floor(seconds * 100);
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const [hours, minutes] = [hundredths / 360_000, (hundredths / 6000) % 60];
  return `${part(hours)}:${part(minutes)}:${part((hundredths / 100) % 60)}.${part(hundredths % 100)}`;
}

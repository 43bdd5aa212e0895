/** The status line on stderr, as ffmpeg's print_report writes it, with the time that is left. */
import type { Progress } from '../index.ts';

function clock(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const parts = [
    Math.floor(hundredths / 360_000),
    Math.floor(hundredths / 6000) % 60,
    Math.floor(hundredths / 100) % 60,
  ];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** One status line without its end. */
export function statusText({ frame, fps, time, eta, progress }: Progress, elapsedSeconds: number): string {
  const speed = elapsedSeconds > 0 ? ` speed=${(time / elapsedSeconds).toPrecision(3)}x` : '';
  const share = progress === undefined ? '' : ` ${Math.floor(progress * 100)}%`;
  const left = eta === undefined ? '' : ` eta=${clock(eta)}`;
  return `frame=${String(frame).padStart(5)} fps=${fps.toFixed(1)} time=${clock(time)}${speed}${share}${left}`;
}

/** Rewrites one line of a terminal; writes whole lines, less often, where stderr is a file. */
export class StatusLine {
  readonly #stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  readonly #started = performance.now();
  #shown = '';
  /** The newest line, and whether it has been written. */
  #last = '';
  #isLastWritten = true;
  #lastWrite = -Infinity;

  constructor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {
    this.#stream = stream;
  }

  update(progress: Progress): void {
    this.show(statusText(progress, (performance.now() - this.#started) / 1000));
  }

  /** @param text a status line without its end: that of `update`, or ffmpeg's own. */
  show(text: string): void {
    this.#last = text;
    this.#isLastWritten = false;
    const now = performance.now();
    if (now - this.#lastWrite >= (this.#stream.isTTY ? 200 : 5000)) this.#write(now);
  }

  /** Makes room for another line. */
  clear(): void {
    if (this.#shown === '') return;
    this.#stream.write(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }

  /** Leaves the newest status standing, as ffmpeg does. */
  end(): void {
    const isWritten = this.#isLastWritten && !this.#stream.isTTY;
    if (this.#last === '' || isWritten) return;
    this.clear();
    this.#stream.write(`${this.#last}\n`);
    this.#last = '';
  }

  #write(now: number): void {
    this.#lastWrite = now;
    this.#isLastWritten = true;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${this.#last}\n`);
      return;
    }
    this.#stream.write(`\r${this.#last.padEnd(this.#shown.length)}`);
    this.#shown = this.#last;
  }
}

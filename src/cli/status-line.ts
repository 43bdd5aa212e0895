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
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #shown = '';
  #lastWrite = -Infinity;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(progress: Progress): void {
    const now = performance.now();
    if (now - this.#lastWrite < (this.#stream.isTTY ? 200 : 5000)) return;
    this.#lastWrite = now;
    const text = statusText(progress, (now - this.#started) / 1000);
    if (!this.#stream.isTTY) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#stream.write(`\r${text.padEnd(this.#shown.length)}`);
    this.#shown = text;
  }

  /** Makes room for another line. */
  clear(): void {
    if (this.#shown === '') return;
    this.#stream.write(`\r${' '.repeat(this.#shown.length)}\r`);
    this.#shown = '';
  }
}

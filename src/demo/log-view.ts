/** ffmpeg's log on the page: written at most four times a second, however fast ffmpeg talks. */
import { element } from './element.ts';

/** Lines that stay on the page. */
const limit = 500;

const interval = 250;

export class LogView {
  readonly #element = element('log', HTMLElement);
  readonly #lines: string[] = [];
  #timer: number | undefined;

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > limit) this.#lines.shift();
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.#element.textContent = this.#lines.join('\n');
      this.#element.scrollTop = this.#element.scrollHeight;
    }, interval);
  }
}

/** ffmpeg's log on the page: written at most four times a second, however fast ffmpeg talks. */
import { element } from './element.ts';

/** Lines that stay on the page. */
const limit = 500;

const interval = 250;

export class LogView {
  readonly #element = element('log', HTMLElement);
  readonly #lines: string[] = [];
  #pending = false;

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > limit) this.#lines.shift();
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.#element.textContent = this.#lines.join('\n');
      this.#element.scrollTop = this.#element.scrollHeight;
    }, interval);
  }
}

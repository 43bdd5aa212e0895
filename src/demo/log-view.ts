/**
 * ffmpeg's log on the page: written at most four times a second, however fast ffmpeg
 * talks, and only while it is seen.
 */
import { element } from './element.ts';

/** Lines that stay, at least; likewise those that wait to be seen, at most. */
const limit = 500;

const interval = 250;

export class LogView {
  readonly #element = element('log', HTMLElement);
  readonly #details = element('log-details', HTMLDetailsElement);
  /** Lines that are not on the page yet. */
  #waiting: string[] = [];
  /** What is on the page, a block for each time of writing: what stands is laid out once. */
  readonly #blocks: { readonly block: HTMLElement; readonly lines: number }[] = [];
  #pending = false;

  constructor() {
    this.#details.addEventListener('toggle', () => {
      this.#write();
    });
  }

  add(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length > limit) this.#waiting.shift();
    if (this.#pending || !this.#details.open) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.#write();
    }, interval);
  }

  #write(): void {
    if (!this.#details.open || this.#waiting.length === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#element;
    const followsEnd = scrollTop + clientHeight >= scrollHeight - 1;
    const block = document.createElement('div');
    block.textContent = this.#waiting.join('\n');
    this.#element.append(block);
    this.#blocks.push({ block, lines: this.#waiting.length });
    this.#waiting = [];
    this.#dropOldest();
    // Who has scrolled up reads there.
    if (followsEnd) this.#element.scrollTop = this.#element.scrollHeight;
  }

  /** Blocks go as a whole, once those behind them have all the lines that stay. */
  #dropOldest(): void {
    let kept = this.#blocks.reduce((sum, { lines }) => sum + lines, 0);
    for (let [oldest] = this.#blocks; oldest !== undefined; [oldest] = this.#blocks) {
      kept -= oldest.lines;
      if (kept < limit) return;
      oldest.block.remove();
      this.#blocks.shift();
    }
  }
}

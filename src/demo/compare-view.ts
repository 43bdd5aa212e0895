/** Before and after on top of each other with a divider, playing in step. */
import { element } from './element.ts';

/** How far the two players may drift apart, in seconds, before one is set to the other's time. */
const driftLimit = 0.08;

export class CompareView {
  readonly #before = element('before', HTMLVideoElement);
  readonly #after = element('after', HTMLVideoElement);
  readonly #frame = element('compare', HTMLElement);
  readonly #play = element('play', HTMLButtonElement);
  #urls: string[] = [];

  constructor() {
    const split = element('split', HTMLInputElement);
    const place = (): void => {
      this.#frame.style.setProperty('--split', `${split.value}%`);
    };
    split.addEventListener('input', place);
    place();
    this.#frame.addEventListener('pointermove', (event) => {
      const box = this.#frame.getBoundingClientRect();
      split.value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
      place();
    });
    this.#play.addEventListener('click', () => void this.#toggle());
    this.#after.addEventListener('timeupdate', () => {
      if (Math.abs(this.#after.currentTime - this.#before.currentTime) > driftLimit) {
        this.#before.currentTime = this.#after.currentTime;
      }
    });
    for (const event of ['play', 'pause'] as const) {
      this.#after.addEventListener(event, () => {
        this.#play.textContent = this.#after.paused ? 'Play' : 'Pause video';
      });
    }
  }

  /** Shows two videos; the Blobs are not copied. */
  show(before: Blob, after: Blob): void {
    this.clear();
    this.#urls = [before, after].map((blob) => URL.createObjectURL(blob));
    this.#before.src = this.#urls[0]!;
    this.#after.src = this.#urls[1]!;
  }

  /** Forgets the videos that were shown. */
  clear(): void {
    for (const video of [this.#before, this.#after]) {
      video.pause();
      video.removeAttribute('src');
      video.load();
    }
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
  }

  async #toggle(): Promise<void> {
    if (!this.#after.paused) {
      this.#after.pause();
      this.#before.pause();
      return;
    }
    this.#before.currentTime = this.#after.currentTime;
    // A browser that cannot play one of the two (an input it has no decoder for) still plays the other.
    await Promise.allSettled([this.#before.play(), this.#after.play()]);
  }
}

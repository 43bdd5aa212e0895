/** Text that grows for as long as a job runs, without staying in memory as one string. */

/** Characters that are gathered before they become a Blob, which the browser may keep on disk. */
const partLength = 1 << 20;

export class GatheredText {
  #blob = new Blob([]);
  #text: string;

  constructor(text = '') {
    this.#text = text;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length < partLength) return;
    this.#blob = new Blob([this.#blob, this.#text]);
    this.#text = '';
  }

  /** @param type of the Blob, such as `application/json`. */
  toBlob(type: string): Blob {
    return new Blob([this.#blob, this.#text], { type });
  }
}

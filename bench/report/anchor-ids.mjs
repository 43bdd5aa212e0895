/** Names of places in the page, for its table of contents and for what describes a plot. */
export class AnchorIds {
  /** @type {Set<string>} */
  #taken = new Set();

  /**
   * @param {string} words
   * @returns {string} an id that was not given before, readable in an address
   */
  next(words) {
    const stem =
      words
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'part';
    let id = stem;
    for (let count = 2; this.#taken.has(id); count++) id = `${stem}-${count}`;
    this.#taken.add(id);
    return id;
  }
}

/**
 * Breaks a label into lines.
 *
 * @param {string} words
 * @param {number} width most characters of a line
 * @returns {string[]} at least one line
 */
export function wrapWords(words, width) {
  /** @type {string[]} */
  const lines = [''];
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    // A word that is too long for any line is cut into pieces.
    for (let long = lines.at(-1) ?? ''; long.length > width; long = lines.at(-1) ?? '')
      lines.splice(-1, 1, long.slice(0, width), long.slice(width));
  }
  return lines;
}

/** Puts foreign words into HTML, SVG and script elements so that they stay words. */

/** What neither XML nor HTML may hold, even written as a reference: labels may come from a terminal. */
// eslint-disable-next-line no-control-regex -- these are the characters to find
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/**
 * For text and for attributes in double quotes.
 *
 * @param {string} value
 */
export function text(value) {
  return value
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/**
 * JSON that no parser takes for markup, so that it may stand in a script element of type `application/json`.
 * What JSON.parse gives is unchanged.
 *
 * @param {unknown} value
 */
export function scriptJson(value) {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\u009f\u2028\u2029\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

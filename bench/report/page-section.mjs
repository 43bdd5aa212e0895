/** Sections of the page, and the table of contents made of them. */
import { text } from './escape.mjs';

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} html below the heading
 * @property {readonly Section[]} [parts] one level down
 */

/**
 * @param {readonly Section[]} sections
 * @param {import('./anchor-ids.mjs').AnchorIds} ids
 * @returns {{ contents: string, body: string }} HTML
 */
export function sectionsHtml(sections, ids) {
  const done = sections.map(({ title, html, parts = [] }) => {
    const id = ids.next(title);
    const inner = parts.map((part) => ({ id: ids.next(`${title} ${part.title}`), ...part }));
    const links = inner.map((part) => `<li><a href="#${part.id}">${text(part.title)}</a></li>`).join('');
    const below =
      inner.length === 0
        ? ''
        : `<details><summary>${inner.length} ${inner.length === 1 ? 'part' : 'parts'}</summary><ul>${links}</ul></details>`;
    const partsHtml = inner.map(
      (part) =>
        `<section aria-labelledby="${part.id}"><h3 id="${part.id}">${text(part.title)}</h3>\n${part.html}</section>`,
    );
    return {
      entry: `<li><a href="#${id}">${text(title)}</a>${below}</li>`,
      body: `<section aria-labelledby="${id}"><h2 id="${id}">${text(title)}</h2>\n${html}\n${partsHtml.join('\n')}</section>`,
    };
  });
  return {
    contents: `<nav aria-label="Contents"><ol>${done.map(({ entry }) => entry).join('')}</ol></nav>`,
    body: done.map(({ body }) => body).join('\n'),
  };
}

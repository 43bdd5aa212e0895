/** What has no values, by the reason. */
import { text } from './escape.mjs';
import { tableHtml } from './table.mjs';

/** @param {{ readonly absent?: string | undefined }} row without values */
export const absenceReason = ({ absent }) => absent ?? 'no reason was given';

/**
 * @param {import('../report-format.ts').BenchReport} report
 * @returns {import('./page-section.mjs').Section}
 */
export function absenceSection({ browsers, results }) {
  /** @type {Map<string, string[]>} */
  const reasons = new Map();
  const add = (/** @type {string} */ reason, /** @type {string} */ name) =>
    reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  for (const { name, absent } of browsers) if (absent !== undefined) add(absent, `everything in ${name}`);
  for (const { series } of results)
    for (const { summary, absent, group, label } of series)
      if (summary === undefined) add(absenceReason({ absent }), `${group}: ${label}`);
  return {
    title: 'What was not measured',
    html:
      reasons.size === 0
        ? '<p>Every row has values.</p>'
        : tableHtml({
            caption: 'Rows without values',
            titles: ['reason', '+rows', 'which'],
            rows: [...reasons].map(([reason, names]) => [
              text(reason),
              String(names.length),
              names.map(text).join('; '),
            ]),
          }),
  };
}

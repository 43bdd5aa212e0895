/** Words and signs for what is reached and what is not: never by colour alone. */
import { numberText } from './number-text.mjs';

/**
 * @param {boolean | undefined} reached undefined where nothing is asked
 * @param {number} [bound]
 * @param {'≥' | '≤'} [sign] whether the bound is the least or the most
 * @returns {string} HTML
 */
export function boundMark(reached, bound, sign = '≥') {
  if (reached === undefined) return '–';
  const words = reached ? '<span class="good">✓ reached</span>' : '<span class="bad">✗ missed</span>';
  return `${sign} ${numberText(bound)} ${words}`;
}

/**
 * @param {'ahead' | 'even' | 'behind'} standing
 * @param {string | undefined} peer nobody is ahead of oneself
 * @returns {string} HTML
 */
export function standingMark(standing, peer) {
  if (peer === undefined) return '–';
  if (standing === 'even') return '= even';
  return standing === 'ahead' ? '<span class="good">▲ ahead</span>' : '<span class="bad">▼ behind</span>';
}

/** The browsers that the benchmarks can run in. */
import { existsSync } from 'node:fs';
import { chromium, firefox, webkit } from 'playwright';
import { browserAdvice, browserArguments, findBrowser } from '../scripts/find-browser.mjs';

/** @typedef {import('./bench-context.ts').BenchContext['browser']} BrowserName */

const types = { chromium, firefox, webkit };

/** @type {readonly BrowserName[]} */
export const browserNames = ['chromium', 'firefox', 'webkit'];

/**
 * @param {BrowserName} name
 * @returns {Promise<string | undefined>} path of its program; Firefox and WebKit only as Playwright has built
 *   them, since it can drive no others
 */
export async function browserPath(name) {
  if (name === 'chromium') return findBrowser();
  try {
    const path = types[name].executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    // Playwright has no build for this system.
    return undefined;
  }
}

/**
 * @param {BrowserName} name
 * @throws {Error} where it is not installed
 */
export async function launchBrowser(name) {
  const executablePath = await browserPath(name);
  if (executablePath === undefined) {
    throw new Error(
      name === 'chromium' ? browserAdvice : `No ${name}: run \`npx playwright install ${name}\`.`,
    );
  }
  return types[name].launch({ executablePath, args: name === 'chromium' ? browserArguments() : [] });
}

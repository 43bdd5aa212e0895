/**
 * A browser with a profile on disk, which keeps what it has loaded and compiled from page to
 * page, as people's browsers do.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { browserAdvice, browserArguments, findBrowser } from '../scripts/find-browser.mjs';

/**
 * Calls a function with a browser that has never been anywhere.
 *
 * @template T
 * @param {string} folder for everything that the benchmarks write
 * @param {(context: import('playwright').BrowserContext) => Promise<T>} use
 * @returns {Promise<T>}
 * @throws {Error} where there is no Chromium
 */
export async function withProfile(folder, use) {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error(browserAdvice);
  const profile = await mkdtemp(join(folder, 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: browserArguments(),
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

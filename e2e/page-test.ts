/**
 * The `test` of every spec: fails on a console error, on an uncaught error of the page,
 * and on what a job left behind.
 */
import { expect, test as base, type Page } from 'playwright/test';
import type { FFmpegPage } from './ffmpeg-page.ts';
import { KeptPage } from './kept-page.ts';
import { finish } from './without-isolation.ts';

interface Fixtures {
  /**
   * The library, loaded on a page without anything else, and without files. The
   * page is the Playwright worker's.
   */
  readonly ffmpeg: FFmpegPage;
}

interface WorkerFixtures {
  readonly keptPage: KeptPage;
}

/** What a page complains of, from now on. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => {
    complaints.push(`page error: ${error.stack || `${error.name}: ${error.message}`}`);
  });
  return complaints;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  page: async ({ page }, use) => {
    const complaints = complaintsOf(page);
    await use(page);
    finish(page);
    expect(complaints).toEqual([]);
  },
  keptPage: [
    async ({ browser }, use, { project: { use: options } }) => {
      const kept = new KeptPage(() =>
        browser.newPage({ baseURL: options.baseURL!, serviceWorkers: options.serviceWorkers! }),
      );
      await use(kept);
      await kept.close();
    },
    { scope: 'worker' },
  ],
  ffmpeg: async ({ keptPage }, use) => {
    const ffmpeg = await keptPage.open();
    const complaints = complaintsOf(ffmpeg.page);
    await use(ffmpeg);
    await ffmpeg.expectNothingHeld();
    expect(complaints).toEqual([]);
    await keptPage.takeBack();
  },
});

export { expect };

/** The `test` of every spec: fails on a console error, on an uncaught error of the page, and on what a job left behind. */
import { expect, test as base } from 'playwright/test';
import { FFmpegPage } from './ffmpeg-page.ts';

interface Fixtures {
  readonly quietPage: undefined;
  /** The library, loaded on a page without anything else. */
  readonly ffmpeg: FFmpegPage;
}

export const test = base.extend<Fixtures>({
  quietPage: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error')
          complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => {
        complaints.push(`page error: ${error.stack || `${error.name}: ${error.message}`}`);
      });
      await use(undefined);
      // A page may still load when its spec is done: what answers in a server's place would reject once the page is closed, with
      // nobody to take that, which ends the whole runner.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  ffmpeg: async ({ page }, use) => {
    const ffmpeg = new FFmpegPage(page);
    await ffmpeg.open();
    await use(ffmpeg);
    await ffmpeg.expectNothingHeld();
  },
});

export { expect };

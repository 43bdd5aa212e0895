/** The `test` of every spec: fails on a console error, on an uncaught error of the page, and on what a job left behind. */
import { expect, test as base } from 'playwright/test';
import { FFmpegPage } from './ffmpeg-page.ts';
import { finish } from './without-isolation.ts';

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
      finish(page);
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

/** The `test` of every spec: fails on a console error and on an uncaught error of the page. */
import { expect, test as base } from 'playwright/test';

export const test = base.extend<{ readonly quietPage: undefined }>({
  quietPage: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => {
        complaints.push(`page error: ${error.stack ?? error.message}`);
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

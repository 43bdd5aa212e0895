/** Chromium's own camera of 25 frames a second, granted without a question. */
import { browserArguments } from '../scripts/find-browser.mjs';
import type { test } from './page-test.ts';

/** For `test.use`. */
export const fakeCamera: Parameters<typeof test.use>[0] = {
  launchOptions: async ({ launchOptions }, use) => {
    const camera = ['--use-fake-device-for-media-stream=fps=25', '--use-fake-ui-for-media-stream'];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? browserArguments()), ...camera] });
  },
};

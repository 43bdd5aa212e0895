import { defineConfig } from 'playwright/test';
import { browserAdvice, browserArguments, findBrowser } from './scripts/find-browser.mjs';

const executablePath = await findBrowser();
if (executablePath === undefined) throw new Error(browserAdvice);

const devPort = Number(process.env['FFMPEG_DNN_DEV_PORT'] ?? 5173);
const previewPort = Number(process.env['FFMPEG_DNN_PREVIEW_PORT'] ?? 4173);

/** What the page is built to, and the specs that measure time: frames a second, pauses, who works when. */
const built = { baseURL: `http://localhost:${previewPort}` };
const timed = '**/{live,pause-timeline}.spec.ts';
const bench = '**/bench.spec.ts';

/**
 * Every spec runs on the built page, and on the dev server those marked `@dev`: one for each page and kind of
 * worker. See scripts/test.mjs for what runs beside what.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  // The leak check after each spec asks for a collection: shared memory is given back by one only.
  use: {
    launchOptions: { executablePath, args: [...browserArguments(), '--js-flags=--expose-gc'] },
    // They answer in place of the servers; their own specs allow them.
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'dev', grep: /@dev/, use: { baseURL: `http://localhost:${devPort}` } },
    { name: 'preview', testIgnore: [timed, bench], use: built },
    { name: 'alone', testMatch: timed, workers: 1, use: built },
    { name: 'bench', testMatch: bench, workers: 1, use: built },
  ],
  webServer: [
    { command: `npx vite --port ${devPort} --strictPort`, port: devPort, reuseExistingServer: false },
    {
      command: `npx vite preview --port ${previewPort} --strictPort`,
      port: previewPort,
      reuseExistingServer: false,
    },
  ],
});

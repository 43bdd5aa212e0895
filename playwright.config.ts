import { defineConfig } from 'playwright/test';
import { browserAdvice, browserArguments, findBrowser } from './scripts/find-browser.mjs';

const executablePath = await findBrowser();
if (executablePath === undefined) throw new Error(browserAdvice);

const devPort = Number(process.env['FFMPEG_DNN_DEV_PORT'] ?? 5173);
const previewPort = Number(process.env['FFMPEG_DNN_PREVIEW_PORT'] ?? 4173);

/** Every spec runs on the dev server and on the built page. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // One job keeps both cores busy.
  workers: 1,
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
    // Pixels are the same on both; comparing all of them once is enough. Benchmarks, recipes, the command line and the package
    // are of what is built.
    {
      name: 'dev',
      testIgnore: [
        '**/{conformance,draw,native,pixels,sr-derain,strips}.spec.ts',
        '**/bench.spec.ts',
        '**/command-line.spec.ts',
        '**/consumers.spec.ts',
        '**/recipes.spec.ts',
        '**/service-worker.spec.ts',
      ],
      use: { baseURL: `http://localhost:${devPort}` },
    },
    { name: 'preview', use: { baseURL: `http://localhost:${previewPort}` } },
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

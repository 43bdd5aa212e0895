/** Builds the bench page, and opens it in a browser: engines differ in how well they compile the kernels. */
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { pageHeaders } from '../scripts/page-headers.mjs';
import { launchBrowser } from './browsers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Calls a function with the page, which is built into `folder` and never into the product's dist.
 *
 * @template T
 * @param {string} folder for everything that the benchmarks write
 * @param {(page: import('playwright').Page, served: string) => Promise<T>} use what lies in the folder
 * `served` can be fetched by the page
 * @param {{ browser?: import('./browsers.mjs').BrowserName }} [options]
 * @returns {Promise<T>}
 * @throws {Error} where the browser is not installed
 */
export async function withBenchPage(folder, use, { browser: name = 'chromium' } = {}) {
  const outDir = join(folder, 'page');
  /** @type {import('vite').InlineConfig} */
  const config = {
    root,
    // The product's own pages are of no use here.
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir,
      target: 'es2022',
      assetsInlineLimit: 0,
      emptyOutDir: true,
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: join(root, 'bench', 'bench.html') },
    },
    worker: { format: 'es' },
    preview: { headers: pageHeaders },
  };
  await build(config);
  const server = await preview(config);
  try {
    const browser = await launchBrowser(name);
    try {
      const page = await browser.newPage();
      page.on('pageerror', ({ message }) => process.stderr.write(`bench page: ${message}\n`));
      const address = server.resolvedUrls?.local[0];
      if (address === undefined) throw new Error('The server of the bench page has no address.');
      await page.goto(`${address}bench/bench.html`);
      return await use(page, outDir);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** What a browser offers, for the report: found by asking it. */
/* global window, crossOriginIsolated -- in page.evaluate */
import { withBenchPage } from './bench-browser.mjs';
import { browserPath } from './browsers.mjs';

/** @typedef {import('./report-format.ts').BrowserRecord} BrowserRecord */

/**
 * @param {string} folder for everything that the benchmarks write
 * @param {import('./browsers.mjs').BrowserName} name
 * @returns {Promise<BrowserRecord>}
 */
export async function browserRecord(folder, name) {
  if ((await browserPath(name)) === undefined) return { name, absent: 'is not installed' };
  return withBenchPage(
    folder,
    async (page) => {
      const version = page.context().browser()?.version() ?? 'unknown';
      const { webgl, webgpu, ...features } = await page.evaluate(async () => ({
        ...(await window.bench.simdFeatures()),
        threads: crossOriginIsolated && typeof SharedArrayBuffer === 'function',
        webgl: await window.bench.gpuAdapter('webgl'),
        webgpu: await window.bench.gpuAdapter('webgpu'),
      }));
      return {
        name,
        version,
        ...features,
        ...(webgl === undefined ? {} : { webgl }),
        ...(webgpu === undefined ? {} : { webgpu }),
      };
    },
    { browser: name },
  );
}

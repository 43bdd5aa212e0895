/** `npm run bench -- backends --profile NETWORK`: the time of each layer in the native backend. */
/* global window -- in page.evaluate */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withBenchPage } from './bench-browser.mjs';
import { comparisonOf } from './comparisons.mjs';
import { graphDefOf } from './graphdef-network.mjs';

/**
 * @param {Pick<import('./bench-context.ts').BenchContext, 'folder' | 'log'>} context
 * @param {string} name of the network
 */
export async function layerProfile({ folder, log }, name) {
  const { title, describe, size } = comparisonOf(name);
  const layers = await withBenchPage(folder, async (page, served) => {
    await writeFile(join(served, 'profiled.pb'), graphDefOf(describe, size));
    const network = { graphDef: '/profiled.pb', size };
    return page.evaluate((given) => window.bench.layerTimes(given, window.benchAssets), network);
  });
  log(`\n${title}, ${size.width}x${size.height}, native backend`);
  const total = layers.reduce((sum, { ms }) => sum + ms, 0);
  for (const { layer, ms, multiplyAdds } of layers) {
    const rate = multiplyAdds === 0 ? '' : `   ${(multiplyAdds / ms / 1e6).toFixed(1)} G multiply-adds/s`;
    log(`  ${layer.padEnd(44)} ${ms.toFixed(2)} ms   ${((100 * ms) / total).toFixed(1)} %${rate}`);
  }
  log(`  ${'all'.padEnd(44)} ${total.toFixed(2)} ms`);
}

/** What share of the machine's multiply-add units the kernels of convolutions keep busy. */
/* global window -- in page.evaluate */
import console from 'node:console';
import { withBenchPage } from './bench-browser.mjs';
import { printBound, printLine, spread } from './figures.mjs';
import { median } from './median.mjs';

/** @typedef {import('./kernel-bench.ts').KernelFigure} KernelFigure */

/**
 * @param {string} folder for everything that the benchmarks write
 * @param {number} rounds of all layers on both builds
 */
export async function kernels(folder, rounds) {
  const all = await withBenchPage(folder, async (page) => {
    await page.evaluate(() => window.bench.startKernels(window.benchAssets));
    /** @type {KernelFigure[][]} */
    const figures = [];
    for (let round = 0; round < rounds; round++) {
      figures.push([...(await page.evaluate(() => window.bench.kernelRound()))]);
    }
    return figures;
  });
  const first = all[0] ?? [];
  /** One layer in all rounds. */
  const series = first.map((figure, index) => ({
    ...figure,
    rounds: all.map((figures) => /** @type {KernelFigure} */ (figures[index])),
  }));
  for (const build of new Set(first.map((figure) => figure.build))) {
    const own = series.filter((figure) => figure.build === build);
    const peaks = own.flatMap((figure) => figure.rounds.map(({ peakRate }) => peakRate / 1e9));
    console.log(`\n${build}.wasm, 360x240, share of the peak measured around each layer`);
    printLine('peak', spread(peaks, 1, 'G multiply-adds/s'));
    for (const { layer, choice, rounds: results, isReference } of own) {
      const shares = results.map(({ rate, peakRate }) => rate / peakRate);
      const name = `${layer}, ${choice}`;
      if (isReference && build === 'relaxed')
        printBound(name, shares, { digits: 3, required: 0.9, goal: 0.97, better: 'higher' });
      else {
        const rate = median(results.map((figure) => figure.rate / 1e9)).toFixed(1);
        printLine(name, `${spread(shares, 3)}   ${rate} G multiply-adds/s`);
      }
    }
  }
  const relaxed = series.filter((figure) => figure.build === 'relaxed');
  if (relaxed.length === 0) return;
  console.log('\nsimd.wasm against relaxed.wasm, speed');
  for (const { layer, choice, rounds: results } of relaxed) {
    const other = series.find(
      (figure) => figure.build === 'simd' && figure.layer === layer && figure.choice === choice,
    );
    const gains = results.map(({ rate }, round) => (other?.rounds[round]?.rate ?? NaN) / rate);
    printLine(`${layer}, ${choice}`, spread(gains, 2));
  }
}

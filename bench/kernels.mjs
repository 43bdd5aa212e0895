/** What share of the machine's multiply-add units the kernels of convolutions keep busy. */
/* global window -- in page.evaluate */
import { withBenchPage } from './bench-browser.mjs';
import { spread } from './figures.mjs';
import { median } from './median.mjs';
import { ratioOf, seriesOf } from './series.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./kernel-bench.ts').KernelFigure} KernelFigure */
/** @typedef {import('./report-format.ts').BenchResult} BenchResult */
/** @typedef {import('./report-format.ts').Ratio} Ratio */
/** @typedef {import('./report-format.ts').Series} Series */

/**
 * One layer in all rounds.
 *
 * @typedef {{ readonly rounds: readonly KernelFigure[] } &
 *   Pick<KernelFigure, 'layer' | 'build' | 'choice' | 'isReference' | 'intensity'>} KernelSeries
 */

/** The direct convolution that has a bound, as a share of the peak. */
const directAim = { required: 0.9, goal: 0.97 };

/**
 * @param {BenchContext} context
 * @returns {Promise<BenchResult>}
 */
export async function kernels({ folder, rounds, browser, log }) {
  const started = performance.now();
  const { all, memoryRate } = await withBenchPage(
    folder,
    async (page) => {
      await page.evaluate(() => window.bench.startKernels(window.benchAssets));
      /** @type {KernelFigure[][]} */
      const figures = [];
      for (let round = 0; round < rounds; round++)
        figures.push([...(await page.evaluate(() => window.bench.kernelRound()))]);
      return { all: figures, memoryRate: await page.evaluate(() => window.bench.memoryRate()) };
    },
    { browser },
  );
  const kernelSeries = (all[0] ?? []).map((figure, index) => ({
    ...figure,
    rounds: all.map((figures) => /** @type {KernelFigure} */ (figures[index])),
  }));
  const rows = kernelSeries.flatMap(kernelRows);
  const series = rows.flatMap((row) => [row.layer, row.peak]);
  const ratios = [...rows.flatMap(({ shares }) => shares), ...buildRatios(series)];
  for (const { label, values, summary, required } of ratios) {
    const bound = required === undefined ? '' : `   required ≥ ${required}`;
    log(
      `  ${label.padEnd(52)} ${spread(values, 3)}${summary.median < (required ?? 0) ? `${bound}: MISSED` : bound}`,
    );
  }
  return {
    name: 'kernels',
    title: "Kernels against the machine's peak",
    browser,
    seconds: (performance.now() - started) / 1000,
    notes: [
      'Whole 360x240 images in strips that stay in the cache, one thread. The peak is a loop of independent multiply-adds on registers, measured in turn with each layer.',
      "A rate counts the multiply-adds of the layer's definition: Winograd's kernels do fewer, and pass the peak.",
      'Intensity: multiply-adds for each byte of input, weights and output, each counted once. The slope of the roof is a copy between memories larger than the caches.',
    ],
    series,
    ratios,
    fits: [],
    timelines: [],
    roofline: kernelSeries.map(({ layer, choice, build, intensity, rounds: figures }) => ({
      label: `${layer}, ${choice}`,
      build,
      intensity,
      rate: median(figures.map(({ rate }) => rate)),
      peakRate: median(figures.map(({ peakRate }) => peakRate)),
    })),
    memoryRate,
  };
}

/**
 * @param {KernelSeries} kernel
 * @returns {{ layer: Series, peak: Series, shares: Ratio[] }}
 */
function kernelRows({ layer, build, choice, isReference, rounds }) {
  const id = `kernels/${build}/${layer.replaceAll(' ', '-').replace('→', '-to-')}/${choice}`;
  const row = {
    unit: 'G multiply-adds/s',
    better: /** @type {const} */ ('higher'),
    params: { build, layer, choice },
  };
  const measured = seriesOf({
    ...row,
    id,
    label: `${layer}, ${choice}`,
    group: `${build}.wasm`,
    values: rounds.map(({ rate }) => rate / 1e9),
  });
  const peak = seriesOf({
    ...row,
    id: `${id}/peak`,
    label: `around ${layer}, ${choice}`,
    group: `${build}.wasm: the peak around each layer`,
    values: rounds.map(({ peakRate }) => peakRate / 1e9),
  });
  const aim = isReference && build === 'relaxed' ? directAim : {};
  const shares = ratioOf(measured, peak, {
    id: `${id}/share`,
    label: `${build}: ${layer}, ${choice}, share of the peak`,
    group: `${build}.wasm: share of the peak`,
    against: 'own',
    ...aim,
  });
  return { layer: measured, peak, shares };
}

/**
 * The build for engines without relaxed SIMD, against the other.
 *
 * @param {readonly Series[]} series
 * @returns {Ratio[]}
 */
function buildRatios(series) {
  return series.flatMap((relaxed) => {
    if (relaxed.params['build'] !== 'relaxed' || relaxed.id.endsWith('/peak')) return [];
    const simd = series.find(({ id }) => id === relaxed.id.replace('/relaxed/', '/simd/'));
    if (simd === undefined) return [];
    const row = { id: `${simd.id}/against-relaxed`, label: `simd against relaxed: ${simd.label}` };
    return ratioOf(simd, relaxed, { ...row, group: 'simd.wasm against relaxed.wasm', against: 'own' });
  });
}

/** The report's rows of one network in all backends. */
import { ratioOf, seriesOf } from './series.mjs';

/**
 * @typedef {object} BackendRows
 * @property {import('./report-format.ts').Series[]} series
 * @property {import('./report-format.ts').Ratio[]} ratios
 */

/** The build without relaxed SIMD, against the other: an engine without it must not be left far behind. */
const simdAim = { required: 0.45 };

/**
 * @param {string} benchmark
 * @param {import('./comparisons.mjs').Comparison} comparison
 * @param {ReadonlyMap<string, import('./backends.mjs').Measured>} measured by backend
 * @returns {BackendRows}
 */
export function backendRows(benchmark, { id: network, title, size, aims }, measured) {
  const { width, height } = size;
  const place = `${benchmark}/${network}/${width}x${height}`;
  const group = `${title}, ${width}x${height}`;
  const series = [...measured].map(([backend, { ms, firstMs, difference, absent, adapter }]) =>
    seriesOf({
      id: `${place}/${backend}`,
      label: adapter === undefined ? backend : `${backend}: ${adapter}`,
      group,
      unit: 'ms',
      params: { network, backend, width, height, ...(difference === undefined ? {} : { difference }) },
      values: ms,
      ...(firstMs === undefined ? {} : { first: firstMs }),
      ...(absent === undefined ? {} : { absent }),
    }),
  );
  const rowOf = (/** @type {string} */ backend) => series.find(({ id }) => id === `${place}/${backend}`);
  const native = rowOf('native');
  const simd = rowOf('native-simd');
  if (native === undefined) return { series, ratios: [] };
  const peers = series.filter(({ params }) => !String(params['backend']).startsWith('native'));
  const ratios = peers.flatMap((theirs) => {
    const peer = String(theirs.params['backend']);
    return ratioOf(native, theirs, {
      id: `${place}/native-against-${peer}`,
      label: `native against ${theirs.label}`,
      group,
      ...aims[peer],
    });
  });
  if (simd !== undefined)
    ratios.push(
      ...ratioOf(simd, native, {
        id: `${place}/native-simd-against-native`,
        label: 'without relaxed SIMD against with',
        group,
        against: 'own',
        ...simdAim,
      }),
    );
  return { series, ratios };
}

/** Numbers and quantities as a reader wants them: three digits that count. */

const prefixes = /** @type {const} */ ([
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
]);

/**
 * `0.0123`, `12.3`, `1,234`, `12.3 M`, `–` for what is no number.
 *
 * @param {number | undefined} value
 */
export function numberText(value) {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  for (const [unit, prefix] of prefixes)
    if (size >= unit && size < 1000 * unit) return `${(rounded / unit).toPrecision(3)} ${prefix}`;
  if (size >= 1e18) return value.toExponential(2);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 0.001) return rounded.toPrecision(3);
  return size === 0 ? '0' : rounded.toExponential(2);
}

/** One value has no spread. @param {import('../report-format.ts').Summary} summary */
export const spreadText = ({ n, p10, p90 }) => (n < 2 ? '–' : `${numberText(p10)} to ${numberText(p90)}`);

/** Without zeros that say nothing: for ticks. @param {number} value */
export function tickText(value) {
  const [digits = '', prefix = ''] = numberText(value).split(' ');
  const short = digits.includes('.') && !digits.includes('e') ? digits.replace(/\.?0+$/, '') : digits;
  return prefix === '' ? short : `${short} ${prefix}`;
}

/** @param {number} part 0..1 */
export const percentText = (part) =>
  Number.isFinite(part) ? `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %` : '–';

/** Units of one kind, the largest first, with how many of the first named there are in one. */
const families = [
  {
    of: 'ms',
    units: /** @type {const} */ ([
      [1000, 's'],
      [1, 'ms'],
      [1e-3, 'µs'],
      [1e-6, 'ns'],
    ]),
  },
  {
    of: 's',
    units: /** @type {const} */ ([
      [1, 's'],
      [1e-3, 'ms'],
      [1e-6, 'µs'],
      [1e-9, 'ns'],
    ]),
  },
  {
    of: 'MiB',
    units: /** @type {const} */ ([
      [1024, 'GiB'],
      [1, 'MiB'],
      [2 ** -10, 'KiB'],
      [2 ** -20, 'bytes'],
    ]),
  },
  {
    of: 'KiB',
    units: /** @type {const} */ ([
      [2 ** 20, 'GiB'],
      [1024, 'MiB'],
      [1, 'KiB'],
      [2 ** -10, 'bytes'],
    ]),
  },
];

/**
 * A quantity in the unit of its kind that suits its size: 0.00041 `ms` is `0.41 µs`.
 *
 * @param {number} value
 * @param {string} unit may go on behind the unit proper: `ms a frame`
 */
export function quantityText(value, unit) {
  const [proper = '', ...rest] = unit.split(' ');
  const family = families.find(({ of }) => of === proper);
  const size = Math.abs(value);
  const units = family?.units ?? /** @type {const} */ ([[1, proper]]);
  const fallback = size === 0 ? /** @type {const} */ ([1, proper]) : units.at(-1);
  const [factor, name] = units.find(([one]) => size >= 0.1 * one) ?? fallback ?? [1, proper];
  return [tickText(value / factor), name, ...rest].filter((word) => word !== '').join(' ');
}

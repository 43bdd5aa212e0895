/** How fast the machine's memory is, for the slope of the roofline. */
import { median } from './median.mjs';

/** More than the caches of today's machines hold for one core. */
const bytes = 64 * 2 ** 20;
const rounds = 7;

/** @returns bytes a second, read and written together. */
export function memoryRate(): number {
  const from = new Uint8Array(bytes).fill(1);
  const to = new Uint8Array(bytes);
  const rates = Array.from({ length: rounds }, () => {
    const start = performance.now();
    to.set(from);
    return (1000 * 2 * bytes) / (performance.now() - start);
  });
  return median(rates);
}
